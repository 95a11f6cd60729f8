"""torchvision's compiled operations on regions of feature maps, as its own rules for tensors without data describe them."""

from __future__ import annotations

from torchlint.dims.expr import Kind, Size, symbol
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_rank, require_same
from torchlint.ops.registry import op
from torchlint.ops.results import result
from torchlint.values.dtype import int32, int64
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor


@op("torch.ops.torchvision.roi_align")
def roi_align(
    input: Tensor,
    rois: Tensor,
    spatial_scale: object,
    pooled_height: Size,
    pooled_width: Size,
    sampling_ratio: object,
    aligned: object,
) -> Tensor:
    """`[N, C, H, W]` at `[K, 5]` regions: `[K, C, pooled_height, pooled_width]`."""
    _check(input, rois)
    return result((rois.shape[0], input.shape[1], pooled_height, pooled_width), input.dtype, input)


@op("torch.ops.torchvision.roi_pool")
def roi_pool(
    input: Tensor, rois: Tensor, spatial_scale: object, pooled_height: Size, pooled_width: Size
) -> tuple[Tensor, Tensor]:
    """As `roi_align`, and where each maximum was."""
    _check(input, rois)
    shape = (rois.shape[0], input.shape[1], pooled_height, pooled_width)
    return result(shape, input.dtype, input), result(shape, int32, input)


@op("torch.ops.torchvision.ps_roi_align")
def ps_roi_align(
    input: Tensor, rois: Tensor, spatial_scale: object, pooled_height: Size, pooled_width: Size, sampling_ratio: object
) -> tuple[Tensor, Tensor]:
    """`[N, C, H, W]` at `[K, 5]` regions: `[K, C / (pooled_height * pooled_width), pooled_height, pooled_width]`, and the
    channel that each element is from."""
    return ps_roi_pool(input, rois, spatial_scale, pooled_height, pooled_width)


@op("torch.ops.torchvision.ps_roi_pool")
def ps_roi_pool(
    input: Tensor, rois: Tensor, spatial_scale: object, pooled_height: Size, pooled_width: Size
) -> tuple[Tensor, Tensor]:
    """As `ps_roi_align`."""
    _check(input, rois)
    cells, channels = pooled_height * pooled_width, input.shape[1]
    require(
        cells,
        "divides",
        channels,
        lambda: ShapeError(
            "reshape-size",
            f"the {show(channels)} channels of {{input}} are no multiple of the {show(cells)} cells of a region",
            blame="input",
            torch="input channels must be a multiple of pooling height * pooling width",
        ),
    )
    shape = (rois.shape[0], channels // cells, pooled_height, pooled_width)
    return result(shape, input.dtype, input), result(shape, int32, input)


@op("torch.ops.torchvision.nms")
def nms(dets: Tensor, scores: Tensor, iou_threshold: object) -> Tensor:
    """The indices of the `[K, 4]` boxes that are kept: `[n]`."""
    require_rank(dets, (2,), "boxes [K, 4]", "dets")
    _require_columns(dets, 4, "boxes", "dets")
    require_rank(scores, (1,), "scores [K]", "scores")
    require_same(
        dets.shape[0],
        scores.shape[0],
        lambda: ShapeError(
            "broadcast-mismatch",
            f"{{dets}} are {show(dets.shape[0])} boxes, but {{scores}} {show(scores.shape[0])} scores",
            blame="scores",
            torch="boxes and scores should have same number of elements in dimension 0, got "
            f"{show(dets.shape[0])} and {show(scores.shape[0])}",
        ),
    )
    return result((symbol("n", Kind.DATA, minimum=0),), int64, dets)


@op("torch.ops.torchvision.deform_conv2d")
def deform_conv2d(
    input: Tensor,
    weight: Tensor,
    offset: Tensor,
    mask: Tensor,
    bias: Tensor,
    stride_h: object,
    stride_w: object,
    pad_h: object,
    pad_w: object,
    dilation_h: object,
    dilation_w: object,
    groups: object,
    offset_groups: object,
    use_mask: object,
) -> Tensor:
    """`[N, C, H, W]` with weights `[C_out, C / groups, K_h, K_w]`: `[N, C_out]` and the height and width of the offsets."""
    require_rank(input, (4,), "[N, C, H, W]")
    require_rank(offset, (4,), "offsets [N, 2 * offset_groups * K_h * K_w, H, W]", "offset")
    return result((input.shape[0], weight.shape[0], *offset.shape[-2:]), input.dtype, input, weight, offset, bias)


def _check(input: Tensor, rois: Tensor) -> None:
    require_rank(input, (4,), "[N, C, H, W]")
    require_rank(rois, (2,), "regions [K, 5]", "rois")
    _require_columns(rois, 5, "regions", "rois")
    if input.dtype is not rois.dtype:
        raise ShapeError(
            "dtype-mismatch",
            f"{{input}} is {input.dtype.name}, but {{rois}} is {rois.dtype.name}",
            blame="rois",
            torch="Expected tensor for input to have the same type as tensor for rois; "
            f"but type {input.dtype} does not equal {rois.dtype}",
        )


def _require_columns(table: Tensor, count: int, what: str, name: str) -> None:
    require_same(
        table.shape[1],
        count,
        lambda: ShapeError(
            "broadcast-mismatch",
            f"{what} have {count} numbers each, but {{{name}}} is {show_shape(table.shape)}",
            blame=name,
            torch=f"{name} must have shape as Tensor[K, {count}]",
            label=show_shape(table.shape),
        ),
    )
