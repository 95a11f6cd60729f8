"""Images resampled: `interpolate`, `grid_sample`, `affine_grid` and the `Upsample` layers.

A symbolic size times a factor that is neither whole nor one over a whole number is Unknown.
"""

from __future__ import annotations

import math

from torchlint.dims.expr import Expr, Size
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require_same
from torchlint.ops.registry import layer, op
from torchlint.ops.representation import joined
from torchlint.ops.results import result
from torchlint.ops.spatial import require_elements, result_of, sizes_or_none
from torchlint.values.dtype import Category
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import runtime
from torchlint.values.tensor import Shape, Tensor
from torchlint.values.unknown import Unknown

_RANK_OF_MODE = {"linear": 3, "bilinear": 4, "bicubic": 4, "lanczos": 4, "trilinear": 5}
_MODES = ("nearest", "linear", "bilinear", "bicubic", "trilinear", "lanczos", "area", "nearest-exact")
_ALIGNING_MODES = ("linear", "bilinear", "bicubic", "trilinear")


@op("torch.nn.functional.interpolate", ranks=(4, 3, 5))
def interpolate(
    input: Tensor,
    size: object = None,
    scale_factor: object = None,
    mode: str = "nearest",
    align_corners: object = None,
    recompute_scale_factor: object = None,
    antialias: bool = False,
) -> Tensor:
    """`[N, C, ...]` with each spatial size replaced by `size`, or multiplied by `scale_factor` and rounded
    down."""
    for argument in (size, scale_factor):
        if isinstance(argument, Unknown):
            raise Undecided(argument.reason)
    _require_mode(input, mode, align_corners, antialias)
    if size is None and scale_factor is None and runtime().supposes_none:
        raise Undecided("neither `size` nor `scale_factor` is given")  # the caller must choose one
    if (size is None) == (scale_factor is None):
        raise ShapeError(
            "bad-call",
            f"{{callee}} takes `size` or `scale_factor`, but {'neither is' if size is None else 'both are'} given",
            torch="either size or scale_factor should be defined"
            if size is None
            else "only one of size or scale_factor should be defined",
        )
    if size is not None and recompute_scale_factor is True:
        raise ShapeError(
            "bad-call",
            "{callee} has no scale factor to recompute where `size` is given",
            blame="recompute_scale_factor",
            torch="recompute_scale_factor is not meaningful with an explicit size.",
        )
    image = input.shape[2:]
    target = _sized(image, size) if size is not None else _scaled(image, scale_factor)
    if mode == "area":
        require_elements(input, image)
    else:
        require_elements(input, input.shape[1:])
        if any(isinstance(s, int) and s <= 0 for s in target):
            raise ShapeError(
                "empty-output",
                f"{{callee}} makes an image of {show_shape(target)} out of {{input}} {show_shape(input.shape)}",
                blame="input",
                torch=f"Input and output sizes should be greater than 0, but got input {show_shape(image)} "
                "output "
                f"{show_shape(target)}",
                label=show_shape(input.shape),
            )
    return result_of(input, (*input.shape[:2], *target))


def _require_mode(input: Tensor, mode: str, align_corners: object, antialias: bool) -> None:
    if mode not in _MODES:
        raise ShapeError(
            "bad-call",
            f"`mode` of {{callee}} is one of {', '.join(_MODES)}, not '{mode}'",
            blame="mode",
            torch=f"Only 3D, 4D and 5D input Tensors supported for the modes: {' | '.join(_MODES)} (got {mode})",
        )
    if isinstance(align_corners, bool) and mode not in _ALIGNING_MODES and mode != "lanczos":
        raise ShapeError(
            "bad-call",
            f"`align_corners` has no meaning for mode '{mode}' of {{callee}}",
            blame="align_corners",
            torch="align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear",
        )
    rank = _RANK_OF_MODE.get(mode)
    if input.ndim not in (3, 4, 5) or (rank is not None and input.ndim != rank):
        wanted = f"{rank}-D" if rank is not None else "3-D, 4-D or 5-D"
        raise ShapeError(
            "wrong-rank",
            f"mode '{mode}' of {{callee}} takes {wanted} tensors [N, C, ...], but {{input}} is {show_shape(input.shape)}",
            blame="input",
            torch=f"Got {input.ndim}D input, but {mode} mode needs {wanted.replace('-', '')} input",
            label=show_shape(input.shape),
        )
    if antialias and mode not in ("bilinear", "bicubic", "lanczos"):
        raise ShapeError(
            "bad-call",
            f"{{callee}} has no antialiasing for mode '{mode}'",
            blame="antialias",
            torch="Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input",
        )
    if mode == "lanczos" and not antialias:
        raise ShapeError(
            "bad-call", "mode 'lanczos' of {callee} needs `antialias=True`", torch="Lanczos mode requires antialias=True"
        )


