"""How much work the systems of real models may cost, in steps: the same on every machine."""

from __future__ import annotations

import pytest

from torchlint.dims.expr import Kind, Size, maximum, minimum, symbol
from torchlint.dims.facts import Contradiction, Facts
from torchlint.dims.steps import Steps
from torchlint.dims.truth import Truth

_SLACK = 100  # the last look may be at something large
B = symbol("B", Kind.BATCH)
H, W = symbol("H"), symbol("W")
DIM, HEADS = symbol("dim", Kind.PARAMETER), symbol("heads", Kind.PARAMETER)

Asked = tuple[Size, str, Size]


def windows(side: Size) -> Size:
    """The sides of an image in windows of 7 after padding, as Swin computes them."""
    return (side + (7 - side % 7) % 7) // 7


def worst(known: Facts, asked: list[Asked]) -> int:
    """The most steps that assuming, or comparing after that, took."""
    most = 0
    for a, op, b in asked:
        known.assume(a, op, b)
        most = max(most, known.steps.spent)
        known.compare(a + 1, op, b)
        most = max(most, known.steps.spent)
    return most


SWIN: list[Asked] = [
    (H, ">=", 4),
    (W, ">=", 4),
    (4704 * B * windows(H // 4) * windows(W // 4), "==", 96 * B * (7 * windows(H // 4)) * (7 * windows(W // 4))),
    (H // 4, "==", minimum(H // 4, 7 * windows(H // 4))),
    (64 * (B * windows(H // 4) * windows(W // 4) // 64), "==", B * windows(H // 4) * windows(W // 4)),
    (384 * B * (H // 8) * (W // 8), "==", 96 * B * (H // 4) * (W // 4)),
]
MAXXVIT: list[Asked] = [
    (DIM, ">=", 32),
    (96 * B * (DIM // 32), "divides", 3 * B * H * W * DIM),
    (B * H * W, "divides", 32 * B * (DIM // 32) * ((3 * B * H * W * DIM) // (96 * B * (DIM // 32)))),
    (H * W * DIM // (32 * (DIM // 32)), ">", 0),
]
ATTENTION: list[Asked] = [
    (3 * B * W * HEADS * (DIM // HEADS), "==", 3 * B * W * DIM),
    (W * (DIM // HEADS), "!=", DIM // HEADS),
    (HEADS, "<=", DIM),
]
RAFT: list[Asked] = [
    (H % 8, "==", 0),
    (W % 8, "==", 0),
    ((H + 7) // 8, "==", (H + 3) // 8),
    (((W + 7) // 8) * ((H + 7) // 8), ">=", 2),
]


@pytest.mark.parametrize(
    ("asked", "each", "all_together"),
    [(SWIN, 150, 400), (MAXXVIT, 800, 2000), (ATTENTION, 200, 400), (RAFT, 100, 300)],
    ids=["swin", "maxxvit", "attention", "raft"],
)
def test_no_question_takes_long(asked: list[Asked], each: int, all_together: int) -> None:
    """Systems that took seconds stay within the steps of a question, and end early where nothing is left to find."""
    known = Facts()
    assert worst(known, asked) <= each + _SLACK
    assert known.steps.spent_in_all <= all_together


def test_padded_sides_are_plain() -> None:
    """A side that is padded to windows needs no search: it reads as what it is, and is no less than it was."""
    known = Facts()
    known.assume(H, ">=", 4)
    assert H + (7 - H % 7) % 7 == 7 * ((H + 6) // 7)
    assert known.compare(H // 4, "<=", 7 * windows(H // 4)) is Truth.YES
    assert known.resolve(minimum(H // 4, 7 * windows(H // 4))) == H // 4
    assert known.resolve(maximum(H // 4, 7 * windows(H // 4)) * W) == 7 * windows(H // 4) * W
    assert known.bounds(-H % 7) == (0, 6)
    assert known.steps.spent_in_all <= 30


def test_what_a_sample_point_shows_needs_no_search() -> None:
    """Whether two inputs are equal is open, which two points tell."""
    known = Facts()
    known.assume(2 * (H // 2), "==", H)
    for a, op, b in ((H, "==", W), (H, "<", 10), (H % 4, "==", 0), (H * W, ">=", 100)):
        assert known.compare(a, op, b) is Truth.UNKNOWN
        assert known.steps.spent <= 50


def test_a_pass_that_has_used_up_its_steps_says_unknown() -> None:
    """Substitutions and plain contradictions are still seen; what would need a search is left open."""
    known = Facts(steps=0)
    known.assume(H, "==", 2 * W)
    assert known.resolve(H) == 2 * W
    assert known.same(H // 2, W) is Truth.YES
    known.assume(2 * (W // 2), "==", W)
    assert known.same(W % 4, 3) is Truth.UNKNOWN
    with pytest.raises(Contradiction):
        known.assume(20 * H, "==", 310)
    assert known.steps.spent_in_all == 0


def test_many_questions_share_one_budget() -> None:
    """A pass that asks a thousand hard questions ends as one that asks ten."""
    known = Facts()
    spent = []
    for step in range(300):
        known.assume((H + step) ** 2 * (W // (step + 2)) + DIM * (H % (step + 3)), "!=", 7 * DIM**2 + step)
        known.compare((H * W + step) // (step + 2) * DIM, "==", (DIM * H + 1) % (W + step))
        spent.append(known.steps.spent)
    assert known.steps.spent_in_all <= 40_000 + _SLACK * 10
    assert max(spent) <= 800 + _SLACK * 10


def test_steps_are_counted_for_each_question_and_for_all() -> None:
    """Each question gets its share, as long as there is any left."""
    steps = Steps(10, each=6)
    assert steps.spend(4)
    assert steps.spend(4)
    assert not steps.spend(1)
    assert steps.spent == 8
    steps.renew()
    assert (steps.left, steps.spent) == (2, 0)
    assert steps.spend(2)
    assert steps.spent_in_all == 10
    steps.renew()
    assert not steps.spend(1)
