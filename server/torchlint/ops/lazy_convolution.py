"""`LazyConv1d` to `LazyConvTranspose3d`, which read `in_channels` off their first input."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.ops.convolution_layers import (
    AnyConv,
    AnyConvTranspose,
    Conv1d,
    Conv2d,
    Conv3d,
    ConvTranspose1d,
    ConvTranspose2d,
    ConvTranspose3d,
    require_zeros,
)
from torchlint.ops.lazy import become
from torchlint.ops.registry import layer
from torchlint.values.dtype import DType
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


class _LazyConv(AnyConv):
    becomes: type[AnyConv]

    def __init__(
        self,
        out_channels: Size,
        kernel_size: Size | Shape,
        stride: Size | Shape = 1,
        padding: Size | Shape | str = 0,
        dilation: Size | Shape = 1,
        groups: Size = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        Module.__init__(self)
        self._configure(
            0,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            0,
            groups,
            bias,
            padding_mode,
            dtype,
            True,
        )

    def forward(self, input: Tensor) -> Tensor:
        self._materialize(input)
        become(self, self.becomes)
        return self.becomes.forward(self, input)


class _LazyConvTranspose(AnyConvTranspose):
    becomes: type[AnyConvTranspose]

    def __init__(
        self,
        out_channels: Size,
        kernel_size: Size | Shape,
        stride: Size | Shape = 1,
        padding: Size | Shape = 0,
        output_padding: Size | Shape = 0,
        groups: Size = 1,
        bias: bool = True,
        dilation: Size | Shape = 1,
        padding_mode: str = "zeros",
        device: object = None,
        dtype: DType | None = None,
    ) -> None:
        Module.__init__(self)
        require_zeros(padding_mode)
        self._configure(
            0,
            out_channels,
            kernel_size,
            stride,
            padding,
            dilation,
            output_padding,
            groups,
            bias,
            padding_mode,
            dtype,
            True,
        )

    def forward(self, input: Tensor, output_size: Shape | None = None) -> Tensor:
        self._materialize(input)
        become(self, self.becomes)
        return self.becomes.forward(self, input, output_size)


@layer("torch.nn.LazyConv1d", ranks=(3, 2))
class LazyConv1d(_LazyConv):
    """A `Conv1d` that reads `in_channels` off its first input."""

    dimensions = 1
    becomes = Conv1d


@layer("torch.nn.LazyConv2d", ranks=(4, 3))
class LazyConv2d(_LazyConv):
    """A `Conv2d` that reads `in_channels` off its first input."""

    dimensions = 2
    becomes = Conv2d


@layer("torch.nn.LazyConv3d", ranks=(5, 4))
class LazyConv3d(_LazyConv):
    """A `Conv3d` that reads `in_channels` off its first input."""

    dimensions = 3
    becomes = Conv3d


@layer("torch.nn.LazyConvTranspose1d", ranks=(3, 2))
class LazyConvTranspose1d(_LazyConvTranspose):
    """A `ConvTranspose1d` that reads `in_channels` off its first input."""

    dimensions = 1
    becomes = ConvTranspose1d


@layer("torch.nn.LazyConvTranspose2d", ranks=(4, 3))
class LazyConvTranspose2d(_LazyConvTranspose):
    """A `ConvTranspose2d` that reads `in_channels` off its first input."""

    dimensions = 2
    becomes = ConvTranspose2d


@layer("torch.nn.LazyConvTranspose3d", ranks=(5, 4))
class LazyConvTranspose3d(_LazyConvTranspose):
    """A `ConvTranspose3d` that reads `in_channels` off its first input."""

    dimensions = 3
    becomes = ConvTranspose3d
