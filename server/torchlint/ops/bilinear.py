"""Bilinear maps of two inputs: `Bilinear`, its functional form, and the vector product."""

from __future__ import annotations

from collections.abc import Callable

from torchlint.dims.expr import Expr, Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import broadcast_shapes, normalize_dim, require_same
from torchlint.ops.dtypes import result_type
from torchlint.ops.matmul import require_one_dtype, require_rank_of
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.values.dtype import DType, float32
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import spend
from torchlint.values.tensor import CONTIGUOUS, Tensor, parameter


@op("torch.nn.functional.bilinear")
def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`x1 A x2 + b`: `[..., n]` and `[..., m]` to `[..., out]`, with a weight `[out, n, m]`."""
    require_rank_of(weight, 3, "weight")
    if input1.ndim != input2.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes inputs of one rank, but {{input1}} is {show_shape(input1.shape)} and "
            f"{{input2}} is "
            f"{show_shape(input2.shape)}",
            blame="input2",
            torch=f"bilinear(): input dimensions do not match: got {input1.ndim} and {input2.ndim}",
        )
    out, first, second = weight.shape
    computed = result((*input1.shape[:-1], out), input1.dtype, input1, input2, weight)
    for dim, (a, b) in enumerate(zip(input1.shape[:-1], input2.shape[:-1])):
        require_same(a, b, _unequal_batches(input1, input2, dim))
    for name, tensor, wanted, number in (("input1", input1, first, 1), ("input2", input2, second, 2)):
        require_same(tensor.shape[-1], wanted, _wrong_features(name, tensor, wanted, number, computed))
    require_one_dtype(weight, input1, input2, names=("weight", "input1", "input2"))
    spend(computed.numel() * first * second)
    return computed


def _unequal_batches(a: Tensor, b: Tensor, dim: int) -> Callable[[], ShapeError]:
    return lambda: ShapeError(
        "linear-in-features",
        f"{{input1}} {show_shape(a.shape)} and {{input2}} {show_shape(b.shape)} differ in dimension {dim}",
        blame="input2",
        torch=f"bilinear(): input batch dimensions do not match at dim {dim}: got {show(a.shape[dim])} and "
        f"{show(b.shape[dim])}",
        label=show_shape(b.shape),
    )


def _wrong_features(name: str, tensor: Tensor, wanted: Size, number: int, computed: Tensor) -> Callable[[], ShapeError]:
    return lambda: ShapeError(
        "linear-in-features",
        f"{{callee}} takes {show(wanted)} features, but {{{name}}} has {show(tensor.shape[-1])}",
        blame=name,
        torch=f"bilinear(): input{number} size does not match weight size: got {show(tensor.shape[-1])} but "
        "expected "
        f"{show(wanted)}",
        label=show_shape(tensor.shape),
        repair={f"in{number}_features": tensor.shape[-1]},
        result=computed,
    )


@layer("torch.nn.Bilinear", ranks=(2, 3))
class Bilinear(Module):
    """`[..., in1_features]` and `[..., in2_features]` to `[..., out_features]`."""

    def __init__(
        self,
        in1_features: Size,
        in2_features: Size,
        out_features: Size,
        bias: bool = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        if isinstance(in1_features, int) and in1_features <= 0:
            raise ShapeError(
                "bad-call",
                f"`in1_features` must be more than 0, but is {in1_features}",
                blame="in1_features",
                torch=f"in1_features must be > 0, but got {in1_features}",
            )
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = parameter(out_features, in1_features, in2_features, dtype=dtype or float32)
        self.bias = parameter(out_features, dtype=dtype) if bias else None

    def forward(self, input1: Tensor, input2: Tensor) -> Tensor:
        return bilinear(input1, input2, self.weight, self.bias)

    def extra_repr(self) -> str:
        return (
            f"in1_features={show(self.in1_features)}, in2_features={show(self.in2_features)}, "
            f"out_features={show(self.out_features)}, bias={self.bias is not None}"
        )


@op("torch.cross", "torch.Tensor.cross")
def cross(input: Tensor, other: Tensor, dim: Size | None = None, *, out: object = None) -> Tensor:
    """The vector product along `dim`, or along the first dimension of size 3."""
    if dim is None:
        dim = next((d for d, n in enumerate(input.shape) if n == 3), None)
        if dim is None and any(isinstance(n, Expr) for n in input.shape):
            raise Undecided("which dimension has size 3 depends on the input")
        if dim is None:
            raise ShapeError(
                "matmul-mismatch",
                f"{{callee}} needs a dimension of size 3, but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch="no dimension of size 3 in input",
                label=show_shape(input.shape),
            )
    return linalg_cross(input, other, dim=dim)


@op("torch.linalg.cross")
def linalg_cross(input: Tensor, other: Tensor, *, dim: Size = -1, out: object = None) -> Tensor:
    """The vector product along `dim`."""
    if input.ndim != other.ndim:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes tensors of one rank, but {{input}} is {show_shape(input.shape)} and "
            f"{{other}} is {show_shape(other.shape)}",
            blame="other",
            torch="linalg.cross: inputs must have the same number of dimensions.",
            label=show_shape(other.shape),
        )
    axis = normalize_dim(dim, input.ndim)
    for name, tensor in (("input", input), ("other", other)):
        require_same(tensor.shape[axis] if tensor.ndim else 1, 3, _not_three(name, tensor, axis))
    shape = broadcast_shapes(input.shape, other.shape)
    plain = input.is_contiguous_by_construction and other.is_contiguous_by_construction
    dtype = result_type(input, other)
    return result(shape, dtype, input, other, strides=CONTIGUOUS if plain else None)


def _not_three(name: str, tensor: Tensor, axis: int) -> Callable[[], ShapeError]:
    return lambda: ShapeError(
        "matmul-mismatch",
        f"{{callee}} needs size 3 in dimension {axis}, but {{{name}}} is {show_shape(tensor.shape)}",
        blame=name,
        torch=f"linalg.cross: inputs dimension {axis} must have length 3. Got {show_shape(tensor.shape)}",
        label=show_shape(tensor.shape),
    )
