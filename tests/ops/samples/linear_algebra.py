"""Samples for linear algebra, and why some results may stay Unknown."""

from __future__ import annotations

import torch

from ops.calls import call

A, B = torch.rand(2, 3, 3), torch.rand(2, 3, 4)

OPERATIONS = {
    "torch.linalg.inv": [call(A), call(B), call(torch.rand(3)), call(A.long())],
    "torch.linalg.solve": [call(A, B), call(A, torch.rand(2, 4, 3)), call(A, torch.rand(3)), call(A, B.double())],
    "torch.linalg.qr": [call(B), call(B, "complete"), call(B, "full"), call(torch.rand(3))],
    "torch.linalg.matrix_norm": [call(A), call(A, dim=(0,)), call(torch.rand(3)), call(A.long())],
    "torch.linalg.norm": [call(A, 2), call(A, 2, dim=(0, 1, 2)), call(A.long()), call(A, dim=3)],
    "torch.linalg.lstsq": [call(B, A), call(B, torch.rand(2, 4, 3))],
}
UNKNOWN = {
    "torch.linalg.lstsq": 1.0,  # which results besides the solution are filled depends on the driver
    "torch.linalg.pinv": 0.2,  # a tolerance for each matrix
    "torch.linalg.matrix_rank": 0.2,
}
