"""The solver against brute force, and on the systems that models make."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dims.strategies import FEW, STEADY, SYMBOLS, Twin, twins
from torchlint.dims.expr import Size, Symbol, evaluate, symbol, symbols_of
from torchlint.dims.intervals import Box, Empty, interval, narrow
from torchlint.dims.polynomial import divisors, integer_roots
from torchlint.dims.relation import Relation, constraint, holds
from torchlint.dims.solver import Outcome, satisfied, solve
from torchlint.dims.steps import Steps

OPS = ["==", "==", "==", "!=", "<", "<=", ">", ">=", "divides"]
PAIR = SYMBOLS[:2]
POINTS = [dict(zip(PAIR, values)) for values in itertools.product(range(1, 13), repeat=2)]


def relations_hold(relations: list[tuple[Twin, str, Twin]], point: dict[Symbol, int]) -> bool:
    return all(holds(x.python(point), op, y.python(point)) for x, op, y in relations)


systems = st.lists(
    st.tuples(twins(PAIR, 4), st.sampled_from(OPS), twins(PAIR, 3)).filter(
        lambda r: r[1] != "divides" or (isinstance(r[0].size, int) and r[0].size > 0)
    ),
    min_size=1,
    max_size=3,
)


@STEADY
@given(systems, st.booleans())
def test_no_solution_is_lost_and_no_witness_is_false(system: list[tuple[Twin, str, Twin]], closed: bool) -> None:
    """UNSAT is never said where brute force finds a solution, and a witness satisfies every relation."""
    relations = [Relation(x.size, op, y.size) for x, op, y in system]
    box: Box = dict.fromkeys(PAIR, (1, 12)) if closed else {}
    result = solve(relations, box, Steps(10_000))
    solutions = [point for point in POINTS if relations_hold(system, point)]
    if solutions:
        assert result.outcome is not Outcome.UNSAT, (result.proof, solutions[0])
    if result.outcome is Outcome.SAT:
        point = {**dict.fromkeys(PAIR, 1), **result.witness}
        assert relations_hold(system, point)
        assert not closed or all(1 <= value <= 12 for value in point.values())
    if closed and not solutions:
        assert result.outcome is not Outcome.SAT
    if result.outcome is Outcome.UNSAT:
        assert result.proof


@FEW
@given(systems)
def test_small_domains_are_decided(system: list[tuple[Twin, str, Twin]]) -> None:
    """With both symbols in 1..12 and steps enough, the answer is never UNKNOWN."""
    relations = [Relation(x.size, op, y.size) for x, op, y in system]
    result = solve(relations, dict.fromkeys(PAIR, (1, 12)), Steps(400_000))
    assert result.outcome is not Outcome.UNKNOWN


@STEADY
@given(twins(PAIR, 5), st.integers(-5, 20), st.integers(0, 10))
def test_narrowing_keeps_every_solution(twin: Twin, low: int, width: int) -> None:
    """A value is only cut off if nothing in the asked range needs it; an interval holds every value."""
    box: Box = dict.fromkeys(PAIR, (1, 12))
    a, b = interval(twin.size, box)
    assert all(a <= twin.python(point) <= b for point in POINTS)
    solutions = [point for point in POINTS if low <= twin.python(point) <= low + width]
    try:
        narrow(twin.size, low, low + width, box)
    except Empty:
        assert not solutions
        return
    assert all(box[s][0] <= point[s] <= box[s][1] for point in solutions for s in PAIR)


@STEADY
@given(st.lists(st.integers(-6, 6), min_size=1, max_size=4), st.integers(-4, 4).filter(bool))
def test_integer_roots_are_all_found(roots: list[int], lead: int) -> None:
    """A product of linear factors has just their roots."""
    coefficients = [lead]
    for root in roots:
        coefficients = [
            (coefficients[k - 1] if k else 0) - root * (coefficients[k] if k < len(coefficients) else 0)
            for k in range(len(coefficients) + 1)
        ]
    assert integer_roots(coefficients) == sorted(set(roots))


def test_divisors_of_a_number() -> None:
    """All of them in order; a number that is too hard is given up."""
    assert divisors(1) == (1,)
    assert divisors(28) == (1, 2, 4, 7, 14, 28)
    assert divisors(1_000_003 * 1_000_033 * 7) is None


H, W, DIM, HEADS = (symbol(name) for name in ("H", "W", "dim", "heads"))


def outcome(*relations: tuple[Size, str, Size]) -> Outcome:
    result = solve([Relation(*r) for r in relations], {}, Steps(10_000))
    if result.outcome is Outcome.SAT:
        assert satisfied([constraint(Relation(*r)) for r in relations], result.witness)
    return result.outcome


@pytest.mark.parametrize(
    "relations",
    [
        [((H - 4) // 2, "==", 5)],
        [(H // 32 * (W // 32) * 512, "==", 25088)],
        [(2 * (H // 2), "==", H), (H, ">", 1001)],
        [(16 * ((H + 15) // 16), "==", H), (H % 3, "==", 1)],
        [(HEADS, "divides", DIM), (DIM, "==", 100), (HEADS, ">", 5)],
        [(8, "divides", DIM), (12, "divides", DIM), (DIM, ">", 100)],
        [(2 * ((H - 4) // 2) - 4, "==", H - 9)],
        [(DIM * (H // 4) * (W // 4), "==", 25088), (DIM, ">=", 100)],
        [(H * H, "==", 49), (W, "==", H + 1)],
        [(4 * DIM, "==", HEADS), (HEADS, ">=", 1025)],
    ],
)
def test_systems_of_models_that_have_a_solution(relations: list[tuple[Size, str, Size]]) -> None:
    """Chains of convolutions, flattening, skips and heads are solved, not just left open."""
    assert outcome(*relations) is Outcome.SAT


@pytest.mark.parametrize(
    "relations",
    [
        [(20 * H * W, "==", 310)],
        [(2 * (H // 2), "==", H), (H % 4, "==", 1)],
        [(16 * (H // 16), "==", H), (H % 8, "==", 4)],
        [(4 * DIM, "==", HEADS), (HEADS, "==", 1026)],
        [(8, "divides", DIM), (DIM, "==", 100)],
        [(HEADS, "divides", 100), (HEADS, ">", 50), (HEADS, "<", 100)],
        [(H // 2, "==", 5), (H // 3, "==", 5)],
        [(H * H, "==", 50)],
        [((H // 4 - 3) * (H // 4 - 3), "==", 15), (H, ">=", 16)],
        [(2 * (H // 2), ">", H)],
        [(H * W, "==", 17), (H, ">", 1), (W, ">", 1)],
        [(H - W, "==", 3), (2 * H - 2 * W, "==", 7)],
    ],
)
def test_systems_of_models_that_have_none(relations: list[tuple[Size, str, Size]]) -> None:
    """What no input can satisfy is proved, with a reason."""
    assert outcome(*relations) is Outcome.UNSAT


def test_products_are_as_square_as_can_be() -> None:
    """`h * w == 16` is 4 by 4 first, 15 is 3 by 5."""
    witness = solve([Relation(H * W, "==", 16)], {}, Steps(1000)).witness
    assert sorted(witness.values()) == [4, 4]
    assert sorted(solve([Relation(H * W, "==", 15)], {}, Steps(1000)).witness.values()) == [3, 5]


def test_an_early_end_is_unknown() -> None:
    """A system that the steps do not cover is neither SAT nor UNSAT."""
    hard = Relation(H**3 + W**3, "==", 2 * H * W + 7 * DIM**2)
    assert solve([hard], {H_SYMBOL: (50, 1 << 40)}, Steps(3)).outcome is Outcome.UNKNOWN


H_SYMBOL = next(iter(symbols_of(H)))


def test_a_divisor_that_cannot_be_positive_is_no_crash() -> None:
    """After `c == c % a - b` is substituted, a division by c has no positive divisor left."""
    a, b, c = (symbol(name) for name in "abc")
    assert outcome((c % a, "==", b + c), (1 // b, "==", 0)) is not Outcome.SAT
    assert interval(7 // (a - 5), {symbol_of(a): (1, 4)}) == (7, 7)


def symbol_of(size: Size) -> Symbol:
    return next(iter(symbols_of(size)))


def test_huge_numbers_neither_crash_nor_hang() -> None:
    """Sizes beyond any float are only less well known."""
    started = time.perf_counter()
    for relation in (
        Relation(H * 10**400, "==", 10**400 * W + 1),
        Relation(H**2, "==", 2 * W**2 + 10**400),
        Relation(H, ">=", 10**400),
        Relation(H**2 + W**2, "==", 2 * H * W + 3),
    ):
        solve([relation], {}, Steps(10_000))
        assert evaluate(H * 10**400, {H_SYMBOL: 2}) == 2 * 10**400
    assert time.perf_counter() - started < 2
