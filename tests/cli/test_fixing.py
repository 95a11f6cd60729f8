"""Fixes: what they may do to a file, and what they never do."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cli.conftest import Run
from torchlint import fixing
from torchlint.cli import saving
from torchlint.diagnostics import Applicability, Diagnostic, Edit, Fix, Position, Severity, Span
from torchlint.source.document import Document


def _write(name: str, data: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_safe_fixes_are_applied(run: Run) -> None:
    """--fix applies what is safe, reports the rest, keeps the mode and leaves no other file behind."""
    path = _write("m.py", "a # TL301 safe:b\nc # TL101 unsafe:d\n")
    path.chmod(0o751)
    status, out, _ = run("check", "--fix")
    assert (status, path.read_text()) == (1, "b\nc # TL101 unsafe:d\n")
    assert "Fixed 1 finding in 1 file.\nFound 1 error in 1 file. 1 fixable with --fix --unsafe-fixes.\n" in out
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert os.listdir() == ["m.py"]
    assert run("check", "--fix", "--unsafe-fixes")[0] == 0
    assert path.read_text() == "b\nd\n"


def test_unsafe_fixes_by_setting(run: Run) -> None:
    """`unsafe-fixes` in the settings file does what the option does."""
    _write("pyproject.toml", "[tool.torchlint]\nunsafe-fixes = true\n")
    path = _write("m.py", "c # TL101 unsafe:d\n")
    assert run("check", "--fix")[0] == 0
    assert path.read_text() == "d\n"


def test_diff_changes_nothing(run: Run) -> None:
    """--diff prints what --fix would do, exits with 1 for it, and writes no file."""
    path = _write("m.py", "x = 1\na # TL301 safe:b")
    before = path.stat().st_mtime_ns
    status, out, err = run("check", "--diff")
    assert (status, err) == (1, "Would fix 1 finding in 1 file.\n")
    assert out == (
        "--- m.py\n+++ m.py\n@@ -1,2 +1,2 @@\n x = 1\n-a # TL301 safe:b\n\\ No newline at end of file\n"
        "+b\n\\ No newline at end of file\n"
    )
    assert (path.read_text(), path.stat().st_mtime_ns) == ("x = 1\na # TL301 safe:b", before)
    _write("m.py", "x = 1\n")
    assert run("check", "--diff") == (0, "", "Nothing to fix.\n")
    _write("m.py", "a # TL101\n")
    assert run("check", "--diff") == (1, "", "Nothing to fix.\nFound 1 error in 1 file.\n")


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfx = '\xc3\xa9'\na # TL301 safe:b\n",
        b"x = 1\r\ny = '''\r\n\r'''\r\na # TL301 safe:b\r\n",
        b"\x0cx = 1\n\x0c\nif x:\n\ty = '\t\x0b'  \n\na # TL301 safe:b",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\na # TL301 safe:b\n",
        b"#!/bin/sh\n# vim: set fileencoding=cp1252 :\nx = '\x80'\na # TL301 safe:b\n",
        "# coding: utf-8\nx = '\u2028\u0085\U0001f600\u202e'\na # TL301 safe:b\n".encode(),
        b"x = 1\ra # TL301 safe:b\r",
        b"\n\n\na # TL301 safe:b\n\n\n",
    ],
)
def test_the_rest_of_the_file_is_untouched(run: Run, data: bytes) -> None:
    """Marks, cookies, line ends, form feeds, tabs and spaces stay as they were."""
    path = _write("m.py", data)
    assert run("check", "--fix")[0] == 0
    assert path.read_bytes() == data.replace(b"a # TL301 safe:b", b"b")


def test_added_lines_end_as_the_file_does(run: Run) -> None:
    """A fix of several lines takes the line ends of the file."""
    path = _write("m.py", b"x = 1\r\na # TL301 safe:b\\nc\r\n")
    run("check", "--fix")
    assert path.read_bytes() == b"x = 1\r\nb\r\nc\r\n"


@pytest.mark.parametrize("data", [b"a # TL301 safe:b\n\xff", b"# coding: nonsense\na # TL301 safe:b\n"])
def test_a_file_that_is_not_text_is_left_alone(run: Run, data: bytes) -> None:
    """What cannot be read is reported and not written."""
    path = _write("m.py", data)
    status, out, _ = run("check", "--fix")
    assert status == 1 and "TL901 syntax-error" in out
    assert path.read_bytes() == data


def test_an_encoding_that_does_not_come_back_is_left_alone(run: Run) -> None:
    """Where writing would change other bytes, nothing is written, and the status is 2."""
    data = b"# coding: utf-7\nx = '+AGE-'\na # TL301 safe:b\n"
    path = _write("m.py", data)
    status, out, err = run("check", "--fix")
    assert status == 2 and "not fixed: its utf-7 text cannot be written back as it was" in err
    assert path.read_bytes() == data
    assert "m.py:3:1: warning[TL301" in out and "Fixed" not in out


def test_a_fix_that_does_not_parse_is_refused(run: Run) -> None:
    """It is reported; the others are applied."""
    path = _write("m.py", "a # TL301 safe:(\nc # TL301 safe:d\n")
    status, out, err = run("check", "--fix")
    assert (status, path.read_text()) == (1, "a # TL301 safe:(\nd\n")
    assert err == "m.py:1: the fix of TL301 implicit-softmax-dim was not applied: the result would not parse\n"
    assert "Fixed 1 finding in 1 file." in out


def test_a_fix_in_a_broken_file(run: Run) -> None:
    """A file with a broken definition is fixed elsewhere, as long as no more of it breaks."""
    path = _write("m.py", "class A(:\n    pass\ndef f():\n    a # TL301 safe:b\ndef g():\n    a # TL301 safe:)\n")
    run("check", "--fix")
    assert path.read_text() == "class A(:\n    pass\ndef f():\n    b\ndef g():\n    a # TL301 safe:)\n"


def test_a_fix_outside_the_encoding_is_refused() -> None:
    """A character that the file cannot hold is not written."""
    document = Document("m.py", "a = 1\n", "latin-1")
    found = _finding(Edit(_span(1, 1, 1, 2), "'\u20ac'[0]"))
    result = fixing.fix(document, lambda d: (found,), unsafe=False)
    assert result.document.text == "a = 1\n"
    assert [reason for _, reason in result.refused] == ["the result cannot be written as latin-1"]


def _span(row: int, column: int, end_row: int, end_column: int) -> Span:
    return Span(Position(row, column), Position(end_row, end_column))


def _finding(*edits: Edit) -> Diagnostic:
    return Diagnostic(
        "TL301",
        "implicit-softmax-dim",
        Severity.WARNING,
        "bad",
        "m.py",
        edits[0].span,
        fix=Fix("repair", edits, Applicability.SAFE),
    )


def test_overlapping_fixes_wait_for_the_next_round() -> None:
    """Edits that overlap, or insert at one place, are never mixed; both are applied in the end."""
    rounds: list[str] = []

    def analyze(document: Document) -> tuple[Diagnostic, ...]:
        rounds.append(document.text)
        if document.text == "abc\n":
            return _finding(Edit(_span(1, 1, 1, 3), "x")), _finding(Edit(_span(1, 2, 1, 4), "y"))
        if document.text == "xc\n":
            insert = Edit(_span(1, 1, 1, 1), "p")
            return _finding(insert), _finding(insert)
        return ()

    result = fixing.fix(Document("m.py", "abc\n"), analyze, unsafe=False)
    assert rounds == ["abc\n", "xc\n", "pxc\n"]
    assert (result.document.text, len(result.applied)) == ("pxc\n", 2)


def test_fixes_that_undo_each_other_end() -> None:
    """Two rules that disagree do not loop; both are reported."""

    def analyze(document: Document) -> tuple[Diagnostic, ...]:
        return (_finding(Edit(_span(1, 1, 1, 2), "b" if document.text == "a\n" else "a")),)

    result = fixing.fix(Document("m.py", "a\n"), analyze, unsafe=False)
    assert result.document.text == "b\n"
    assert [reason for _, reason in result.refused] == ["it undoes another fix, or changes nothing"]


def test_fixes_without_end_are_bounded() -> None:
    """A fix that always makes another finding stops after a fixed number of rounds."""

    def analyze(document: Document) -> tuple[Diagnostic, ...]:
        return (_finding(Edit(_span(1, 1, 1, 1), "a")),)

    result = fixing.fix(Document("m.py", "a\n"), analyze, unsafe=False)
    assert len(result.applied) == 100
    assert "no end after 100 rounds" in result.refused[-1][1]


def test_save_replaces_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails half way the file is as it was, and nothing else is left."""
    path = tmp_path / "m.py"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        saving.save(path, b"old", b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_save_follows_links_and_sees_changes(tmp_path: Path) -> None:
    """A link stays a link; a file that somebody changed meanwhile is not overwritten."""
    path = tmp_path / "m.py"
    path.write_bytes(b"old")
    link = tmp_path / "link.py"
    link.symlink_to(path)
    saving.save(link, b"old", b"new")
    assert link.is_symlink() and path.read_bytes() == b"new"
    with pytest.raises(OSError, match="changed"):
        saving.save(path, b"old", b"newer")
    assert path.read_bytes() == b"new"
