"""Pools over windows as functions: maximum, average and power average, `torch.nn.functional.max_pool1d` to
`lp_pool3d`."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size, minimum
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require
from torchlint.ops.registry import op
from torchlint.ops.spatial import is_known_below, per_dimension, require_elements, require_image, result_of
from torchlint.values.dtype import int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Shape, Tensor


def window_output(size: Size, kernel: Size, stride: Size, padding: Size, dilation: Size = 1, ceil_mode: bool = False) -> Size:
    """How many windows fit into a padded dimension; in `ceil_mode` a last one may stick out, but not start
    beyond the input."""
    room = size + 2 * padding - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return room // stride + 1
    return minimum((room + stride - 1) // stride, (size + padding - 1) // stride) + 1


def pool(
    dimensions: int,
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
) -> Tensor:
    """The result of any pool over windows of the last `dimensions` dimensions."""
    kernel = _per_dimension(kernel_size, dimensions, "kernel_size")
    strides = kernel if stride is None or stride == () else _per_dimension(stride, dimensions, "stride")
    paddings = _per_dimension(padding, dimensions, "padding")
    dilations = _per_dimension(dilation, dimensions, "dilation")
    for name, sizes in (("kernel_size", kernel), ("stride", strides), ("dilation", dilations)):
        if any(is_known_below(size, 1) for size in sizes):
            raise ShapeError(
                "bad-call",
                f"`{name}` of {{callee}} must be positive, but is {show_shape(sizes)}",
                blame=name,
                torch=f"{name} should be greater than zero",
            )
    for k, p in zip(kernel, paddings):
        if is_known_below(p, 0) or (isinstance(k, int) and isinstance(p, int) and p > k // 2):
            raise ShapeError(
                "bad-call",
                f"`padding` {show(p)} of {{callee}} must be at most half of its kernel {show(k)}",
                blame="padding",
                torch=f"pad should be at most half of effective kernel size, but got pad={show(p)}, kernel_size={show(k)}",
            )
    require_image(
        input,
        dimensions,
        f"Expected {dimensions + 1}D or {dimensions + 2}D (batch mode) tensor with optional 0 dim batch "
        "size for input, but "
        f"got:{show_shape(input.shape)}",
    )
    require_elements(input, input.shape[-dimensions - 1 :])
    image = input.shape[-dimensions:]
    settings = zip(image, kernel, strides, paddings, dilations)
    pooled = tuple(window_output(size, k, s, p, d, ceil_mode) for size, k, s, p, d in settings)
    result = result_of(input, (*input.shape[:-dimensions], *pooled))
    for size in pooled:
        require(size, ">=", 1, lambda: _too_small(input, kernel, pooled))
    return result


def _per_dimension(value: Size | Shape, dimensions: int, name: str) -> Shape:
    numbers = {1: "one int", 2: "two ints", 3: "three ints"}[dimensions]
    return per_dimension(value, dimensions, name, f"{name} must either be a single int, or a tuple of {numbers}")


def _too_small(input: Tensor, kernel: Shape, pooled: Shape) -> ShapeError:
    image = "x".join(show(size) for size in input.shape[-len(pooled) - 1 :])
    output = "x".join(show(size) for size in (input.shape[-len(pooled) - 1], *pooled))
    return ShapeError(
        "empty-output",
        f"the {' x '.join(map(show, kernel))} window of {{callee}} does not fit into {{input}} {show_shape(input.shape)}",
        blame="input",
        torch=f"Given input size: ({image}). Calculated output size: ({output}). Output size is too small",
        label=show_shape(input.shape),
    )


def with_indices(result: Tensor) -> tuple[Tensor, Tensor]:
    """The maxima and where they were found."""
    return result, Tensor(result.shape, int64, strides=result.strides, device=result.device)


def _max_pool(
    dimensions: int,
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None,
    padding: Size | Shape,
    dilation: Size | Shape,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    result = pool(dimensions, input, kernel_size, stride, padding, dilation, ceil_mode)
    return with_indices(result) if return_indices else result


@op("torch.nn.functional.max_pool1d", "torch.max_pool1d", ranks=(3, 2))
def max_pool1d(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """`[N, C, L]` or `[C, L]` to `(L + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1` maxima per
    channel."""
    return _max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@op("torch.nn.functional.max_pool2d", "torch.max_pool2d", ranks=(4, 3))
def max_pool2d(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """`[N, C, H, W]` or `[C, H, W]`; each of H and W as L in `max_pool1d`."""
    return _max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@op("torch.nn.functional.max_pool3d", "torch.max_pool3d", ranks=(5, 4))
def max_pool3d(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """`[N, C, D, H, W]` or `[C, D, H, W]`; each of D, H and W as L in `max_pool1d`."""
    return _max_pool(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


@op("torch.nn.functional.max_pool1d_with_indices", "torch.max_pool1d_with_indices", ranks=(3, 2))
def max_pool1d_with_indices(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool1d` with the positions of the maxima."""
    return with_indices(pool(1, input, kernel_size, stride, padding, dilation, ceil_mode))


