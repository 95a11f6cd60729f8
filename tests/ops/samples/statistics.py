"""Samples for statistics of several variables."""

from __future__ import annotations

import torch
from torch import rand

from ops.calls import call

OPERATIONS = {
    "torch.cov": [
        call(rand(3, 4)),
        call(rand(1, 4)),
        call(rand(4)),
        call(torch.arange(6).view(2, 3)),
        call(rand(2, 3, 4)),
        call(rand(3, 4), fweights=torch.arange(1, 5)),
        call(rand(3, 4), fweights=rand(4)),
        call(rand(3, 4), aweights=rand(3)),
        call(rand(3, 4), aweights=torch.ones(4)),
        call(rand(3, 4).half(), aweights=torch.ones(4)),
        call(torch.arange(6).view(2, 3), aweights=torch.ones(3).half()),
    ],
    "torch.corrcoef": [call(rand(3, 4)), call(rand(4)), call(rand(2, 3) > 0)],
}
