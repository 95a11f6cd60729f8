"""Layers that a method makes when it runs, and the edits that make them in `__init__` instead."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torchlint.editor.answers import Extraction
from torchlint.editor.subject import Function, Subject
from torchlint.interpreter.places import Place
from torchlint.rules.hoisting import Text, around, hoisted
from torchlint.values.module import Module


def extractions(subject: Subject) -> Iterator[Extraction]:
    """The layers of a class that can be made in `__init__`, the outermost ones."""
    cls = subject.cls
    if cls is None or subject.context.module is None:
        return
    passes = dict.fromkeys(context.one for context in subject.contexts)
    runs = [seen for one in passes for (unit, _), seen in one.trace.seen.items() if unit is subject.unit]
    text = Text(subject.document.lines, subject.span, subject.unit.source)
    for method in cls.body:
        if not isinstance(method, Function) or method.name == "__init__":
            continue
        for node, made in _made_in(method, subject):
            moved = hoisted(node, made, around(subject.tree, node), runs, text)
            if moved is not None:
                title = f"Extract into `__init__` as `{moved.attribute} = {' '.join(moved.construction.split())}`"
                yield Extraction(subject.span(node), title, moved.edits)


def _made_in(node: ast.AST, subject: Subject) -> Iterator[tuple[ast.Call, Module]]:
    """The calls that make a module which the method does not keep, with the module."""
    for child in ast.iter_child_nodes(node):
        value = subject.seen.get(child)
        if isinstance(child, ast.Call) and isinstance(value, Module) and _is_made_by(value, child):
            if not (isinstance(node, ast.Assign) and any(isinstance(t, (ast.Attribute, ast.Subscript)) for t in node.targets)):
                yield child, value
        else:
            yield from _made_in(child, subject)


def _is_made_by(module: Module, node: ast.Call) -> bool:
    return isinstance(module.created, Place) and module.created.node is node
