"""How much of a project's modules can be followed: whose forwards run to their end with every shape known, and why not others'.

A class is followed if its forward is in at least one context: built on its own with its defaults, built by a function of its
file that needs no arguments, or as part of another class or of a script, in whichever file that is. Abstract classes, whose
forward only raises, do not count.
"""

from __future__ import annotations

import ast
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from torchlint.declarations import declared_inputs
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.factories import factories
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.interpreter import Interpreter
from torchlint.interpreter.machine import error_found
from torchlint.interpreter.modules import Piece, World, read_pieces
from torchlint.interpreter.objects import ClassValue, Instance, Namespace
from torchlint.interpreter.operating import end_of
from torchlint.interpreter.passes import Pass, run_pass
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.places import Place
from torchlint.interpreter.targets import explore_class, explore_target, loaded, run_script
from torchlint.interpreter.trace import Gap, ModuleCall, Trace
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.source.finder import module_name
from torchlint.values.module import Module
from torchlint.values.unknown import Unknown

_SCRIPT_SHARE = 2.5  # of the seconds of one class: the code of a file also imports others
_FACTORIES_EACH = 3  # functions that are tried for a class which was not followed on its own
_OUTPUT_DEPTH = 4


@dataclass(frozen=True)
class Reason:
    """Why forwards are not followed to their end: of how many classes, and the first place (`path:row`) where it is so."""

    reason: str
    count: int
    example: str


class Coverage(NamedTuple):
    """Of `modules` classes, how many are followed to the end, and how many of the others have at least one shape known."""

    modules: int
    followed: int
    partly: int
    reasons: tuple[Reason, ...]


class _Standing(NamedTuple):
    """How far the forward of a class was followed at best; without a gap it was to the end."""

    gap: Gap | None
    operations: int

    @property
    def rank(self) -> tuple[bool, int]:
        return self.gap is None, self.operations


_Key = tuple[str, int]
"""The file and the row of a class: it is the same class for every file that imports it."""


class Survey:
    """Follows the classes of files, one file after the other."""

    def __init__(self) -> None:
        self._asked: dict[_Key, ClassValue] = {}
        self._standings: dict[_Key, _Standing] = {}

    def add(self, document: Document, world: World, settings: Settings) -> None:
        """Run a file as a script, then those of its classes that nobody has followed yet."""
        seconds = settings.budget_seconds
        pieces = read_pieces(document, checked=True)
        namespace, script = _run_file(document, pieces, world, _SCRIPT_SHARE * seconds)
        self._note(script)
        classes = _module_classes(namespace)
        self._asked.update((_key(cls), cls) for cls in classes)
        for cls in reversed(classes):  # the last ones use those before them
            if not self._is_followed(cls):
                declared = declared_inputs(cls, settings)
                exploration = explore_class(world, cls, declared, seconds, settings.max_paths)
                self._note_all(exploration)
                self._standings.setdefault(_key(cls), _Standing(_why_not_run(cls, exploration.main), 0))
        if not all(map(self._is_followed, classes)):
            self._try_factories(factories(pieces), classes, namespace, world, seconds)

    def _try_factories(
        self,
        factories: Iterable[tuple[str, set[str]]],
        classes: list[ClassValue],
        namespace: Namespace,
        world: World,
        seconds: float,
    ) -> None:
        """Call functions that speak of a class which is not followed yet, a few for each."""
        tried: Counter[str] = Counter()
        for name, reached in factories:
            wanted = {c.name for c in classes if c.name in reached and not self._is_followed(c)}
            wanted = {w for w in wanted if tried[w] < _FACTORIES_EACH}
            if wanted:
                tried.update(wanted)
                self._note_all(explore_target(world, _call_of(loaded(namespace, name)), (), seconds))

    def result(self) -> Coverage:
        """What was found so far."""
        standings = [(key, self._standings[key]) for key in self._asked]
        followed = sum(standing.gap is None for _, standing in standings)
        partly = sum(standing.gap is not None and standing.operations > 0 for _, standing in standings)
        reasons: dict[str, list[str]] = {}
        for key, standing in standings:
            if standing.gap is not None:
                place = standing.gap.place
                where = f"{place.unit.path}:{place.row}" if place is not None else f"{key[0]}:{key[1]}"
                reasons.setdefault(_general(standing.gap.reason), []).append(where)
        ordered = sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))
        return Coverage(len(standings), followed, partly, tuple(Reason(r, len(w), w[0]) for r, w in ordered))

    def _is_followed(self, cls: ClassValue) -> bool:
        standing = self._standings.get(_key(cls))
        return standing is not None and standing.gap is None

    def _note_all(self, exploration: Exploration) -> None:
        for one in {id(p): p for p in (exploration.main, *exploration.passes, *exploration.tried)}.values():
            self._note(one)

    def _note(self, one: Pass) -> None:
        """Keep for each class that a pass ran what is better than what was known of it."""
        for call in one.trace.module_calls:
            if call.module.interpreted_class is not None:
                standing = _Standing(_gap(call, one.trace), call.operations)
                for key in _credited(call.module.interpreted_class):
                    known = self._standings.get(key)
                    if known is None or known.rank < standing.rank:
                        self._standings[key] = standing


