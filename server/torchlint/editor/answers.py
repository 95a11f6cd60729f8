"""The answers themselves. Rows count from 1 at the start of the definition that they are about, so that they move with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from torchlint.diagnostics import Diagnostic, Edit, Position, Span
from torchlint.source.document import Document
from torchlint.summary import Summary

_WORD = re.compile(r"[^\W\d]\w*")


class Hint(NamedTuple):
    """A text to show after a position. `kind` is "shape" or "count"; `is_same` says that the shape was the same before."""

    position: Position
    label: str
    tooltip: str
    kind: str
    is_same: bool = False


class Hover(NamedTuple):
    """Markdown about a span."""

    span: Span
    text: str


class Known(NamedTuple):
    """What a name holds from a row of a function on."""

    name: str
    place: Position
    function: range
    text: str


class Symbol(NamedTuple):
    """A class, method, function or layer of the outline. `kind` is one of these words; `selection` is its name."""

    name: str
    kind: str
    detail: str
    span: Span
    selection: Span
    children: tuple[Symbol, ...] = ()


class Layer(NamedTuple):
    """An attribute of `self` that is a module: `detail` tells its shapes, `made` is its construction."""

    name: str
    type: str
    detail: str
    made: Span | None


class Lens(NamedTuple):
    """A line above a class; `is_choice` says that it offers other contexts."""

    span: Span
    title: str
    class_name: str
    is_choice: bool = False


class Call(NamedTuple):
    """A call of a function, by the names in the outline (`Net.forward`; "" for code outside of functions), at `site`.

    A callee of another file has that file's path, and its place there.
    """

    caller: str
    callee: str
    path: str | None
    place: Span | None
    site: Span


class Choice(NamedTuple):
    """A context of a class, which one may choose by its key: `detail` says what goes in and comes out there."""

    key: str
    label: str
    detail: str


class Extraction(NamedTuple):
    """A layer that a method makes, and the edits, in rows of the definition, that make it in `__init__`."""

    span: Span
    title: str
    edits: tuple[Edit, ...]


class Fit(NamedTuple):
    """A size that a layer is to be constructed with: the call, the parameter's name, its value and why."""

    call: Span
    parameter: str
    value: str
    why: str


@dataclass(frozen=True)
class About:
    """All that is known about one definition, or one run of loose statements."""

    name: str = ""
    rows: int = 0
    hints: tuple[Hint, ...] = ()
    hovers: tuple[Hover, ...] = ()
    names: tuple[Known, ...] = ()
    lenses: tuple[Lens, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    layers: tuple[Layer, ...] = ()
    uses: tuple[tuple[str, Span], ...] = ()
    fits: tuple[Fit, ...] = ()
    calls: tuple[Call, ...] = ()
    extractions: tuple[Extraction, ...] = ()
    choices: tuple[Choice, ...] = ()
    chosen: int = 0
    summary: Summary | None = None

    @cached_property
    def _hovers_by_row(self) -> dict[int, list[Hover]]:
        found: dict[int, list[Hover]] = {}
        for hover in self.hovers:
            for row in range(hover.span.start.row, hover.span.end.row + 1):
                found.setdefault(row, []).append(hover)
        return found

    def hover(self, position: Position) -> Hover | None:
        """What is known of the smallest thing around a position."""
        around = [h for h in self._hovers_by_row.get(position.row, ()) if h.span.start <= position <= h.span.end]
        return min(around, key=_extent, default=None)


class Placed(NamedTuple):
    """What is known about a definition, and where that is: the first row, and the rows of a text that does not parse."""

    first_row: int
    rows: tuple[int, ...] | None
    about: About

    def row(self, row: int) -> int:
        """A row of the definition in the file."""
        if self.rows:
            row = self.rows[max(0, min(row, len(self.rows)) - 1)]
        return self.first_row + row - 1

    def position(self, position: Position) -> Position:
        """A position of the definition in the file."""
        return position._replace(row=self.row(position.row))

    def span(self, span: Span) -> Span:
        """A span of the definition in the file."""
        return Span(self.position(span.start), self.position(span.end))

    def own_row(self, row: int) -> int:
        """A row of the file as one of the definition."""
        if self.rows:
            wanted = row - self.first_row + 1
            return max((i + 1 for i, shown in enumerate(self.rows) if shown <= wanted), default=1)
        return row - self.first_row + 1


@dataclass(frozen=True)
class Answers:
    """What is known about a file whose text is that of `document`."""

    document: Document
    diagnostics: tuple[Diagnostic, ...] = ()
    parts: tuple[Placed, ...] = field(default=())

    def at(self, row: int) -> Placed | None:
        """The definition that a row belongs to."""
        return next((part for part in reversed(self.parts) if part.first_row <= row), None)

    def symbol(self, name: str) -> tuple[Placed, Symbol] | None:
        """The function, method or class of that name in the outline, and its definition."""
        first, _, rest = name.partition(".")
        for part in self.parts:
            for symbol in part.about.symbols:
                if symbol.name == first:
                    found = next((s for s in symbol.children if s.name == rest), None) if rest else symbol
                    if found is not None:
                        return part, found
        return None

    def classes(self) -> Iterator[Placed]:
        """The definitions with a summary."""
        return (part for part in self.parts if part.about.summary is not None)

    def hover(self, position: Position) -> Hover | None:
        """What is known of what stands at a position: of the name there, else of the smallest expression around it."""
        part = self.at(position.row)
        if part is None:
            return None
        own = position._replace(row=part.own_row(position.row))
        best = part.about.hover(own)
        word = self.word(position)
        if word is not None and (best is None or _extent(best) > (0, len(word[0]))):
            known = [k for k in part.about.names if k.name == word[0] and own.row in k.function]
            if known and not self._is_attribute(word[1]):
                return Hover(word[1], _at(known, word[1].start._replace(row=own.row)).text)
        return None if best is None else Hover(part.span(best.span), best.text)

    def word(self, position: Position) -> tuple[str, Span] | None:
        """The name at a position."""
        lines = self.document.lines
        line = lines[position.row - 1] if position.row <= len(lines) else ""
        for match in _WORD.finditer(line):
            start, end = match.start() + 1, match.end() + 1
            if start <= position.column <= end:
                return match.group(), Span(Position(position.row, start), Position(position.row, end))
        return None

    def _is_attribute(self, span: Span) -> bool:
        before = self.document.lines[span.start.row - 1][: span.start.column - 1].rstrip()
        return before.endswith(".")


def _at(known: list[Known], position: Position) -> Known:
    """What a name holds at a position: what is bound there, else the last that was bound in a row before."""
    here = [k for k in known if k.place == position]
    before = [k for k in known if k.place.row < position.row]
    return here[0] if here else max(before or known, key=lambda k: k.place if before else (-k.place.row, 0))


def _extent(hover: Hover) -> tuple[int, int]:
    return hover.span.end.row - hover.span.start.row, hover.span.end.column - hover.span.start.column
