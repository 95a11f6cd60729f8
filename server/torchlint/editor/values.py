"""What a value of a pass is, in words: a tensor with where each size came from, a module, data, a plain value."""

from __future__ import annotations

from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.facts import using
from torchlint.dims.printing import show
from torchlint.editor.data import data_text
from torchlint.editor.shapes import brief, plain_text, shape_of
from torchlint.interpreter.objects import Instance
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Varied
from torchlint.summarizing import parameter_count
from torchlint.summary_text import size_text
from torchlint.values.module import Module
from torchlint.values.rounds import Series
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Free, Hole, Unknown

_LONGEST_TEXT = 60
_MOST_STEPS = 60


def described(name: str, value: Any, one: Pass) -> str:
    """Markdown about a value: what it is, and where its sizes came from; "" for what nobody asks about."""
    if isinstance(value, Hole):
        return ""
    if isinstance(value, Free):
        return f"`{name}`: chosen by the caller"
    if isinstance(value, Series) and value.length is not None:
        with using(one.facts):
            return f"`{name}`: {value.kind.__name__.removeprefix('list_')} of {show(value.length)}"
    if isinstance(value, Unknown):
        return f"`{name}`: unknown\n\n{value.reason}{_at(value.place)}"
    if isinstance(value, Module):
        count = count_of(value, one)
        return f"`{name}`: `{value.type_name}`{f', {count} parameters' if count else ''}"
    if isinstance(value, Varied) and isinstance(value.last, Tensor) and plain_text(value, one):
        return f"`{name}`: `{plain_text(value, one)}`, {value.last.dtype.name}, the first and the last of several times"
    if isinstance(value, Instance):
        about = data_text(value, one)
        return f"`{name}`: `{value.cls.name}`" + (f"\n\n{about}" if about else "")
    text = plain_text(value, one)
    if not text:
        return ""
    if not isinstance(value, Tensor):
        return f"`{name}`{':' if brief(value, one) else ' ='} `{text}`"
    lines = [f"`{name}`: `{text}`, {value.dtype.name}"]
    if isinstance(value, InputTensor):
        lines.append("an input, whose shape is inferred from the code" if value.is_inferred else "an input")
    elif value.is_parameter:
        lines.append("a parameter")
    else:
        lines += _sources(value, one)
    return "\n\n".join(lines)


def count_of(module: Module, one: Pass) -> str:
    """The number of a module's parameters, if it is known."""
    total: Size | None = parameter_count(one, module)
    if total is None or total == 0:
        return ""
    with using(one.facts):
        return size_text(total)


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
