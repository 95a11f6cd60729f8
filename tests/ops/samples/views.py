"""Samples for views, sizes and attributes that torch's op_db has none for."""

from __future__ import annotations

import torch

from ops.calls import call

X = torch.rand(2, 3, 4)

OPERATIONS = {
    "torch.Tensor.size": [call(X), call(X, 1), call(X, -1), call(X, 3), call(torch.tensor(1), 0)],
    "torch.Tensor.stride": [call(X.transpose(0, 2)), call(X, 1), call(X, -4)],
    "torch.Tensor.dim": [call(X)],
    "torch.numel": [call(X), call(torch.rand(0, 2))],
    "torch.Tensor.__iter__": [call(X), call(torch.tensor(1))],
    "torch.Tensor.__len__": [call(X), call(torch.tensor(1))],
    "torch.Tensor.element_size": [call(X), call(X.bool())],
    "torch.Tensor.is_contiguous": [
        call(X),
        call(X.transpose(0, 1)),
        call(torch.rand(1, 3, 1).transpose(0, 2)),
        call(torch.rand(2, 3, 1).transpose(1, 2)),
        call(X.expand(5, 2, 3, 4)),
    ],
    "torch.is_floating_point": [call(X), call(X.long())],
    "torch.is_complex": [call(X), call(X + 0j)],
    "torch.is_tensor": [call(X), call(1)],
    "torch.Tensor.broadcast_to": [call(X[:1], 4, X.shape[1]), call(X[:1], (4, X.shape[1])), call(X, 2)],
    "torch.Tensor.expand_as": [call(torch.rand(3, 1), X), call(X, torch.rand(3, 4))],
    "torch.broadcast_shapes": [call((2, 1), (1, 3)), call((2,), (3,)), call(3, (1,))],
    "torch.Tensor.flip": [call(X, 0, 1), call(X, (0, -1)), call(X, 3), call(X, 0, 0)],
    "torch.moveaxis": [call(X, 0, 2), call(X, (0, 1), (1, 2)), call(X, 0, (1, 2))],
    "torch.Tensor.t_": [call(torch.rand(2, 3)), call(X)],
    "torch.diagonal": [call(X, 0, 1, 2), call(X, 9), call(X, -1, 0, -1), call(X, 0, 1, 1)],
    "torch.narrow": [call(X, 1, 1, 2), call(X, 1, -1, 1), call(X, 1, 2, 2), call(X, 1, 0, -1)],
    "torch.select": [call(X, 1, 2), call(X, 1, -3), call(X, 1, 3), call(X, 3, 0)],
    "torch.Tensor.unfold": [call(X, 2, 3, 1), call(X, 2, 5, 1), call(X, 1, 2, 0), call(X, -2, 2, 2)],
    "torch.detach_copy": [call(X), call(X.transpose(0, 1))],
    "torch.select_copy": [call(X, 1, 2), call(X, 1, 3)],
    "torch.split_copy": [call(X, 2), call(X, 2, 1), call(X, 2, 3)],
    "torch.view_as_complex_copy": [call(torch.rand(3, 2)), call(X)],
    "torch.view_as_real_copy": [call(X + 0j), call(X)],
    "torch.Tensor.resize_": [call(torch.rand(2, 3), 3, 2), call(torch.rand(2, 3), (4,)), call(torch.rand(2, 3), -1)],
    "torch.Tensor.sum_to_size": [call(X, 3, 1), call(X, (2, 1, 4)), call(X, 3), call(X, 1, 2, 3, 4)],
}
