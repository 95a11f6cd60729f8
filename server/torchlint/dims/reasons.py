"""Why a fact was refused: the few earlier facts that exclude it, and a proof in words that speaks of nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from torchlint.dims.expr import Kind, Symbol, by_age
from torchlint.dims.facts import Fact, Facts
from torchlint.dims.relation import Relation, constraint, implied, refutation, solved
from torchlint.dims.requirements import as_division
from torchlint.dims.solver import Outcome, solve
from torchlint.dims.steps import Steps
from torchlint.dims.store import Contradiction

_MOST_FACTS = 128
_MOST_NAMED = 6  # more are no explanation
_STEPS = 4_000
_TWO_NUMBERS = re.compile(r"\d+ is not \d+")  # no news: the facts and what was refused say theirs


class Reason(NamedTuple):
    """`facts` exclude what was refused, and none of them can be spared; none if they are too many to tell.

    `proof` says it in numbers; "" where the facts already do, or where there are too many. `is_alone` says that the refused
    fact is refuted by itself.
    """

    facts: tuple[Fact, ...]
    proof: str
    is_alone: bool = False


def reason_of(contradiction: Contradiction) -> Reason:
    """Why this was refused."""
    refused = contradiction.refused
    if refused is None:
        return Reason((), contradiction.proof)
    if _exclude((), refused):
        return Reason((), _proof([as_division(refused)]), is_alone=True)
    needed = [f for f in _connected(contradiction.known, refused) if not implied(constraint(f.relation), {})]
    if len(needed) > _MOST_FACTS or not _exclude(needed, refused):
        return Reason((), "")
    needed = _least(needed, refused)
    if len(needed) > _MOST_NAMED:
        return Reason((), "")
    return Reason(tuple(needed), _proof([as_division(r) for r in (refused, *(fact.relation for fact in needed))]))


def _least(needed: list[Fact], refused: Relation) -> list[Fact]:
    """Some of the facts that still exclude it, none of which can be spared: they are left out many at a time, then one by one,
    the last ones first."""
    size = len(needed)
    while size:
        end = len(needed)
        while end > 0:
            rest = needed[: max(0, end - size)] + needed[end:]
            if _exclude(rest, refused):
                needed = rest
            end -= size
        size //= 2
    return needed


def holes_in(contradiction: Contradiction) -> list[Symbol]:
    """The holes that no number fits: those that the refused fact and the reason speak of."""
    refused = contradiction.refused
    relations = [fact.relation for fact in contradiction.known]
    if refused is None or not any(relation.involves(Kind.HOLE) for relation in (refused, *relations)):
        return []
    relations = [refused, *(fact.relation for fact in reason_of(contradiction).facts)]
    return by_age(s for s in set().union(*(r.symbols() for r in relations)) if s.kind is Kind.HOLE)


def _connected(facts: Sequence[Fact], refused: Relation) -> list[Fact]:
    """The facts that speak, directly or through others, of a symbol of the refused one."""
    reached: set[Symbol] = set(refused.symbols())
    found: set[Relation] = set()
    size = -1
    while size < len(found):
        size = len(found)
        for relation, _ in facts:
            if relation not in found and not reached.isdisjoint(relation.symbols()):
                found.add(relation)
                reached |= relation.symbols()
    return [fact for fact in facts if fact.relation in found]


def _exclude(known: Sequence[Fact], refused: Relation) -> bool:
    """Whether these facts alone refuse it."""
    facts = Facts(_STEPS)
    try:
        for left, op, right in (fact.relation for fact in known):
            facts.assume(left, op, right)
        facts.assume(refused.left, refused.op, refused.right)
    except Contradiction:
        return True
    return False


def _proof(relations: list[Relation]) -> str:
    """What is wrong in them together: in one of them, when values that others give are put in, or that no value fits all."""
    left = relations
    while True:
        for relation in left:
            found = refutation(relation, {})
            if found is not None:
                return "" if _TWO_NUMBERS.fullmatch(found) else found
        given = next((r for r in left if _gives_value(r, left)), None)
        value = solved(constraint(given).size) if given is not None else None
        if value is None:
            break
        try:
            left = [other.substitute(dict([value])) for other in left if other is not given]
        except ZeroDivisionError:  # nothing is divided by what they would make of it
            break
    result = solve(relations, {}, Steps(_STEPS))
    return result.proof if result.outcome is Outcome.UNSAT else ""


def _gives_value(relation: Relation, among: list[Relation]) -> bool:
    """Whether it gives a symbol a value that another relation speaks of."""
    found = solved(constraint(relation).size) if relation.op == "==" else None
    return found is not None and any(found[0] in other.symbols() for other in among if other is not relation)
