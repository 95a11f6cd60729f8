"""What the process that runs models does not let them do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from executed.conftest import Execute
from torchlint.execution.process import ExecutionError, Request, Worker

_NET = "class Net(nn.Module):\n    def forward(self, x):\n        {}\n        return x\n"
_REQUEST = Request(path=None, module="torch.nn", package="", name="Linear", args="3, 4", inputs=[], search=[])
_needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="limits need a process for each request")


@pytest.fixture(scope="module")
def hasty() -> Iterator[Worker]:
    """A worker that gives a request little time and memory."""
    with Worker(sys.executable, seconds=3.0, megabytes=300) as worker:
        yield worker


@_needs_fork
def test_a_worker_stays_warm(worker: Worker) -> None:
    """One process answers request after request, and what one of them does is gone for the next."""
    assert worker.run(_REQUEST)["parameters"] == 16
    first = worker._process
    assert worker.run(_REQUEST)["parameters"] == 16
    assert worker._process is first


def test_what_the_code_prints_is_kept_apart(run: Execute) -> None:
    """Text on the standard streams, from Python or from below, does not disturb the answer."""
    text = _NET.format("os.write(1, b'low\\n'); sys.stderr.write('high\\n')")
    outcome = run("import os, sys\nprint('first', flush=True)\n" + text, (2, 3))
    assert outcome.is_complete
    assert sorted(outcome.output.split()) == ["first", "high", "low"]


@_needs_fork
def test_time_is_limited(run: Execute, hasty: Worker) -> None:
    """A loop without end is reported where it is; one that catches everything is stopped from outside."""
    diagnostic = run(_NET.format("while True: pass"), (2, 3), by=hasty).diagnostic
    assert diagnostic is not None and (diagnostic.code, diagnostic.span.start.row) == ("limit", 6)
    deaf = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n" + _NET.format("while True: pass")
    with pytest.raises(ExecutionError, match="`Net` was stopped: it takes more than 3 s"):
        run(deaf, (2, 3), by=hasty)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited where the system tells how much is used")
def test_memory_is_limited(run: Execute, hasty: Worker) -> None:
    """What takes too much raises at its line."""
    diagnostic = run(_NET.format("keep = bytearray(400_000_000)"), (2, 3), by=hasty).diagnostic
    assert diagnostic is not None and (diagnostic.name, diagnostic.span.start.row) == ("MemoryError", 6)
    assert run(_NET.format("keep = bytearray(100_000_000)"), (2, 3), by=hasty).is_complete


_REFUSED = {
    "writing a file": "open({file!r}, 'w')",
    "appending to a file": "open({file!r}, 'ab')",
    "writing below Python": "__import__('os').open({file!r}, 1 | 64)",
    "saving weights": "torch.save({{}}, {file!r})",
    "making a folder": "__import__('os').mkdir({file!r})",
    "deleting": "__import__('os').remove(__file__)",
    "connecting": "__import__('socket').create_connection(('127.0.0.1', 9))",
    "a socket": "__import__('socket').socket().connect(('127.0.0.1', 9))",
    "a download": "__import__('urllib.request').request.urlopen('http://localhost/')",
    "a program": "__import__('subprocess').run(['touch', {file!r}])",
    "a shell": "__import__('os').system('touch {file}')",
    "a fork": "__import__('os').fork()",
    "a signal": "__import__('os').kill(1, 0)",
}


@pytest.mark.parametrize("statement", _REFUSED.values(), ids=_REFUSED)
def test_writing_connecting_and_starting_programs_is_refused(run: Execute, statement: str, tmp_path: Path) -> None:
    """The attempt raises at its line, nothing happens, and the file is still there."""
    file = tmp_path / "written"
    diagnostic = run(_NET.format(statement.format(file=str(file))), (2, 3)).diagnostic
    assert diagnostic is not None and diagnostic.span.start.row == 6
    assert "refused" in diagnostic.message + "".join(note.message for note in diagnostic.notes)
    assert not file.exists() and (tmp_path / "model.py").exists()


def test_reading_is_allowed(run: Execute) -> None:
    """Files may be read."""
    assert run(_NET.format("open(__file__).read()"), (2, 3)).is_complete


def test_an_attempt_that_the_code_survives_is_noted(run: Execute) -> None:
    """The summary says what was refused."""
    text = _NET.format("try:\n            open('log.txt', 'w')\n        except OSError:\n            pass")
    found = run(text, (2, 3)).summary
    assert found is not None and "writing 'log.txt' was refused" in found.notes


def test_what_the_compiler_asks_for_is_not_noted(run: Execute) -> None:
    """A compiled model is run as it is."""
    text = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    text += "        self.fc = torch.compile(nn.Linear(3, 4), mode='max-autotune')\n"
    outcome = run(text + "\n    def forward(self, x):\n        return self.fc(x)\n", (2, 3))
    assert outcome.is_complete and outcome.summary is not None
    assert (outcome.summary.notes, outcome.summary.rows[0].output_shape) == ((), (2, 4))


@_needs_fork
@pytest.mark.parametrize(
    ("statement", "said"),
    [("__import__('os')._exit(0)", "it ended the process"), ("__import__('ctypes').string_at(0)", "it was ended by SIGSEGV")],
)
def test_a_process_that_ends_is_survived(run: Execute, worker: Worker, statement: str, said: str) -> None:
    """Code that takes its process down is told of, and the next request is answered."""
    with pytest.raises(ExecutionError, match=f"`Net` was stopped: {said}"):
        run(_NET.format(statement), (2, 3))
    assert worker.run(_REQUEST)["parameters"] == 16


def test_an_interpreter_without_torch(tmp_path: Path) -> None:
    """The error names what to install."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "v")], check=True)
    python = next(p for p in (tmp_path / "v/bin/python", tmp_path / "v/Scripts/python.exe") if p.exists())
    with Worker(str(python)) as worker, pytest.raises(ExecutionError, match=r"has no torch.*pip install 'torchlint\[torch\]'"):
        worker.run(_REQUEST)


def test_an_interpreter_that_is_none(tmp_path: Path) -> None:
    """A setting that names no Python is an error."""
    with Worker(str(tmp_path / "python")) as worker, pytest.raises(ExecutionError, match="cannot be started"):
        worker.run(_REQUEST)
    not_python = tmp_path / "not"
    not_python.write_text("#!/bin/sh\nexit 3\n")
    not_python.chmod(0o755)
    if os.name == "posix":
        with Worker(str(not_python)) as worker, pytest.raises(ExecutionError, match="could not load torch"):
            worker.run(_REQUEST)