def _sized(image: Shape, size: object) -> Shape:
    target = sizes_or_none(size)
    if isinstance(target, tuple):
        if len(target) != len(image) or None in target:
            raise _wrong_count("size", len(target), len(image))
        return tuple(s for s in target if s is not None)
    assert target is not None
    return (target,) * len(image)


def _scaled(image: Shape, scale_factor: object) -> Shape:
    factors = tuple(scale_factor) if isinstance(scale_factor, (list, tuple)) else (scale_factor,) * len(image)
    if len(factors) != len(image):
        raise _wrong_count("scale_factor", len(factors), len(image))
    return tuple(_scaled_size(size, factor) for size, factor in zip(image, factors))


def _scaled_size(size: Size, factor: object) -> Size:
    if isinstance(factor, Expr) or (isinstance(factor, int) and not isinstance(factor, bool)):
        return size * factor
    if not isinstance(factor, float) or not math.isfinite(factor):
        raise Undecided("a scale factor that is not known")
    if isinstance(size, int):
        return math.floor(size * factor)
    if factor.is_integer():
        return size * int(factor)
    inverse = 1 / factor if factor > 0 else 0.5
    if inverse.is_integer():
        return size // int(inverse)
    raise Undecided(f"{show(size)} times {factor:g} is not a whole number of pixels")


def _wrong_count(name: str, count: int, dimensions: int) -> ShapeError:
    return ShapeError(
        "bad-call",
        f"`{name}` of {{callee}} has {count} elements for {dimensions} spatial dimension{'s' * (dimensions != 1)}",
        blame=name,
        torch=f"Input and {'output' if name == 'size' else name} must have the same number of spatial dimensions",
    )


@op("torch.nn.functional.upsample", ranks=(4, 3, 5))
def upsample(
    input: Tensor,
    size: object = None,
    scale_factor: object = None,
    mode: str = "nearest",
    align_corners: object = None,
) -> Tensor:
    """The old name of `interpolate`."""
    return interpolate(input, size, scale_factor, mode, align_corners)


@op("torch.nn.functional.upsample_nearest", ranks=(4, 3, 5))
def upsample_nearest(input: Tensor, size: object = None, scale_factor: object = None) -> Tensor:
    """`interpolate` with mode 'nearest'."""
    return interpolate(input, size, scale_factor)


@op("torch.nn.functional.upsample_bilinear", ranks=(4,))
def upsample_bilinear(input: Tensor, size: object = None, scale_factor: object = None) -> Tensor:
    """`interpolate` with mode 'bilinear' and aligned corners."""
    return interpolate(input, size, scale_factor, "bilinear", True)


def _number_or_numbers(value: object) -> object:
    """A scale factor as the layers store it: floats."""
    if isinstance(value, (list, tuple)):
        return tuple(_number_or_numbers(v) for v in value)
    return float(value) if isinstance(value, int) else value


@layer("torch.nn.Upsample", ranks=(4, 3, 5))
class Upsample(Module):
    """`[N, C, ...]`."""

    def __init__(
        self,
        size: object = None,
        scale_factor: object = None,
        mode: str = "nearest",
        align_corners: object = None,
        recompute_scale_factor: object = None,
    ) -> None:
        super().__init__()
        self.size = tuple(size) if isinstance(size, list) else size
        self.scale_factor = _number_or_numbers(scale_factor)
        self.mode = mode
        self.align_corners = align_corners
        self.recompute_scale_factor = recompute_scale_factor

    def forward(self, input: Tensor) -> Tensor:
        return interpolate(input, self.size, self.scale_factor, self.mode, self.align_corners, self.recompute_scale_factor)

    def extra_repr(self) -> str:
        which = {"scale_factor": self.scale_factor} if self.scale_factor is not None else {"size": self.size}
        return joined({**which, "mode": self.mode})


@layer("torch.nn.UpsamplingNearest2d", ranks=(4,))
class UpsamplingNearest2d(Upsample):
    """`[N, C, H, W]`."""

    def __init__(self, size: object = None, scale_factor: object = None) -> None:
        super().__init__(size, scale_factor)


@layer("torch.nn.UpsamplingBilinear2d", ranks=(4,))
class UpsamplingBilinear2d(Upsample):
    """`[N, C, H, W]`."""

    def __init__(self, size: object = None, scale_factor: object = None) -> None:
        super().__init__(size, scale_factor, "bilinear", True)


