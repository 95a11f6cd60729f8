"""Samples for what depends on elements."""

from __future__ import annotations

import torch

from ops.calls import call

I = torch.tensor([1, 0, 3, 1])

OPERATIONS = {
    "torch.bincount": [call(I), call(I, torch.rand(4)), call(I, torch.rand(3)), call(torch.rand(4)), call(I[None]), call(I, I)],
    "torch.nonzero": [call(I), call(I[None], as_tuple=True)],
}
