"""Calls as the oracle's samples describe them: arguments are torch's own values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch


class Call(NamedTuple):
    """Arguments of one call, torch's own values."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]

    def __repr__(self) -> str:
        parts = [shown(a) for a in self.args] + [f"{k}={shown(v)}" for k, v in self.kwargs.items()]
        return f"({', '.join(parts)})"


class LayerCall(NamedTuple):
    """Arguments of a layer's constructor and of its forward (None: construct only)."""

    init: Call
    forward: Call | None


def call(*args: Any, **kwargs: Any) -> Call:
    """One call with these arguments."""
    return Call(args, kwargs)


def layer_call(init: Call, forward: Call | None = None) -> LayerCall:
    """One construction and one call of a layer."""
    return LayerCall(init, forward)


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """The tensors in a tree of lists, tuples and dicts."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for element in value:
            yield from tensors_in(element)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def shown(value: Any) -> str:
    """A value for a message: of tensors the shape, the dtype and, if it says anything, the strides."""
    if isinstance(value, torch.Tensor):
        contiguous = "" if value.is_contiguous() else f" stride{list(value.stride())}"
        return f"Tensor({list(value.shape)}, {str(value.dtype).removeprefix('torch.')}{contiguous})"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(shown(v) for v in value)}]"
    return repr(value)[:120]
