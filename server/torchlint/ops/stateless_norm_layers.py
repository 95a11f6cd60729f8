"""`LayerNorm`, `RMSNorm`, `GroupNorm`, `LocalResponseNorm` and `CrossMapLRN2d`: norms that keep no running
statistics."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require
from torchlint.ops.normalization import group_norm, layer_norm, local_response_norm, rms_norm
from torchlint.ops.registry import layer
from torchlint.ops.representation import joined, show_value
from torchlint.ops.results import like
from torchlint.ops.spatial import is_known_below, repeated
from torchlint.values.dtype import DType
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor, parameter


@layer("torch.nn.LayerNorm", ranks=(3, 2, 4))
class LayerNorm(Module):
    """`[..., *normalized_shape]`."""

    def __init__(
        self,
        normalized_shape: Size | Shape,
        eps: object = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = repeated(normalized_shape, 1)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.register_parameter("weight", parameter(*self.normalized_shape, dtype=dtype) if elementwise_affine else None)
        self.register_parameter("bias", parameter(*self.normalized_shape, dtype=dtype) if elementwise_affine and bias else None)

    def forward(self, input: Tensor) -> Tensor:
        return layer_norm(input, self.normalized_shape, self.weight, self.bias)

    def extra_repr(self) -> str:
        settings = {
            "eps": self.eps,
            "elementwise_affine": self.elementwise_affine,
            "bias": self.bias is not None,
        }
        return f"{show_value(self.normalized_shape)}, {joined(settings)}"


@layer("torch.nn.RMSNorm", ranks=(3, 2, 4))
class RMSNorm(Module):
    """`[..., *normalized_shape]`."""

    def __init__(
        self,
        normalized_shape: Size | Shape,
        eps: object = None,
        elementwise_affine: bool = True,
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        super().__init__()
        self.normalized_shape = repeated(normalized_shape, 1)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        self.register_parameter("weight", parameter(*self.normalized_shape, dtype=dtype) if elementwise_affine else None)

    def forward(self, x: Tensor) -> Tensor:
        return rms_norm(x, self.normalized_shape, self.weight)

    def extra_repr(self) -> str:
        settings = joined({"eps": self.eps, "elementwise_affine": self.elementwise_affine})
        return f"{show_value(self.normalized_shape)}, {settings}"


@layer("torch.nn.GroupNorm", ranks=(4, 3, 2, 5))
class GroupNorm(Module):
    """`[N, C, ...]`."""

    def __init__(
        self,
        num_groups: Size,
        num_channels: Size,
        eps: object = 1e-5,
        affine: bool = True,
        device: object = None,
        dtype: DType | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()

        def indivisible() -> ShapeError:
            return ShapeError(
                "norm-size",
                f"the {show(num_groups)} groups of {{callee}} do not divide its {show(num_channels)} channels",
                blame="num_groups",
                torch=f"num_channels ({show(num_channels)}) must be divisible by num_groups ({show(num_groups)})",
            )

        if is_known_below(num_groups, 1):
            raise indivisible()
        require(num_groups, "divides", num_channels, indivisible)
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        self.register_parameter("weight", parameter(num_channels, dtype=dtype) if affine else None)
        self.register_parameter("bias", parameter(num_channels, dtype=dtype) if affine and bias else None)

    def forward(self, input: Tensor) -> Tensor:
        return group_norm(input, self.num_groups, self.weight, self.bias)

    def extra_repr(self) -> str:
        settings = joined({"eps": self.eps, "affine": self.affine, "bias": self.bias is not None})
        return f"{show(self.num_groups)}, {show(self.num_channels)}, {settings}"


class _ResponseNorm(Module):
    def __init__(self, size: Size, alpha: object = 1e-4, beta: object = 0.75, k: object = 1.0) -> None:
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k

    def extra_repr(self) -> str:
        return f"{show(self.size)}, {joined({'alpha': self.alpha, 'beta': self.beta, 'k': self.k})}"


@layer("torch.nn.LocalResponseNorm", ranks=(4, 3, 5))
class LocalResponseNorm(_ResponseNorm):
    """`[N, C, ...]` of at least 3 dimensions."""

    def forward(self, input: Tensor) -> Tensor:
        return local_response_norm(input, self.size)


@layer("torch.nn.CrossMapLRN2d", ranks=(4,))
class CrossMapLRN2d(_ResponseNorm):
    """`[N, C, H, W]`."""

    def __init__(self, size: Size, alpha: object = 1e-4, beta: object = 0.75, k: object = 1) -> None:
        super().__init__(size, alpha, beta, k)

    def forward(self, input: Tensor) -> Tensor:
        if input.ndim != 4:
            raise ShapeError(
                "wrong-rank",
                f"{{callee}} takes [N, C, H, W], but {{input}} is {show_shape(input.shape)}",
                blame="input",
                torch=f"CrossMapLRN2d: Expected input to be 4D, got {input.ndim}D instead.",
                label=show_shape(input.shape),
            )
        return like(input)
