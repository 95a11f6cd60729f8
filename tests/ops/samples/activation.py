"""Samples for activations, softmaxes and dropouts that torch has none for."""

from __future__ import annotations

import torch

from ops.calls import call, layer_call

X = torch.rand(2, 4, 3, 3)

OPERATIONS = {
    "torch.nn.functional.gumbel_softmax": [call(X), call(X, dim=1), call(X, hard=True), call(X, dim=4)],
    "torch.nn.functional.glu": [call(X, dim=1), call(X, dim=2), call(X)],
    "torch.nn.functional.prelu": [call(X, torch.rand(4)), call(X, torch.rand(3)), call(X, torch.rand(1))],
    "torch.nn.functional.dropout1d": [call(X[0]), call(X)],
    "torch.nn.functional.softsign": [call(X), call(torch.arange(3))],
    "torch.dropout": [call(X, 0.5, True), call(X, 1.5, True)],
    "torch.dropout_": [call(X, 0.5, False)],
    "torch.alpha_dropout": [call(X, 0.5, True)],
    "torch.alpha_dropout_": [call(X, 0.5, False)],
    "torch.softmax": [call(X, 1), call(torch.arange(3), 0), call(X, 4)],
}
LAYERS = {
    "torch.nn.Hardsigmoid": [layer_call(call(), call(X)), layer_call(call(True), call(torch.arange(3)))],
    "torch.nn.RReLU": [layer_call(call(), call(X)), layer_call(call(0.1, 0.2, True), call(X.clone()))],
    "torch.nn.Hardtanh": [layer_call(call(1.0, 0.0)), layer_call(call(-2, 2, inplace=True), call(X.clone()))],
    "torch.nn.ReLU": [layer_call(call(inplace=True), call(X.clone())), layer_call(call(), call(X > 0))],
    "torch.nn.PReLU": [layer_call(call(4), call(X)), layer_call(call(3), call(X)), layer_call(call(3), call(X[0, 0, 0]))],
    "torch.nn.GLU": [layer_call(call(), call(X)), layer_call(call(1), call(X))],
    "torch.nn.Softmax": [layer_call(call(), call(X)), layer_call(call(dim=7), call(X))],
    "torch.nn.Softmax2d": [layer_call(call(), call(X)), layer_call(call(), call(X[0, 0]))],
    "torch.nn.Dropout": [layer_call(call(), call(X)), layer_call(call(0.1, True), call(X.clone())), layer_call(call(2.0))],
    "torch.nn.Dropout1d": [layer_call(call(), call(X[0])), layer_call(call(), call(X))],
    "torch.nn.Dropout2d": [layer_call(call(), call(X)), layer_call(call(0.2), call(X[0]))],
    "torch.nn.Dropout3d": [layer_call(call(), call(X[None]))],
    "torch.nn.AlphaDropout": [layer_call(call(), call(X))],
    "torch.nn.FeatureAlphaDropout": [layer_call(call(), call(X))],
}
