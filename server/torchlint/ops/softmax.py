"""The softmax family, with the dimension that torch picks where none is given."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import normalize_dim
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor


def implicit_dim(rank: int) -> int:
    """The dimension that torch takes where none is given (it warns)."""
    return 0 if rank in (0, 1, 3) else 1


def _normalized(input: Tensor, dim: Size | None, dtype: DType | None) -> Tensor:
    normalize_dim(implicit_dim(input.ndim) if dim is None else dim, input.ndim)
    kept = dtype or input.dtype
    if kept.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"\"softmax_lastdim_kernel_impl\" not implemented for '{kept.name}'",
            label=input.dtype.name,
        )
    return result(input.shape, kept, input)


@op("torch.softmax", "torch.log_softmax", "torch.Tensor.softmax", "torch.Tensor.log_softmax")
def softmax_method(input: Tensor, dim: Size, dtype: DType | None = None, *, out: object = None) -> Tensor:
    """Probabilities (or their logarithms) along `dim`: the same shape."""
    return _normalized(input, dim, dtype)


@op("torch.special.softmax", "torch.special.log_softmax")
def special_softmax(input: Tensor, dim: Size, *, dtype: DType | None = None) -> Tensor:
    """Probabilities (or their logarithms) along `dim`: the same shape."""
    return _normalized(input, dim, dtype)


@op("torch.nn.functional.softmax", "torch.nn.functional.log_softmax", "torch.nn.functional.softmin")
def softmax(input: Tensor, dim: Size | None = None, _stacklevel: object = 3, dtype: DType | None = None) -> Tensor:
    """Probabilities (or their logarithms) along `dim`, or along the one that torch picks: the same shape."""
    return _normalized(input, dim, dtype)


@op("torch.nn.functional.gumbel_softmax")
def gumbel_softmax(logits: Tensor, tau: object = 1, hard: object = False, eps: object = 1e-10, dim: Size = -1) -> Tensor:
    """A sample of probabilities along `dim`: the same shape."""
    sample = _normalized(logits, dim, None)
    if hard is not False:  # put together from tensors of several layouts
        return result(logits.shape, logits.dtype, logits, strides=None)
    return sample


class _AlongDim(Module):
    """A layer of the softmax family."""

    def __init__(self, dim: Size | None = None) -> None:
        super().__init__()
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        return softmax(input, self.dim)

    def extra_repr(self) -> str:
        return f"dim={'None' if self.dim is None else show(self.dim)}"


@layer("torch.nn.Softmax")
class Softmax(_AlongDim):
    """Probabilities along `dim`."""


@layer("torch.nn.LogSoftmax")
class LogSoftmax(_AlongDim):
    """Logarithms of probabilities along `dim`."""


@layer("torch.nn.Softmin")
class Softmin(_AlongDim):
    """Probabilities along `dim`, of the negated input."""


@layer("torch.nn.Softmax2d", ranks=(4, 3))
class Softmax2d(Module):
    """Probabilities over the channels of `[N, C, H, W]` or `[C, H, W]`."""

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim not in (3, 4):
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes [N, C, H, W] or [C, H, W], but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"Softmax2d: expected input to be 3D or 4D, but got {input.ndim}D instead",
                label=show_shape(input.shape),
                result=input,
            )
        return softmax(input, -3)
