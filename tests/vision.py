"""torchvision, importable also where it was built for another torch: its compiled operations are missing then, and nothing in
these tests calls them."""

from __future__ import annotations

import torch

try:
    import torchvision
except RuntimeError:
    for _name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{_name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

__all__ = ["torchvision"]
