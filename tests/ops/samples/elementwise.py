"""Samples for elementwise operations, and what of them depends on elements."""

from __future__ import annotations

import torch

from ops.calls import call

OPERATIONS = {
    "torch.add": [
        call(torch.arange(3), 2),
        call(2, torch.arange(3)),
        call(torch.rand(3, 4), torch.rand(3)),
        call(torch.rand(3), torch.tensor(2, dtype=torch.float64)),
        call(torch.rand(2, 3).half(), torch.rand(3, dtype=torch.bfloat16)),
        call(torch.arange(3), torch.arange(3), alpha=1.5),
        call(torch.rand(4, 3).t(), torch.rand(4, 3).t()),
        call(torch.rand(4, 3).t(), torch.rand(3, 4)),
        call(torch.rand(1, 3), torch.rand(0, 3)),
        call(torch.rand(2, 3), torch.rand(0, 3)),
        call(2, 3),
        call(2, 1.5),
    ],
    "torch.mul": [call(2, 3), call(2.0, 3), call(True, True)],
    "torch.true_divide": [call(3, 2), call(2, torch.rand(3))],
    "torch.floor_divide": [call(3, 2)],
    "torch.lt": [call(2, torch.rand(3)), call(torch.rand(3), 2), call(2, 3)],
    "torch.Tensor.add_": [
        call(torch.rand(3), torch.rand(2, 3)),
        call(torch.rand(2, 1), torch.rand(2, 3)),
        call(torch.arange(3), torch.rand(3)),
        call(torch.arange(3), 0.5),
        call(torch.rand(2, 3), torch.arange(3)),
    ],
    "torch.sub": [call(torch.ones(3, dtype=torch.bool), 1), call(torch.rand(3), torch.ones(3, dtype=torch.bool))],
    "torch.pow": [call(torch.arange(3), -1), call(2, torch.rand(3)), call(torch.arange(3), 2.5)],
    "torch.div": [
        call(torch.arange(4), 2),
        call(torch.rand(2), torch.rand(3)),
        call(torch.rand(3), 2, rounding_mode="up"),
        call(3, 2),
    ],
    "torch.maximum": [call(torch.rand(3), 2)],
    "torch.bitwise_and": [call(torch.rand(3), torch.arange(3)), call(torch.ones(3, dtype=torch.bool), 1)],
    "torch.special.zeta": [call(torch.rand(3), 2), call(torch.arange(3), torch.rand(2, 3))],
    "torch.Tensor.__rtruediv__": [call(torch.arange(3), 2), call(torch.rand(2), torch.rand(3))],
    "torch.Tensor.__rfloordiv__": [call(torch.ones(3), 2)],
    "torch.Tensor.__rlshift__": [call(torch.arange(3), 2), call(torch.rand(3), 2)],
    "torch.Tensor.__rrshift__": [call(torch.arange(3), 2)],
}
UNKNOWN = {"torch.allclose": 1.0, "torch.equal": 1.0}  # they depend on elements
