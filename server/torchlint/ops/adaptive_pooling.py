"""Pools that are told the size of their output: adaptive and fractional ones, and `max_unpool`, which undoes
a maximum pool.

A fractional pool whose output is a fraction of a symbolic size is Unknown.
"""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.ops.agree import require, require_same
from torchlint.ops.pooling import with_indices
from torchlint.ops.registry import op
from torchlint.ops.spatial import (
    is_known_below,
    per_dimension,
    require_elements,
    require_image,
    result_of,
    sizes_or_none,
)
from torchlint.values.dtype import int64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown


def adaptive_pool(dimensions: int, input: Tensor, output_size: object, average: bool) -> Tensor:
    """The result of an adaptive pool: `output_size` per channel, None keeping the size of the input."""
    if average and input.ndim >= dimensions > 1 and _is_one(dimensions, output_size):
        # torch computes it as a mean, which takes any number of leading dimensions, and empty ones too.
        return result_of(input, (*input.shape[:-dimensions], *(1,) * dimensions))
    ranks = f"{dimensions + 1}D or {dimensions + 2}D"
    require_image(input, dimensions, f"Expected {ranks} tensor, but got: {show_shape(input.shape)}")
    image = input.shape[-dimensions:]
    target = _target(dimensions, image, output_size)
    if not (average and dimensions == 1 and target == (1,)):
        require_elements(input, image if average and dimensions < 3 else input.shape[-dimensions - 1 :])
    return result_of(input, (*input.shape[:-dimensions], *target))


def _is_one(dimensions: int, output_size: object) -> bool:
    return output_size == 1 or (isinstance(output_size, (list, tuple)) and list(output_size) == [1] * dimensions)


def _target(dimensions: int, image: Shape, output_size: object) -> Shape:
    if isinstance(output_size, Unknown):
        raise Undecided(output_size.reason)
    wanted = sizes_or_none(output_size)
    if wanted is None or (isinstance(wanted, tuple) and (len(wanted) != dimensions or (dimensions == 1 and None in wanted))):
        raise ShapeError(
            "bad-call",
            f"`output_size` of {{callee}} is one number or {dimensions}",
            blame="output_size",
            torch=f"output_size must be {dimensions}",
        )
    sizes = wanted if isinstance(wanted, tuple) else (wanted,) * dimensions
    target = tuple(have if want is None else want for have, want in zip(image, sizes))
    if any(is_known_below(size, 0) for size in target):
        raise ShapeError(
            "empty-output",
            f"`output_size` {show_shape(target)} of {{callee}} is negative",
            blame="output_size",
            torch="elements of output_size must be greater than or equal to 0",
        )
    return target


def _adaptive_max(dimensions: int, input: Tensor, output_size: object, return_indices: bool) -> Any:
    pooled = adaptive_pool(dimensions, input, output_size, average=False)
    return with_indices(pooled) if return_indices else pooled


@op("torch.nn.functional.adaptive_avg_pool1d", "torch.adaptive_avg_pool1d", ranks=(3, 2))
def adaptive_avg_pool1d(input: Tensor, output_size: object) -> Tensor:
    """`[N, C, L]` or `[C, L]` to `output_size` averages per channel."""
    return adaptive_pool(1, input, output_size, average=True)


