"""Convolutions and transposed convolutions as functions: `torch.nn.functional.conv1d` to `conv_transpose3d`.

Which memory format the result of a non-contiguous input has is left open, as are the backends' own limits on
dtypes.
"""

from __future__ import annotations

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_same
from torchlint.ops.registry import op
from torchlint.ops.spatial import is_known_below, per_dimension, require_image, result_of, times
from torchlint.values.errors import ShapeError
from torchlint.values.runtime import spend
from torchlint.values.tensor import Shape, Tensor


@op("torch.nn.functional.conv1d", "torch.conv1d", ranks=(3, 2))
def conv1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size | Shape = 1,
    padding: Size | Shape | str = 0,
    dilation: Size | Shape = 1,
    groups: Size = 1,
) -> Tensor:
    """`[N, C, L]` or `[C, L]` to
    `[N, C_out, (L + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1]`."""
    return convolve(1, input, weight, bias, stride, padding, dilation, groups)


@op("torch.nn.functional.conv2d", "torch.conv2d", ranks=(4, 3))
def conv2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size | Shape = 1,
    padding: Size | Shape | str = 0,
    dilation: Size | Shape = 1,
    groups: Size = 1,
) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]`; each of H and W as L in `conv1d`."""
    return convolve(2, input, weight, bias, stride, padding, dilation, groups)


@op("torch.nn.functional.conv3d", "torch.conv3d", ranks=(5, 4))
def conv3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size | Shape = 1,
    padding: Size | Shape | str = 0,
    dilation: Size | Shape = 1,
    groups: Size = 1,
) -> Tensor:
    """`[N, C, D, H, W]` or `[C, D, H, W]`; each of D, H and W as L in `conv1d`."""
    return convolve(3, input, weight, bias, stride, padding, dilation, groups)


@op("torch.nn.functional.conv_transpose1d", "torch.conv_transpose1d", ranks=(3, 2))
def conv_transpose1d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size | Shape = 1,
    padding: Size | Shape = 0,
    output_padding: Size | Shape = 0,
    groups: Size = 1,
    dilation: Size | Shape = 1,
) -> Tensor:
    """`[N, C, L]` to
    `[N, C_out, (L - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1]`."""
    return convolve_transposed(1, input, weight, bias, stride, padding, output_padding, groups, dilation)


@op("torch.nn.functional.conv_transpose2d", "torch.conv_transpose2d", ranks=(4, 3))
def conv_transpose2d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size | Shape = 1,
    padding: Size | Shape = 0,
    output_padding: Size | Shape = 0,
    groups: Size = 1,
    dilation: Size | Shape = 1,
) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]`; each of H and W as L in `conv_transpose1d`."""
    return convolve_transposed(2, input, weight, bias, stride, padding, output_padding, groups, dilation)


@op("torch.nn.functional.conv_transpose3d", "torch.conv_transpose3d", ranks=(5, 4))
def conv_transpose3d(
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    stride: Size | Shape = 1,
    padding: Size | Shape = 0,
    output_padding: Size | Shape = 0,
    groups: Size = 1,
    dilation: Size | Shape = 1,
) -> Tensor:
    """`[N, C, D, H, W]` or `[C, D, H, W]`; each of D, H and W as L in `conv_transpose1d`."""
    return convolve_transposed(3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def convolve(
    dimensions: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Size | Shape,
    padding: Size | Shape | str,
    dilation: Size | Shape,
    groups: Size,
    in_channels: Size | None = None,
) -> Tensor:
    """A convolution over `dimensions` spatial dimensions; `in_channels` is what the weight asks for, where a
    layer says it."""
    _require_rank(input, dimensions, f"conv{dimensions}d")
    _require_kernel(weight, dimensions)
    strides = per_dimension(stride, dimensions, "stride")
    dilations = per_dimension(dilation, dimensions, "dilation")
    _require_at_least(strides, 1, "stride")
    _require_at_least(dilations, 1, "dilation")
    _require_groups(weight, groups)
    extents = tuple(d * (k - 1) + 1 for d, k in zip(dilations, weight.shape[2:]))
    image = input.shape[-dimensions:]
    padded = _padded(image, extents, strides, padding)
    out_channels = weight.shape[0]
    batch = input.shape[: -dimensions - 1]
    out_image = tuple((p - e) // s + 1 for p, e, s in zip(padded, extents, strides))
    result = _result(input, (*batch, out_channels, *out_image), weight, bias)
    wanted = weight.shape[1] * groups if in_channels is None else in_channels
    _require_channels(input, weight, wanted, groups, result, transposed=False)
    _require_bias(weight, bias, out_channels, transposed=False)
    _require_dtypes(input, weight, bias)
    for size, extent in zip(padded, extents):
        require(
            extent,
            "<=",
            size,
            lambda: ShapeError(
                "empty-output",
                f"the {times(extents)} kernel of {{callee}} does not fit into {{input}}, which is "
                f"{times(padded)} "
                "with its padding"
                if padded != image
                else f"the {times(extents)} kernel of {{callee}} does not fit into {{input}}, which is {times(image)}",
                blame="input",
                torch=f"Calculated padded input size per channel: ({times(padded)}). Kernel size: "
                f"({times(extents)}). "
                "Kernel size can't be greater than actual input size",
                label=show_shape(input.shape),
            ),
        )
    _require_elements(input, batch, image)
    spend(product(batch) * product(out_image) * weight.numel())
    return result


def convolve_transposed(
    dimensions: int,
    input: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Size | Shape,
    padding: Size | Shape,
    output_padding: Size | Shape,
    groups: Size,
    dilation: Size | Shape,
) -> Tensor:
    """A transposed convolution over `dimensions` spatial dimensions."""
    _require_rank(input, dimensions, f"conv_transpose{dimensions}d")
    _require_kernel(weight, dimensions)
    strides = per_dimension(stride, dimensions, "stride")
    paddings = per_dimension(padding, dimensions, "padding")
    dilations = per_dimension(dilation, dimensions, "dilation")
    extra = per_dimension(output_padding, dimensions, "output_padding")
    _require_at_least(paddings, 0, "padding")
    _require_at_least(extra, 0, "output_padding")
    _require_at_least(strides, 1, "stride")
    _require_at_least(dilations, 1, "dilation")
    _require_groups(weight, groups)
    image = input.shape[-dimensions:]
    batch = input.shape[: -dimensions - 1]
    out_channels = weight.shape[1] * groups
    out_image = tuple(
        (size - 1) * s - 2 * p + d * (k - 1) + e + 1
        for size, s, p, d, k, e in zip(image, strides, paddings, dilations, weight.shape[2:], extra)
    )
    result = _result(input, (*batch, out_channels, *out_image), weight, bias)
    _require_channels(input, weight, weight.shape[0], groups, result, transposed=True)
    _require_bias(weight, bias, out_channels, transposed=True)
    _require_dtypes(input, weight, bias)
    _require_elements(input, batch, image)
    # torch returns early for an input without samples.
    for e, s, d in zip(extra, strides, dilations) if 0 not in batch else ():
        if isinstance(e, int) and isinstance(s, int) and isinstance(d, int) and e >= max(s, d):
            raise ShapeError(
                "bad-call",
                f"`output_padding` {e} of {{callee}} must be smaller than its stride {s} or its dilation {d}",
                blame="output_padding",
                torch="output padding must be smaller than either stride or dilation",
            )
    # Some backends give an empty image for several samples or groups; all refuse it for one.
    least = 1 if batch in ((), (1,)) and groups == 1 else 0
    for size in out_image:
        require(
            size,
            ">=",
            least,
            lambda: ShapeError(
                "empty-output",
                f"{{callee}} makes an image of {times(out_image)} out of {{input}}, which is {times(image)}",
                blame="input",
                torch=f"Given input size per channel: ({times(image)}). Calculated output size per channel: "
                f"({times(out_image)}). Output size is too small",
                label=show_shape(input.shape),
            ),
        )
    spend(product(batch) * product(image) * weight.numel())
    return result


def _result(input: Tensor, shape: Shape, weight: Tensor, bias: Tensor | None) -> Tensor:
    """The result, row-major if input and weight are."""
    result = result_of(input, shape, weight, bias)
    if not weight.is_contiguous_by_construction:
        result._strides = None
    return result


def _padded(image: Shape, extents: Shape, strides: Shape, padding: Size | Shape | str) -> Shape:
    """The sizes of the image with its padding."""
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ShapeError(
                "bad-call",
                f"`padding` of {{callee}} is 'same', 'valid' or numbers, not '{padding}'",
                blame="padding",
                torch=f"Invalid padding string: '{padding}'",
            )
        if padding == "valid":
            return image
        if any(isinstance(s, int) and s != 1 for s in strides):
            raise same_with_stride()
        return tuple(size + extent - 1 for size, extent in zip(image, extents))
    paddings = per_dimension(padding, len(image), "padding")
    _require_at_least(paddings, 0, "padding")
    return tuple(size + 2 * p for size, p in zip(image, paddings))


def same_with_stride() -> ShapeError:
    """The error of `padding='same'` with a stride."""
    return ShapeError(
        "bad-call",
        "{callee} cannot have `padding='same'` with a stride other than 1",
        blame="padding",
        torch="padding='same' is not supported for strided convolutions",
    )


def _require_rank(input: Tensor, dimensions: int, function: str) -> None:
    wording = (
        f"Expected {dimensions + 1}D (unbatched) or {dimensions + 2}D (batched) input to {function}, but "
        "got input of size: "
        f"{show_shape(input.shape)}"
    )
    require_image(input, dimensions, wording)


def _require_kernel(weight: Tensor, dimensions: int) -> None:
    if weight.ndim != dimensions + 2:
        raise ShapeError(
            "wrong-rank",
            f"the weight of {{callee}} has {dimensions + 2} dimensions, but this one is {show_shape(weight.shape)}",
            blame="weight",
            torch=f"weight should have {dimensions + 2} dimensions",
        )
    if any(is_known_below(size, 1) for size in weight.shape[2:]):
        raise ShapeError(
            "empty-output",
            f"the kernel of {{callee}} is empty: {times(weight.shape[2:])}",
            blame="weight",
            torch="weight should have at least one element per kernel dimension",
        )


def _require_at_least(sizes: Shape, least: int, name: str) -> None:
    for size in sizes:
        if is_known_below(size, least):
            raise ShapeError(
                "bad-call",
                f"`{name}` of {{callee}} must be at least {least}, but is {show(size)}",
                blame=name,
                torch=f"{'non-positive' if least else 'negative'} {name} is not supported",
            )


def _require_groups(weight: Tensor, groups: Size) -> None:
    _require_at_least((groups,), 1, "groups")
    filters = weight.shape[0]
    if is_known_below(filters, 1):
        raise ShapeError(
            "conv-in-channels",
            f"the weight of {{callee}} is empty: {show_shape(weight.shape)}",
            blame="weight",
            torch=f"Given groups={show(groups)}, expected weight to be at least {show(groups)} at dimension "
            "0, but got "
            f"weight of size {show_shape(weight.shape)} instead",
        )
    require(
        groups,
        "divides",
        filters,
        lambda: ShapeError(
            "conv-in-channels",
            f"`groups` {show(groups)} does not divide the {show(filters)} filters of {{callee}}",
            blame="groups",
            torch=f"Given groups={show(groups)}, expected weight to be divisible by {show(groups)} at "
            "dimension 0, but got "
            f"weight of size [{show_shape(weight.shape)}] instead",
        ),
    )


def _require_channels(input: Tensor, weight: Tensor, wanted: Size, groups: Size, result: Tensor, transposed: bool) -> None:
    channels = input.shape[1 - weight.ndim]
    setting = "transposed=1" if transposed else f"groups={show(groups)}"
    require_same(
        channels,
        wanted,
        lambda: ShapeError(
            "conv-in-channels",
            f"{{callee}} takes {show(wanted)} channels, but {{input}} has {show(channels)}",
            blame="input",
            torch=f"Given {setting}, weight of size {show_shape(weight.shape)}, expected "
            f"input{show_shape(input.shape)} "
            f"to have {show(wanted)} channels, but got {show(channels)} channels instead",
            repair={"in_channels": channels},
            result=result,
            label=show_shape(input.shape),
        ),
    )


def _require_bias(weight: Tensor, bias: Tensor | None, out_channels: Size, transposed: bool) -> None:
    if bias is None:
        return
    start = "Given transposed=1, weight" if transposed else "Given weight"
    error = ShapeError(
        "conv-in-channels",
        f"{{callee}} takes a bias of {show(out_channels)} elements, but {{bias}} is {show_shape(bias.shape)}",
        blame="bias",
        torch=f"{start} of size {show_shape(weight.shape)}, expected bias to be 1-dimensional with "
        f"{show(out_channels)} "
        f"elements, but got bias of size {show_shape(bias.shape)} instead",
    )
    if bias.ndim != 1:
        raise error
    require_same(bias.shape[0], out_channels, lambda: error)


def _require_dtypes(input: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    if input.dtype is not weight.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {weight.dtype.name}, but {{input}} is {input.dtype.name}",
            blame="input",
            torch=f"Input type ({input.dtype.name}) and weight type ({weight.dtype.name}) should be the same",
            label=input.dtype.name,
        )
    if bias is not None and bias.dtype is not input.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} computes in {input.dtype.name}, but its bias is {bias.dtype.name}",
            blame="bias",
            torch=f"Input type ({input.dtype.name}) and bias type ({bias.dtype.name}) should be the same",
        )


def _require_elements(input: Tensor, batch: Shape, image: Shape) -> None:
    channels = input.shape[len(batch)]
    outside = (*batch, channels)
    if any(size == 0 for size in image) and all(isinstance(size, int) and size != 0 for size in outside):
        raise ShapeError(
            "empty-output",
            f"{{input}} of {{callee}} is empty: {show_shape(input.shape)}",
            blame="input",
            torch=f"Only zero batch or zero channel inputs are supported, but got input shape: {show_shape(input.shape)}",
            label=show_shape(input.shape),
        )
