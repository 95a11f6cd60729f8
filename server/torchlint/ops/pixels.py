"""Images rearranged: pixel and channel shuffles, `fold` and `unfold` of sliding blocks, as functions and
layers."""

from __future__ import annotations

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_same
from torchlint.ops.registry import layer, op
from torchlint.ops.representation import joined
from torchlint.ops.spatial import is_known_below, repeated, require_elements, result_of
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor


def _require_image(input: Tensor, function: str) -> None:
    if input.ndim < 3:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [..., C, H, W], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"{function} expects input to have at least 3 dimensions, but got input with {input.ndim} dimension(s)",
            label=show_shape(input.shape),
        )


def _require_positive(factor: Size, name: str, function: str) -> None:
    if is_known_below(factor, 1):
        raise ShapeError(
            "bad-call",
            f"`{name}` of {{callee}} must be positive, but is {show(factor)}",
            blame=name,
            torch=f"{function} expects a positive {name}, but got {show(factor)}",
        )


@op("torch.nn.functional.pixel_shuffle", "torch.pixel_shuffle", ranks=(4, 3))
def pixel_shuffle(input: Tensor, upscale_factor: Size) -> Tensor:
    """`[..., C * r * r, H, W]` to `[..., C, H * r, W * r]`."""
    _require_image(input, "pixel_shuffle")
    _require_positive(upscale_factor, "upscale_factor", "pixel_shuffle")
    *batch, channels, height, width = input.shape
    square = upscale_factor * upscale_factor
    require(
        square,
        "divides",
        channels,
        lambda: ShapeError(
            "reshape-size",
            f"{{callee}} needs a multiple of {show(square)} channels, but {{input}} has {show(channels)}",
            blame="input",
            torch="pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of "
            "upscale_factor, "
            f"but input.size(-3)={show(channels)} is not divisible by {show(square)}",
            label=show_shape(input.shape),
        ),
    )
    return result_of(input, (*batch, channels // square, height * upscale_factor, width * upscale_factor))


@op("torch.nn.functional.pixel_unshuffle", "torch.pixel_unshuffle", ranks=(4, 3))
def pixel_unshuffle(input: Tensor, downscale_factor: Size) -> Tensor:
    """`[..., C, H * r, W * r]` to `[..., C * r * r, H, W]`."""
    _require_image(input, "pixel_unshuffle")
    _require_positive(downscale_factor, "downscale_factor", "pixel_unshuffle")
    *batch, channels, height, width = input.shape
    for name, dim, size in (("height", -2, height), ("width", -1, width)):
        error = ShapeError(
            "reshape-size",
            f"`downscale_factor` {show(downscale_factor)} of {{callee}} does not divide the {name} {show(size)} of {{input}}",
            blame="input",
            torch=f"pixel_unshuffle expects {name} to be divisible by downscale_factor, but "
            f"input.size({dim})={show(size)} "
            f"is not divisible by {show(downscale_factor)}",
            label=show_shape(input.shape),
        )
        require(downscale_factor, "divides", size, lambda error=error: error)  # type: ignore[misc]
    square = downscale_factor * downscale_factor
    return result_of(input, (*batch, channels * square, height // downscale_factor, width // downscale_factor))


@op("torch.nn.functional.channel_shuffle", "torch.channel_shuffle", ranks=(4, 3))
def channel_shuffle(input: Tensor, groups: Size) -> Tensor:
    """`[N, C, ...]` with the channels of each group dealt out in turn."""
    if input.ndim < 3:
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C, ...] of at least 3 dimensions, but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"channel_shuffle expects input with > 2 dims, but got input with sizes {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )
    _require_positive(groups, "groups", "channel_shuffle")
    channels = input.shape[1]
    require(
        groups,
        "divides",
        channels,
        lambda: ShapeError(
            "reshape-size",
            f"the {show(groups)} groups of {{callee}} do not divide the {show(channels)} channels of {{input}}",
            blame="input",
            torch=f"Number of channels must be divisible by groups. Got {show(channels)} channels and {show(groups)} groups.",
            result=result_of(input, input.shape),
            label=show_shape(input.shape),
        ),
    )
    return result_of(input, input.shape)


def _pair(value: Size | Shape, name: str) -> Shape:
    pair = repeated(value, 2)
    if len(pair) != 2:
        raise ShapeError(
            "bad-call",
            f"`{name}` of {{callee}} is one number or 2, but has {len(pair)}",
            blame=name,
            torch=f"It is expected {name} equals to 2, but got size {len(pair)}",
        )
    least = 0 if name == "padding" else 1
    if any(is_known_below(size, least) for size in pair):
        raise ShapeError(
            "bad-call",
            f"`{name}` of {{callee}} must be at least {least}, but is {show_shape(pair)}",
            blame=name,
            torch=f"{name} should be {'greater than zero' if least else 'non-negative'}, but got {show_shape(pair)}",
        )
    return pair


def _blocks(image: Shape, kernel: Shape, dilation: Shape, padding: Shape, stride: Shape) -> Shape:
    settings = zip(image, kernel, dilation, padding, stride)
    return tuple((size + 2 * p - d * (k - 1) - 1) // s + 1 for size, k, d, p, s in settings)


@op("torch.nn.functional.unfold", ranks=(4, 3))
def unfold(
    input: Tensor,
    kernel_size: Size | Shape,
    dilation: Size | Shape = 1,
    padding: Size | Shape = 0,
    stride: Size | Shape = 1,
) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]` to `[N, C * kernel, blocks]`: every block of the size of the kernel as a
    column."""
    kernel, dilations = _pair(kernel_size, "kernel_size"), _pair(dilation, "dilation")
    paddings, strides = _pair(padding, "padding"), _pair(stride, "stride")
    if input.ndim not in (3, 4):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C, H, W] or [C, H, W], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero "
            "dimensions for input, "
            f"but got: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )
    require_elements(input, input.shape[-3:])
    blocks = _blocks(input.shape[-2:], kernel, dilations, paddings, strides)
    for count in blocks:
        require(
            count,
            ">=",
            1,
            lambda: ShapeError(
                "empty-output",
                f"the {show(kernel[0])} x {show(kernel[1])} kernel of {{callee}} does not fit into {{input}} "
                f"{show_shape(input.shape)}",
                blame="input",
                torch=f"Given input with spatial size {show_shape(input.shape[-2:])}, "
                f"kernel_size={show_shape(kernel)}, "
                f"calculated shape of the array of sliding blocks as {show_shape(blocks)}, but its "
                "components must be at "
                "least one.",
                label=show_shape(input.shape),
            ),
        )
    return result_of(input, (*input.shape[:-3], input.shape[-3] * product(kernel), product(blocks)))


@op("torch.nn.functional.fold", ranks=(3, 2))
def fold(
    input: Tensor,
    output_size: Size | Shape,
    kernel_size: Size | Shape,
    dilation: Size | Shape = 1,
    padding: Size | Shape = 0,
    stride: Size | Shape = 1,
) -> Tensor:
    """`[N, C * kernel, blocks]` or `[C * kernel, blocks]` to `[N, C, *output_size]`: the sum of the blocks
    where they lie."""
    image, kernel = _pair(output_size, "output_size"), _pair(kernel_size, "kernel_size")
    dilations, paddings, strides = _pair(dilation, "dilation"), _pair(padding, "padding"), _pair(stride, "stride")
    if input.ndim not in (2, 3):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C * kernel, blocks] or [C * kernel, blocks], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch="Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero "
            "dimensions for "
            f"input, but got: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )
    require_elements(input, input.shape[-2:])
    *batch, rows, columns = input.shape
    area, blocks = product(kernel), _blocks(image, kernel, dilations, paddings, strides)
    count = product(blocks)
    require(
        area,
        "divides",
        rows,
        lambda: ShapeError(
            "reshape-size",
            f"{{callee}} needs a multiple of {show(area)} rows, but {{input}} has {show(rows)}",
            blame="input",
            torch="Expected size of input's dimension 1 to be divisible by the product of kernel_size, but "
            "got "
            f"input.size(1)={show(rows)} and kernel_size={show_shape(kernel)}.",
            label=show_shape(input.shape),
        ),
    )
    result = result_of(input, (*batch, rows // area, *image))
    require_same(
        columns,
        count,
        lambda: ShapeError(
            "reshape-size",
            f"{{callee}} needs {show(count)} blocks for {show_shape(image)}, but {{input}} has {show(columns)}",
            blame="input",
            torch=f"Given output_size={show_shape(image)}, kernel_size={show_shape(kernel)}, expected size "
            "of input's "
            f"dimension 2 to match the calculated number of sliding blocks {show(blocks[0])} * "
            f"{show(blocks[1])} = "
            f"{show(count)}, but got input.size(2)={show(columns)}.",
            result=result,
            label=show_shape(input.shape),
        ),
    )
    for blocks_along in blocks:
        require(blocks_along, ">=", 1, lambda: _no_blocks(image, kernel))
    return result


def _no_blocks(image: Shape, kernel: Shape) -> ShapeError:
    return ShapeError(
        "empty-output",
        f"the kernel {show_shape(kernel)} of {{callee}} does not fit into {show_shape(image)}",
        blame="output_size",
        torch="calculated shape of the array of sliding blocks, but its components must be at least one.",
    )


@layer("torch.nn.PixelShuffle", ranks=(4, 3))
class PixelShuffle(Module):
    """`[..., C * r * r, H, W]` to `[..., C, H * r, W * r]`."""

    def __init__(self, upscale_factor: Size) -> None:
        super().__init__()
        self.upscale_factor = upscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return pixel_shuffle(input, self.upscale_factor)

    def extra_repr(self) -> str:
        return joined({"upscale_factor": self.upscale_factor})


@layer("torch.nn.PixelUnshuffle", ranks=(4, 3))
class PixelUnshuffle(Module):
    """`[..., C, H * r, W * r]` to `[..., C * r * r, H, W]`."""

    def __init__(self, downscale_factor: Size) -> None:
        super().__init__()
        self.downscale_factor = downscale_factor

    def forward(self, input: Tensor) -> Tensor:
        return pixel_unshuffle(input, self.downscale_factor)

    def extra_repr(self) -> str:
        return joined({"downscale_factor": self.downscale_factor})


@layer("torch.nn.ChannelShuffle", ranks=(4, 3))
class ChannelShuffle(Module):
    """`[N, C, ...]`."""

    def __init__(self, groups: Size) -> None:
        super().__init__()
        self.groups = groups

    def forward(self, input: Tensor) -> Tensor:
        return channel_shuffle(input, self.groups)

    def extra_repr(self) -> str:
        return joined({"groups": self.groups})


@layer("torch.nn.Unfold", ranks=(4, 3))
class Unfold(Module):
    """`[N, C, H, W]` or `[C, H, W]` to `[N, C * kernel, blocks]`."""

    def __init__(
        self,
        kernel_size: Size | Shape,
        dilation: Size | Shape = 1,
        padding: Size | Shape = 0,
        stride: Size | Shape = 1,
    ) -> None:
        super().__init__()
        self.kernel_size = kernel_size
        self.dilation = dilation
        self.padding = padding
        self.stride = stride

    def forward(self, input: Tensor) -> Tensor:
        return unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return joined({name: getattr(self, name) for name in ("kernel_size", "dilation", "padding", "stride")})


@layer("torch.nn.Fold", ranks=(3, 2))
class Fold(Unfold):
    """`[N, C * kernel, blocks]` or `[C * kernel, blocks]` to `[N, C, *output_size]`."""

    def __init__(
        self,
        output_size: Size | Shape,
        kernel_size: Size | Shape,
        dilation: Size | Shape = 1,
        padding: Size | Shape = 0,
        stride: Size | Shape = 1,
    ) -> None:
        super().__init__(kernel_size, dilation, padding, stride)
        self.output_size = output_size

    def forward(self, input: Tensor) -> Tensor:
        return fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)

    def extra_repr(self) -> str:
        return f"{joined({'output_size': self.output_size})}, {super().extra_repr()}"
