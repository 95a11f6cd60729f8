"""What people read and write: sizes as text, and back."""

from __future__ import annotations

import pytest
from hypothesis import given

from dims.strategies import STEADY, SYMBOLS, Twin, twins
from torchlint.dims.expr import Kind, Size, Symbol, maximum, of_atom, product, symbol
from torchlint.dims.parsing import parse_shape, parse_size
from torchlint.dims.printing import factored, show, show_shape

H, W, N, DIM, DEPTH = (symbol(name) for name in ("H", "W", "N", "dim", "depth"))


@STEADY
@given(twins(depth=8))
def test_what_is_printed_reads_back_as_the_same(twin: Twin) -> None:
    """print -> parse -> same, in both spellings."""
    scope: dict[str, Symbol | Size] = {s.name: s for s in SYMBOLS}
    assert parse_size(show(twin.size), scope) == twin.size
    assert parse_size(factored(twin.size), scope) == twin.size
    assert set(scope) == {s.name for s in SYMBOLS}


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (25088, "25088"),
        (H - 2, "H - 2"),
        (5 - H, "5 - H"),
        (-H, "-H"),
        (-(H // 2), "-(H//2)"),
        (4 * DIM**2 + 13 * DIM, "4*dim**2 + 13*dim"),
        ((H - 4) // 2, "(H - 4)//2"),
        ((H + 3) // 4, "(H + 3)//4"),
        (H // 2 + 1, "H//2 + 1"),
        (2 * (H // 2), "2*(H//2)"),
        (H % 2, "H%2"),
        (maximum(H, W - 1), "max(H, W - 1)"),
        ((H - 2) * (W - 2), "(H - 2)*(W - 2)"),
        (-3 * (H - 2) * (W - 2), "-3*(H - 2)*(W - 2)"),
        (H + (7 - H % 7) % 7, "7*((H + 6)//7)"),
        (-(-H // 7), "(H + 6)//7"),
        (-(-H // 2), "(H + 1)//2"),
        ((H + H % 2) // 2, "(H + 1)//2"),
        ((H - H % 8) // 8, "H//8"),
        ((3 * H) // 4, "(3*H)//4"),
        (20 * (((H - 4) // 2 - 4) // 2) * (((W - 4) // 2 - 4) // 2), "20*((H - 12)//4)*((W - 12)//4)"),
    ],
)
def test_a_size_reads_as_people_write_it(size: Size, text: str) -> None:
    """Python's notation, products of sums not multiplied out."""
    assert show(size) == text


def test_a_shape_is_in_brackets() -> None:
    """`[N, 64, H//2]`."""
    assert show_shape((N, 64, H // 2)) == "[N, 64, H//2]"
    assert show_shape(()) == "[]"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (DEPTH * (12 * DIM**2 + 13 * DIM), "depth*(12*dim**2 + 13*dim)"),
        (4 * DIM**2 + 13 * DIM, "4*dim**2 + 13*dim"),
        (512 * DIM + 512 * DEPTH, "512*(depth + dim)"),
        (2 * H * (W**2 * DIM + 6 * W * DIM**2), "2*H*W*dim*(W + 6*dim)"),
        (4 * DIM**2 + 4 * DIM, "4*dim**2 + 4*dim"),
        (
            36 * (((H + 1) // 2 - 1) * ((W + 1) // 2 - 1) + ((H + 1) // 4 - 1) * ((W + 1) // 4 - 1)),
            "36*(((H - 1)//2)*((W - 1)//2) + ((H - 3)//4)*((W - 3)//4))",
        ),
        (7, "7"),
        (3 * DIM, "3*dim"),
    ],
)
def test_a_parameter_count_shows_what_it_multiplies(size: Size, text: str) -> None:
    """What all terms share stands before the bracket, if that is shorter."""
    assert factored(size) == text


@pytest.mark.parametrize("text", ["[1, 3, 224, 224]", "(1, 3, 224, 224)", "1,3,224,224", "1x3x224x224", "1 x 3 x 224 x 224"])
def test_a_shape_of_numbers_has_many_spellings(text: str) -> None:
    """Brackets, parentheses, commas alone, or an x between."""
    assert parse_shape(text, {}) == (1, 3, 224, 224)


def test_short_shapes() -> None:
    """A scalar, a vector, and a product in parentheses, which is not a shape of one."""
    assert parse_shape("[]", {}) == ()
    assert parse_shape("()", {}) == ()
    assert parse_shape("(3,)", {}) == (3,)
    assert parse_shape("[7]", {}) == (7,)
    assert parse_shape("(1 + 2)*3, (4)", {}) == (9, 4)


def test_names_become_symbols_once() -> None:
    """A name means one symbol throughout a scope; N, B and batch in the first place are the batch."""
    scope: dict[str, Symbol | Size] = {}
    n, c, h, again = parse_shape("[N, C, H, H]", scope)
    assert h == again
    assert n != c
    kinds = {name: s.kind for name, s in scope.items() if isinstance(s, Symbol)}
    assert kinds == {"N": Kind.BATCH, "C": Kind.INPUT, "H": Kind.INPUT}
    assert parse_shape("[N, 2*H]", scope) == (n, h + h)


def test_a_batch_name_elsewhere_is_an_input() -> None:
    """Many models are sequence first."""
    scope: dict[str, Symbol | Size] = {}
    parse_shape("[T, B]", scope)
    assert all(isinstance(s, Symbol) and s.kind is Kind.INPUT for s in scope.values())


def test_the_caller_may_make_the_symbols() -> None:
    """For other kinds and minimums."""
    made = Symbol("dim", Kind.PARAMETER, 2)
    assert parse_size("2*dim", {}, lambda name, kind: made) == 2 * of_atom(made)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[N, 3, H/2]", "`H/2` is not a size"),
        ("[N,,3]", "a size is missing"),
        ("", None),
        ("[cfg.size]", "`cfg.size` is not a size"),
        ("[H + ]", r"`H \+` is not a size"),
        ("[round(3)]", r"`round\(3\)` is not a size"),
        ("[3 // 0]", "`3 // 0` divides by zero"),
        ("[True]", "`True` is not a size"),
        ("[1.5]", "`1.5` is not a size"),
        ("[2**100]", r"`2\*\*100` is not a size"),
        ("[H**W]", r"`H\*\*W` is not a size"),
        ("[" + "9" * 5000 + "]", "too long"),
        ("[" + "(" * 400 + "]", "is not a size"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, message: str | None) -> None:
    """The error names the piece; an empty text is the shape of a scalar."""
    if message is None:
        assert parse_shape(text, {}) == ()
        return
    with pytest.raises(ValueError, match=message):
        parse_shape(text, {})


def test_a_product_of_many_sums_still_prints() -> None:
    """A product of three sums is found again after it was multiplied out."""
    c = symbol("C")
    assert show(product([H - 1, W - 1, c + 1])) == "(C + 1)*(H - 1)*(W - 1)"
