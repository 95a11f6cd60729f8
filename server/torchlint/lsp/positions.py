"""Positions of the protocol, which count from 0 in units that the client chooses, and those of torchlint, in code points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lsprotocol import types

from torchlint.diagnostics import Position, Span

_UNITS: dict[str, Callable[[str], int]] = {
    "utf-8": lambda text: len(text.encode("utf-8", "surrogatepass")),
    "utf-16": lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    "utf-32": len,
}


class Encoding:
    """The units in which the client counts columns."""

    def __init__(self, name: str = "utf-16") -> None:
        self.name = name
        self._units = _UNITS.get(name, _UNITS["utf-16"])

    def position(self, position: Position, lines: Sequence[str]) -> types.Position:
        """For the client."""
        line = lines[position.row - 1] if 0 < position.row <= len(lines) else ""
        column = min(position.column - 1, len(line))
        return types.Position(max(0, position.row - 1), column if line.isascii() else self._units(line[:column]))

    def range(self, span: Span, lines: Sequence[str]) -> types.Range:
        """For the client."""
        return types.Range(self.position(span.start, lines), self.position(span.end, lines))

    def read(self, position: types.Position, lines: Sequence[str]) -> Position:
        """From the client."""
        line = lines[position.line] if position.line < len(lines) else ""
        if line.isascii():
            return Position(position.line + 1, min(position.character, len(line)) + 1)
        units = 0
        for column, letter in enumerate(line):
            if units >= position.character:
                return Position(position.line + 1, column + 1)
            units += self._units(letter)
        return Position(position.line + 1, len(line) + 1)

    def offset(self, position: types.Position, text: str, lines: Sequence[str], starts: Sequence[int]) -> int:
        """Where a position of the client is in the text."""
        if position.line >= len(lines):
            return len(text)
        return starts[position.line] + self.read(position, lines).column - 1
