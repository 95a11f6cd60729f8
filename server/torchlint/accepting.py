"""Which sizes of an inferred input work besides those that are shown, as far as the equations of the pass decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice, product

from torchlint.dims.expr import Kind, Size, Symbol, atom_of, by_age, of_atom
from torchlint.dims.facts import Contradiction, Facts
from torchlint.interpreter.exploring import Exploration
from torchlint.summary import AcceptedSizes
from torchlint.values.tensor import InputTensor

_MOST_VALUES = 16
_MOST_SHOWN = 3
_MOST_COMBINED = 300
_SCANNED = 1024
_SIDES = "HWD"


def accepted(exploration: Exploration) -> tuple[AcceptedSizes, ...]:
    """What is known of the sizes that the input of a clean pass may have, the others as they are shown; those that nothing is
    asked of are left out, and those that an equation fixes."""
    facts = exploration.symbolic.facts
    chosen = _chosen(exploration)
    found: dict[tuple[Symbol, ...], AcceptedSizes] = {}
    for group in _groups(chosen):
        others = {s: value for s, value in chosen.items() if value is not None and s not in group}
        try:
            known = facts.supposing({**others, **dict.fromkeys(group[1:], of_atom(group[0]))})
        except Contradiction:
            continue
        about = _about(known, group)
        if about is not None and (about.minimum != about.maximum or facts.choices(of_atom(group[0]), 1).is_all):
            are_equal = len(group) > 1 and not _are_independent(facts, others, group, about)
            found[tuple(group)] = about._replace(are_equal=are_equal)
    return _together(facts, found)


def _together(facts: Facts, found: Mapping[tuple[Symbol, ...], AcceptedSizes]) -> tuple[AcceptedSizes, ...]:
    """What is said of several sizes that have nothing to do with each other is said once."""
    merged: dict[tuple[object, ...], AcceptedSizes] = {}
    for group, about in found.items():
        is_free = all(facts.is_free_within_bounds(of_atom(symbol)) for symbol in group)
        key = (about.minimum, about.maximum) if is_free else group
        merged[key] = about._replace(names=merged[key].names + about.names) if key in merged else about
    return tuple(merged.values())


def _chosen(exploration: Exploration) -> dict[Symbol, int | None]:
    """The symbols that stand alone as sizes of inferred inputs and that no equation fixes, with the number that was put in for
    each, if one was."""
    facts = exploration.symbolic.facts
    found: dict[Symbol, int | None] = {}
    for name, tensor in exploration.symbolic.inputs.items():
        shown = exploration.main.inputs.get(name)
        if isinstance(tensor, InputTensor) and isinstance(shown, InputTensor) and tensor.is_inferred and tensor.is_decided:
            for size, number in zip(tensor.shape, shown.shape):
                symbol = atom_of(size)
                if isinstance(symbol, Symbol) and symbol.kind is Kind.INPUT and not isinstance(facts.resolve(size), int):
                    found[symbol] = number if isinstance(number, int) else None
    return found


def _groups(chosen: Mapping[Symbol, int | None]) -> Iterator[list[Symbol]]:
    """The sides of an image that have one number together, and each other size alone."""
    sides: dict[int, list[Symbol]] = {}
    for symbol, value in chosen.items():
        if value is not None and symbol.name[:1] in _SIDES:
            sides.setdefault(value, []).append(symbol)
        else:
            yield [symbol]
    yield from sides.values()


def _about(known: Facts, group: list[Symbol]) -> AcceptedSizes | None:
    size = of_atom(group[0])
    names = tuple(symbol.name for symbol in by_age(group))
    resolved = known.resolve(size)
    if isinstance(resolved, int):
        return AcceptedSizes(names, resolved, resolved)
    if resolved != size:
        return None  # another size decides
    least, greatest = known.bounds(size)
    least = group[0].minimum if least is None else least
    if known.is_free_within_bounds(size):
        return AcceptedSizes(names, least, greatest) if least > group[0].minimum or greatest is not None else None
    choices = known.choices(size, _MOST_VALUES)
    if choices.is_all:
        return _among(names, choices.values)
    fit = (n for n in range(least, least + _SCANNED) if _works(known, {group[0]: n}))
    values = tuple(islice(fit, _MOST_SHOWN))
    if values in ((), tuple(range(least, least + _MOST_SHOWN))):
        return None  # where they end is not known
    return AcceptedSizes(names, values[0], None, values)


def _among(names: tuple[str, ...], values: tuple[int, ...]) -> AcceptedSizes:
    """These values and no other: a range, if none is missing."""
    least, greatest = values[0], values[-1]
    return AcceptedSizes(names, least, greatest, () if len(values) == greatest - least + 1 else values)


def _works(known: Facts, values: Mapping[Symbol, Size]) -> bool:
    try:
        known.supposing(values)
    except Contradiction:
        return False
    return True


def _are_independent(facts: Facts, others: Mapping[Symbol, int], group: list[Symbol], about: AcceptedSizes) -> bool:
    """Whether each of the values works in each dimension, whatever of them the others have."""
    known = facts.supposing(others)
    sizes = [of_atom(symbol) for symbol in group]
    if all(known.is_free_within_bounds(s) and known.bounds(s) == (about.minimum, about.maximum) for s in sizes):
        return True
    if about.maximum is None:
        return False
    values = about.values or range(about.minimum, about.maximum + 1)
    if len(values) ** len(group) > _MOST_COMBINED:
        return False
    return all(_works(known, dict(zip(group, combined))) for combined in product(values, repeat=len(group)))
