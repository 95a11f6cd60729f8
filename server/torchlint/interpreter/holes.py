"""What fits each `...` of a file, as far as all the passes that meet it agree."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from torchlint.dims.expr import Expr, Size, symbols_of
from torchlint.dims.facts import Choices
from torchlint.dims.printing import plain
from torchlint.dims.reasons import holes_in
from torchlint.dims.truth import Truth
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.values.module import Module

_MOST_VALUES = 16


class Need(NamedTuple):
    """What one pass asks of a hole: `size` is a number, made of other sizes, or the hole itself where no equation says more;
    `choices` are numbers that it may be."""

    one: Pass
    hole: Expr
    size: Size
    choices: Choices


class FilledHole(NamedTuple):
    """A hole that was used as a size: the parameter that asked for it, and what fits.

    `values` fit, rising, and nothing else does if `is_all`. Where there are none, `size` is what other sizes make it, if they
    do. `needs` is what each pass asks of it, `conflict` those that exclude each other. `is_doubtful` says that the passes might
    have gone another way.
    """

    place: Place
    name: str
    needs: tuple[Need, ...]
    values: tuple[int, ...] = ()
    is_all: bool = False
    size: Size | None = None
    conflict: tuple[Need, ...] = ()
    is_doubtful: bool = False


def fill(passes: Iterable[Pass]) -> list[FilledHole]:
    """The holes that these passes used as sizes, in the order that they were met; not those that no pass can fill."""
    passes = list(passes)
    contradictions = [failure.error.contradiction for one in passes for failure in one.trace.failures]
    refused = {symbol for found in contradictions if found is not None for symbol in holes_in(found)}
    met = dict.fromkeys(place for one in passes for place in one.trace.holes)
    needs = {place: _needs(place, passes) for place in met}
    return [
        _filled(place, found)
        for place, found in needs.items()
        if found and all(symbols_of(need.hole).isdisjoint(refused) for need in found)
    ]


def _needs(place: Place, passes: list[Pass]) -> list[Need]:
    """What each pass asks of the hole; one that a module keeps is the same symbol in every pass."""
    shared = {one.trace.holes[place] for one in passes if place in one.trace.holes}
    needs = []
    for one in passes:
        own = one.trace.holes.get(place)
        for size in [hole.found for hole in ([own] if own is not None else shared)]:
            if size is not None and (own is not None or one.facts.speaks_of(size)):
                needs.append(Need(one, size, one.facts.resolve(size), one.facts.choices(size, _MOST_VALUES)))
    return needs


def _filled(place: Place, needs: list[Need]) -> FilledHole:
    blank = FilledHole(place, plain(needs[0].hole), tuple(needs))
    for together in _by_weight(place, needs):
        found = _agreed(blank, together)
        if found.is_all:
            is_doubtful = any(_asks(need.one) for need in together)
            if not (is_doubtful and found.conflict):
                return found._replace(is_doubtful=is_doubtful)
    made_of = next((need.size for need in needs if need.size != need.hole), None)
    return blank._replace(values=max((need.choices.values for need in needs), key=len), size=made_of)


def _by_weight(place: Place, needs: list[Need]) -> list[list[Need]]:
    """What the script needs, then what classes need of another one, then what the class with the hole needs on its own: it may
    have defaults that nobody relies on."""
    scripts = [need for need in needs if need.one.model is None]
    owns = [need for need in needs if need.one.model is not None and _is_part(place, need.one.model)]
    others = [need for need in needs if need not in scripts and need not in owns]
    return [together for together in (scripts, others, owns) if together]


def _is_part(place: Place, model: Module) -> bool:
    return model.interpreted_class is not None and model.interpreted_class.unit == place.unit


def _asks(one: Pass) -> bool:
    """Whether the pass went one of several ways."""
    return any(not question.is_input for question in one.answers.asked.values())


def _agreed(blank: FilledHole, needs: list[Need]) -> FilledHole:
    """What fits all these needs, or which of them exclude each other; not `is_all` where neither is proved."""
    numbers: dict[int, Need] = {}
    for need in needs:
        if isinstance(need.size, int):
            numbers.setdefault(need.size, need)
    if len(numbers) > 1:
        return blank._replace(is_all=True, conflict=tuple(numbers.values()))
    for number, need in numbers.items():
        against = next((n for n in needs if _excludes(n, number)), None)
        if against is not None:
            return blank._replace(is_all=True, conflict=(need, against))
        return blank._replace(values=(number,), is_all=True)
    closed = [need for need in needs if need.choices.is_all]
    if not closed:
        return blank
    common = tuple(n for n in closed[0].choices.values if all(n in other.choices.values for other in closed))
    return blank._replace(values=common, is_all=True, conflict=() if common else tuple(closed))


def _excludes(need: Need, number: int) -> bool:
    if need.choices.is_all:
        return number not in need.choices.values
    return need.one.facts.same(need.hole, number) is Truth.NO
