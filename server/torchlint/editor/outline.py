"""What a definition consists of: classes, methods and layers, and where the layers are used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torchlint.diagnostics import Span
from torchlint.editor.answers import Layer, Symbol
from torchlint.editor.classes import class_lens, signature_text
from torchlint.editor.layers import flow
from torchlint.editor.shapes import brief
from torchlint.editor.subject import Function, Subject, is_self
from torchlint.interpreter.places import Place
from torchlint.summary import SummaryRow
from torchlint.summary_text import size_text
from torchlint.values.module import Module


def layers(subject: Subject) -> Iterator[Layer]:
    """The attributes of a model that are modules."""
    if subject.summary is None or subject.cls is None:
        return
    for name, module in vars(subject.one.model).get("_modules", {}).items():
        if isinstance(module, Module) and name in subject.rows:
            place = module.created
            here = isinstance(place, Place) and place.unit is subject.unit
            row = subject.rows[name]
            detail = ", ".join(filter(None, [flow(row), _count(row)]))
            yield Layer(name, module.type_name, detail, subject.span(place.node) if here else None)


def _count(row: SummaryRow) -> str:
    return f"{size_text(row.params)} parameters" if row.params is not None and row.params != 0 else ""


def symbols(subject: Subject, parts: tuple[Layer, ...]) -> Iterator[Symbol]:
    """The outline, with the layers of a model."""
    summary = subject.summary
    for node in subject.tree.body:
        if isinstance(node, ast.ClassDef):
            inner = [
                Symbol(layer.name, "layer", f"{layer.type} {layer.detail}".strip(), layer.made, layer.made)
                for layer in parts
                if layer.made is not None
            ]
            for method in node.body:
                if isinstance(method, Function):
                    shapes = signature_text(summary, brief(subject.one.output, subject.one)) if summary is not None else ""
                    detail = shapes.partition("forward")[2] if method.name == "forward" else ""
                    inner.append(Symbol(method.name, "method", detail, subject.span(method), subject.name_span(method)))
            detail = class_lens(summary) if summary is not None else ""
            yield Symbol(node.name, "class", detail, subject.span(node), subject.name_span(node), tuple(inner))
        elif isinstance(node, Function):
            yield Symbol(node.name, "function", "", subject.span(node), subject.name_span(node))


def uses(subject: Subject, parts: tuple[Layer, ...]) -> Iterator[tuple[str, Span]]:
    """Where `self.name` is read, for each layer: the span of the name."""
    names = {layer.name for layer in parts}
    for node in ast.walk(subject.cls) if subject.cls is not None else ():
        if isinstance(node, ast.Attribute) and is_self(node.value) and node.attr in names:
            end = subject.span(node).end
            yield node.attr, Span(end._replace(column=end.column - len(node.attr)), end)