@op("torch.nn.functional.max_pool2d_with_indices", ranks=(4, 3))
def max_pool2d_with_indices(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool2d` with the positions of the maxima."""
    return with_indices(pool(2, input, kernel_size, stride, padding, dilation, ceil_mode))


@op("torch.nn.functional.max_pool3d_with_indices", ranks=(5, 4))
def max_pool3d_with_indices(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    dilation: Size | Shape = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> tuple[Tensor, Tensor]:
    """`max_pool3d` with the positions of the maxima."""
    return with_indices(pool(3, input, kernel_size, stride, padding, dilation, ceil_mode))


@op("torch.nn.functional.avg_pool1d", "torch.avg_pool1d", ranks=(3, 2))
def avg_pool1d(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    ceil_mode: bool = False,
    count_include_pad: object = True,
) -> Tensor:
    """`[N, C, L]` or `[C, L]` to `(L + 2 * padding - kernel) // stride + 1` averages per channel."""
    return pool(1, input, kernel_size, stride, padding, 1, ceil_mode)


@op("torch.nn.functional.avg_pool2d", ranks=(4, 3))
def avg_pool2d(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    ceil_mode: bool = False,
    count_include_pad: object = True,
    divisor_override: object = None,
) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]`; each of H and W as L in `avg_pool1d`."""
    return average(2, input, kernel_size, stride, padding, ceil_mode, divisor_override)


@op("torch.nn.functional.avg_pool3d", ranks=(5, 4))
def avg_pool3d(
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    ceil_mode: bool = False,
    count_include_pad: object = True,
    divisor_override: object = None,
) -> Tensor:
    """`[N, C, D, H, W]` or `[C, D, H, W]`; each of D, H and W as L in `avg_pool1d`."""
    return average(3, input, kernel_size, stride, padding, ceil_mode, divisor_override)


def average(
    dimensions: int,
    input: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None,
    padding: Size | Shape,
    ceil_mode: bool,
    divisor: object,
) -> Tensor:
    """The result of an average pool that may have its own divisor."""
    if isinstance(divisor, int) and divisor == 0:
        raise ShapeError(
            "bad-call",
            "`divisor_override` of {callee} must not be 0",
            blame="divisor_override",
            torch="divisor must be not zero",
        )
    result = pool(dimensions, input, kernel_size, stride, padding, 1, ceil_mode)
    if dimensions == 3:
        _require_whole_windows(input, kernel_size)
    return result


def _require_whole_windows(input: Tensor, kernel_size: Size | Shape) -> None:
    """What torch asks of averages over three dimensions: the window is not larger than the input without its
    padding."""
    kernel = _per_dimension(kernel_size, 3, "kernel_size")
    image = input.shape[-3:]
    for k, size in zip(kernel, image):
        require(
            k,
            "<=",
            size,
            lambda: ShapeError(
                "empty-output",
                f"the {' x '.join(map(show, kernel))} window of {{callee}} is larger than {{input}} {show_shape(input.shape)}",
                blame="input",
                torch=f"input image {show_shape(image)} smaller than kernel size {show_shape(kernel)}",
                label=show_shape(input.shape),
            ),
        )


@op("torch.nn.functional.lp_pool1d", ranks=(3, 2))
def lp_pool1d(
    input: Tensor,
    norm_type: object,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """`[N, C, L]` or `[C, L]` to `(L - kernel) // stride + 1` power averages per channel."""
    return pool(1, input, kernel_size, stride, 0, 1, ceil_mode)


@op("torch.nn.functional.lp_pool2d", ranks=(4, 3))
def lp_pool2d(
    input: Tensor,
    norm_type: object,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]`; each of H and W as L in `lp_pool1d`."""
    return pool(2, input, kernel_size, stride, 0, 1, ceil_mode)


@op("torch.nn.functional.lp_pool3d", ranks=(5, 4))
def lp_pool3d(
    input: Tensor,
    norm_type: object,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    ceil_mode: bool = False,
) -> Tensor:
    """`[N, C, D, H, W]` or `[C, D, H, W]`; each of D, H and W as L in `lp_pool1d`."""
    return average(3, input, kernel_size, stride, 0, ceil_mode, None)
