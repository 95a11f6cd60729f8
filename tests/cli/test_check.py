"""`torchlint check`: what it prints, what it exits with, and what it does to files."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from cli.conftest import Run

CLEAN = "x = 1\n"
ERROR = "a  # TL101\n"
WARNING = "a  # TL301\n"
INFO = "a  # TL215\n"


def _write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(("text", "status"), [(CLEAN, 0), (INFO, 0), (WARNING, 1), (ERROR, 1), (ERROR + INFO, 1)])
def test_exit_status(run: Run, text: str, status: int) -> None:
    """Errors and warnings fail a run, information never does, and --exit-zero lets everything pass."""
    _write("m.py", text)
    assert run("check", "m.py")[0] == status
    assert run("check", "m.py", "--exit-zero")[0] == 0


def test_text_output(run: Run) -> None:
    """A finding is its place, message, source line with carets, and notes with places; then the tally."""
    _write("m.py", "x = 1\n    call(weight) + weight  # TL101 unsafe:bias\n")
    assert run("check", "m.py")[1].splitlines() == [
        "m.py:2:20: error[TL101 linear-in-features] `weight` is bad",
        "  |",
        "2 |     call(weight) + weight  # TL101 unsafe:bias",
        "  |                    ^^^^^^",
        "note: it is so",
        "note: it was made here                               m.py:1",
        "help: write 'bias'",
        "",
        "Found 1 error in 1 file. 1 fixable with --fix --unsafe-fixes.",
    ]


def test_concise_output(run: Run) -> None:
    """One line for each finding."""
    _write("m.py", ERROR + WARNING)
    assert run("check", "m.py", "--output-format", "concise")[1].splitlines() == [
        "m.py:1:1: error[TL101 linear-in-features] `a` is bad",
        "m.py:2:1: warning[TL301 implicit-softmax-dim] `a` is bad",
        "Found 1 error and 1 warning in 1 file.",
    ]


def test_json_output(run: Run) -> None:
    """One list of objects with ruff's field names and absolute paths, and nothing else on standard output."""
    path = _write("ü/m.py", "é = b  # TL301 safe:c\n")
    status, out, _ = run("check", "ü", "--output-format", "json")
    assert status == 1
    absolute = str(path.absolute())
    assert json.loads(out) == [
        {
            "code": "TL301",
            "name": "implicit-softmax-dim",
            "severity": "warning",
            "message": "`b` is bad",
            "filename": absolute,
            "location": {"row": 1, "column": 5},
            "end_location": {"row": 1, "column": 6},
            "label": None,
            "notes": [
                {"message": "it is so", "filename": None, "location": None},
                {"message": "it was made here", "filename": absolute, "location": {"row": 1, "column": 1}},
            ],
            "help": None,
            "fix": {
                "applicability": "safe",
                "message": "write 'c'",
                "edits": [
                    {
                        "content": "c",
                        "location": {"row": 1, "column": 5},
                        "end_location": {"row": 1, "column": 22},
                    }
                ],
            },
            "url": None,
        }
    ]
    _write("clean.py", CLEAN)
    assert json.loads(run("check", "clean.py", "--output-format", "json")[1]) == []


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"a.py": CLEAN}, "1 file is clean."),
        ({"a.py": CLEAN, "b.py": CLEAN}, "All 2 files are clean."),
        ({"a.py": ERROR * 2 + WARNING, "b.py": CLEAN}, "Found 2 errors and 1 warning in 1 file."),
        ({"a.py": ERROR + WARNING + INFO, "b.py": INFO}, "Found 1 error, 1 warning and 2 hints in 2 files."),
        ({"a.py": "a # TL301 safe:b\nc # TL101 unsafe:d\n"},
         "Found 1 error and 1 warning in 1 file. 1 fixable with --fix, 1 more with --unsafe-fixes."),
    ],
)  # fmt: skip
def test_closing_line(run: Run, files: dict[str, str], line: str) -> None:
    """The last line counts what was found, and what can be fixed."""
    for name, text in files.items():
        _write(name, text)
    assert run("check")[1].splitlines()[-1] == line


