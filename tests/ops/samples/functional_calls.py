"""Samples for modules that are called with other tensors than their own."""

from __future__ import annotations

import torch

from ops.calls import call
from ops.translation import construct

LINEAR, X = construct(torch.nn.Linear, call(3, 4)), torch.rand(2, 3)

OPERATIONS = {
    "torch.func.functional_call": [
        call(LINEAR, {"weight": torch.rand(4, 3)}, (X,)),
        call(LINEAR, ({"weight": torch.rand(4, 3)}, {"bias": torch.rand(4)}), X),
        call(LINEAR, {"weight": torch.rand(5, 3), "bias": torch.rand(5)}, X),
        call(LINEAR, {"weight": torch.rand(4, 5)}, X),
        call(LINEAR, {"weight": torch.rand(5, 3)}, X),
        call(LINEAR, {"bias": torch.rand(1)}, X),
    ],
}
