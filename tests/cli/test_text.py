"""The layout of findings on terminals and in pipes."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import pytest

from torchlint.cli.console import Console, cells, visible, wrap
from torchlint.cli.render.text import full
from torchlint.diagnostics import Diagnostic, Note, Position, Severity, Span
from torchlint.source.document import Document

SAMPLE = """\
model.py:31:17: error[TL101 linear-in-features] `self.fc` takes 512 features, but `x` has 25088
   |
31 |         x = self.fc(x)
   |                     ^ [N, 25088]
note: `self.fc` is `nn.Linear(512, 10)`              model.py:18
note: `x` was flattened from [N, 512, 7, 7]          model.py:30
note: torch says: mat1 and mat2 shapes cannot be multiplied (Nx25088 and 512x10)
help: make it `nn.Linear(25088, 10)`"""


def _span(row: int, column: int, end: int) -> Span:
    return Span(Position(row, column), Position(row, end))


def _sample() -> tuple[Diagnostic, Document]:
    finding = Diagnostic(
        "TL101",
        "linear-in-features",
        Severity.ERROR,
        "`self.fc` takes 512 features, but `x` has 25088",
        "model.py",
        _span(31, 21, 22),
        (
            Note("`self.fc` is `nn.Linear(512, 10)`", "model.py", _span(18, 1, 2)),
            Note("`x` was flattened from [N, 512, 7, 7]", "model.py", _span(30, 1, 2)),
            Note("torch says: mat1 and mat2 shapes cannot be multiplied (Nx25088 and 512x10)"),
        ),
        help="make it `nn.Linear(25088, 10)`",
        label="[N, 25088]",
    )
    return finding, Document("model.py", "\n" * 30 + "        x = self.fc(x)\n")


def _finding(line: str, column: int, end: int, label: str | None = None) -> tuple[Diagnostic, Document]:
    span = _span(1, column, end)
    return Diagnostic("TL101", "n", Severity.ERROR, "m", "m.py", span, label=label), Document("m.py", line)


def _show(finding: tuple[Diagnostic, Document], width: int | None = None, stream: io.TextIOBase | None = None) -> list[str]:
    console = Console(io.StringIO() if stream is None else stream, width=width)  # type: ignore[arg-type]
    return full(*finding, str, console).split("\n")


def test_layout() -> None:
    """A finding looks as it was designed to."""
    finding, document = _sample()
    finding = Diagnostic(**{**vars(finding), "span": _span(31, 21, 22)})
    assert "\n".join(_show((finding, document))) == SAMPLE.replace("31:17", "31:21")


@pytest.mark.parametrize("width", [50, 60, 79, 120])
def test_a_terminal_is_not_overrun(width: int) -> None:
    """Messages, notes, their places and source lines stay within the width; every word is still there."""
    lines = _show(_sample(), width)
    assert all(len(line) <= width for line in lines), lines
    assert sorted(" ".join(lines).split()) == sorted(SAMPLE.replace("31:17", "31:21").split())


@pytest.mark.parametrize(
    ("line", "column", "end", "under"),
    [
        ("\tx = y", 6, 7, "y"),
        ("\tf(\ta)", 5, 6, "a"),
        ("日本 = x", 6, 7, "x"),
        ("é = e\u0301 + x", 10, 11, "x"),
        ("x = 日本", 5, 7, "日本"),
        ("'\x1b[31m' + x", 11, 12, "x"),
        ("\x0cx = y", 6, 7, "y"),
        ("'\u202e' + x", 7, 8, "x"),
    ],
)
def test_carets_stand_under_what_they_mark(line: str, column: int, end: int, under: str) -> None:
    """Tabs, wide characters, combining marks and control characters do not move the carets."""
    _, _, source, carets = _show(_finding(line, column, end))
    at = carets.index("^")
    position = next(i for i in range(len(source) + 1) if cells(source[:i]) == at)
    while source[position : position + 1] and cells(source[position]) == 0:
        position += 1
    assert source[position : position + len(under)] == under
    assert carets.count("^") == cells(under)
    assert source.isprintable()


@pytest.mark.parametrize("column", [1, 50, 500, 950, 995])
@pytest.mark.parametrize("length", [1, 20, 600])
def test_long_lines_are_cut_around_the_mark(column: int, length: int) -> None:
    """The marked text is in view, whatever the line's length."""
    line = "".join(f"{n:04d}" for n in range(250))
    end = min(column + length, 1001)
    _, _, source, carets = _show(_finding(line, column, end), width=80)
    assert len(source) <= 80 and len(carets) <= 80
    at, count = carets.index("^"), carets.count("^")
    assert line[column - 1 :].startswith(source[at : at + count])
    assert count == end - column or count > 30


