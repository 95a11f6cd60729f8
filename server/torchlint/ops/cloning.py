"""Modules copied as `copy.deepcopy` does it: new parameters, buffers and submodules, plain values shared."""

from __future__ import annotations

from typing import Any

from torchlint.values.module import Module
from torchlint.values.rounds import Rounds
from torchlint.values.tensor import Tensor

_SHARED = ("interpreted_class", "created", "open_ended", "hooks")


def cloned(module: Module) -> Module:
    """A new module with parameters of its own."""
    made = _clone(module, {})
    assert isinstance(made, Module)
    return made


def _clone(value: Any, memo: dict[int, Any]) -> Any:
    if id(value) in memo:
        return memo[id(value)]
    made: Any = value
    if isinstance(value, Module):
        made = memo[id(value)] = type(value).__new__(type(value))
        vars(made).update({k: v if k in _SHARED else _clone(v, memo) for k, v in vars(value).items()})
    elif isinstance(value, Tensor):
        made = Tensor(
            value.shape,
            value.dtype,
            strides=value._strides,
            requires_grad=value.requires_grad,
            device=value.device,
            values=value.values,
            is_parameter=value.is_parameter,
        )
    elif isinstance(value, Rounds):
        made = value.copied(lambda part: _clone(part, memo))
    elif type(value) is dict:
        made = {k: _clone(v, memo) for k, v in value.items()}
    elif type(value) is list:
        made = [_clone(v, memo) for v in value]
    elif type(value) is set:
        made = set(value)
    memo[id(value)] = made
    return made
