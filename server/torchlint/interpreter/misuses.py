"""Which call is wrong where an operation fails for some callers of a function only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from torchlint.interpreter.activations import Activation
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure


class Misuse(NamedTuple):
    """The call `place` that leads to a failure where `works` does not; it led to `run`.

    If the module of the run `is_made_there`, the same call works for modules that are made elsewhere.
    """

    place: Place
    run: Activation
    works: Place
    is_made_there: bool = False


def misuse(failure: Failure, own: Pass, others: Iterable[Pass]) -> Misuse | None:
    """The outermost call that tells where the operation fails from where it works; None where it always fails, or no call does.

    A function is held against its other calls in the same pass, then in the others: a class that is fed an inferred input is
    nobody's call.
    """
    if failure.inside is not None or failure.error.rule == "unsolvable-hole":
        return None  # what one number is to fit asks too much of it, wherever that is
    return _told_apart_in([own], failure) or _told_apart_in(others, failure)


def _told_apart_in(passes: Iterable[Pass], failure: Failure) -> Misuse | None:
    working: list[Activation] = []
    for one in passes:
        runs = one.trace.worked.get(failure.place.node, ())
        if runs:
            failed = {run for f in one.trace.failures if f.place.node is failure.place.node for run in f.runs}
            working += [run for start in runs if start not in failed for run in start.outwards() if run not in failed]
    for run in reversed(failure.runs if working else []):
        others = [other for other in working if other.function is run.function and other.place is not None]
        found = _told_apart(run, others) if others else None
        if found is not None:
            return found
    return None


def _told_apart(run: Activation, others: list[Activation]) -> Misuse | None:
    """The call of a run, or where its module is made, if none of the others has the same."""
    works = others[0].place
    if run.place is None or works is None:
        return None
    if all(other.place is not None and other.place.node is not run.place.node for other in others):
        return Misuse(run.place, run, works)
    made, elsewhere = _made(run), [_made(other) for other in others]
    if made is not None and all(place is not None and place.node is not made.node for place in elsewhere):
        return Misuse(made, run, elsewhere[0] or works, is_made_there=True)
    return None


def _made(run: Activation) -> Place | None:
    """Where the module whose method runs is made."""
    return run.module.created if run.module is not None and isinstance(run.module.created, Place) else None