@op("torch.nn.functional.grid_sample", ranks=(4, 5))
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: object = None,
) -> Tensor:
    """`[N, C, H, W]` read at the places of `[N, H_out, W_out, 2]`, or the same with a depth."""
    for name, given, allowed in (
        ("mode", mode, ("bilinear", "nearest", "bicubic")),
        ("padding_mode", padding_mode, ("zeros", "border", "reflection")),
    ):
        if given not in allowed:
            raise ShapeError(
                "bad-call",
                f"`{name}` of {{callee}} is one of {', '.join(allowed)}, not '{given}'",
                blame=name,
                torch=f"nn.functional.grid_sample(): expected {name} to be one of {allowed}, but got: '{given}'",
            )
    dimensions = input.ndim - 2
    if dimensions not in (2, 3) or grid.ndim != input.ndim or (mode == "bicubic" and dimensions == 3):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes [N, C, H, W] and [N, H, W, 2], but {{input}} is {show_shape(input.shape)} "
            f"and {{grid}} is "
            f"{show_shape(grid.shape)}",
            blame="grid",
            torch="grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got "
            "input with sizes "
            f"{show_shape(input.shape)} and grid with sizes {show_shape(grid.shape)}",
            label=show_shape(grid.shape),
        )
    sampled = result((*input.shape[:2], *grid.shape[1:-1]), input.dtype, input, grid, strides=result_of(input, ())._strides)
    pairs = (
        (grid.shape[0], input.shape[0], "expected grid and input to have same batch size"),
        (grid.shape[-1], dimensions, f"expected grid to have size {dimensions} in last dimension"),
    )
    for size, want, wording in pairs:
        error = ShapeError(
            "broadcast-mismatch",
            f"{{callee}} takes a grid [{show(input.shape[0])}, ..., {dimensions}] for {{input}}, but "
            f"{{grid}} is "
            f"{show_shape(grid.shape)}",
            blame="grid",
            torch=f"grid_sampler(): {wording}, but got input with sizes {show_shape(input.shape)} and grid "
            "with sizes "
            f"{show_shape(grid.shape)}",
            result=sampled,
            label=show_shape(grid.shape),
        )
        require_same(size, want, lambda error=error: error)  # type: ignore[misc]
    require_elements(input, input.shape[2:])
    if grid.dtype is not input.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} samples {input.dtype.name} with a grid of {input.dtype.name}, but {{grid}} is {grid.dtype.name}",
            blame="grid",
            torch=f"expected scalar type {input.dtype.name} but found {grid.dtype.name}",
            result=sampled,
            label=grid.dtype.name,
        )
    return sampled


@op("torch.nn.functional.affine_grid", ranks=(3,))
def affine_grid(theta: Tensor, size: Shape, align_corners: object = None) -> Tensor:
    """`[N, 2, 3]` and a size `[N, C, H, W]` to `[N, H, W, 2]`, or the same with a depth."""
    if theta.dtype.category is not Category.FLOAT:
        raise ShapeError(
            "dtype-mismatch",
            f"{{callee}} takes floating-point matrices, but {{theta}} is {theta.dtype.name}",
            blame="theta",
            torch=f"Expected theta to have floating point type, but got {theta.dtype!r}",
            label=theta.dtype.name,
        )
    dimensions = len(size) - 2
    if dimensions not in (2, 3):
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes a size [N, C, H, W] or [N, C, D, H, W], but this one is {show_shape(size)}",
            blame="size",
            torch="affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, "
            "respectively. Got size "
            f"{show_shape(size)}.",
        )
    if any(isinstance(s, int) and s <= 0 for s in size):
        raise ShapeError(
            "empty-output",
            f"`size` {show_shape(size)} of {{callee}} is not positive",
            blame="size",
            torch=f"Expected non-zero, positive output size. Got {show_shape(size)}",
        )
    grid = result((size[0], *size[2:], dimensions), theta.dtype, theta)
    error = ShapeError(
        "broadcast-mismatch",
        f"{{callee}} takes matrices [{show(size[0])}, {dimensions}, {dimensions + 1}], but {{theta}} is "
        f"{show_shape(theta.shape)}",
        blame="theta",
        torch=f"Expected a batch of {dimensions}D affine matrices of shape Nx{dimensions}x{dimensions + 1} "
        "for size "
        f"{show_shape(size)}. Got {show_shape(theta.shape)}.",
        result=grid,
        label=show_shape(theta.shape),
    )
    if theta.ndim != 3:
        raise error
    for have, want in zip(theta.shape, (size[0], dimensions, dimensions + 1)):
        require_same(have, want, lambda: error)
    return grid
