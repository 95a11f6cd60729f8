"""What a value of a pass is, in words: its shape, its dtype, and where each size came from."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.facts import using
from torchlint.dims.printing import show, show_shape
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.tensor import InputTensor, Shape, Tensor
from torchlint.values.unknown import Unknown

_LONGEST_TEXT = 60
_MOST_STEPS = 60
_MOST_PARTS = 4


def shape_of(value: Any, one: Pass) -> Shape | None:
    """The shape of a tensor, with what the pass found out put in; None for what is no tensor, or has no shape yet."""
    if not isinstance(value, Tensor) or (isinstance(value, InputTensor) and not value.is_decided):
        return None
    try:
        return tuple(one.facts.resolve(size) for size in value.shape)
    except Undecided:
        return None


def brief(value: Any, one: Pass) -> str:
    """`[N, 10]`; `([N, 10], [N])` for several tensors; "" for what holds none."""
    shape = shape_of(value, one)
    if shape is not None:
        with using(one.facts):
            return show_shape(shape)
    if isinstance(value, (tuple, list)) and value:
        parts = [brief(part, one) for part in value[: _MOST_PARTS + 1]]
        if any(parts):
            shown = [part or "..." for part in parts[:_MOST_PARTS]] + ["..."] * (len(value) > _MOST_PARTS)
            return f"({', '.join(shown)})"
    return ""


def described(name: str, value: Any, one: Pass) -> str:
    """Markdown about a value: what it is, and where its sizes came from."""
    if isinstance(value, Unknown):
        return f"`{name}`: unknown\n\n{value.reason}{_at(value.place)}"
    if isinstance(value, Expr):
        with using(one.facts):
            return f"`{name}` = `{show(value)}`"
    if isinstance(value, (bool, int, float, str)) or value is None:
        return f"`{name}` = `{value!r}`"
    if isinstance(value, Module):
        return f"`{name}`: `{value.type_name}`"
    shape = brief(value, one)
    if not shape:
        return ""
    if not isinstance(value, Tensor):
        return f"`{name}`: `{shape}`"
    lines = [f"`{name}`: `{shape}`, {value.dtype.name}"]
    if isinstance(value, InputTensor):
        lines.append("an input, whose shape is inferred from the code" if value.is_inferred else "an input")
    elif value.is_parameter:
        lines.append("a parameter")
    else:
        lines += _sources(value, one)
    return "\n\n".join(lines)


def _sources(tensor: Tensor, one: Pass) -> list[str]:
    """Which operation gave each size, for those that are no size of the operation before."""
    found: list[str] = []
    shape = shape_of(tensor, one) or ()
    for size in dict.fromkeys(shape):
        maker = _first_with(tensor, size, one)
        place = maker.origin.place if maker.origin is not None else None
        with using(one.facts):
            text = show(size)
        if isinstance(maker, InputTensor):
            found.append(f"- `{text}` is a size of the input `{maker.name}`")
        elif isinstance(place, Place) and place.unit.checked and place.text:
            found.append(f"- `{text}` comes from `{_short(place.text)}`{_at(place)}")
    return ["\n".join(found)] if found else []


def _first_with(tensor: Tensor, size: Any, one: Pass) -> Tensor:
    """The first tensor, going back through what it was computed from, that has the size."""
    for _ in range(_MOST_STEPS):
        before = tensor.origin.inputs if tensor.origin is not None else ()
        earlier = next((t for t in before if not t.is_parameter and size in (shape_of(t, one) or ())), None)
        if earlier is None:
            break
        tensor = earlier
    return tensor


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 3] + "..."


def _at(place: object) -> str:
    return f", line {place.row}" if isinstance(place, Place) and place.unit.checked else ""
