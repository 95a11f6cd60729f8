"""`copy.copy` and `copy.deepcopy`: a copied module is a new module with parameters of its own."""

from __future__ import annotations

from typing import Any

from torchlint.interpreter.objects import Instance
from torchlint.values.module import Module
from torchlint.values.rounds import Rounds, Series
from torchlint.values.tensor import Tensor


def shallow_copy(m: Any, value: Any) -> Any:
    """`copy.copy(value)`."""
    if isinstance(value, Instance):
        made = Instance(value.cls, _copy_payload(value.payload))
        made.attributes.update(value.attributes)
        return made
    if isinstance(value, Module):
        copied = type(value).__new__(type(value))
        state = dict(vars(value))
        for registry in ("_parameters", "_buffers", "_modules"):
            if registry in state:
                state[registry] = dict(state[registry])
        vars(copied).update(state)
        return copied
    return _copy_payload(value)


def _copy_payload(value: Any) -> Any:
    if isinstance(value, Series) and value.parts is not None:
        return Series(value.parts, value.kind)
    return value.copy() if isinstance(value, (list, dict, set)) else value


def deep_copy(m: Any, value: Any, memo: Any = None) -> Any:
    """`copy.deepcopy(value)`."""
    return _deep(m, value, {})


def _deep(m: Any, value: Any, memo: dict[int, Any]) -> Any:
    m.step()
    if id(value) in memo:
        return memo[id(value)]
    made: Any
    if isinstance(value, Tensor):
        made = Tensor(
            value.shape, value.dtype, strides=value._strides, requires_grad=value.requires_grad, device=value.device,
            values=value.values, is_parameter=value.is_parameter,
        )  # fmt: skip
    elif isinstance(value, Module):
        made = memo[id(value)] = type(value).__new__(type(value))
        skipped = ("interpreted_class", "created", "open_ended", "hooks")
        vars(made).update({k: v if k in skipped else _deep(m, v, memo) for k, v in vars(value).items()})
        return made
    elif isinstance(value, Instance):
        made = memo[id(value)] = Instance(value.cls)
        made.payload = _deep(m, value.payload, memo)
        made.attributes.update({k: _deep(m, v, memo) for k, v in value.attributes.items()})
        return made
    elif isinstance(value, Rounds):
        made = value.copied(lambda part: _deep(m, part, memo))
    elif isinstance(value, Series):
        made = value if value.parts is None else Series(_deep(m, value.parts, memo), value.kind)
    elif isinstance(value, list):
        made = memo[id(value)] = []
        made.extend(_deep(m, v, memo) for v in value)
        return made
    elif isinstance(value, dict):
        made = memo[id(value)] = value.copy()
        made.clear()
        made.update({k: _deep(m, v, memo) for k, v in value.items()})
        return made
    elif type(value) is tuple:
        made = tuple(_deep(m, v, memo) for v in value)
    else:
        made = value
    memo[id(value)] = made
    return made
