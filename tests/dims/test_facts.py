"""What a pass may conclude from its facts, and what it must not."""

from __future__ import annotations

import itertools
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dims.strategies import BATCH, FEW, SYMBOLS, Twin, twins
from torchlint.dims.expr import Expr, Kind, Size, Symbol, of_atom, symbol, symbols_of
from torchlint.dims.facts import Contradiction, Facts, ForcedBatch, facts, using
from torchlint.dims.relation import holds
from torchlint.dims.truth import Truth

COMPARISONS = ["==", "!=", "<", "<=", ">", ">="]
PAIR = SYMBOLS[:2]
TRIO = (*PAIR, BATCH)

Stated = tuple[Twin, str, Twin]


def statements(symbols: tuple[Symbol, ...]) -> st.SearchStrategy[list[Stated]]:
    """Facts to assume one after the other."""
    ops = st.sampled_from([*COMPARISONS, "==", "==", "divides"])
    one = st.tuples(twins(symbols, 3), ops, twins(symbols, 3)).filter(
        lambda r: r[1] != "divides" or (isinstance(r[0].size, int) and r[0].size > 0)
    )
    return st.lists(one, min_size=1, max_size=4)


def points(symbols: tuple[Symbol, ...], top: int) -> list[dict[Symbol, int]]:
    return [dict(zip(symbols, v)) for v in itertools.product(range(1, top + 1), repeat=len(symbols))]


def kept(stated: Stated, over: list[dict[Symbol, int]]) -> list[dict[Symbol, int]]:
    x, op, y = stated
    return [p for p in over if holds(x.python(p), op, y.python(p))]


@FEW
@given(
    statements(PAIR),
    twins(PAIR, 3),
    st.sampled_from(COMPARISONS),
    twins(PAIR, 3),
    st.sampled_from([0, 10, 100, 40_000]),
)
def test_answers_hold_for_every_choice_that_is_left(said: list[Stated], x: Twin, op: str, y: Twin, steps: int) -> None:
    """Contradictions, YES, NO, bounds and resolved sizes are true of all values that satisfy the facts, also
    when the steps are used up.
    """
    known = Facts(steps)
    left = points(PAIR, 12)
    for stated in said:
        a, sign, b = stated
        try:
            known.assume(a.size, sign, b.size)
        except Contradiction as contradiction:
            assert contradiction.proof
            assert not kept(stated, left)
        else:
            left = kept(stated, left)
    answer = known.compare(x.size, op, y.size)
    holding = kept((x, op, y), left)
    if answer is Truth.YES:
        assert len(holding) == len(left)
    if answer is Truth.NO:
        assert not holding
    low, high = known.bounds(x.size)
    resolved = known.resolve(x.size)
    for point in left:
        value = x.python(point)
        assert (low is None or low <= value) and (high is None or value <= high)
        if isinstance(resolved, int):
            assert resolved == value


@FEW
@given(statements(PAIR), twins(PAIR, 2), twins(PAIR, 2))
def test_a_witness_satisfies_every_fact(said: list[Stated], x: Twin, y: Twin) -> None:
    """Wishes never break a fact."""
    known = Facts()
    recorded = []
    for stated in said:
        try:
            known.assume(stated[0].size, stated[1], stated[2].size)
        except Contradiction:
            continue
        recorded.append(stated)
    known.prefer(x.size, y.size)
    witness = known.witness()
    if set(witness) == set(PAIR):
        assert all(kept(stated, [witness]) for stated in recorded)


@FEW
@given(statements(TRIO))
def test_an_error_means_every_batch_size_fails(said: list[Stated]) -> None:
    """A contradiction is one for every choice of the sizes, the batch among them."""
    known = Facts()
    left = points(TRIO, 7)
    for stated in said:
        a, sign, b = stated
        try:
            known.assume(a.size, sign, b.size)
        except Contradiction:
            assert not kept(stated, left)
        else:
            left = kept(stated, left)