def _run_file(document: Document, pieces: list[Piece], world: World, seconds: float) -> tuple[Namespace, Pass]:
    """The file as a script; a file of a package as it is imported, once, so that what it registers is registered once."""
    if not os.path.isfile(os.path.join(os.path.dirname(document.path), "__init__.py")):
        return run_script(world, document, pieces, seconds)
    name = module_name(document.path)
    found = world.finder.find(name, document.path)
    path = found if found is not None and _real(found) == _real(document.path) else document.path

    def body(machine: Interpreter, result: Pass) -> None:
        world.load(path, name)

    one = run_pass(world, Answers(), seconds, body)
    return world.namespaces[path], one


_GENERAL = [
    (re.compile(r"the submodule `[^`]*` is unknown: (.*)"), r"\1"),
    (re.compile(r"`[^`]*` is given by the caller"), "an argument of `forward` of which nothing is known"),
    (re.compile(r"`[^`]*` is chosen by the caller"), "an argument of the constructor that has no default"),
    (re.compile(r"the code raises (\w+).*", re.DOTALL), r"the code raises \1"),
    (re.compile(r"`.*` depends on the input"), "a comparison of sizes depends on the input"),
    (re.compile(r"the number of pieces of .* depends on the input"), "the number of pieces depends on the input"),
    (re.compile(r"(.*) is .*, which is not a number here"), r"\1 is not a number"),
    (re.compile(r"whether .* is .* depends on the input"), "whether sizes are equal depends on the input"),
]
"""Reasons by their kind, without what belongs to one place."""


def _general(reason: str) -> str:
    for pattern, kind in _GENERAL:
        if pattern.fullmatch(reason):
            reason = pattern.sub(kind, reason)
    return reason


def _key(cls: ClassValue) -> _Key:
    return _real(cls.unit.path), Place(cls.unit, cls.node).row


@lru_cache(maxsize=4096)
def _real(path: str) -> str:
    return os.path.realpath(path)


def _credited(cls: ClassValue) -> Iterator[_Key]:
    """The class of a module, and the one that its forward is inherited from."""
    yield _key(cls)
    found, _, where = cls.lookup("forward")
    if found and isinstance(where, ClassValue) and where is not cls:
        yield _key(where)


def _module_classes(namespace: Namespace) -> list[ClassValue]:
    """The classes of a file that have a forward to follow, in the order of the text."""
    values = {id(v): v for v in (loaded(namespace, name) for name in list(namespace.members))}.values()
    return sorted((v for v in values if isinstance(v, ClassValue) and _has_forward(v, namespace)), key=_key)


def _has_forward(cls: ClassValue, namespace: Namespace) -> bool:
    found, forward, _ = cls.lookup("forward")
    if not found or cls.unit.path != namespace.path or not (cls.is_module or cls.open_ended):
        return False
    return not (isinstance(forward, FunctionValue) and _is_abstract(forward))


def _is_abstract(function: FunctionValue) -> bool:
    """Whether the body does nothing, or only raises."""
    body = function.node.body
    if not isinstance(body, list):
        return False
    rest = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return all(isinstance(s, (ast.Raise, ast.Pass)) for s in rest)


def _call_of(function: Any) -> Callable[[Any], Any]:
    return lambda machine: machine.call_value(function, (), {})


def _gap(call: ModuleCall, trace: Trace) -> Gap | None:
    """What keeps a forward from being followed to its end with every shape known."""
    met = trace.gaps[call.gaps]
    if not call.ended:
        return met[-1] if met else Gap(call.module, "it was not followed to its end", call.place)
    own = next((gap for gap in met if gap.module is call.module or gap.fails), None)
    if own is not None:
        return own
    unknown = next(_unknowns(call.output), None)
    if unknown is None:
        return None
    return Gap(call.module, unknown.reason, unknown.place if isinstance(unknown.place, Place) else call.place)


def _unknowns(value: Any, depth: int = _OUTPUT_DEPTH) -> Iterator[Unknown]:
    """What is unknown in the output of a forward."""
    if isinstance(value, Unknown):
        yield value
    elif depth:
        parts: Iterable[Any] = ()
        if isinstance(value, (list, tuple)):
            parts = value
        elif isinstance(value, dict):
            parts = value.values()
        elif isinstance(value, Instance):
            parts = (*value.attributes.values(), value.payload)
        for part in parts:
            yield from _unknowns(part, depth - 1)


def _why_not_run(cls: ClassValue, one: Pass) -> Gap:
    """Why the forward of a class on its own was not even called."""
    here = Place(cls.unit, cls.node)
    if one.raised is not None:
        return Gap(None, end_of(one.raised), one.raised.place or here)
    if one.trace.failures:
        failure = one.trace.failures[0]
        return Gap(None, error_found(failure.error), failure.inside or failure.place)
    if one.trace.exhausted is not None:
        return Gap(None, f"the budget of {one.trace.exhausted} is used up", one.trace.exhausted_at or here)
    if isinstance(one.model, Unknown):
        place = one.model.place if isinstance(one.model.place, Place) else here
        return Gap(None, one.model.reason, place)
    reason = cls.open_ended or (one.model.open_ended if isinstance(one.model, Module) else None)
    return Gap(None, reason or "it is no module that was built", here)