@op("torch.nn.functional.adaptive_avg_pool2d", ranks=(4, 3))
def adaptive_avg_pool2d(input: Tensor, output_size: object) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]` to `output_size` averages per channel."""
    return adaptive_pool(2, input, output_size, average=True)


@op("torch.nn.functional.adaptive_avg_pool3d", ranks=(5, 4))
def adaptive_avg_pool3d(input: Tensor, output_size: object) -> Tensor:
    """`[N, C, D, H, W]` or `[C, D, H, W]` to `output_size` averages per channel."""
    return adaptive_pool(3, input, output_size, average=True)


@op("torch.nn.functional.adaptive_max_pool1d", ranks=(3, 2))
def adaptive_max_pool1d(input: Tensor, output_size: object, return_indices: bool = False) -> Any:
    """`[N, C, L]` or `[C, L]` to `output_size` maxima per channel."""
    return _adaptive_max(1, input, output_size, return_indices)


@op("torch.nn.functional.adaptive_max_pool2d", ranks=(4, 3))
def adaptive_max_pool2d(input: Tensor, output_size: object, return_indices: bool = False) -> Any:
    """`[N, C, H, W]` or `[C, H, W]` to `output_size` maxima per channel."""
    return _adaptive_max(2, input, output_size, return_indices)


@op("torch.nn.functional.adaptive_max_pool3d", ranks=(5, 4))
def adaptive_max_pool3d(input: Tensor, output_size: object, return_indices: bool = False) -> Any:
    """`[N, C, D, H, W]` or `[C, D, H, W]` to `output_size` maxima per channel."""
    return _adaptive_max(3, input, output_size, return_indices)


def fractional_pool(
    dimensions: int, input: Tensor, kernel_size: Size | Shape, output_size: object, output_ratio: object
) -> tuple[Tensor, Tensor]:
    """Maxima and their positions in windows that overlap at random."""
    kernel = per_dimension(kernel_size, dimensions, "kernel_size")
    ranks = f"{dimensions + 1}D or {dimensions + 2}D"
    require_image(input, dimensions, f"Expected {ranks} tensor, but got: {show_shape(input.shape)}")
    require_elements(input, input.shape[-dimensions - 1 :])
    image = input.shape[-dimensions:]
    if output_size is None:
        if output_ratio is None:
            raise ShapeError(
                "bad-call",
                "{callee} needs `output_size` or `output_ratio`",
                torch="fractional_max_pool requires specifying either an output_size or an output_ratio",
            )
        target = _fraction(image, output_ratio)
    else:
        target = _target(dimensions, image, output_size)
    for size, k, want in zip(image, kernel, target):
        require(want + k - 1, "<=", size, lambda: _too_large(input, kernel, target))
    return with_indices(result_of(input, (*input.shape[:-dimensions], *target)))


def _fraction(image: Shape, output_ratio: object) -> Shape:
    ratios = tuple(output_ratio) if isinstance(output_ratio, (list, tuple)) else (output_ratio,) * len(image)
    sizes: list[Size] = []
    for size, ratio in zip(image, ratios):
        if not isinstance(size, int) or not isinstance(ratio, (int, float)):
            raise Undecided("a fraction of a size that is not a number here")
        sizes.append(int(size * ratio))
    return tuple(sizes)


def _too_large(input: Tensor, kernel: Shape, target: Shape) -> ShapeError:
    return ShapeError(
        "empty-output",
        f"{{callee}} cannot make {show_shape(target)} of {{input}} {show_shape(input.shape)} with a window "
        "of "
        f"{show_shape(kernel)}",
        blame="input",
        torch="fractional_max_pool: pool size too large relative to input size",
        label=show_shape(input.shape),
    )


@op("torch.nn.functional.fractional_max_pool2d", ranks=(4, 3))
def fractional_max_pool2d(
    input: Tensor,
    kernel_size: Size | Shape,
    output_size: object = None,
    output_ratio: object = None,
    return_indices: bool = False,
    _random_samples: object = None,
) -> Any:
    """`[N, C, H, W]` or `[C, H, W]` to `output_size`, or `output_ratio` times the size, maxima per
    channel."""
    pooled = fractional_pool(2, input, kernel_size, output_size, output_ratio)
    return pooled if return_indices else pooled[0]


@op("torch.nn.functional.fractional_max_pool3d", ranks=(5, 4))
def fractional_max_pool3d(
    input: Tensor,
    kernel_size: Size | Shape,
    output_size: object = None,
    output_ratio: object = None,
    return_indices: bool = False,
    _random_samples: object = None,
) -> Any:
    """`[N, C, D, H, W]` or `[C, D, H, W]` to `output_size`, or `output_ratio` times the size, maxima per
    channel."""
    pooled = fractional_pool(3, input, kernel_size, output_size, output_ratio)
    return pooled if return_indices else pooled[0]


def unpool(
    dimensions: int,
    input: Tensor,
    indices: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None,
    padding: Size | Shape,
    output_size: Shape | None,
) -> Tensor:
    """The maxima put back where `indices` say, zeros elsewhere."""
    kernel = per_dimension(kernel_size, dimensions, "kernel_size")
    strides = kernel if stride is None else per_dimension(stride, dimensions, "stride")
    paddings = per_dimension(padding, dimensions, "padding")
    if indices.dtype is not int64:
        raise ShapeError(
            "dtype-mismatch",
            f"the indices of {{callee}} are int64, but {{indices}} is {indices.dtype.name}",
            blame="indices",
            torch=f"elements in indices should be type int64 but got: {indices.dtype.name}",
            label=indices.dtype.name,
        )
    ranks = f"{dimensions + 1}D or {dimensions + 2}D"
    require_image(input, dimensions, f"Input to max_unpooling should be a {ranks} Tensor")
    _require_indices(input, indices)
    require_elements(input, input.shape[1:])
    sizes = zip(input.shape[-dimensions:], kernel, strides, paddings)
    usual = tuple((size - 1) * s + k - 2 * p for size, k, s, p in sizes)
    image = usual if output_size is None else _asked_image(usual, strides, output_size)
    return result_of(input, (*input.shape[:-dimensions], *image))


def _require_indices(input: Tensor, indices: Tensor) -> None:
    error = ShapeError(
        "broadcast-mismatch",
        f"{{callee}} takes indices like {{input}} {show_shape(input.shape)}, but {{indices}} is {show_shape(indices.shape)}",
        blame="indices",
        torch="Expected shape of indices to be same as that of the input tensor "
        f"({show_shape(input.shape)}) but got indices "
        f"tensor with shape: {show_shape(indices.shape)}",
        label=show_shape(indices.shape),
    )
    if indices.ndim != input.ndim:
        raise error
    for size, want in zip(indices.shape, input.shape):
        require_same(size, want, lambda: error)


def _asked_image(usual: Shape, strides: Shape, output_size: Shape) -> Shape:
    dimensions = len(usual)
    asked = output_size[2:] if len(output_size) == dimensions + 2 else output_size
    if len(asked) != dimensions:
        raise ShapeError(
            "bad-call",
            f"`output_size` of {{callee}} has {dimensions} or {dimensions + 2} elements, but this one is "
            f"{show_shape(output_size)}",
            blame="output_size",
            torch=f"output_size should be a sequence containing {dimensions} or {dimensions + 2} elements, "
            "but it has a "
            f"length of '{len(output_size)}'",
        )
    error = ShapeError(
        "empty-output",
        f"{{callee}} gives about {show_shape(usual)}, which is a stride or more away from `output_size` {show_shape(asked)}",
        blame="output_size",
        torch=f"invalid output_size {show_shape(asked)}",
    )
    for size, stride, want in zip(usual, strides, asked):
        require(size - stride, "<", want, lambda: error)
        require(want, "<", size + stride, lambda: error)
    return asked


@op("torch.nn.functional.max_unpool1d", ranks=(3, 2))
def max_unpool1d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    output_size: Shape | None = None,
) -> Tensor:
    """`[N, C, L]` or `[C, L]` to `(L - 1) * stride + kernel - 2 * padding` per channel."""
    return unpool(1, input, indices, kernel_size, stride, padding, output_size)


@op("torch.nn.functional.max_unpool2d", ranks=(4, 3))
def max_unpool2d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    output_size: Shape | None = None,
) -> Tensor:
    """`[N, C, H, W]` or `[C, H, W]`; each of H and W as L in `max_unpool1d`."""
    return unpool(2, input, indices, kernel_size, stride, padding, output_size)


@op("torch.nn.functional.max_unpool3d", ranks=(5, 4))
def max_unpool3d(
    input: Tensor,
    indices: Tensor,
    kernel_size: Size | Shape,
    stride: Size | Shape | None = None,
    padding: Size | Shape = 0,
    output_size: Shape | None = None,
) -> Tensor:
    """`[N, C, D, H, W]` or `[C, D, H, W]`; each of D, H and W as L in `max_unpool1d`."""
    return unpool(3, input, indices, kernel_size, stride, padding, output_size)