@FEW
@given(statements(PAIR), twins(PAIR, 3))
def test_choices_are_what_brute_force_finds(said: list[Stated], x: Twin) -> None:
    """Each value is that of a point that satisfies the facts, and where they are all, there is no other."""
    known = Facts()
    left = points(PAIR, 12)
    for s in PAIR:
        known.assume(of_atom(s), "<=", 12)
    for stated in said:
        a, sign, b = stated
        with suppress(Contradiction):
            known.assume(a.size, sign, b.size)
            left = kept(stated, left)
    found = known.choices(x.size, 200)
    values = sorted({x.python(point) for point in left})
    if found.is_all:
        assert list(found.values) == values
    assert set(found.values) <= set(values)


def test_choices_end_with_a_proof() -> None:
    """Divisors are all found; what nothing is asked of has no choices; a long list ends early."""
    groups, width, free = (symbol(name, Kind.HOLE) for name in ("groups", "width", "free"))
    known = Facts()
    known.assume(groups, "divides", 12)
    known.assume(4 * width, ">=", 10)
    assert known.choices(groups, 8) == ((1, 2, 3, 4, 6, 12), True)
    assert known.choices(width, 3) == ((3, 4, 5), False)
    assert known.choices(free, 3) == ((), False)


def lenet() -> tuple[Facts, Size, Size, Size]:
    """Two convolutions by 5 and two poolings by 2, as facts on the image's sides."""
    height, width = symbol("H"), symbol("W")
    known = Facts()
    sides = []
    for side in (height, width):
        known.assume(side - 4, ">=", 1)
        known.assume((side - 4) // 2 - 4, ">=", 1)
        sides.append(((side - 4) // 2 - 4) // 2)
        known.assume(sides[-1], ">=", 1)
    return known, height, width, 20 * sides[0] * sides[1]


def symbol_of(size: Size) -> Symbol:
    return next(iter(symbols_of(size)))


def test_what_a_linear_layer_asks_for_says_the_image() -> None:
    """`Linear(320, 50)` after LeNet's convolutions means 28 by 28 (28 to 31 if square)."""
    known, height, width, features = lenet()
    known.assume(features, "==", 320)
    assert known.witness() == {symbol_of(height): 28, symbol_of(width): 28}
    known.assume(height, "==", width)
    assert known.bounds(height) == (28, 31)
    assert known.witness() == {symbol_of(height): 28, symbol_of(width): 28}
    assert known.resolve(features) == 320


def test_twenty_channels_never_flatten_to_310() -> None:
    """The proof is a sentence that stands in a note; nothing is recorded."""
    known, height, _, features = lenet()
    with pytest.raises(Contradiction) as raised:
        known.assume(features, "==", 310)
    assert raised.value.proof == "310 is not a multiple of 20"
    assert known.bounds(height) == (16, None)
    known.assume(features, "==", 320)


def test_a_contradiction_shows_at_the_fact_that_makes_it() -> None:
    """Facts that are not substitutions are checked together."""
    known = Facts()
    height = symbol("H")
    known.assume(2 * (height // 2), "==", height)
    with pytest.raises(Contradiction):
        known.assume(height % 4, "==", 3)
    known.assume(height % 4, "==", 2)
    assert known.same(height, 7) is Truth.NO
    assert known.same(height, 6) is Truth.UNKNOWN


@pytest.mark.parametrize(
    ("left", "right", "value"),
    [(2, 6, 3), (1, 7, 7), (3, 3, 1)],
)
def test_a_linear_equation_is_solved(left: int, right: int, value: int) -> None:
    """`2*C == 6` makes C be 3."""
    known, c = Facts(), symbol("C")
    known.assume(left * c, "==", right)
    assert known.resolve(c) == value


@pytest.mark.parametrize(
    ("left", "right", "proof"),
    [
        (2, 7, "7 is not a multiple of 2"),
        (1, 0, "C is at least 1, not 0"),
        (1, -3, "C is at least 1, not -3"),
    ],
)
def test_a_linear_equation_without_solution(left: int, right: int, proof: str) -> None:
    """`2*C == 7` has none, nor has a size of nothing."""
    with pytest.raises(Contradiction) as raised:
        Facts().assume(left * symbol("C"), "==", right)
    assert raised.value.proof == proof


def test_numbers_contradict_at_once() -> None:
    """Two ints are compared, and say both."""
    with pytest.raises(Contradiction, match="25088 is not 512"):
        Facts().assume(25088, "==", 512)
    with pytest.raises(Contradiction, match="100 is not a multiple of 8"):
        Facts().assume(8, "divides", 100)
    with pytest.raises(Contradiction, match="3 is not less than 3"):
        Facts().assume(3, "<", 3)


def test_floor_divisions_are_inverted() -> None:
    """An output of 5 came from 10 or 11."""
    known, height = Facts(), symbol("H")
    known.assume(height // 2, "==", 5)
    assert known.bounds(height) == (10, 11)
    known.assume(height % 2, "==", 1)
    assert known.resolve(height) == 11


def test_a_single_root_is_substituted() -> None:
    """`H*H == 49` makes H be 7."""
    known, height = Facts(), symbol("H")
    known.assume(height * height, "==", 49)
    assert known.resolve(height) == 7


def test_the_older_and_more_lasting_symbol_stays() -> None:
    """An input's channels become the class's parameter, not the other way round."""
    known = Facts()
    channels, dim = symbol("C", Kind.INPUT), symbol("dim", Kind.PARAMETER)
    known.assume(dim, "==", channels)
    assert known.resolve(channels) == dim
    hole = symbol("hole", Kind.HOLE)
    known.assume(hole, "==", 4 * dim)
    assert known.resolve(hole) == 4 * dim


def test_what_is_assumed_is_known() -> None:
    """`assert dim % heads == 0` makes `heads * (dim // heads)` be what it must be."""
    known = Facts()
    dim, heads = symbol("dim", Kind.PARAMETER), symbol("heads", Kind.PARAMETER)
    known.assume(heads, "divides", dim)
    assert known.compare(heads, "divides", dim) is Truth.YES
    assert known.resolve(heads * (dim // heads)) == dim
    assert known.same(3 * heads * (dim // heads), 3 * dim) is Truth.YES
    known.assume(dim, "==", 100)
    with pytest.raises(Contradiction):
        known.assume(heads, "==", 8)
    known.assume(heads, "==", 5)
    assert known.resolve(dim // heads) == 20


def test_wishes_choose_among_what_fits() -> None:
    """A preferred size is taken where facts allow it, and dropped elsewhere."""
    known, height, width, features = lenet()
    known.assume(features, "==", 320)
    channels = symbol("C")
    known.prefer(channels, 3)
    known.prefer(height, 30)
    known.prefer(width, 1000)
    assert known.witness() == {symbol_of(height): 30, symbol_of(width): 30, symbol_of(channels): 3}


def test_of_many_sides_the_roundest_is_chosen() -> None:
    """A ResNet that pools 7 by 7 was made for 224, the other sides from 193 up work too."""
    known, height, width = Facts(), symbol("H"), symbol("W")
    known.assume(((height + 31) // 32) * ((width + 31) // 32), "==", 49)
    assert known.witness() == {symbol_of(height): 224, symbol_of(width): 224}


def test_a_class_says_what_it_asks_of_its_sizes() -> None:
    """Facts that are no substitutions can be read, and still hold after a substitution."""
    known = Facts()
    dim, heads = symbol("dim", Kind.PARAMETER), symbol("heads", Kind.PARAMETER)
    known.assume(heads, "divides", dim)
    assert [str(relation) for relation in known.relations()] == ["heads divides dim"]
    known.assume(heads, "==", 8)
    assert [str(relation) for relation in known.relations()] == ["8 divides dim"]


def test_a_skip_connection_asks_for_an_even_side() -> None:
    """After `2*(H//2) == H` the two sides are one size, and odd sides are excluded."""
    known, height = Facts(), symbol("H")
    known.assume(2 * (height // 2), "==", height)
    assert known.resolve(2 * (height // 2)) == height
    assert known.same(height % 2, 0) is Truth.YES
    assert known.witness() == {symbol_of(height): 2}


def test_what_only_bounds_speak_of_is_left_out() -> None:
    """A witness is for what was asked by an equation."""
    known, height, width = Facts(), symbol("H"), symbol("W")
    known.assume(height, ">=", 8)
    known.assume(height, "==", width)
    assert known.witness() == {}


class TestBatch:
    """A batch size must fit whatever it is; a pass that needs one value is told apart, never an error."""

    n: Expr = of_atom(BATCH)

    def test_it_cancels(self) -> None:
        """`[N, 20*h*w]` fed to 320 features speaks of h and w alone."""
        known, height, width, features = lenet()
        known.assume(self.n * features, "==", self.n * 320)
        assert known.forced_batch == []
        assert known.witness() == {symbol_of(height): 28, symbol_of(width): 28}
        assert known.resolve(self.n) == self.n

    def test_a_forced_value_is_told(self) -> None:
        """`x.view(32, 784)` works for 32 samples only; another number then contradicts it."""
        known = Facts()
        known.assume(self.n * 784, "==", 32 * 784)
        assert known.forced_batch == [ForcedBatch(self.n, 32)]
        assert known.resolve(self.n) == 32
        with pytest.raises(Contradiction):
            known.assume(self.n, "==", 64)

    def test_a_restriction_is_told(self) -> None:
        """`x.view(-1, 320)` of N times 20 works for multiples of 16."""
        known = Facts()
        known.assume(320, "divides", 20 * self.n)
        assert known.forced_batch == [ForcedBatch(self.n, None)]

    def test_divisibility_for_every_batch_speaks_of_the_others(self) -> None:
        """`x.view(-1, 320)` of `[N, 20, h, w]` asks for 16 that divide h * w."""
        known, height, width = Facts(), symbol("H"), symbol("W")
        known.assume(320, "divides", 20 * self.n * height * width)
        assert known.forced_batch == []
        assert known.compare(16, "divides", height * width) is Truth.YES

    def test_what_fails_for_most_batches_only_is_no_error(self) -> None:
        """The reading for every batch size is taken back before anything is called impossible."""
        known, height, width = Facts(), symbol("H"), symbol("W")
        known.assume(320, "divides", 20 * self.n * height * width)
        known.assume(height, "==", 1)
        known.assume(width, "==", 1)
        assert known.forced_batch == [ForcedBatch(self.n, None)]
        with pytest.raises(Contradiction):
            known.assume(self.n, "==", 5)

    def test_the_other_input_follows(self) -> None:
        """Targets as many as samples are no restriction."""
        known, targets, other = Facts(), symbol("M"), symbol("B", Kind.BATCH)
        known.assume(self.n, "==", targets)
        known.assume(other, "==", self.n)
        assert known.forced_batch == []
        assert known.resolve(targets) == known.resolve(other) == known.resolve(self.n)


class TestData:
    """What nobody knows is assumed to fit."""

    def test_it_is_never_a_contradiction(self) -> None:
        """`x[mask]` may have any length."""
        known, length = Facts(), symbol("k", Kind.DATA, 0)
        known.assume(length, "==", 3)
        known.assume(length, "==", 4)
        known.assume(length, "<", 0)
        assert known.resolve(length) == 3

    def test_equations_on_it_are_used(self) -> None:
        """It becomes what it is compared with."""
        known, length, height = Facts(), symbol("k", Kind.DATA), symbol("H")
        known.assume(length, "==", height + 3)
        assert known.resolve(length) == height + 3
        assert known.same(height, length) is Truth.NO


def test_a_pass_finds_its_facts() -> None:
    """Inside `using` they are at hand, outside there are none."""
    known = Facts()
    with using(known):
        assert facts() is known
        with using(Facts()):
            assert facts() is not known
        assert facts() is known
    with pytest.raises(LookupError):
        facts()


def test_a_truth_is_no_bool() -> None:
    """UNKNOWN is neither branch."""
    with pytest.raises(TypeError):
        bool(Truth.UNKNOWN)


@pytest.mark.parametrize(("less", "proof"), [(2, "H and H - 2 always differ by 2"), (1, "H and H - 1 always differ by 1")])
def test_sizes_that_differ_by_a_number_never_agree(less: int, proof: str) -> None:
    """A convolution without padding beside one with it."""
    height = symbol("H")
    with pytest.raises(Contradiction) as raised:
        Facts().assume(height, "==", height - less)
    assert raised.value.proof == proof
