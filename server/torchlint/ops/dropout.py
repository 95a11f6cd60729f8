"""Dropout: the shape and the dtype stay; which elements are dropped is chance."""

from __future__ import annotations

from torchlint.dims.printing import show_shape
from torchlint.ops.registry import layer, op
from torchlint.ops.results import in_place, like, result
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor


def _require_probability(p: object) -> None:
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        raise ShapeError(
            "bad-call",
            f"`p` of {{callee}} is {p:g}, not a probability",
            blame="p",
            torch=f"dropout probability has to be between 0 and 1, but got {p:g}",
        )


def _dropped(input: Tensor, p: object, training: object, inplace: object) -> Tensor:
    _require_probability(p)
    if training is True and isinstance(p, float) and 0 < p < 1 and input.dtype.is_integral:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floats, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"result type Float can't be cast to the desired output type {input.dtype.name}",
            label=input.dtype.name,
            result=input,
        )
    if inplace is True:
        return in_place(input, like(input))
    if training is False:
        return input
    dropped = like(input)
    if training is not True and dropped.strides != input.strides:  # evaluation would return the input itself
        return result(input.shape, input.dtype, input, strides=None)
    return dropped


@op("torch.nn.functional.dropout", pointwise=True)
def dropout(input: Tensor, p: object = 0.5, training: object = True, inplace: object = False) -> Tensor:
    """Elements set to 0 with probability `p`: the same shape."""
    return _dropped(input, p, training, inplace)


@op("torch.dropout", pointwise=True)
def dropout_function(input: Tensor, p: object, train: object) -> Tensor:
    """Elements set to 0 with probability `p`: the same shape."""
    return _dropped(input, p, train, inplace=False)


@op("torch.dropout_", pointwise=True)
def dropout_in_place(input: Tensor, p: object, train: object) -> Tensor:
    """Elements set to 0 with probability `p`, in place."""
    return _dropped(input, p, train, inplace=True)


@op("torch.nn.functional.alpha_dropout", "torch.nn.functional.feature_alpha_dropout", pointwise=True)
def alpha_dropout(input: Tensor, p: object = 0.5, training: object = False, inplace: object = False) -> Tensor:
    """Elements (or channels) masked with probability `p`, mean and variance kept: the same shape."""
    return _dropped(input, p, training, inplace)


@op("torch.alpha_dropout", "torch.feature_alpha_dropout", "torch.feature_dropout", pointwise=True)
def alpha_dropout_function(input: Tensor, p: object, train: object) -> Tensor:
    """Elements (or channels) masked with probability `p`: the same shape."""
    return _dropped(input, p, train, inplace=False)


@op("torch.alpha_dropout_", "torch.feature_alpha_dropout_", "torch.feature_dropout_", pointwise=True)
def alpha_dropout_in_place(input: Tensor, p: object, train: object) -> Tensor:
    """Elements (or channels) masked with probability `p`, in place."""
    return _dropped(input, p, train, inplace=True)


@op("torch.nn.functional.dropout1d", ranks=(3, 2))
def dropout1d(input: Tensor, p: object = 0.5, training: object = True, inplace: object = False) -> Tensor:
    """Channels of `[N, C, L]` or `[C, L]` set to 0 with probability `p`: the same shape."""
    if input.ndim not in (2, 3):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C, L] or [C, L], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"dropout1d: Expected 2D or 3D input, but received a {input.ndim}D input.",
            label=show_shape(input.shape),
            result=input,
        )
    return _dropped(input, p, training, inplace)


@op("torch.nn.functional.dropout2d", "torch.nn.functional.dropout3d", ranks=(4, 5))
def dropout2d(input: Tensor, p: object = 0.5, training: object = True, inplace: object = False) -> Tensor:
    """Channels set to 0 with probability `p`: the same shape (torch only warns of other ranks)."""
    return _dropped(input, p, training, inplace)


class _Dropout(Module):
    """A dropout layer."""

    def __init__(self, p: object = 0.5, inplace: object = False) -> None:
        super().__init__()
        _require_probability(p)
        self.p = p
        self.inplace = inplace

    def forward(self, input: Tensor) -> Tensor:
        return _dropped(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        return f"p={self.p}, inplace={self.inplace}"


@layer("torch.nn.Dropout", pointwise=True)
class Dropout(_Dropout):
    """Elements set to 0 with probability `p`."""


@layer("torch.nn.Dropout1d", ranks=(3, 2))
class Dropout1d(_Dropout):
    """Channels of `[N, C, L]` or `[C, L]` set to 0 with probability `p`."""

    def forward(self, input: Tensor) -> Tensor:
        return dropout1d(input, self.p, self.training, self.inplace)


@layer("torch.nn.Dropout2d", ranks=(4,))
class Dropout2d(_Dropout):
    """Channels of `[N, C, H, W]` set to 0 with probability `p`."""


@layer("torch.nn.Dropout3d", ranks=(5,))
class Dropout3d(_Dropout):
    """Channels of `[N, C, D, H, W]` set to 0 with probability `p`."""


@layer("torch.nn.AlphaDropout", pointwise=True)
class AlphaDropout(_Dropout):
    """Elements masked with probability `p`, mean and variance kept."""


@layer("torch.nn.FeatureAlphaDropout", pointwise=True)
class FeatureAlphaDropout(_Dropout):
    """Channels masked with probability `p`, mean and variance kept."""
