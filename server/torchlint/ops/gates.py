"""Activations that look at sizes: gates that halve a dimension and learnt slopes, one for each channel."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import normalize_dim, require, require_same
from torchlint.ops.registry import layer, op
from torchlint.ops.results import like, result
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import CONTIGUOUS, Tensor, parameter


@op("torch.nn.functional.glu")
def glu(input: Tensor, dim: Size = -1) -> Tensor:
    """The first half of `dim` times the sigmoid of the second: half the size."""
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            "{callee} takes at least 1 dimension, but {input} has none",
            blame="input",
            torch="glu does not support 0-dimensional tensors",
        )
    index = normalize_dim(dim, input.ndim)
    size = input.shape[index]
    if input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"\"glu_cpu\" not implemented for '{input.dtype.name}'",
            label=input.dtype.name,
        )
    strides = CONTIGUOUS if input.is_contiguous_by_construction else None
    halved = result((*input.shape[:index], size // 2, *input.shape[index + 1 :]), input.dtype, input, strides=strides)
    require(
        2,
        "divides",
        size,
        lambda: ShapeError(
            "cat-mismatch",
            f"{{callee}} halves dimension {index} of {{input}}, whose size {show(size)} is odd",
            blame="input",
            torch=f"Halving dimension must be even, but dimension {index} is size {show(size)}",
            label=show_shape(input.shape),
            result=halved,
        ),
    )
    return halved


@layer("torch.nn.GLU")
class GLU(Module):
    """The first half of `dim` times the sigmoid of the second: half the size."""

    def __init__(self, dim: Size = -1) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return glu(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={show(self.dim)}"


@op("torch.prelu", "torch.Tensor.prelu", "torch.nn.functional.prelu")
def prelu(input: Tensor, weight: Tensor) -> Tensor:
    """`x` above 0, a learnt slope times `x` below: one slope, or one for each channel (dimension 1)."""
    if weight.ndim > 1:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes one slope or a list of them, but {{weight}} is {show_shape(weight.shape)}",
            blame="weight",
            torch=f"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.ndim}",
            result=input,
        )
    slopes = weight.numel()
    if slopes != 1:
        _require_channels(input, slopes)
    if input.dtype is not weight.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {weight.dtype.name}, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"prelu: Type promoting not supported. Got {input.dtype.name} and {weight.dtype.name}",
            label=input.dtype.name,
            result=like(input, weight.dtype),
        )
    return like(input)


def _require_channels(input: Tensor, slopes: Size) -> None:
    if input.ndim == 0:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} has {show(slopes)} slopes, but {{input}} has no channels",
            blame="input",
            torch="Not allow zero-dim input tensor.",
            result=input,
        )
    channels = input.shape[1] if input.ndim > 1 else 1
    require_same(
        channels,
        slopes,
        lambda: ShapeError(
            "norm-size",
            f"{{callee}} has {show(slopes)} slopes, but {{input}} has {show(channels)} channels",
            blame="input",
            torch="Mismatch of parameter numbers and input channel size. Found parameter numbers = "
            f"{show(slopes)} and channel size = {show(channels)}.",
            label=show_shape(input.shape),
            repair={"num_parameters": channels},
            result=input,
        ),
    )


@layer("torch.nn.PReLU")
class PReLU(Module):
    """`x` above 0, a learnt slope times `x` below."""

    def __init__(
        self, num_parameters: Size = 1, init: object = 0.25, device: object = None, dtype: DType | None = None
    ) -> None:
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = parameter(num_parameters, dtype=dtype)

    def forward(self, input: Tensor) -> Tensor:
        return prelu(input, self.weight)

    def extra_repr(self) -> str:
        return f"num_parameters={show(self.num_parameters)}"
