"""What code asks of dtypes: their limits (`torch.finfo`) and what becomes of several together."""

from __future__ import annotations

from collections import namedtuple

from torchlint.ops.coercion import Number
from torchlint.ops.dtypes import result_type
from torchlint.ops.registry import op
from torchlint.ops.results import can_cast
from torchlint.values.dtype import Category, DType, bfloat16, float16, float32, float64, promote_types, real_dtype
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor

FInfo = namedtuple("FInfo", ("resolution", "min", "max", "eps", "smallest_normal", "tiny", "bits", "dtype"))
IInfo = namedtuple("IInfo", ("min", "max", "bits", "dtype"))

_FLOATS = {float16: (11, 15, 3), bfloat16: (8, 127, 2), float32: (24, 127, 6), float64: (53, 1023, 15)}
"""Bits of the significand, the greatest exponent and the decimal digits that survive."""


@op("torch.finfo")
def finfo(type: DType = float32) -> FInfo:
    """The limits of a floating dtype, or of the parts of a complex one."""
    if type.is_integral:
        said = "torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'"
        raise ShapeError("dtype-mismatch", f"{{callee}} takes a float, but {type.name} is none", blame="type", torch=said)
    dtype = real_dtype(type)
    if dtype not in _FLOATS:
        raise Undecided(f"the limits of {dtype.name} are not modelled")
    bits, exponent, digits = _FLOATS[dtype]
    greatest = (2.0 - 2.0 ** (1 - bits)) * 2.0**exponent
    tiny = 2.0 ** (1 - exponent)
    return FInfo(10.0**-digits, -greatest, greatest, 2.0 ** (1 - bits), tiny, tiny, dtype.bits, dtype.name)


@op("torch.iinfo")
def iinfo(type: DType) -> IInfo:
    """The limits of a dtype of whole numbers."""
    if type.category is not Category.INTEGER:
        said = "torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.iinfo'"
        raise ShapeError("dtype-mismatch", f"{{callee}} takes an integer dtype, not {type.name}", blame="type", torch=said)
    limit = 1 << (type.bits - type.signed)
    return IInfo(-limit if type.signed else 0, limit - 1, type.bits, type.name)


@op("torch.promote_types")
def promoted(type1: DType, type2: DType) -> DType:
    """The smallest dtype that both can be cast to."""
    return promote_types(type1, type2)


@op("torch.result_type")
def result_type_of(tensor: Tensor | Number, other: Tensor | Number) -> DType:
    """The dtype of an operation of the two."""
    return result_type(tensor, other)


@op("torch.can_cast")
def can_cast_to(from_: DType, to: DType) -> bool:
    """Whether promotion allows to cast the one to the other."""
    return can_cast(from_, to)
