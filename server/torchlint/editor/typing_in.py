"""What fits into the call of a layer that is being typed: its parameters, and the sizes that the code around asks for."""

from __future__ import annotations

import re
from typing import NamedTuple

from torchlint.diagnostics import Position
from torchlint.editor.answers import Placed
from torchlint.ops.registry import LAYERS
from torchlint.source.document import Document
from torchlint.values.signature import REQUIRED, ParameterKind

_CALLEE = re.compile(r"([\w.]+)\s*$")
KEYWORD = re.compile(r"\s*(\w+)\s*=(?!=)")
_MOST_ROWS = 30


class Call(NamedTuple):
    """A call that is being typed: how the callee is written, the number of the argument, its keyword if it has one, the row in
    which the call begins, and where in the text its arguments do."""

    callee: str
    argument: int
    keyword: str
    row: int
    start: int


class Size(NamedTuple):
    """A text to insert, and why it fits."""

    text: str
    why: str


class LayerSignature(NamedTuple):
    """A layer's constructor; `active` is the parameter that is being typed, `required` are those without a default."""

    name: str
    parameters: list[str]
    names: list[str]
    required: list[str]
    active: int | None


def call_around(document: Document, position: Position) -> Call | None:
    """The innermost call whose parentheses are open at a position, looking back a few rows."""
    text = document.text
    end = document.offset(position)
    start = document.offset(Position(max(1, position.row - _MOST_ROWS), 1))
    depth = commas = 0
    for at in range(end - 1, start - 1, -1):
        letter = text[at]
        if letter in ")]}":
            depth += 1
        elif letter in "([{":
            if depth:
                depth -= 1
                continue
            if letter != "(":
                return None
            callee = _CALLEE.search(text[start:at])
            if callee is None:
                return None
            piece = text[at + 1 : end].split(",")[-1] if commas else text[at + 1 : end]
            keyword = KEYWORD.match(piece)
            return Call(callee[1], commas, keyword[1] if keyword else "", document.position(at).row, at + 1)
        elif letter == "," and not depth:
            commas += 1
    return None


def layer_signature(call: Call) -> LayerSignature | None:
    """The constructor of the layer of torch that a call makes, by the last word of its name."""
    layer = LAYERS.get(f"torch.nn.{call.callee.rpartition('.')[2]}")
    if layer is None or not (call.callee.startswith(("nn.", "torch.nn.")) or "." not in call.callee):
        return None
    shown = [p for p in layer.init.signature.parameters if p.kind in (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY)]
    shown = [p for p in shown if p.name != "self"]
    names = [p.name for p in shown]
    texts = [p.name if p.default is REQUIRED else f"{p.name}={p.default!r}" for p in shown]
    active: int | None = call.argument if call.argument < len(names) else None
    if call.keyword:
        active = names.index(call.keyword) if call.keyword in names else None
    required = [p.name for p in shown if p.default is REQUIRED]
    return LayerSignature(layer.name.rpartition(".")[2], texts, names, required, active)


def written(call: Call, parameter: str, value: str) -> str:
    """The argument as it is to be inserted: with its name where nothing is written of the call."""
    return f"{parameter}={value}" if not call.keyword and not call.argument else value


def sizes_here(call: Call, part: Placed, row: int) -> list[Size]:
    """The sizes that fit the argument, by what a call of this layer in the last good text was given."""
    signature = layer_signature(call)
    if signature is None or signature.active is None:
        return []
    name = signature.names[signature.active]
    found: dict[str, Size] = {}
    for fit in part.about.fits:
        span = part.span(fit.call)
        if fit.parameter == name and span.start.row <= row <= span.end.row:
            text = written(call, name, fit.value)
            found.setdefault(text, Size(text, fit.why))
    return list(found.values())
