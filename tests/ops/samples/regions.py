"""Samples of torchvision's compiled operations. A build for another torch lacks them; torchvision's own rules for tensors
without data stand in for them then."""

from __future__ import annotations

import torch

from ops.calls import call
from vision import torchvision

_SCHEMAS = {
    "roi_align": "(Tensor input, Tensor rois, float spatial_scale, int pooled_height, int pooled_width, int sampling_ratio, "
    "bool aligned) -> Tensor",
    "roi_pool": "(Tensor input, Tensor rois, float spatial_scale, int pooled_height, int pooled_width) -> (Tensor, Tensor)",
    "ps_roi_align": "(Tensor input, Tensor rois, float spatial_scale, int pooled_height, int pooled_width, int sampling_ratio) "
    "-> (Tensor, Tensor)",
    "ps_roi_pool": "(Tensor input, Tensor rois, float spatial_scale, int pooled_height, int pooled_width) -> (Tensor, Tensor)",
    "deform_conv2d": "(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, int stride_h, int stride_w, "
    "int pad_h, int pad_w, int dilation_h, int dilation_w, int groups, int offset_groups, bool use_mask) -> Tensor",
}


def _nms(dets: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    torch._check(dets.dim() == 2, lambda: f"boxes should be a 2d tensor, got {dets.dim()}D")
    torch._check(dets.size(1) == 4, lambda: f"boxes should have 4 elements in dimension 1, got {dets.size(1)}")
    torch._check(scores.dim() == 1, lambda: f"scores should be a 1d tensor, got {scores.dim()}")
    torch._check(dets.size(0) == scores.size(0), lambda: "boxes and scores should have same number of elements")
    kept: list[int] = []
    for index in scores.argsort(descending=True).tolist():
        overlaps = [float(torchvision.ops.box_iou(dets[[index]], dets[[other]])) for other in kept]
        if all(overlap <= iou_threshold for overlap in overlaps):
            kept.append(index)
    return torch.tensor(kept, dtype=torch.int64)


if not torchvision.extension._has_ops():
    _library = torch.library.Library("torchvision", "FRAGMENT")
    for _name, _schema in _SCHEMAS.items():
        _library.define(_name + _schema)
        _library.impl(_name, getattr(torchvision._meta_registrations, f"meta_{_name}"), "CPU")
    _library.impl("nms", _nms, "CPU")

_IMAGE, _REGIONS = torch.zeros(2, 12, 8, 8), torch.zeros(5, 5)
_POOLED = [
    call(_IMAGE, _REGIONS, 1.0, 2, 3),
    call(_IMAGE, _REGIONS[:0], 0.5, 2, 2),
    call(_IMAGE[:, :6], _REGIONS, 1.0, 1, 6),
    call(_IMAGE, _REGIONS[:, :4], 1.0, 2, 3),
    call(_IMAGE, _REGIONS.double(), 1.0, 2, 3),
]
_UNEVEN = call(_IMAGE, _REGIONS, 1.0, 5, 1)
_BOXES = torch.tensor([[0.0, 0, 4, 4], [0, 0, 4, 5], [6, 6, 8, 8]])
_WEIGHT = torch.zeros(8, 12, 3, 3)
_REST = (torch.zeros(2, 9, 6, 6), torch.zeros(8), 1, 1, 0, 0, 1, 1, 1, 1, True)

OPERATIONS = {
    "torch.ops.torchvision.roi_align": [call(*c.args, -1, False) for c in (*_POOLED, _UNEVEN)],
    "torch.ops.torchvision.roi_pool": [*_POOLED, _UNEVEN],
    "torch.ops.torchvision.ps_roi_align": [call(*c.args, -1) for c in (*_POOLED, _UNEVEN)],
    "torch.ops.torchvision.ps_roi_pool": [*_POOLED, _UNEVEN],
    "torch.ops.torchvision.nms": [
        call(_BOXES, torch.tensor([0.5, 0.9, 0.1]), 0.5),
        call(_BOXES, torch.zeros(2), 0.5),
        call(_BOXES, torch.zeros(3, 1), 0.5),
        call(_BOXES[:, :3], torch.zeros(3), 0.5),
        call(_BOXES[0], torch.zeros(4), 0.5),
    ],
    "torch.ops.torchvision.deform_conv2d": [
        call(_IMAGE, _WEIGHT, torch.zeros(2, 18, 6, 6), *_REST),
        call(_IMAGE[:1], _WEIGHT, torch.zeros(1, 18, 6, 5), *_REST),
    ],
}
