"""Comments that silence."""

from __future__ import annotations

import pytest

from torchlint.diagnostics import Diagnostic, Position, Severity, Span
from torchlint.source.document import Document
from torchlint.source.suppressions import Suppressions


def _finding(row: int) -> Diagnostic:
    span = Span(Position(row, 1), Position(row, 2))
    return Diagnostic("TL101", "linear-in-features", Severity.ERROR, "bad", "m.py", span)


def _silenced(text: str) -> list[int]:
    """The rows on which TL101 is silenced."""
    suppressions = Suppressions.of(Document("m.py", text))
    return [row for row in range(1, text.count("\n") + 2) if suppressions.silences(_finding(row))]


@pytest.mark.parametrize(
    "comment",
    [
        "# torchlint: ignore",
        "#torchlint:ignore",
        "# torchlint: ignore[linear-in-features]",
        "# torchlint: ignore [ TL204 , TL101 ]",
        "# torchlint: ignore[TL1]",
        "# noqa",
        "# NOQA",
        "# noqa: TL101",
        "# noqa:E501,TL101",
        "# noqa: E501 TL101 because",
        "# type: ignore # noqa: TL101",
        "# noqa: E501 # torchlint: ignore[TL101]",
    ],
)
def test_comments_that_silence(comment: str) -> None:
    """Both spellings, by name, code or prefix, or everything."""
    assert _silenced(f"a\nb  {comment}\nc") == [2]


@pytest.mark.parametrize(
    "comment",
    [
        "# torchlint: ignore[TL102]",
        "# torchlint: ignore[]",
        "# torchlint: ignored",
        "# torchlint: input x: [N]",
        "# noqa: E501",
        "# noqanything",
        "# ignore",
    ],
)
def test_comments_that_do_not(comment: str) -> None:
    """Other rules, other words and other tools' comments silence nothing."""
    assert _silenced(f"a\nb  {comment}\nc") == []


def test_strings_are_text() -> None:
    """What stands in a string is no comment, whatever the string."""
    assert _silenced("a = '# noqa'\nb = f'{x} # noqa'\nc = '''\n# noqa\n'''\n") == []


def test_statements_of_several_lines() -> None:
    """A comment speaks for its own line; on the last line of a statement for all of it."""
    assert _silenced("f(\n  a,  # noqa\n  b,\n)\nc\n") == [2]
    assert _silenced("f(\n  a,\n  b,\n)  # noqa\nc\n") == [1, 2, 3, 4]
    assert _silenced("x = '''\n\n'''  # noqa\nc\n") == [1, 2, 3]
    assert _silenced("class A:  # noqa\n    x = 1\n    y = 2\n") == [1]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("# torchlint: ignore-file\nimport a\nb\n", True),
        ('"""Doc."""\n\n# torchlint: ignore-file[TL101]\nimport a\n', True),
        ("# torchlint: ignore-file[TL102]\nimport a\n", False),
        ("import a\n# torchlint: ignore-file\n", False),
        ("import a  # torchlint: ignore-file\n", False),
        ("class A:\n    # torchlint: ignore-file\n    pass\n", False),
    ],
)
def test_whole_files(text: str, whole: bool) -> None:
    """`ignore-file` stands on a line of its own before the first statement."""
    assert _silenced(text) == (list(range(1, text.count("\n") + 2)) if whole else [])


def test_a_half_typed_file_keeps_its_comments() -> None:
    """An open bracket or quote hides no comment of the definitions after it."""
    assert _silenced("x = '''\ndef f():\n    a  # noqa\n") == [3]
    assert _silenced("x = f(\nclass A:\n    a  # noqa\n    b\n") == [3]


def test_what_was_used() -> None:
    """Every comment that silenced something knows it, and which of its rules did."""
    text = "a  # torchlint: ignore[TL101, TL102]\nb  # noqa: TL3\nc  # torchlint: ignore\nd # noqa\n"
    suppressions = Suppressions.of(Document("m.py", text))
    for row in (1, 3):
        assert suppressions.silences(_finding(row))
    first, second, third, fourth = suppressions.all()
    assert (first.unused(), second.unused(), third.unused(), fourth.unused()) == (("TL102",), None, (), None)
    assert first.span == Span(Position(1, 4), Position(1, 37))
    assert [s.foreign for s in suppressions.all()] == [False, True, False, True]
