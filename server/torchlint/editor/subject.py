"""A definition of a file while answers about it are made: its tree, and the pass that is shown for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from torchlint.diagnostics import Position, Span
from torchlint.dims.expr import Size
from torchlint.editor.contexts import Context
from torchlint.interpreter.holes import FilledHole
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place, Unit
from torchlint.source.document import Document
from torchlint.summary import Summary, SummaryRow
from torchlint.values.module import Module, named_modules

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Made(NamedTuple):
    """A construction in the text, with the first module that it makes, and how many that are."""

    node: ast.Call
    module: Module
    row: SummaryRow
    times: Size


class Subject:
    """A definition with its contexts, the number of the one that is shown, the pass of that, and its summary if it is a
    model."""

    def __init__(
        self,
        unit: Unit,
        tree: ast.Module,
        contexts: list[Context],
        chosen: int,
        one: Pass,
        summary: Summary | None,
        holes: tuple[FilledHole, ...],
    ) -> None:
        self.unit = unit
        self.tree = tree
        self.contexts = contexts
        self.chosen = chosen
        self.one = one
        self.summary = summary
        self.holes = holes
        self.document = Document(unit.path, unit.text)

    @property
    def context(self) -> Context:
        """The one that is shown."""
        return self.contexts[self.chosen]

    @property
    def seen(self) -> Mapping[ast.AST, Any]:
        """What the nodes of the definition are worth there."""
        return self.context.seen

    @cached_property
    def cls(self) -> ast.ClassDef | None:
        """The class, if it is one."""
        return next((node for node in self.tree.body if isinstance(node, ast.ClassDef)), None)

    @cached_property
    def functions(self) -> list[Function]:
        """The functions in it, also methods and those in functions."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]

    @cached_property
    def rows(self) -> dict[str, SummaryRow]:
        """The rows of the summary by path."""
        return {row.path: row for row in self.summary.rows} if self.summary is not None else {}

    @cached_property
    def made(self) -> list[Made]:
        """The constructions of the model's parts that stand in the text."""
        if self.summary is None:
            return []
        found: dict[int, Made] = {}
        counts: dict[int, Size] = {}
        alike = _multiplicities(self.summary)
        for path, module in named_modules(self.one.model):
            place = module.created
            if not path or path not in self.rows or not isinstance(place, Place) or place.unit is not self.unit:
                continue
            if isinstance(place.node, ast.Call):
                counts[id(place.node)] = counts.get(id(place.node), 0) + alike[path]
                found.setdefault(id(place.node), Made(place.node, module, self.rows[path], 1))
        return [one._replace(times=counts[key]) for key, one in found.items()]

    def bound(self) -> Iterator[tuple[str, ast.AST, Any]]:
        """What names were bound to, and what was returned, under the name `return`."""
        for node, value in self.seen.items():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, node, value
            elif isinstance(node, ast.Return):
                yield "return", node, value

    def span(self, node: ast.AST) -> Span:
        """The span of a node in rows of the definition."""
        return self.document.span(node)

    def name_span(self, node: ast.ClassDef | Function) -> Span:
        """Where the name of a class or function stands."""
        row = node.lineno
        line = self.unit.line(row)
        before = len(line.encode()[: node.col_offset].decode())
        column = line.find(node.name, before + len("def")) + 1
        start = Position(row, max(1, column))
        return Span(start, start._replace(column=start.column + len(node.name)))

    def source(self, node: ast.AST) -> str:
        """The text of a node on one line."""
        return " ".join(self.unit.source(node).split())


def is_self(node: ast.AST) -> bool:
    """Whether it is the name `self`."""
    return isinstance(node, ast.Name) and node.id == "self"


def _multiplicities(summary: Summary) -> dict[str, Size]:
    """For how many modules that are alike each row stands, by its path."""
    found: dict[str, Size] = {}
    around: list[Size] = []
    for row in summary.rows:
        del around[row.depth :]
        around.append(row.times * (around[-1] if around else 1))
        found[row.path] = around[-1]
    return found
