"""No input makes torchlint crash, hang or grow: what cannot be followed within the budget is Unknown."""

from __future__ import annotations

import random
import resource
import signal
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hostile import CASES
from torchlint.analysis import Analysis, Project, analyze
from torchlint.editor.describing import Describer
from torchlint.remembering import Memory
from torchlint.settings import Settings
from torchlint.source.document import DecodeError, Document

_SETTINGS = Settings(budget_seconds=0.5)
_SECONDS = 12.0  # of the processor; what the budgets allow together is less than half of it
_MEGABYTES = 500
_EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
_TORCHVISION = Path(sysconfig.get_path("purelib")) / "torchvision" / "models"
_EDITED = [
    *sorted(_EXAMPLES.glob("*.py")),
    *(_TORCHVISION / f"{name}.py" for name in ("alexnet", "mnasnet", "resnet", "shufflenetv2", "squeezenet", "vgg")),
]
_EDITS = 20


class _Hangs(BaseException):
    """The time is up; no `except Exception` of torchlint catches it."""


@contextmanager
def _bounded() -> Iterator[None]:
    """Fails what takes longer or grows more than any input may."""

    def stop(*_: object) -> None:
        raise _Hangs

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, 2 * _SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
    assert time.process_time() - started < _SECONDS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < _MEGABYTES * 1024


def _analyze(text: str, folder: Path) -> Analysis:
    with _bounded():
        memory = Memory()
        analysis = analyze(Document(str(folder / "probe.py"), text), Project(_SETTINGS, folder), _SETTINGS, memory)
        Describer().describe(analysis, memory)
    assert [d.message for d in analysis.diagnostics if d.name == "internal-error"] == []
    return analysis


@pytest.mark.parametrize("name", CASES)
def test_no_program_hangs_or_grows(name: str, tmp_path: Path) -> None:
    """The analysis of anything, with what an editor shows of it, ends in time, in little memory, without an exception and
    without a failure of torchlint."""
    _analyze(CASES[name], tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    """Bytes that do not decode are refused by name, not by a crash."""
    path = tmp_path / "probe.py"
    for data in (b"x = '\xff\xfe'\n", bytes(range(256)), b"# coding: nonsense\nx = 1\n", b"\xff\xfea\x00"):
        path.write_bytes(data)
        with pytest.raises(DecodeError):
            Document.read(path)


def _edited(text: str, rng: random.Random) -> str:
    """The text as somebody leaves it in the middle of typing: characters or lines are gone, doubled, moved or new."""
    for _ in range(rng.randint(1, 3)):
        lines = text.splitlines(keepends=True)
        line, place = rng.randrange(len(lines)), rng.randrange(len(text))
        kind = rng.choice(("drop", "cut", "insert", "drop line", "double line", "swap lines", "indent"))
        if kind == "drop":
            text = text[:place] + text[place + rng.choice((1, 1, 1, 5, 30)) :]
        elif kind == "cut":
            text = text[: max(place, 200)]
        elif kind == "insert":
            text = text[:place] + rng.choice("()[]{}:,.='\"#\\\n 0x*-@\0é") + text[place:]
        else:
            other = rng.randrange(len(lines))
            if kind == "drop line":
                del lines[line]
            elif kind == "double line":
                lines.insert(line, lines[line])
            elif kind == "swap lines":
                lines[line], lines[other] = lines[other], lines[line]
            else:
                lines[line] = rng.choice(("    ", "\t", " ")) + lines[line]
            text = "".join(lines)
    return text


@pytest.mark.parametrize("path", _EDITED, ids=lambda p: p.stem)
def test_half_typed_files(path: Path) -> None:
    """Whatever is deleted from or typed into a file, torchlint answers."""
    original = path.read_text(encoding="utf-8")
    rng = random.Random(path.stem)
    for _ in range(_EDITS):
        text = _edited(original, rng)
        try:
            _analyze(text, path.parent)
        except BaseException:
            print(text)
            raise
