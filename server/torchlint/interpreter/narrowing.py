"""What an answered question says about others: a value that is equal to one constant is equal to no other."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import NamedTuple

from torchlint.interpreter.paths import Question
from torchlint.values.unknown import Derived

Constant = tuple[str, Hashable]
"""The key of a number, a text or None: its type and itself, so that `1` and `True` are two."""


class Test(NamedTuple):
    """A question whether the value behind `subject` is one of some constants, or whether it is true in Python's sense."""

    subject: Hashable
    constants: frozenset[Constant] | None

    @classmethod
    def of(cls, key: Hashable) -> Test:
        """What the key of an opaque condition asks for."""
        parts = key.parts if isinstance(key, Derived) else ()
        if len(parts) == 3 and parts[0] in ("==", "is", "in"):
            constants = _constants(parts[0], parts[2])
            if constants is not None:
                return cls(parts[1], constants)
        return cls(key, None)


def constant_key(value: object) -> Constant | None:
    """The key of a constant; None for another value."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return type(value).__name__, value
    return None


def _constants(operator: Hashable, key: Hashable) -> frozenset[Constant] | None:
    if not isinstance(key, tuple) or len(key) != 2:
        return None
    if operator != "in":
        constant = constant_key(key[1])
        return frozenset({constant}) if constant is not None and key == constant else None
    return frozenset(key[1]) if isinstance(key[1], tuple) else None


def implied(key: Hashable, asked: Mapping[Hashable, Question]) -> bool | None:
    """The answer that those to earlier questions about the same value leave, if they leave only one."""
    test = Test.of(key)
    known = [(t, answer) for t, answer in _answers(asked) if t.subject == test.subject]
    if not known:
        return None
    excluded = {c for t, answer in known if t.constants is not None and not answer for c in t.constants}
    possible: frozenset[Constant] | None = None
    for t, answer in known:
        if answer and t.constants is not None:
            possible = t.constants if possible is None else possible & t.constants
    truth = next((answer for t, answer in known if t.constants is None), None)
    if test.constants is None:
        return _truth_among(possible - excluded) if possible is not None else None
    wanted = {c for c in test.constants - excluded if truth is None or bool(c[1]) is truth}
    if possible is not None:
        left = {c for c in possible - excluded if truth is None or bool(c[1]) is truth}
        return True if left and left <= test.constants else None if wanted & left else False
    return None if wanted else False


def _truth_among(values: Iterable[Constant]) -> bool | None:
    truths = {bool(value) for _, value in values}
    return next(iter(truths)) if len(truths) == 1 else None


def _answers(asked: Mapping[Hashable, Question]) -> Iterable[tuple[Test, bool]]:
    for key, question in asked.items():
        if isinstance(key, tuple) and key[0] == "truth" and len(key) == 2:
            yield Test.of(key[1]), bool(question.options[question.taken])
