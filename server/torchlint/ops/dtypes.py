"""Agreement of dtypes between the operands of one operation, and the promotion of mixed operands."""

from __future__ import annotations

from torchlint.dims.expr import Expr
from torchlint.values.dtype import Category, DType, bool_, complex64, complex_dtype, float32, int64, promote_types
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor


def require_same_dtype(input: Tensor, other: Tensor, parameter: str) -> None:
    """Matrix products and convolutions do not promote: TL115 dtype-mismatch if the dtypes differ."""
    if input.dtype is not other.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {other.dtype.name}, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"mat1 and mat2 must have the same dtype, but got {input.dtype.scalar_name} and {other.dtype.scalar_name}",
            label=input.dtype.name,
        )


def result_type(*operands: object) -> DType:
    """`torch.result_type` of tensors and Python numbers: dimensioned tensors outrank scalars tensors, which outrank numbers."""
    by_rank: list[DType | None] = [None, None, None]
    for operand in operands:
        if isinstance(operand, Tensor):
            level, dtype = (0 if operand.ndim else 1), operand.dtype
        else:
            level, dtype = 2, dtype_of_number(operand)
        current = by_rank[level]
        by_rank[level] = dtype if current is None else promote_types(current, dtype)
    result: DType | None = None
    for dtype_at in by_rank:
        if dtype_at is None:
            continue
        if result is None or dtype_at.category > result.category:
            result = dtype_at if result is None else _in_category(dtype_at, result)
    return result or float32


def _in_category(lower: DType, higher: DType) -> DType:
    """What a lower-priority operand of a higher category makes: a complex number takes the width of the float beside it."""
    if lower.category is Category.COMPLEX and higher.category is Category.FLOAT:
        return complex_dtype(higher)
    return lower


def dtype_of_number(value: object) -> DType:
    """The dtype that torch gives a Python number."""
    if isinstance(value, bool):
        return bool_
    if isinstance(value, (int, Expr)):
        return int64
    if isinstance(value, complex):
        return complex64
    return float32
