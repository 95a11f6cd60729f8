"""Which failures of an exploration are believed: those that no input and no path gets by."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.trace import Failure


def survivors(passes: Iterable[Pass]) -> set[ast.stmt | None]:
    """Statements that some pass ran without a failure in them."""
    ok: set[ast.stmt | None] = set()
    for one in passes:
        ok |= one.survivors()
    return ok


def believed(exploration: Exploration) -> list[Failure]:
    """The failures that no path gets by."""
    works = survivors(exploration.passes)
    return [f for f in _candidates(exploration) if f.statement not in works]


def _candidates(exploration: Exploration) -> list[Failure]:
    """The failures that may be reported if no path gets by them.

    Where no input works, the first failure of the one that got furthest is explained; what fails later counts only if it fails
    with every input. While there are inputs or paths that were not tried, only what depends on neither counts.
    """
    always = [f for one in (*exploration.passes, *exploration.tried) for f in one.trace.failures if f.error.always]
    if exploration.settled:
        return [f for one in exploration.passes for f in one.trace.failures if f.statement not in exploration.by_chance]
    failures = exploration.main.trace.failures
    if not exploration.is_exhaustive:
        return [*always, *(f for f in failures if f.is_certain and not f.in_forward)]
    elsewhere = survivors(list(exploration.tried))
    asked = failures[0].asked if failures else 0  # inputs were looked for up to here
    later = (f for f in failures[1:] if f.asked <= asked and f.statement not in elsewhere)
    return [*always, *failures[:1], *later]
