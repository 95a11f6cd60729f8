"""Samples for masked operations with masks that do not fit."""

from __future__ import annotations

import torch

from ops.calls import call

X, M = torch.rand(2, 3), torch.tensor([True, False, True])

OPERATIONS = {
    "torch.masked.sum": [call(X, 1, mask=M), call(X, mask=X[:, :2] > 0), call(X, 2, mask=M), call(X, mask=X[None] > 0)],
    "torch.masked.mean": [call(X, mask=M), call(X.long(), mask=M), call(X, (0, 1), keepdim=True, mask=M)],
    "torch.masked.softmax": [call(X, 1, mask=M), call(X, 2, mask=M), call(X, 0, mask=X[:1] > 0)],
    "torch.masked.argmax": [call(X, 1, mask=M), call(X, 2, mask=M), call(X, mask=M)],
    "torch.masked.norm": [call(X, 2.0, 1, mask=M), call(X, 2.0, 2, mask=M)],
    "torch.masked.logaddexp": [call(X, X, input_mask=M), call(X, torch.rand(2)), call(X, X, other_mask=X[:, :2] > 0)],
}
