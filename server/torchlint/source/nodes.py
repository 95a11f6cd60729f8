"""The nodes of a syntax tree by their type, found once for each tree: many ask, and trees do not change."""

from __future__ import annotations

import ast
import weakref
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)
_known: weakref.WeakKeyDictionary[ast.Module, dict[type[ast.AST], list[ast.AST]]] = weakref.WeakKeyDictionary()


def nodes_of(tree: ast.Module, kind: type[N]) -> list[N]:
    """The nodes of exactly that type, in the order of `ast.walk`."""
    found = _known.get(tree)
    if found is None:
        found = {}
        for node in ast.walk(tree):
            found.setdefault(type(node), []).append(node)
        _known[tree] = found
    return found.get(kind, [])  # type: ignore[return-value]  # they are of this type
