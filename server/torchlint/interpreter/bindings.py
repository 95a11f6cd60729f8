"""Which names a piece of a program binds, read from its text: it decides whether a name that is not found can exist at all."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from functools import lru_cache
from weakref import WeakKeyDictionary

from torchlint.interpreter.frames import Frame
from torchlint.interpreter.objects import Namespace
from torchlint.source.outline import Definition, SyntaxProblem, parse

_WRITES_NAMES = ("globals()", "exec(", "vars()", "locals()", "__builtins__", "builtins.")
CHANGES = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "add_module", "register_module", "clear"}
"""Methods of lists, dicts, sets and containers that change them."""
_GIVEN = {"get_ipython", "display", "reveal_type"}
"""What notebooks and type checkers define."""


def bound_names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Every name that code binds, in whatever scope."""
    for top in nodes:
        for node in ast.walk(top):
            if isinstance(node, ast.Name):
                if not isinstance(node.ctx, ast.Load):
                    yield node.id
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield node.name
            elif isinstance(node, ast.arg):
                yield node.arg
            elif isinstance(node, ast.alias):
                yield (node.asname or node.name).split(".")[0]
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                yield from node.names
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
                yield node.name or ""
            elif isinstance(node, ast.MatchMapping):
                yield node.rest or ""


def changed_containers(statement: ast.stmt) -> list[ast.expr]:
    """Every name or attribute that code calls a method of which changes it, or an element of which it sets; found once."""
    found = _changed.get(statement)
    if found is None:
        found = _changed[statement] = []
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
                found.append(node.func.value)
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                found.append(node.value)
    return found


_changed: WeakKeyDictionary[ast.stmt, list[ast.expr]] = WeakKeyDictionary()


def is_undefined(name: str, frame: Frame) -> bool:
    """Whether a name that was not found raises NameError for certain: nothing in the text binds it, or the function that runs
    does so on a way that it did not take."""
    if hasattr(builtins, name) or name in _GIVEN or name.startswith("__"):
        return False
    scope: Frame | None = frame
    is_innermost = True
    while scope is not None:
        if scope.is_class:
            if scope.is_doubtful:
                return False
        elif scope.function is not None:
            node = scope.function.node
            if name in bound_names([*_parts(node), node.args]):
                return is_innermost and not scope.is_doubtful
            is_innermost = False
        scope = scope.enclosing
    return not may_define(frame.module, name)


def is_bound_nowhere(name: str, frame: Frame) -> bool:
    """Whether nothing in the text binds a name that was not found, neither in the functions around nor in the module."""
    return not binds_around(name, frame) and not may_define(frame.module, name)


def binds_around(name: str, frame: Frame) -> bool:
    """Whether a function or class around the place may bind the name, or Python gives it."""
    if hasattr(builtins, name) or name in _GIVEN or name.startswith("__"):
        return True
    scope: Frame | None = frame
    while scope is not None:
        node = scope.function.node if scope.function is not None else None
        if scope.is_class or (node is not None and name in bound_names([*_parts(node), node.args])):
            return True
        scope = scope.enclosing
    return False


def _parts(function: ast.AST) -> list[ast.AST]:
    body = getattr(function, "body", [])
    return body if isinstance(body, list) else [body]


def writes_names(module: Namespace) -> bool:
    """Whether the text of a module may bind names that it does not spell out."""
    return any(words in unit.text for unit, _ in module.pieces for words in _WRITES_NAMES)


def may_define(module: Namespace, name: str) -> bool:
    """Whether some statement of a module, run or not, may bind a name of the module."""
    if not module.pieces or "__star__" in module.members or "__getattr__" in module.members or writes_names(module):
        return True
    for unit, definition in module.pieces:
        if definition.name == name:
            return True
        if name in unit.text:
            bound = _bound_at_module_level(definition)
            if bound is None or name in bound:
                return True
    return False


@lru_cache(maxsize=256)
def _bound_at_module_level(definition: Definition) -> frozenset[str] | None:
    """The names of the module that a piece of it may bind; None if it does not parse."""
    tree = parse(definition)
    if isinstance(tree, SyntaxProblem):
        return None
    declared = frozenset(n for node in ast.walk(tree) if isinstance(node, ast.Global) for n in node.names)
    return declared | frozenset(bound_names(tree.body)) if definition.kind == "statements" else declared
