"""Inlay hints: the shapes of what statements assign and return, and the numbers of parameters at constructions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from torchlint.diagnostics import Span
from torchlint.editor.answers import Hint
from torchlint.editor.layers import layer_text
from torchlint.editor.shapes import brief, shape_of
from torchlint.editor.subject import Made, Subject
from torchlint.editor.values import described
from torchlint.interpreter.places import Place
from torchlint.summary_text import size_factor, size_text
from torchlint.values.tensor import Tensor


def hints(subject: Subject) -> Iterator[Hint]:
    """The hints of a definition."""
    yield from _shape_hints(subject)
    yield from _count_hints(subject)


def _shape_hints(subject: Subject) -> Iterator[Hint]:
    """The shapes of what a statement assigns, at its end; of several names each with its own."""
    ends: dict[int, ast.stmt] = {}
    for node in ast.walk(subject.tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            ends.update({id(inner): node for target in _targets(node) for inner in ast.walk(target)})
        elif isinstance(node, ast.Return):
            ends[id(node)] = node
    found: dict[int, tuple[ast.stmt, list[tuple[str, Any]]]] = {}
    for name, node, value in subject.bound():
        if id(node) in ends:
            statement = ends[id(node)]
            found.setdefault(id(statement), (statement, []))[1].append((name, value))
    for statement, values in found.values():
        shapes = [(name, brief(value, subject.one)) for name, value in values]
        shown = [(name, shape) for name, shape in shapes if shape]
        if shown:
            label = shown[0][1] if len(values) == 1 else ", ".join(f"{name}: {shape}" for name, shape in shown)
            texts = [described(name, value, subject.one) for name, value in values]
            same = len(values) == 1 and _keeps_shape(values[0][1], statement, subject)
            yield Hint(subject.span(statement).end, label, "\n\n".join(filter(None, texts)), "shape", same)


def _targets(node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _keeps_shape(value: Any, statement: ast.stmt, subject: Subject) -> bool:
    """Whether a tensor has the shape of the one that the statement begins with."""
    if not isinstance(value, Tensor):
        return False
    inside = {id(node) for node in ast.walk(statement)}
    first = value
    while first.origin is not None and first.origin.inputs and isinstance(first.origin.place, Place):
        if id(first.origin.place.node) not in inside:
            break
        first = first.origin.inputs[0]
    return first is not value and shape_of(first, subject.one) == shape_of(value, subject.one)


def _count_hints(subject: Subject) -> Iterator[Hint]:
    """The numbers of parameters at constructions, of the outermost one on a line."""
    outer: dict[int, tuple[Span, Made]] = {}
    for one in subject.made:
        span = subject.span(one.node)
        row = span.end.row
        if row not in outer or span.end > outer[row][0].end:
            outer[row] = span, one
    for span, one in outer.values():
        if one.row.params is not None and one.row.params != 0:
            count = size_text(one.row.params)
            label = f"{size_factor(one.times)} × {size_factor(one.row.params)}" if one.times != 1 else count
            yield Hint(span.end, label, layer_text(one.module, one.row, one.times), "count")
