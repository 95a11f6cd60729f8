"""Samples for tensors made from sizes and from data."""

from __future__ import annotations

import torch

from ops.calls import call

X = torch.rand(2, 3)

OPERATIONS = {
    "torch._sample_dirichlet": [call(torch.ones(3)), call(torch.ones(2, 4).double())],
    "torch.zeros": [call(2, 3), call((2, 3)), call(size=(2,)), call(0, dtype=torch.int32), call(-1), call(())],
    "torch.rand": [call(2, 3), call((2,), dtype=torch.float64), call()],
    "torch.randn": [call(2, 3, requires_grad=True), call([2])],
    "torch.arange": [
        call(5), call(2, 7), call(2, 7, 2), call(0.0, 1.0, 0.25), call(7, 2, -2), call(2, 7, -1), call(3, dtype=torch.float32),
        call(0, 1, 0), call(0, 10, 3), call(5.0), call(start=1, end=4),
    ],
    "torch.linspace": [call(0, 1, 5), call(0, 0.1, 1), call(0, 1, steps=0), call(3, -3, 4), call(0, 1, -1)],
    "torch.logspace": [call(0, 1, 5)],
    "torch.eye": [call(3), call(3, 4, dtype=torch.int64), call(-1)],
    "torch.full": [call((2, 3), 7), call((2,), 1.5), call((), True), call((2,), 3, dtype=torch.float16)],
    "torch.randint": [call(10, (2, 3)), call(0, 10, (2,)), call(high=5, low=1, size=(2,)), call(5, size=(3,))],
    "torch.randperm": [call(5), call(0)],
    "torch.empty_strided": [call((2, 3), (1, 2)), call((2, 3), (1,))],
    "torch.hann_window": [call(5), call(5, False)],
    "torch.hamming_window": [call(5), call(5, False, 0.5, 0.4)],
    "torch.bartlett_window": [call(5)],
    "torch.blackman_window": [call(5)],
    "torch.kaiser_window": [call(5), call(5, True, 12.0)],
    "torch.tensor": [
        call([1, 2]), call([[1, 2.5], [3, 4]]), call(3), call([]), call([True, False]), call([[1, 2], [3]]), call([1j, 2]),
        call([1, 2], dtype=torch.float16), call(torch.tensor(3)), call([torch.tensor(3), 2]), call([[], []]), call("a"),
    ],
    "torch.from_numpy": [call(torch.ones(2).numpy()), call(X.double().numpy()), call([1, 2]), call(1.5)],
    "torch.scalar_tensor": [call(3)],
    "torch.Tensor.new_tensor": [call(X, [1, 2])],
    "torch.Tensor.new": [call(X, 2, 3), call(X, 0), call(X), call(X.long(), 4), call(X, -1)],
    "torch.normal": [call(0.0, 1.0, (2, 3)), call(X, 1.0), call(X, X[0]), call(0.0, 1.0), call(X, torch.rand(2))],
    "torch.nn.functional.one_hot": [call(torch.arange(3), 5), call(X, 3), call(torch.arange(6).view(2, 3), num_classes=7)],
    "torch.complex": [call(X, X), call(X, X.double()), call(X, X[0])],
    "torch.cartesian_prod": [call(torch.rand(2), torch.rand(3)), call(torch.rand(2)), call(X)],
    "torch.tril_indices": [call(4, 5, 1), call(4, 4), call(3, 6, -2), call(5, 2)],
    "torch.triu_indices": [call(4, 5, 1), call(4, 4), call(3, 6, -2), call(5, 2, 4)],
    "torch.multinomial": [call(X, 2), call(X, 4), call(X, 4, True), call(torch.arange(3), 1), call(X[None], 1)],
    "torch.meshgrid": [call(torch.rand(2), torch.rand(3), indexing="xy"), call(X), call([torch.rand(2)], indexing="ab")],
    "torch.combinations": [call(torch.rand(4)), call(torch.rand(4), 3, True), call(X)],
}  # fmt: skip
