"""Samples for reading and assigning elements; `test_indexing.py` has random ones."""

from __future__ import annotations

import torch

from ops.calls import call

X = torch.rand(3, 4, 5)
MASK = torch.tensor([True, False, True])
ALL = slice(None)

OPERATIONS = {
    "torch.Tensor.__getitem__": [
        call(X, 0),
        call(X, 3),
        call(X, (ALL, -5)),
        call(X, (..., 0)),
        call(X, (0, 0, 0, 0)),
        call(X, None),
        call(X, slice(None, None, -1)),
        call(X, (torch.tensor([0, 1]), ALL, torch.tensor([[0], [1]]))),
        call(X, (torch.tensor([0, 1]), torch.tensor([0, 1, 2]))),
        call(X, MASK),
        call(X, (ALL, MASK)),
        call(X, torch.tensor([1.0])),
        call(X, torch.tensor([1], dtype=torch.int16)),
        call(X, 1.0),
        call(X, [[0, 1], [1, 2]]),
        call(X, [0, 2]),
        call(X, (0, [True, False, True, True])),
    ],
    "torch.Tensor.__setitem__": [
        call(torch.zeros(3, 4), 0, torch.rand(4)),
        call(torch.zeros(3, 4), 0, torch.rand(1, 1, 4)),
        call(torch.zeros(3, 4), 0, torch.rand(2, 4)),
        call(torch.zeros(3, 4), (ALL, slice(1, 3)), torch.rand(3, 1).long()),
        call(torch.zeros(3, 4), (ALL, slice(1, 3)), torch.rand(3)),
        call(torch.zeros(3, 4), MASK, 1),
        call(torch.zeros(3, 4), MASK, torch.tensor(1)),
        call(torch.zeros(3, 4), torch.tensor([0, 1]), torch.rand(2, 4).long()),
        call(torch.zeros(3, 4), 5, 1.0),
        call(torch.zeros(3, 4), 0, [1, 2, 3, 4]),
    ],
}
UNKNOWN: dict[str, float] = {}
