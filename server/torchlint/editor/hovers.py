"""Hovers: on layers, on classes and their `forward`, on names and on expressions that ran."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from torchlint.diagnostics import Span
from torchlint.editor.answers import Hover, Known
from torchlint.editor.classes import class_text, contexts_text, signature_text
from torchlint.editor.contexts import Context
from torchlint.editor.holes import hole_text
from torchlint.editor.layers import layer_text
from torchlint.editor.shapes import brief, plain_text
from torchlint.editor.subject import Function, Subject, is_self
from torchlint.editor.values import described

_LONGEST_TEXT = 60
_MOST_CONTEXTS = 3
_Look = Callable[[Context], Any]
"""How to find a value in a context; None where it is not known."""


def hovers(subject: Subject) -> Iterator[Hover]:
    """The hovers of a definition, of two on the same words the one that says more first."""
    known: set[Span] = set()
    for hover in (*_holes(subject), *_layers(subject), *_class(subject), *_expressions(subject)):
        if hover.text and hover.span not in known:
            known.add(hover.span)
            yield hover


def _holes(subject: Subject) -> Iterator[Hover]:
    for filled in subject.holes:
        yield Hover(subject.span(filled.place.node), hole_text(filled))


def _layers(subject: Subject) -> Iterator[Hover]:
    texts = {one.row.path: layer_text(one.module, one.row, one.times) for one in subject.made}
    for one in subject.made:
        yield Hover(subject.span(one.node.func), texts[one.row.path])
    if not texts:
        return
    for node in ast.walk(subject.tree):
        if isinstance(node, ast.Attribute) and is_self(node.value) and node.attr in texts:
            yield Hover(subject.span(node), texts[node.attr])


def _class(subject: Subject) -> Iterator[Hover]:
    cls, summary = subject.cls, subject.summary
    if cls is None or summary is None:
        return
    yield Hover(subject.name_span(cls), "\n\n".join(filter(None, [class_text(summary), contexts_text(subject)])))
    for node in cls.body:
        if isinstance(node, Function) and node.name == "forward":
            text = signature_text(summary, brief(subject.one.output, subject.one))
            yield Hover(subject.name_span(node), f"```python\n{text}\n```")


def _expressions(subject: Subject) -> Iterator[Hover]:
    """What expressions were worth, names too."""
    known: dict[tuple[str, int], str] = {}
    for node, value in subject.seen.items():
        if not isinstance(node, ast.expr) or isinstance(node, (ast.Constant, ast.Tuple, ast.List)):
            continue
        if value is subject.context.module or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)):
            continue
        text = node.id if isinstance(node, ast.Name) else subject.source(node)
        text = text if len(text) <= _LONGEST_TEXT else "..."
        key = (text, id(value))
        if key not in known:
            known[key] = described(text, value, subject.one)
        if known[key]:
            yield Hover(subject.span(node), known[key] + _elsewhere(subject, value, _at(node)))


def names(subject: Subject) -> Iterator[Known]:
    """What names hold from where they are bound on, the parameters of functions first."""
    for function in subject.functions:
        rows = range(function.lineno, (function.end_lineno or function.lineno) + 1)
        arguments = function.args
        given = subject.seen.get(arguments, {})
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        for argument in filter(None, every):
            value = given.get(argument.arg)
            if value is not None and value is not subject.context.module:
                text = described(argument.arg, value, subject.one)
                if text:
                    text += _elsewhere(subject, value, _argument(function, argument.arg))
                    yield Known(argument.arg, subject.span(argument).start, rows, text)
    for name, node, value in subject.bound():
        if name != "return":
            text = described(name, value, subject.one)
            if text:
                start = subject.span(node).start
                text += _elsewhere(subject, value, _at(node))
                yield Known(name, start, _rows_around(subject, start.row), text)


def _rows_around(subject: Subject, row: int) -> range:
    """The rows of the innermost function around a row, or of everything."""
    around = [f for f in subject.functions if f.lineno <= row <= (f.end_lineno or f.lineno)]
    if not around:
        return range(1, len(subject.document.lines) + 1)
    inner = max(around, key=lambda f: f.lineno)
    return range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)


def _at(node: ast.AST) -> _Look:
    return lambda context: context.seen.get(node)


def _argument(function: Function, name: str) -> _Look:
    return lambda context: context.seen.get(function.args, {}).get(name)


def _elsewhere(subject: Subject, value: Any, look: _Look) -> str:
    """What the same is in other contexts of the class, if that is something else."""
    others = [context for context in subject.contexts if context is not subject.context]
    if not others:
        return ""
    shown = [(context, plain_text(look(context), context.one)) for context in others]
    shown = [(context, text) for context, text in shown if text]
    here = plain_text(value, subject.one)
    if not here or all(text == here for _, text in shown):
        return ""
    lines = [f"This is {subject.context.label}; in other contexts:", ""]
    lines += [f"- `{text}`, {context.label}" for context, text in shown[:_MOST_CONTEXTS]]
    more = len(shown) - _MOST_CONTEXTS
    return "\n\n" + "\n".join([*lines, *([f"- and {more} more"] if more > 0 else [])])
