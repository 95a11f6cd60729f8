"""What a class asks of the arguments that its caller chooses, as far as the facts of a pass say it."""

from __future__ import annotations

from collections.abc import Sequence

from torchlint.dims.expr import Kind
from torchlint.dims.facts import Fact, Facts
from torchlint.dims.relation import Relation
from torchlint.dims.store import Contradiction
from torchlint.dims.truth import Truth

_MOST_FACTS = 300  # each is replayed: a pass of more has asked for everything long before


def contract(facts: Facts) -> list[Fact]:
    """What parameters must satisfy among themselves, nothing twice, with the sources of the facts that first asked for it."""
    needed = facts.required(Kind.PARAMETER)
    for relation in reversed(needed):
        rest = [other for other in needed if other is not relation]
        if _implied(relation, rest):
            needed = rest
    sources = _sources(needed, facts.assumed())
    return [Fact(relation, sources.get(relation)) for relation in needed]


def _implied(relation: Relation, others: Sequence[Relation]) -> bool:
    known = Facts()
    for left, op, right in others:
        known.assume(left, op, right)
    return _holds(known, relation)


def _holds(known: Facts, relation: Relation) -> bool:
    left, op, right = relation
    if op == "divides":
        return right == 0 or (left != 0 and known.same(right % left, 0) is Truth.YES)
    return known.compare(left, op, right) is Truth.YES


def _sources(needed: Sequence[Relation], assumed: Sequence[Fact]) -> dict[Relation, object]:
    """Where each of the relations first held."""
    found: dict[Relation, object] = {}
    known = Facts()
    for relation, source in assumed[:_MOST_FACTS]:
        try:
            known.assume(*relation)
        except Contradiction:
            break
        for other in needed:
            if other not in found and _holds(known, other):
                found[other] = source
        if len(found) == len(needed):
            break
    return found