def test_statistics(run: Run) -> None:
    """--statistics counts by rule, most frequent first."""
    _write("m.py", ERROR + WARNING * 2)
    lines = run("check", "--statistics")[1].splitlines()
    assert [line.split() for line in lines[2:4]] == [
        ["2", "TL301", "implicit-softmax-dim", "warning"],
        ["1", "TL101", "linear-in-features", "error"],
    ]
    found = json.loads(run("check", "--statistics", "--output-format", "json")[1])
    assert [(row["code"], row["count"]) for row in found] == [("TL301", 2), ("TL101", 1)]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ((), ["TL101", "TL301"]),
        (("--select", "TL3"), ["TL301"]),
        (("--select", "TL412"), ["TL412"]),
        (("--select", "ALL"), ["TL101", "TL301", "TL412"]),
        (("--extend-select", "shuffled-validation"), ["TL101", "TL301", "TL412"]),
        (("--ignore", "linear-in-features"), ["TL301"]),
        (("--select", "TL", "--ignore", "TL1,TL4"), ["TL301"]),
        (("--select", "TL1", "--select", "TL3"), ["TL101", "TL301"]),
    ],
)
def test_selection(run: Run, options: tuple[str, ...], codes: list[str]) -> None:
    """Codes, prefixes and names choose the rules; those that are off need choosing."""
    _write("m.py", "a # TL101\nb # TL301\nc # TL412\n")
    found = json.loads(run("check", "m.py", "--output-format", "json", *options)[1])
    assert [f["code"] for f in found] == codes


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("missing.py",), "missing.py: no such file or folder"),
        (("modle.py",), "did you mean `model.py`?"),
        (("empty",), "empty: no Python files in this folder"),
        (("model.py", "--select", "linear-in-feature"), "did you mean `linear-in-features`?"),
        (("model.py", "--ignore", "TL8"), "--ignore: there is no rule `TL8`"),
        (("-", "model.py"), "standard input (-) is checked alone"),
        (("--no-such-option",), "unrecognized arguments"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], words: str) -> None:
    """What cannot be done is named on the error output, and the status is 2, --exit-zero or not."""
    _write("model.py", ERROR)
    Path("empty").mkdir()
    for extra in ((), ("--exit-zero",)):
        status, _, err = run("check", *arguments, *extra)
        assert (status, words in err) == (2, True), err


def test_other_paths_are_checked_beside_a_missing_one(run: Run) -> None:
    """One bad path does not hide the findings of the others."""
    _write("m.py", ERROR)
    status, out, err = run("check", "missing.py", "m.py")
    assert status == 2 and "m.py:1:1: error[TL101" in out and "missing.py: no such file" in err


def test_undecodable_file_is_a_finding(run: Run) -> None:
    """A file that is not text is TL901 at the bad byte; the others are still checked."""
    _write("bad.py", b"x = 1\ny = '\xc3\xa9\xff'\n")
    _write("m.py", ERROR)
    status, out, _ = run("check")
    assert status == 1
    assert "bad.py:2:7: error[TL901 syntax-error] byte 0xff is not utf-8" in out
    assert "m.py:1:1: error[TL101" in out


def test_internal_error_is_a_finding(run: Run) -> None:
    """Where the engine fails the file is not clean, the others are checked, and the status is 2."""
    _write("broken.py", "a  # TL000\n")
    _write("m.py", ERROR)
    status, out, _ = run("check")
    assert status == 2
    assert "broken.py:1:1: error[TL903 internal-error]" in out and "note: RuntimeError: the engine broke" in out
    assert "m.py:1:1: error[TL101" in out


def test_settings_file(run: Run) -> None:
    """The nearest pyproject.toml with a torchlint table holds for a file, each file its own."""
    _write("pyproject.toml", '[tool.torchlint]\nignore = ["TL101"]\nexclude = ["skipped/"]\n')
    _write("m.py", ERROR + WARNING)
    _write("skipped/m.py", ERROR)
    _write("sub/pyproject.toml", '[tool.torchlint]\nselect = ["TL1"]\n')
    _write("sub/m.py", ERROR + WARNING)
    _write("plain/pyproject.toml", "[tool.other]\n")
    _write("plain/m.py", ERROR)
    found = json.loads(run("check", "--output-format", "json")[1])
    assert [(os.path.relpath(f["filename"]), f["code"]) for f in found] == [
        ("m.py", "TL301"),
        (os.path.join("sub", "m.py"), "TL101"),
    ]


