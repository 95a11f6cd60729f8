"""What facts ask of parameters, against brute force."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given

from dims.strategies import FEW, Twin
from dims.test_facts import kept, points, statements
from dims.test_reasons import satisfies
from torchlint.dims.contracts import contract
from torchlint.dims.expr import Kind, Symbol, of_atom, symbol
from torchlint.dims.facts import Contradiction, Facts
from torchlint.dims.requirements import requirement

_P, _Q, _X = Symbol("p", Kind.PARAMETER), Symbol("q", Kind.PARAMETER), Symbol("x")
_TRIO = (_P, _Q, _X)


@FEW
@given(statements(_TRIO))
def test_a_contract_asks_for_nothing_that_the_facts_do_not(said: list[tuple[Twin, str, Twin]]) -> None:
    """Whatever satisfies the facts satisfies the contract, which speaks of parameters alone."""
    known = Facts()
    left = points(_TRIO, 8)
    for stated in said:
        a, op, b = stated
        with suppress(Contradiction):
            known.assume(a.size, op, b.size)
            left = kept(stated, left)
    for relation, _ in contract(known):
        assert all(s.kind is Kind.PARAMETER for s in relation.symbols())
        assert all(satisfies(relation, point) for point in left)


def test_a_contract_is_short_and_knows_where() -> None:
    """Inputs are put in, what follows from the rest is left out, and each condition has the row that asked first."""
    rows: list[int] = []
    known = Facts(source=lambda: rows[-1])
    dim, heads, hidden = (symbol(name, Kind.PARAMETER) for name in ("dim", "heads", "hidden"))
    features = symbol("D")
    for row, (a, op, b) in enumerate(
        [
            (features, "==", dim),
            (heads, "divides", features),
            (4 * features, "==", hidden),
            (heads * (dim // heads), "==", dim),
            (heads, ">=", 1),
            (dim, ">=", 8),
        ]
    ):
        rows.append(row)
        known.assume(a, op, b)
    found = {requirement(fact.relation): fact.source for fact in contract(known)}
    assert found == {"hidden == 4*dim": 2, "dim % heads == 0": 1, "dim >= 8": 5}


def test_no_parameters_no_contract() -> None:
    """What only inputs must satisfy is no matter of the constructor."""
    known = Facts()
    known.assume(of_atom(_X), "==", 4)
    assert contract(known) == []
