"""`MaxPool1d` to `LPPool3d`: pools over windows as layers."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.ops import pooling
from torchlint.ops.registry import layer
from torchlint.ops.representation import joined
from torchlint.ops.spatial import repeated
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


class _MaxPool(Module):
    dimensions = 0

    def __init__(
        self,
        kernel_size: Size | Shape,
        stride: Size | Shape | None = None,
        padding: Size | Shape = 0,
        dilation: Size | Shape = 1,
        return_indices: bool = False,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.dilation = dilation
        self.return_indices = return_indices
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Any:
        result = pooling.pool(
            self.dimensions, input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode
        )
        return pooling.with_indices(result) if self.return_indices else result

    def extra_repr(self) -> str:
        names = ("kernel_size", "stride", "padding", "dilation", "ceil_mode")
        return joined({name: getattr(self, name) for name in names})


@layer("torch.nn.MaxPool1d", ranks=(3, 2))
class MaxPool1d(_MaxPool):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.MaxPool2d", ranks=(4, 3))
class MaxPool2d(_MaxPool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.MaxPool3d", ranks=(5, 4))
class MaxPool3d(_MaxPool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3


@layer("torch.nn.AvgPool1d", ranks=(3, 2))
class AvgPool1d(Module):
    """`[N, C, L]` or `[C, L]`."""

    def __init__(
        self,
        kernel_size: Size | Shape,
        stride: Size | Shape | None = None,
        padding: Size | Shape = 0,
        ceil_mode: bool = False,
        count_include_pad: object = True,
    ) -> None:
        super().__init__()
        self.kernel_size = repeated(kernel_size, 1)
        self.stride = repeated(stride if stride is not None else kernel_size, 1)
        self.padding = repeated(padding, 1)
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad

    def forward(self, input: Tensor) -> Tensor:
        return pooling.pool(1, input, self.kernel_size, self.stride, self.padding, 1, self.ceil_mode)

    def extra_repr(self) -> str:
        return joined({name: getattr(self, name) for name in ("kernel_size", "stride", "padding")})


class _AvgPool(Module):
    dimensions = 0

    def __init__(
        self,
        kernel_size: Size | Shape,
        stride: Size | Shape | None = None,
        padding: Size | Shape = 0,
        ceil_mode: bool = False,
        count_include_pad: object = True,
        divisor_override: object = None,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size
        self.padding = padding
        self.ceil_mode = ceil_mode
        self.count_include_pad = count_include_pad
        self.divisor_override = divisor_override

    def forward(self, input: Tensor) -> Tensor:
        return pooling.average(
            self.dimensions,
            input,
            self.kernel_size,
            self.stride,
            self.padding,
            self.ceil_mode,
            self.divisor_override,
        )

    def extra_repr(self) -> str:
        return joined({name: getattr(self, name) for name in ("kernel_size", "stride", "padding")})


@layer("torch.nn.AvgPool2d", ranks=(4, 3))
class AvgPool2d(_AvgPool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.AvgPool3d", ranks=(5, 4))
class AvgPool3d(_AvgPool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3


class _LPPool(Module):
    dimensions = 0

    def __init__(
        self,
        norm_type: object,
        kernel_size: Size | Shape,
        stride: Size | Shape | None = None,
        ceil_mode: bool = False,
    ) -> None:
        super().__init__()
        self.norm_type = norm_type
        self.kernel_size = kernel_size
        self.stride = stride
        self.ceil_mode = ceil_mode

    def forward(self, input: Tensor) -> Tensor:
        return pooling.average(self.dimensions, input, self.kernel_size, self.stride, 0, self.ceil_mode, None)

    def extra_repr(self) -> str:
        return joined({name: getattr(self, name) for name in ("norm_type", "kernel_size", "stride", "ceil_mode")})


@layer("torch.nn.LPPool1d", ranks=(3, 2))
class LPPool1d(_LPPool):
    """`[N, C, L]` or `[C, L]`."""

    dimensions = 1


@layer("torch.nn.LPPool2d", ranks=(4, 3))
class LPPool2d(_LPPool):
    """`[N, C, H, W]` or `[C, H, W]`."""

    dimensions = 2


@layer("torch.nn.LPPool3d", ranks=(5, 4))
class LPPool3d(_LPPool):
    """`[N, C, D, H, W]` or `[C, D, H, W]`."""

    dimensions = 3
