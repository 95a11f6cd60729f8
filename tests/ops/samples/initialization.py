"""Samples of functions that fill a tensor, and of those that take all parameters."""

from __future__ import annotations

import torch

from ops.calls import call

_MATRIX, _VECTOR, _KERNEL = torch.zeros(4, 6), torch.zeros(4), torch.zeros(4, 3, 2, 2)
_TRAINED = torch.nn.Parameter(torch.zeros(1).expand(4))  # expanded: the oracle must not clone its gradient away
_TRAINED.grad = torch.zeros(4)
_ANY = [call(_MATRIX), call(_VECTOR), call(_KERNEL), call(torch.zeros(()))]

OPERATIONS = {
    **{f"torch.nn.init.{name}_": _ANY for name in ("uniform", "normal", "trunc_normal", "ones")},
    **{
        f"torch.nn.init.{name}_": _ANY
        for name in ("eye", "dirac", "xavier_uniform", "xavier_normal", "kaiming_normal", "orthogonal")
    },
    "torch.nn.init.kaiming_uniform_": [
        *_ANY,
        call(_MATRIX, mode="fan_out", nonlinearity="relu"),
        call(_MATRIX, mode="fan_both"),
        call(_MATRIX, nonlinearity="gelu"),
    ],
    "torch.nn.init.constant_": [call(_MATRIX, 1.0)],
    "torch.nn.init.sparse_": [call(_MATRIX, 0.5), call(_VECTOR, 0.5)],
    "torch.nn.init.calculate_gain": [
        call("relu"), call("tanh"), call("linear"), call("leaky_relu", 0.2), call("leaky_relu"), call("gelu"),
    ],
    "torch.nn.init._calculate_fan_in_and_fan_out": [call(_MATRIX), call(_KERNEL), call(_VECTOR)],
    "torch.nn.utils.clip_grad_value_": [call([_TRAINED], 1.0)],
    "torch.nn.utils.clip_grad_norm_": [call([_TRAINED], 1.0)],
    "torch.nn.utils.clip_grads_with_norm_": [call([_TRAINED], 1.0, torch.tensor(2.0))],
    "torch.nn.utils.parameters_to_vector": [call([_MATRIX, _VECTOR]), call([])],
    "torch.nn.utils.vector_to_parameters": [call(torch.zeros(24), [torch.nn.Parameter(_MATRIX)])],
    # A module without a weight is refused; tests/ops/test_parametrizations.py compares what becomes of the others.
    **{
        f"torch.nn.utils.{name}": [call(torch.nn.Identity())]
        for name in (
            "weight_norm", "spectral_norm", "remove_weight_norm", "remove_spectral_norm", "parametrizations.weight_norm",
            "parametrizations.spectral_norm", "parametrizations.orthogonal",
        )
    },
    "torch.nn.utils.parametrize.register_parametrization": [call(torch.nn.Identity(), "weight", torch.nn.Identity())],
    "torch.nn.utils.parametrize.is_parametrized": [call(torch.nn.Identity()), call(torch.nn.Identity(), "weight")],
    "torch.nn.utils.parametrize.remove_parametrizations": [call(torch.nn.Identity(), "weight")],
}  # fmt: skip
