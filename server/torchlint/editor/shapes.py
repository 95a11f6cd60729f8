"""Shapes and plain values of a pass on a few words."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.facts import using
from torchlint.dims.printing import show, show_shape
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.trace import Varied
from torchlint.values.errors import Undecided
from torchlint.values.tensor import InputTensor, Shape, Tensor, TorchSize
from torchlint.values.unknown import Free, Hole

_LONGEST_VALUE = 120
_MOST_PARTS = 4
_DEEPEST = 3


def shape_of(value: Any, one: Pass) -> Shape | None:
    """The shape of a tensor, with what the pass found out put in; None for what is no tensor, or has no shape yet."""
    if not isinstance(value, Tensor) or (isinstance(value, InputTensor) and not value.is_decided):
        return None
    try:
        return tuple(one.facts.resolve(size) for size in value.shape)
    except Undecided:
        return None


def brief(value: Any, one: Pass, depth: int = _DEEPEST) -> str:
    """`[N, 10]`; `([N, 10], [N])` for several tensors; "" for what holds none, or only in the depth."""
    if isinstance(value, Varied):
        first, last = brief(value.first, one, depth), brief(value.last, one, depth)
        return f"{first} … {last}" if first and last else first or last
    shape = shape_of(value, one)
    if shape is not None:
        with using(one.facts):
            return show_shape(shape)
    if isinstance(value, dict) and value and depth:
        pairs = [(key, brief(part, one, depth - 1)) for key, part in list(value.items())[:_MOST_PARTS]]
        if any(text for _, text in pairs):
            shown = [f"{key!r}: {text or '...'}" for key, text in pairs] + ["..."] * (len(value) > _MOST_PARTS)
            return f"{{{', '.join(shown)}}}"
    if isinstance(value, (tuple, list)) and value and depth and not isinstance(value, TorchSize):
        parts = [brief(part, one, depth - 1) for part in value[: _MOST_PARTS + 1]]
        if any(parts):
            shown = [part or "..." for part in parts[:_MOST_PARTS]] + ["..."] * (len(value) > _MOST_PARTS)
            return f"({', '.join(shown)})"
    return ""


def plain_text(value: Any, one: Pass) -> str:
    """A shape or a plain value on a few words; "" for anything else."""
    shape = brief(value, one)
    if shape:
        return shape
    if isinstance(value, Varied):
        first, last = plain_text(value.first, one), plain_text(value.last, one)
        return f"{first} … {last}" if first and last else ""
    if isinstance(value, Free) and not isinstance(value, Hole):
        return value.name
    if isinstance(value, Expr):
        with using(one.facts):
            return show(value)
    if isinstance(value, TorchSize) and value:
        with using(one.facts):
            return show_shape(value)
    if isinstance(value, (bool, int, float, str)) or (
        isinstance(value, (tuple, list)) and value and _is_plain(value, _DEEPEST)
    ):
        text = repr(value)
        return text if len(text) <= _LONGEST_VALUE else ""
    return ""


def _is_plain(value: Any, depth: int) -> bool:
    """Whether it is a short tuple or list of numbers and texts."""
    if not isinstance(value, (tuple, list)):
        return isinstance(value, (bool, int, float, str))
    return depth > 0 and len(value) <= _LONGEST_VALUE and all(_is_plain(v, depth - 1) for v in value)
