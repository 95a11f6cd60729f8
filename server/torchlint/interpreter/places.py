"""Places in source code, kept as syntax nodes until somebody asks for rows and columns."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$")  # what Python's tokenizer ends a line at


class Unit:
    """A stretch of source that was parsed on its own: one top-level definition of a file, or its loose statements.

    Rows of its nodes count from the unit's own first line, so that a unit keeps its syntax tree when lines are added above it.
    A unit may stand for a text that does not parse at the moment: `rows` are the rows that its own have there.
    """

    __slots__ = ("_lines", "checked", "first_row", "path", "rows", "text")

    def __init__(self, path: str, text: str, first_row: int, checked: bool) -> None:
        self.path = path
        self.text = text
        self.first_row = first_row
        self.checked = checked
        self.rows: tuple[int, ...] | None = None
        self._lines: list[bytes] | None = None

    def row(self, row: int) -> int:
        """The row of the file that a row of the unit is, both counting from 1."""
        if self.rows is not None and self.rows:
            row = self.rows[max(0, min(row, len(self.rows)) - 1)]
        return self.first_row + row - 1

    def _encoded(self) -> list[bytes]:
        """The lines in the encoding that columns of syntax nodes count in."""
        if self._lines is None:
            self._lines = [line.encode(errors="replace") for line in _LINE.findall(self.text)]
        return self._lines

    def line(self, row: int) -> str:
        """A line of the text by its number, which counts from 1."""
        lines = self._encoded()
        return lines[row - 1].decode() if 0 < row <= len(lines) else ""

    def source(self, node: ast.AST) -> str:
        """The source text of a node; of one that is only a moment's construction, nothing."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if not first or not last:
            return ""
        lines = self._encoded()[first - 1 : last]
        if not lines:
            return ""
        start, end = int(getattr(node, "col_offset", 0)), int(getattr(node, "end_col_offset", 0))
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return b"".join(lines).decode(errors="replace")


class Place(NamedTuple):
    """A node of a unit."""

    unit: Unit
    node: ast.AST

    @property
    def row(self) -> int:
        """The 1-based row in the file."""
        return self.unit.row(int(getattr(self.node, "lineno", 1)))

    @property
    def text(self) -> str:
        """The source text."""
        return self.unit.source(self.node)
