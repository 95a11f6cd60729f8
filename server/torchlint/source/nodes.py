"""The nodes of a syntax tree by their type and by their name, found once for each tree: many ask, and trees do not change."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from itertools import islice
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

N = TypeVar("N", bound=ast.AST)
_by_type: WeakKeyDictionary[ast.Module, defaultdict[type[ast.AST], list[Any]]] = WeakKeyDictionary()
_calls: WeakKeyDictionary[ast.Module, defaultdict[str, list[ast.Call]]] = WeakKeyDictionary()
_names: WeakKeyDictionary[ast.AST, Counter[str]] = WeakKeyDictionary()


def nodes_of(tree: ast.Module, kind: type[N]) -> list[N]:
    """The nodes in the tree of exactly that type, in the order of `ast.walk`."""
    found = _by_type.get(tree)
    if found is None:
        found = _by_type[tree] = defaultdict(list)
        for node in islice(ast.walk(tree), 1, None):  # a list with the tree itself in it would keep it
            found[type(node)].append(node)
    return found.get(kind, [])


def calls_of(tree: ast.Module, name: str) -> list[ast.Call]:
    """The calls of a plain name."""
    found = _calls.get(tree)
    if found is None:
        found = _calls[tree] = defaultdict(list)
        for call in nodes_of(tree, ast.Call):
            if isinstance(call.func, ast.Name):
                found[call.func.id].append(call)
    return found.get(name, [])


def name_counts(node: ast.AST) -> Counter[str]:
    """How often each name stands in it."""
    found = _names.get(node)
    if found is None:
        found = _names[node] = Counter(one.id for one in ast.walk(node) if isinstance(one, ast.Name))
    return found
