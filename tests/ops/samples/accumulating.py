"""Samples for products that are added in place."""

from __future__ import annotations

import torch
from torch import rand

from ops.calls import call

OPERATIONS = {
    "torch.Tensor.addmm_": [
        call(rand(2, 4), rand(2, 3), rand(3, 4)),
        call(rand(4), rand(2, 3), rand(3, 4)),
        call(rand(2, 4), rand(2, 3), rand(4, 4)),
        call(rand(2, 4).double(), rand(2, 3), rand(3, 4)),
    ],
    "torch.Tensor.addmv_": [
        call(rand(2), rand(2, 3), rand(3)),
        call(rand(1), rand(2, 3), rand(3)),
        call(rand(2), rand(2, 3), rand(2)),
    ],
    "torch.Tensor.addr_": [call(rand(2, 3), rand(2), rand(3)), call(rand(3), rand(2), rand(3))],
    "torch.Tensor.baddbmm_": [
        call(rand(6, 2, 2), rand(6, 2, 3), rand(6, 3, 2)),
        call(rand(2, 2), rand(6, 2, 3), rand(6, 3, 2)),
    ],
    "torch.Tensor.addbmm_": [call(rand(2, 2), rand(6, 2, 3), rand(6, 3, 2)), call(rand(2, 2), rand(6, 2, 3), rand(6, 2, 3))],
    "torch.Tensor.float_power_": [
        call(rand(3), 2),
        call(rand(3).double(), 2),
        call(rand(3).double(), rand(2, 3)),
        call(torch.arange(3), 2),
    ],
}
