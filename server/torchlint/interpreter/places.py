"""Places in source code, kept as syntax nodes until somebody asks for rows and columns."""

from __future__ import annotations

import ast
from typing import NamedTuple


class Unit:
    """A stretch of source that was parsed on its own: one top-level definition of a file, or its loose statements.

    Rows of its nodes count from the unit's own first line, so that a unit keeps its syntax tree when lines are added above it.
    """

    __slots__ = ("checked", "first_row", "path", "text")

    def __init__(self, path: str, text: str, first_row: int, checked: bool) -> None:
        self.path = path
        self.text = text
        self.first_row = first_row
        self.checked = checked

    def source(self, node: ast.AST) -> str:
        """The source text of a node."""
        return ast.get_source_segment(self.text, node) or ""


class Place(NamedTuple):
    """A node of a unit."""

    unit: Unit
    node: ast.AST

    @property
    def row(self) -> int:
        """The 1-based row in the file."""
        return self.unit.first_row + int(getattr(self.node, "lineno", 1)) - 1

    @property
    def text(self) -> str:
        """The source text."""
        return self.unit.source(self.node)
