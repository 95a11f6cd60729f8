"""Why a fact was refused, and facts as people write them, against brute force."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dims.strategies import FEW, STEADY, Twin, twins
from dims.test_facts import COMPARISONS, PAIR, points, statements
from torchlint.dims.expr import Size, Symbol, evaluate, symbol
from torchlint.dims.facts import Contradiction, Facts
from torchlint.dims.reasons import reason_of
from torchlint.dims.relation import Relation, holds
from torchlint.dims.requirements import requirement
from torchlint.dims.truth import Truth

_TWELVE = "100 is not a multiple of 12"


def satisfies(relation: Relation, point: dict[Symbol, int]) -> bool:
    return holds(evaluate(relation.left, point), relation.op, evaluate(relation.right, point))


@FEW
@given(statements(PAIR))
def test_the_facts_of_a_reason_exclude_what_was_refused(said: list[tuple[Twin, str, Twin]]) -> None:
    """No point satisfies them and the refused fact; they are among what was assumed."""
    known = Facts()
    for a, op, b in said:
        try:
            known.assume(a.size, op, b.size)
        except Contradiction as contradiction:
            reason = reason_of(contradiction)
            assert {fact.relation for fact in reason.facts} <= {fact.relation for fact in known.assumed()}
            assert contradiction.refused is not None
            if reason.facts or reason.is_alone:
                together = [contradiction.refused, *(fact.relation for fact in reason.facts)]
                assert not [p for p in points(PAIR, 12) if all(satisfies(r, p) for r in together)]


@STEADY
@given(twins(PAIR, 4), st.sampled_from([*COMPARISONS, "==", "=="]), twins(PAIR, 3))
def test_a_requirement_means_its_fact(x: Twin, op: str, y: Twin) -> None:
    """Python finds the text true for just those values that the relation holds for."""
    relation = Relation(x.size, op, y.size)
    text = requirement(relation)
    for point in points(PAIR, 6):
        names = {s.name: value for s, value in point.items()}
        assert eval(text, {"max": max, "min": min}, names) is satisfies(relation, point), text


@pytest.mark.parametrize(
    ("facts", "refused", "needed", "proof"),
    [
        (["7 divides dim", "dim <= 500"], "dim == 96", ["dim % 7 == 0"], "96 is not a multiple of 7"),
        (["H == 2*((H + 1)//2)"], "3*H == 21", ["H % 2 == 0"], "7 is not a multiple of 2"),
        (["W == 5", "D == 10"], "D == 20", ["D == 10"], ""),
        (["D == dim"], "D == 2*dim + 1", ["D == dim"], "2*dim + 1 is more than dim"),
        (["W == 4"], "20*H*W == 300", ["W == 4"], "300 is not a multiple of 80"),
        ([], "20*H*W == 310", [], "310 is not a multiple of 20"),
        (
            ["heads*(dim//heads) == dim", "heads == 12"],
            "dim == 100",
            ["dim % heads == 0", "heads == 12"],
            "100 is not a multiple of 12",
        ),
    ],
)
def test_reasons_of_models(facts: list[str], refused: str, needed: list[str], proof: str) -> None:
    """Only what matters is named, and the proof is one sentence of numbers."""
    names = {name: symbol(name) for name in ("H", "W", "D", "dim", "heads")}
    known = Facts()
    for text in facts:
        known.assume(*stated(text, names))
    with pytest.raises(Contradiction) as raised:
        known.assume(*stated(refused, names))
    reason = reason_of(raised.value)
    assert [requirement(fact.relation) for fact in reason.facts] == needed
    assert reason.proof == proof


def stated(text: str, names: dict[str, Size]) -> tuple[Size, str, Size]:
    for op in ("==", "<=", "divides"):
        left, found, right = text.partition(f" {op} ")
        if found:
            return eval(left, {}, names), op, eval(right, {}, names)
    raise ValueError(text)


def test_the_place_of_a_fact_is_kept() -> None:
    """Each fact tells where it was assumed; what repeats it later changes nothing."""
    rows = itertools.count(1)
    known = Facts(source=lambda: next(rows))
    height, width = symbol("H"), symbol("W")
    known.assume(height, "==", 2 * width)
    known.assume(2 * width, "<=", 30)
    known.assume(height, "==", 2 * width)
    assert [fact.source for fact in known.assumed()] == [1, 2]
    assert known.same(width, 16) is Truth.NO


def test_a_crowd_of_facts_is_no_reason() -> None:
    """Where too many facts take part, none is named, and nothing is claimed."""
    known = Facts()
    sizes = [symbol(f"s{index}") for index in range(40)]
    for a, b in itertools.pairwise(sizes):
        known.assume(2 * a, "<=", 2 * b)
    known.assume(sizes[0], ">=", 5)
    with pytest.raises(Contradiction) as raised:
        known.assume(sizes[-1] * 2, "<=", 8)
    assert reason_of(raised.value) == ((), "", False)


def test_what_matters_is_found_in_a_crowd() -> None:
    """Of many facts about the same symbols the few are named that exclude another."""
    known = Facts()
    height, width = symbol("H"), symbol("W")
    for index in range(3, 60):
        known.assume((height + index) // 2 + width, ">=", 2 + index % 2)
    known.assume(6, "divides", height)
    known.assume(height, "<=", 500)
    with pytest.raises(Contradiction) as raised:
        known.assume(height, "==", 100)
    reason = reason_of(raised.value)
    assert [requirement(fact.relation) for fact in reason.facts] == ["H % 6 == 0"]
    assert reason.proof == "100 is not a multiple of 6"
