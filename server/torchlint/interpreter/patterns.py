"""`match` patterns. A pattern that cannot be decided gives an Unknown, which the statement asks about."""

from __future__ import annotations

import ast
from typing import Any

from torchlint.interpreter.frames import Frame
from torchlint.interpreter.machine import Machine
from torchlint.values.unknown import Unknown


def match_pattern(machine: Machine, pattern: ast.pattern, subject: Any, bindings: dict[str, Any], frame: Frame) -> Any:
    """True, False or Unknown: whether the subject matches; names are bound in `bindings`."""
    if isinstance(pattern, ast.MatchAs):
        if pattern.pattern is not None:
            matched = match_pattern(machine, pattern.pattern, subject, bindings, frame)
            if matched is False:
                return False
        else:
            matched = True
        if pattern.name is not None:
            bindings[pattern.name] = subject
        return matched
    if isinstance(pattern, ast.MatchOr):
        results = (match_pattern(machine, p, subject, bindings, frame) for p in pattern.patterns)
        return any(machine.truth(result) for result in results)
    if isinstance(pattern, ast.MatchValue):
        return machine.compare(ast.Eq, subject, machine.evaluate(pattern.value, frame))
    if isinstance(pattern, ast.MatchSingleton):
        return machine.compare(ast.Is, subject, pattern.value)
    if isinstance(subject, Unknown):
        return machine.derived("match", subject, pattern)
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(machine, pattern, subject, bindings, frame)
    if isinstance(pattern, ast.MatchMapping):
        return _mapping(machine, pattern, subject, bindings, frame)
    if isinstance(pattern, ast.MatchClass):
        cls = machine.evaluate(pattern.cls, frame)
        matched = machine.call_value(machine.evaluate(ast.Name("isinstance", ast.Load()), frame), (subject, cls), {})
        if matched is not True:
            return matched
        parts = [
            match_pattern(machine, p, machine.get_attribute(subject, name), bindings, frame)
            for name, p in zip(pattern.kwd_attrs, pattern.kwd_patterns)
        ]
        return _all(parts)
    return machine.unknown("a pattern is not modelled")


def _all(results: list[Any]) -> Any:
    if any(r is False for r in results):
        return False
    return next((r for r in results if r is not True), True)


def _sequence(machine: Machine, pattern: ast.MatchSequence, subject: Any, bindings: dict[str, Any], frame: Frame) -> Any:
    if not isinstance(subject, (list, tuple)):
        return False
    patterns = pattern.patterns
    star = next((i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)), None)
    if star is None:
        if len(subject) != len(patterns):
            return False
        return _all([match_pattern(machine, p, v, bindings, frame) for p, v in zip(patterns, subject)])
    after = len(patterns) - star - 1
    if len(subject) < star + after:
        return False
    middle = patterns[star]
    if isinstance(middle, ast.MatchStar) and middle.name is not None:
        bindings[middle.name] = list(subject[star : len(subject) - after])
    ends = list(zip(patterns[:star], subject[:star])) + list(zip(patterns[star + 1 :], subject[len(subject) - after :]))
    return _all([match_pattern(machine, p, v, bindings, frame) for p, v in ends])


def _mapping(machine: Machine, pattern: ast.MatchMapping, subject: Any, bindings: dict[str, Any], frame: Frame) -> Any:
    if not isinstance(subject, dict):
        return False
    results = []
    keys = [machine.evaluate(key, frame) for key in pattern.keys]
    for key, inner in zip(keys, pattern.patterns):
        if key not in subject:
            return False
        results.append(match_pattern(machine, inner, subject[key], bindings, frame))
    if pattern.rest is not None:
        bindings[pattern.rest] = {k: v for k, v in subject.items() if k not in keys}
    return _all(results)