def test_settings_error(run: Run) -> None:
    """A bad settings file is named with its key."""
    _write("pyproject.toml", '[tool.torchlint]\nselcet = ["TL1"]\n')
    _write("m.py", CLEAN)
    status, out, err = run("check", "m.py")
    assert (status, out) == (2, "")
    assert "pyproject.toml: `tool.torchlint.selcet` is no setting; did you mean `select`?" in err


def _stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads standard input, under the name that is given, with the settings of its folder."""
    _stdin(monkeypatch, ERROR.encode())
    assert "-:1:1: error[TL101" in run("check", "-")[1]
    _write("sub/pyproject.toml", '[tool.torchlint]\nignore = ["TL1"]\n')
    _stdin(monkeypatch, (ERROR + WARNING).encode())
    status, out, _ = run("check", "-", "--stdin-filename", "sub/m.py", "--output-format", "concise")
    assert (status, out.splitlines()[0]) == (
        1,
        f"{os.path.join('sub', 'm.py')}:2:1: warning[TL301 implicit-softmax-dim] `a` is bad",
    )


def test_fix_of_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixed text is all that goes to standard output, byte for byte."""
    _stdin(monkeypatch, b"\xef\xbb\xbfa # TL301 safe:b\r\nx = 1")
    output = io.TextIOWrapper(io.BytesIO(), newline="")
    monkeypatch.setattr(sys, "stdout", output)
    status, _, err = run("check", "-", "--fix")
    assert (status, output.buffer.getvalue()) == (0, b"\xef\xbb\xbfb\r\nx = 1")  # type: ignore[attr-defined]
    assert "Fixed 1 finding in 1 file." in err


def test_ignored_and_noqa(run: Run) -> None:
    """Comments silence findings."""
    _write(
        "m.py",
        "a # TL101 # torchlint: ignore[linear-in-features]\nb # TL301 # noqa: TL301\nc # TL301 # noqa: E501\n",
    )
    assert run("check", "m.py")[1].splitlines()[0].startswith("m.py:3:1")


def test_folders_that_hold_no_source_are_left_out(run: Run) -> None:
    """Environments, caches, builds and what .gitignore says are not checked; a named file always is."""
    for folder in (
        ".git",
        ".venv",
        "venv",
        "node_modules",
        "__pycache__",
        "build",
        "dist",
        "lib/site-packages",
        "ignored",
    ):
        _write(f"{folder}/m.py", ERROR)
    _write("env/pyvenv.cfg", "")
    _write("env/lib/m.py", ERROR)
    _write(".gitignore", "ignored/\n*_gen.py\n")
    _write("a_gen.py", ERROR)
    _write("sub/.gitignore", "!a_gen.py\nb.py\n")
    _write("sub/a_gen.py", ERROR)
    _write("sub/b.py", ERROR)
    _write("notes.txt", ERROR)
    _write("m.py", ERROR)
    found = json.loads(run("check", "--output-format", "json")[1])
    assert [os.path.relpath(f["filename"]) for f in found] == ["m.py", os.path.join("sub", "a_gen.py")]
    assert run("check", "a_gen.py")[0] == 1
    assert "build" in run("check", "build")[1]
    assert "sub" in run("check", "sub")[1]


def test_output_without_colour_has_no_escapes(run: Run) -> None:
    """Colour is for terminals, or for who asks; control characters of a checked file never reach one."""
    _write("m.py", "a  # TL101 \x1b[31m\x07\n")
    assert "\x1b" not in run("check", "m.py")[1]
    coloured = run("check", "m.py", "--color", "always")[1]
    assert "\x1b[1;31merror" in coloured and "\x07" not in coloured and "\u241b[31m" in coloured
