"""Samples of the layers that flatten, or do nothing."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

LAYERS = {
    "torch.nn.Flatten": [
        layer_call(call(), call(torch.rand(2, 3, 4, 5))),
        layer_call(call(), call(torch.rand(2))),
        layer_call(call(0, 1), call(torch.rand(2, 3, 4))),
        layer_call(call(2), call(torch.rand(2, 3))),
    ],
    "torch.nn.Unflatten": [
        layer_call(call(1, (2, 3)), call(torch.rand(4, 6))),
        layer_call(call(1, (2, -1)), call(torch.rand(4, 6))),
        layer_call(call(1, (4, 3)), call(torch.rand(4, 6))),
    ],
    "torch.nn.Identity": [layer_call(call(1, name="x"), call(torch.rand(2)))],
}