def test_a_label_that_does_not_fit_stands_below() -> None:
    """A long label is wrapped under its carets; where lines may be as long as they like it stays beside them."""
    finding = _finding("        x = self.fc(x)", 21, 22, label="[N, " + "H + " * 12 + "1]")
    lines = _show(finding, 50)
    assert all(len(line) <= 50 for line in lines)
    assert lines[3] == "  |                     ^"
    assert " ".join(line.removeprefix("  | ") for line in lines[4:]) == finding[0].label
    assert _show(finding)[3] == f"  |                     ^ {finding[0].label}"


def test_spans_at_the_edges() -> None:
    """Empty spans and those that leave the line have a caret; beyond the file there is no source."""
    assert _show(_finding("x = 1", 3, 3))[-1] == "  |   ^"
    assert _show(_finding("x = 1", 40, 44))[-1] == "  |      ^"
    finding, document = _finding("f(a,\n  b)  ", 1, 2)
    several = Diagnostic(**{**vars(finding), "span": Span(Position(1, 1), Position(2, 4))})
    assert _show((several, document))[-2:] == ["1 | f(a,", "  | ^^^^"]
    beyond = Diagnostic(**{**vars(finding), "span": _span(7, 1, 2)})
    assert len(_show((beyond, document))) == 1


def test_places_of_long_notes() -> None:
    """Places stand in one column, two spaces behind the longest note."""
    finding, document = _finding("x", 1, 2)
    notes = (Note("a" * 60, "m.py", _span(1, 1, 1)), Note("b", "lib.py", _span(22, 1, 1)))
    lines = _show((Diagnostic(**{**vars(finding), "notes": notes}), document))[-2:]
    assert [line.index(p) for line, p in zip(lines, ("m.py", "lib.py"))] == [68, 68]


def test_a_stream_of_plain_ascii() -> None:
    """Where the encoding has no ellipsis there are dots."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    assert "..." in "\n".join(_show(_finding("x" * 900, 1, 2), 80, stream))


def test_cells_and_visible() -> None:
    """A terminal's cells are counted, and nothing that is shown can drive it."""
    assert [cells(t) for t in ("ab", "é", "e\u0301", "日本", "\u200d", "ｆ")] == [2, 1, 1, 4, 0, 2]
    assert visible("a\tb\x00\x7f\x9b\u202e\ud800") == "a    b\u2400\u2421\\u009b\\u202e\\ud800"


def test_wrap_keeps_every_word() -> None:
    """Lines are as full as they can be, and only a word that is too long is longer."""
    text = "the quick brown fox jumps over the lazy dog " * 4 + "x" * 30
    lines = wrap(text.strip(), 20, first=5)
    assert " ".join(lines) == text.strip()
    assert len(lines[0]) <= 15 and all(len(line) <= 20 for line in lines[1:-1])
    assert all(len(a) + 1 + len(b.split()[0]) > 15 for a, b in pairwise(lines))


def test_colour_changes_no_character() -> None:
    """With the escapes taken out, coloured output is the plain output."""
    coloured = full(*_sample(), str, Console(io.StringIO(), colour=True))
    assert "\x1b[" in coloured
    for code in ("1;31", "1;36", "1;32", "34", "1", "2", "0"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured.split("\n") == _show(_sample())


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "choice", "colour"),
    [
        ({}, "auto", True),
        ({"NO_COLOR": "1"}, "auto", False),
        ({"TERM": "dumb"}, "auto", False),
        ({"NO_COLOR": "1"}, "always", True),
        ({}, "never", False),
    ],
)
def test_when_there_is_colour(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], choice: str, colour: bool) -> None:
    """A terminal has colour unless the environment or the option says no."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "77")
    console = Console.of(_Terminal(), choice)
    assert (console.colour, console.width) == (colour, 77)
    assert Path.cwd() and Console.of(io.StringIO(), "auto").colour is False
