"""Samples for counts by interval and by index."""

from __future__ import annotations

import torch

from ops.calls import call

X, EDGES = torch.rand(4, 2), torch.tensor([0.0, 0.5, 1.0])

OPERATIONS = {
    "torch.histogram": [
        call(X, 5), call(X, EDGES), call(X, 5, weight=torch.rand(2)), call(X, EDGES[None]), call(X, 5, range=(0.0, 1.0)),
        call(X, 5, weight=X.double()), call(X, 5, weight=X),
    ],
    "torch.histogramdd": [
        call(X, [3, 5]), call(X, 3), call(X, (EDGES, EDGES)), call(X[0], [3]), call(X, [3]),
        call(X, [3, 5], weight=torch.rand(4)), call(X, [3, 5], weight=torch.rand(3)),
    ],
    "torch.unravel_index": [
        call(torch.tensor([5, 2]), (2, 3)), call(torch.tensor([5]), 6), call(X, (2, 3)), call(torch.tensor([5]).int(), (2, 3)),
    ],
    "torch.nonzero_static": [call(X, size=4), call(X, size=-4)],
    "torch.unsafe_split_with_sizes": [call(X, [1, 3]), call(X, [1, 1]), call(X, [1, 1], 1)],
    "torch.fill": [call(X, 2), call(X, torch.rand(1)), call(X.t(), torch.tensor(1))],
    "torch.empty_permuted": [call((2, 3, 4), (0, 2, 1)), call((2, 3), (0, 0)), call((2, 3), (0,))],
    "torch.Tensor.new_empty_strided": [call(X, (2, 3), (1, 2)), call(X, (2, 3), (1,))],
    "torch.as_strided_": [call(torch.rand(6), (2, 3), (3, 1)), call(torch.rand(6), (2, 3), (3,))],
}  # fmt: skip
