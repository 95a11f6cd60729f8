"""Who calls whom: functions, methods and the `forward` of modules, as the passes went."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from torchlint.diagnostics import Position, Span
from torchlint.editor.answers import Call
from torchlint.editor.subject import Function, Subject
from torchlint.interpreter.functions import BoundMethod, ClassMethod, FunctionValue, Partial, StaticMethod
from torchlint.interpreter.objects import ClassValue
from torchlint.interpreter.places import Place
from torchlint.interpreter.standins import is_standin
from torchlint.interpreter.trace import Varied
from torchlint.source.document import Document
from torchlint.values.module import Module

_MOST_HANDED_ON = 8


def calls(subject: Subject) -> Iterator[Call]:
    """The calls that stand in a definition, each with everything that it called."""
    found: dict[tuple[int, str, str], Call] = {}
    callers = _callers(subject)
    for node, value in _called(subject):
        function = _function(value)
        if function is None or is_standin(function.unit.path) or isinstance(function.node, ast.Lambda):
            continue
        name = f"{function.owner.name}.{function.name}" if function.owner is not None else function.name
        key = (id(node), name, function.unit.path)
        if key not in found:
            is_here = function.unit.checked
            site = subject.span(node.func)
            place = None if is_here else _span_of_name(function)
            found[key] = Call(callers.get(node, ""), name, None if is_here else function.unit.path, place, site)
    return iter(found.values())


def _callers(subject: Subject) -> dict[ast.AST, str]:
    """The function or method of the outline in which each call stands."""
    found: dict[ast.AST, str] = {}
    for top in subject.tree.body:
        inner = top.body if isinstance(top, ast.ClassDef) else [top]
        before = f"{top.name}." if isinstance(top, ast.ClassDef) else ""
        for function in inner:
            if isinstance(function, Function):
                name = before + function.name
                found.update((node, name) for node in ast.walk(function) if isinstance(node, ast.Call))
    return found


def _called(subject: Subject) -> Iterator[tuple[ast.Call, Any]]:
    """Each call with what it calls: what is written before its parentheses, and the modules that this runs."""
    nodes = [node for node in ast.walk(subject.tree) if isinstance(node, ast.Call)]
    for context in subject.contexts:
        yield from ((node, context.seen[node.func]) for node in nodes if node.func in context.seen)
    for one in dict.fromkeys(context.one for context in subject.contexts):
        for call in one.trace.module_calls:
            place = call.place if call.module is not one.model else None  # which no line of the program calls
            if place is not None and place.unit is subject.unit and isinstance(place.node, ast.Call):
                yield place.node, call.module


def _function(value: Any) -> FunctionValue | None:
    """The function of a program that runs when a value is called."""
    for _ in range(_MOST_HANDED_ON):
        if isinstance(value, Varied):
            value = value.last
        elif isinstance(value, (BoundMethod, Partial, StaticMethod, ClassMethod)):
            value = value.function
        elif isinstance(value, Module) and isinstance(value.interpreted_class, ClassValue):
            value = value.interpreted_class.lookup("forward")[1]
        elif isinstance(value, ClassValue):
            value = value.lookup("__init__")[1]
        else:
            break
    return value if isinstance(value, FunctionValue) else None


def _span_of_name(function: FunctionValue) -> Span:
    """Where the function is defined in its file."""
    unit, node = function.unit, function.node
    start, _ = Document(unit.path, unit.text).span(node)
    place = Position(Place(unit, node).row, start.column)
    return Span(place, place)
