"""Constructions of containers; `tests/ops/test_containers.py` has the rest."""

from __future__ import annotations

from collections import OrderedDict

import torch

from ops.calls import call, layer_call

_IDENTITY = torch.nn.Identity()

LAYERS = {
    "torch.nn.Sequential": [
        layer_call(call(), call(torch.rand(2))),
        layer_call(call(_IDENTITY), call(torch.rand(4, 2))),
        layer_call(call(OrderedDict(a=_IDENTITY)), call(torch.rand(4, 2))),
    ],
    "torch.nn.ModuleList": [layer_call(call([_IDENTITY])), layer_call(call())],
    "torch.nn.ModuleDict": [layer_call(call({"a": _IDENTITY})), layer_call(call())],
    "torch.nn.ParameterList": [layer_call(call([torch.rand(2, 3), torch.rand(())])), layer_call(call())],
    "torch.nn.ParameterDict": [
        layer_call(call({"b": torch.rand(2), "a": torch.rand(3)})),
        layer_call(call()),
    ],
    "torch.nn.LazyLinear": [
        layer_call(call(3), call(torch.rand(4, 2))),
        layer_call(call(3, bias=False), call(torch.rand(2))),
        layer_call(call(3), call(torch.rand(4, 2).double())),
    ],
}
