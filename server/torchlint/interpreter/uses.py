"""How a file constructs its classes, for those that it never builds with their defaults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from torchlint.interpreter.objects import ClassValue, FunctionValue
from torchlint.interpreter.passes import Pass
from torchlint.values.signature import REQUIRED, ParameterKind

_MOST = 2
_PLAIN = (bool, int, float, str, tuple, type(None))


def other_arguments(cls: ClassValue, passes: Iterable[Pass]) -> list[dict[str, Any]]:
    """The arguments that the passes construct the class with, where they differ from its defaults; two at most."""
    _, init, _ = cls.lookup("__init__")
    if not isinstance(init, FunctionValue):
        return []
    kinds = (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY)
    defaults = {p.name: p.default for p in init.signature.without_first().parameters if p.kind in kinds}
    found: list[dict[str, Any]] = []
    for one in passes:
        given = {n: v for n, v in one.trace.constructed.get(init, {}).items() if n in defaults}
        if any(defaults[n] is not REQUIRED and not _is_same(v, defaults[n]) for n, v in given.items()):
            found.append(given)
            if len(found) == _MOST:
                break
    return found


def _is_same(first: Any, second: Any) -> bool:
    return first is second or (isinstance(first, _PLAIN) and type(first) is type(second) and bool(first == second))
