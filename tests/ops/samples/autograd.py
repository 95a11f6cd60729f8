"""Samples for gradients and for the limits of dtypes."""

from __future__ import annotations

import torch

from ops.calls import call

X = torch.rand(2, 3, requires_grad=True)
Y, LOSS, ONE = X * 2, (X * 3).sum(), torch.ones(2, 3)

OPERATIONS = {
    "torch.Tensor.backward": [
        call(LOSS, retain_graph=True), call(Y), call(Y, ONE, retain_graph=True), call(Y, ONE[0]), call(Y, torch.tensor(1.0)),
        call(LOSS, torch.tensor(1.0), True), call(LOSS, ONE),
    ],
    "torch.autograd.backward": [
        call(LOSS, retain_graph=True), call([LOSS, Y], [None, ONE], True), call([LOSS, Y]), call(Y, ONE[:1]),
    ],
    "torch.autograd.grad": [
        call(LOSS, X, retain_graph=True), call(Y, X), call(Y, X, ONE, True), call([Y], [X], [ONE], True), call(Y, X, ONE[0]),
        call([Y, LOSS], [X, X], [ONE, None], retain_graph=True), call(Y, X, ONE, True, is_grads_batched=True),
    ],
    "torch.Tensor.retain_grad": [call(Y)],
    "torch.Tensor.register_hook": [call(Y, abs)],
    "torch.finfo": [
        call(), call(torch.float16), call(torch.bfloat16), call(torch.float64), call(torch.complex64),
        call(torch.int8),
    ],
    "torch.iinfo": [call(torch.int8), call(torch.uint8), call(torch.int64), call(torch.float32), call(torch.bool)],
    "torch.promote_types": [call(torch.int8, torch.uint8), call(torch.float16, torch.bfloat16)],
    "torch.result_type": [call(torch.rand(2), 1), call(torch.arange(2), 1.5), call(torch.arange(2), torch.tensor(1.5))],
    "torch.can_cast": [
        call(torch.int8, torch.uint8), call(torch.float32, torch.int64), call(torch.bool, torch.int8),
        call(torch.float64, torch.float16),
    ],
}  # fmt: skip
UNKNOWN = {"torch.Tensor.register_hook": 1.0}  # a handle to remove it by
