"""Texts and places in them."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchlint.diagnostics import Edit, Position, Span
from torchlint.source.document import DecodeError, Document


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"x\r\n\x0c\ty", "x\r\n\x0c\ty", "utf-8"),
        (b"\xef\xbb\xbfx = 1", "x = 1", "utf-8"),
        (b"# coding: latin-1\n\xe9", "# coding: latin-1\n\xe9", "iso-8859-1"),
        (b"#!x\n# vim: fileencoding=cp1252\n\x80", "#!x\n# vim: fileencoding=cp1252\n\u20ac", "cp1252"),
        (b"", "", "utf-8"),
    ],
)
def test_bytes_come_back(data: bytes, text: str, encoding: str) -> None:
    """A document is read as Python reads it and written as it was."""
    document = Document.decode(data, "m.py")
    assert (document.text, document.encoding) == (text, encoding)
    assert document.encode() == data


@pytest.mark.parametrize(
    ("data", "message", "place"),
    [
        (b"ok\n\xc3\xa9\xff", "byte 0xff is not utf-8", (2, 2)),
        (b"\xff", "byte 0xff is not utf-8", (1, 1)),
        (b"x\n\xe9\n# coding: latin-1\n", "byte 0xe9 is not utf-8", (2, 1)),
        (b"# coding: ascii\n\xe9", "byte 0xe9 is not ascii", (2, 1)),
        (b"# coding: klingon\n", "unknown encoding `klingon`", (1, 1)),
        (b"# coding: rot13\n", "unknown encoding `rot13`", (1, 1)),
        (b"\xff\xfex\0", "byte 0xff is not utf-8", (1, 1)),
    ],
)
def test_bytes_that_are_not_text(data: bytes, message: str, place: tuple[int, int]) -> None:
    """The error names the bad byte and its place."""
    with pytest.raises(DecodeError) as caught:
        Document.decode(data, "m.py")
    assert (caught.value.message, tuple(caught.value.span.start)) == (message, place)
    assert caught.value.document.path == "m.py"


def test_spans_count_code_points() -> None:
    """`ast` counts UTF-8 bytes; a span counts characters, from the first row of the part that was parsed."""
    text = "a = 1\n'é😀'; x = 'ü'; y\n"
    document = Document("m.py", text)
    tree = ast.parse(text.split("\n", 1)[1])
    last = document.span(tree.body[-1], first_row=2)
    assert last == Span(Position(2, 16), Position(2, 17))
    assert document.text_of(last) == "y"


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="a\n\r\f\u2028é\t\x0b\x1c"), st.data())
def test_offsets_and_positions_agree(text: str, data: st.DataObject) -> None:
    """Every offset has one position, which leads back to it; lines end where Python ends them."""
    document = Document("m.py", text)
    assert document.lines == text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    offset = data.draw(st.integers(0, len(text)))
    position = document.position(offset)
    in_line_end = position.column > len(document.lines[position.row - 1]) + 1
    assert in_line_end or document.offset(position) == offset


def test_places_outside_of_the_text_are_its_nearest() -> None:
    """Rows and columns beyond the text do not fail."""
    document = Document("m.py", "ab\ncd")
    assert document.offset(Position(9, 9)) == 5
    assert document.offset(Position(1, 9)) == 2
    assert document.position(99) == Position(2, 3)


def test_edits_are_applied_together() -> None:
    """Edits speak of the text before any of them, in any order."""
    document = Document("m.py", "one\r\ntwo\r\n")
    one, two = (Span(Position(row, 1), Position(row, 4)) for row in (1, 2))
    assert document.edited([Edit(two, "2\n2"), Edit(one, "1")]) == "1\r\n2\r\n2\r\n"
