"""Samples for checkpointing."""

from __future__ import annotations

import torch
from torch import nn

from ops.calls import call
from ops.translation import construct

X = torch.rand(2, 3)
FIRST, SECOND = construct(nn.Linear, call(3, 4)), construct(nn.Linear, call(4, 5))

OPERATIONS = {
    "torch.utils.checkpoint.checkpoint": [
        call(FIRST, X, use_reentrant=False),
        call(SECOND, X, use_reentrant=False),
    ],
    "torch.utils.checkpoint.checkpoint_sequential": [
        call([FIRST, SECOND], 2, X, use_reentrant=False),
        call([SECOND, FIRST], 2, X, use_reentrant=False),
    ],
}
