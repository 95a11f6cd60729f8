"""Samples of the modules that mark what quantization changes."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

LAYERS = {
    "torch.quantization.QuantStub": [layer_call(call(), call(torch.rand(2, 3)))],
    "torch.quantization.DeQuantStub": [layer_call(call(), call(torch.rand(2, 3)))],
    "torch.nn.quantized.FloatFunctional": [layer_call(call(), call(torch.rand(2, 3)))],
}
