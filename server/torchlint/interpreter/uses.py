"""How a file constructs its classes, for those that fail with their defaults only."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from typing import Any

from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue
from torchlint.interpreter.passes import Pass
from torchlint.source.nodes import calls_of, name_counts
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind
from torchlint.values.unknown import Free, Unknown

_MOST = 2
_PLAIN = (bool, int, float, str, tuple, type(None))


def other_arguments(cls: ClassValue, own: Pass, others: Iterable[Pass], trees: Iterable[ast.Module]) -> list[dict[str, Any]]:
    """What the class is to be constructed with besides its defaults, before a failure is believed.

    These are the arguments that other passes give it, where they differ from its defaults (two sets at most); unknown ones,
    where the text gives it some that no pass came by; and a config of the caller's choice, where one was supposed and does
    not fail by itself or belongs to another file.
    """
    _, init, _ = cls.lookup("__init__")
    if not isinstance(init, FunctionValue):
        return []
    kinds = (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY)
    parameters = [p for p in init.signature.without_first().parameters if p.kind in kinds]
    found = _given(init, {p.name: p.default for p in parameters}, others) or _written(cls, parameters, trees)
    doubtful = [name for name, config in own.trace.supposed.items() if own.is_clean or not config.unit.checked]
    if doubtful:
        found.append({name: Free(name) for name in doubtful})
    return found


def named_in(trees: Iterable[ast.Module]) -> Counter[str]:
    """How often each name stands in the text."""
    found: Counter[str] = Counter()
    for tree in trees:
        found.update(name_counts(tree))
    return found


def is_named(cls: ClassValue, names: Counter[str]) -> bool:
    """Whether the text names a class outside its own definition, so that some values of its arguments may be all there are."""
    return names[cls.name] > 0 and names[cls.name] > name_counts(cls.node)[cls.name]


def _given(init: FunctionValue, defaults: dict[str, Any], passes: Iterable[Pass]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in passes:
        given = {n: v for n, v in one.trace.constructed.get(init.node, {}).items() if n in defaults}
        if any(defaults[n] is not REQUIRED and not is_same(v, defaults[n]) for n, v in given.items()):
            found.append(given)
            if len(found) == _MOST:
                break
    return found


def is_same(first: Any, second: Any) -> bool:
    """Whether a value is the same, as far as that can be told at a glance."""
    return first is second or (isinstance(first, _PLAIN) and type(first) is type(second) and bool(first == second))


def _written(cls: ClassValue, parameters: list[Parameter], trees: Iterable[ast.Module]) -> list[dict[str, Any]]:
    """Unknown values for what every call in the text gives the class although it has a default."""
    calls = [call for tree in trees for call in calls_of(tree, cls.name)]
    named = [{p.name for p in parameters[: len(c.args)]} | {k.arg for k in c.keywords if k.arg} for c in calls]
    always = set.intersection(*named) if named else set()
    given = [p.name for p in parameters if p.default is not REQUIRED and p.name in always]
    return [{n: Unknown(f"`{n}` is not known", None, ("argument", n)) for n in given}] if given else []
