"""Samples for what is written into tensors by index or by window."""

from __future__ import annotations

import torch

from ops.calls import call

X, I, M = torch.rand(2, 3, 4), torch.tensor([0, 1]), torch.tensor([True, False])

OPERATIONS = {
    "torch.select_scatter": [call(X, X[:, 0], 1, 2), call(X, X[0], 1, 2), call(X, X[:, 0], 1, 3), call(X, X[0, 0], 0, 0)],
    "torch.slice_scatter": [call(X, X[:, 1:], 1, 1), call(X, X, 1, 1), call(X, X[..., ::2], -1, None, None, 2), call(X, X, 3)],
    "torch.diagonal_scatter": [call(X[0], X[0].diagonal()), call(X[0], X[0]), call(X, X.diagonal(1, 1, 2), 1, 1, 2)],
    "torch.as_strided_scatter": [call(X, torch.rand(2), (2,), (1,)), call(X, torch.rand(3), (2,), (1,)), call(X, X, (2,), ())],
    "torch.put": [call(X, I, torch.rand(2)), call(X, I, torch.rand(3)), call(X, I.int(), torch.rand(2)), call(X, I, I)],
    "torch.index_put": [
        call(X, (I,), torch.rand(2, 3, 4)),
        call(X, (I,), torch.rand(4)),
        call(X, (I,), torch.rand(3)),
        call(X, (None, I), torch.tensor(1.0)),
        call(X, (M,), torch.rand(1, 3, 4)),
        call(X, (M,), torch.rand(3, 3)),
        call(X, (I, I, I), torch.rand(2)),
        call(X, (I, I, I, I), torch.rand(2)),
        call(X, (I,), torch.arange(4)),
    ],
    "torch.trapezoid": [
        call(X, torch.rand(4)), call(X, torch.rand(3)), call(X, torch.rand(3), dim=1), call(X, dx=0.5, dim=0), call(X, dim=3),
        call(X, torch.rand(2, 3, 4)), call(X, torch.rand(3, 4)), call(X > 0), call(X.long()), call(X[..., :0]),
    ],
    "torch.cumulative_trapezoid": [call(X, torch.rand(3), dim=1), call(X, torch.rand(3)), call(X.long(), dim=-2)],
    "torch.gradient": [call(X, spacing=(1.0, 2.0, 3.0)), call(X, dim=1), call(X[:, :1]), call(X, dim=(0, 3))],
}  # fmt: skip
