"""Samples for the softmax over very many classes."""

from __future__ import annotations

import torch
from torch import rand

from ops.calls import call, layer_call

TARGETS = torch.tensor([0, 5, 12, 19])

LAYERS = {
    "torch.nn.AdaptiveLogSoftmaxWithLoss": [
        layer_call(call(16, 20, [5, 10]), call(rand(4, 16), TARGETS)),
        layer_call(call(16, 20, [5, 10, 15], div_value=2.0, head_bias=True), call(rand(4, 16), TARGETS)),
        layer_call(call(16, 20, [5]), call(rand(16), TARGETS[0])),
        layer_call(call(16, 20, [5]), call(rand(4, 15), TARGETS)),
        layer_call(call(16, 20, [5]), call(rand(3, 16), TARGETS)),
        layer_call(call(16, 20, [5]), call(rand(4, 16), TARGETS[:, None])),
        layer_call(call(16, 20, [5]), call(rand(16), TARGETS)),
        layer_call(call(16, 20, [10, 5])),
        layer_call(call(16, 20, [5, 20])),
        layer_call(call(16, 20, [])),
    ]
}
