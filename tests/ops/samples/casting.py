"""Samples for casts and copies, and what of them depends on elements."""

from __future__ import annotations

import torch

from ops.calls import call

X = torch.rand(2, 3)
I = torch.arange(4)

OPERATIONS = {
    "torch.Tensor.to": [call(X, torch.float64), call(X, "cpu"), call(X, "cpu", torch.int64), call(X, I), call(X,
    dtype=torch.bool), call(X, float), call(X, dtype=int), call(I, bool)],
    "torch.Tensor.sum": [call(X, dtype=float)],
    "torch.Tensor.type": [call(X, torch.float64), call(X), call(I, "torch.FloatTensor"), call(X, "torch.Foo")],
    "torch.Tensor.type_as": [call(X, I), call(I, X)],
    "torch.Tensor.cpu": [call(X)],
    "torch.Tensor.contiguous": [call(X.t()), call(X)],
    "torch.detach": [call(X), call(X.t())],
    "torch.detach_": [call(X)],
    "torch.Tensor.requires_grad_": [call(X), call(I), call(X, False)],
    "torch.Tensor.item": [call(torch.tensor(3)), call(I), call(torch.tensor([[True]]))],
    "torch.Tensor.tolist": [call(I), call(I.view(2, 2)), call(torch.tensor(3))],
    "torch.Tensor.numpy": [call(X), call(I), call(X.t())],
    "torch.Tensor.copy_": [call(X, I[:3]), call(X, torch.rand(2, 1)), call(X, I), call(I, torch.rand(4)), call(I,
    torch.rand(1, 4))],
    "torch.Tensor.fill_": [call(X, 3), call(X, I), call(X, I[0])],
    "torch.Tensor.uniform_": [call(X)],
    "torch.Tensor.random_": [call(I), call(I, 3)],
}  # fmt: skip
UNKNOWN = {"torch.Tensor.item": 0.8}  # floats are not among the known elements
NEEDS_GPU = {"torch.Tensor.cuda": "moves there", "torch.Tensor.pin_memory": "pins for it"}
