"""`torchlint summary --execute` and `--compare`: what is printed, and the exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from cli.conftest import Run
from torchlint import analysis
from torchlint.cli import executing, workspace
from torchlint.execution.process import Worker

_FILE = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(x)
"""


@pytest.fixture(scope="module")
def warm() -> Iterator[Worker]:
    with Worker(sys.executable) as worker:
        yield worker


@pytest.fixture(autouse=True)
def _real_engine(run: Run, warm: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "Project", analysis.Project)
    monkeypatch.setattr(executing, "Worker", lambda python: nullcontext(warm) if Path(python).exists() else Worker(python))
    Path("m.py").write_text(_FILE)


def test_a_model_that_runs(run: Run) -> None:
    """The same table as by reading, with what ran it; and a word on the error output that it is run, before."""
    status, out, err = run("summary", "m.py", "--execute", "--input", "3,4")
    assert status == 0
    assert err.startswith("note: m.py is imported and run by ")
    lines = out.splitlines()
    assert lines[0].startswith("Net of [3, 4], run by torch ")
    assert lines[4].split() == ["Net", "Net", "[3,", "2]", "10", "24"]
    assert lines[5].split() == ["└─", "fc", "Linear", "[3,", "2]", "10", "24", "4", "*", "2", "+", "2", "=", "10"]


def test_a_model_that_raises(run: Run) -> None:
    """The diagnostic stands below the table; the status is 1; JSON has both."""
    status, out, _ = run("summary", "m.py:Net", "--execute", "--input", "3,5")
    assert status == 1
    assert "m.py:12:16: error[torch RuntimeError] mat1 and mat2 shapes cannot be multiplied (3x5 and 4x2)" in out
    assert "12 |         return self.fc(x)" in out
    status, out, _ = run("summary", "m.py:Net", "--execute", "--input", "3,5", "--format", "json")
    found = json.loads(out)
    assert (status, found["total_params"], found["error"]["location"]["row"]) == (1, 10, 12)


def test_passes_that_agree(run: Run) -> None:
    """What both give stands there once, and that they agree; the sizes are those that reading finds."""
    status, out, _ = run("summary", "m.py", "--compare")
    assert status == 0
    assert out.splitlines()[4].endswith("Net     [1, 2]                10          8  yes")
    assert out.splitlines()[-1] == "Reading and running agree."


def test_passes_that_disagree(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each difference is told, and the status is 1."""
    read = executing.summarize

    def wrong(*args: object) -> object:
        (summary,) = read(*args)  # type: ignore[arg-type]
        top, layer = summary.rows
        return [summary._replace(total_params=11, rows=(top, layer._replace(output_shape=(1, 3))))]

    monkeypatch.setattr(executing, "summarize", wrong)
    status, out, _ = run("summary", "m.py", "--compare")
    assert status == 1
    assert out.splitlines()[5].endswith("Linear  [1, 3] ≠ [1, 2]          10          8  no: output shape")
    assert out.splitlines()[-3:] == [
        "Reading and running disagree in 2 places:",
        "  parameters: 11 read, 10 run",
        "  `fc`, output shape: [1, 3] read, [1, 2] run",
    ]


def test_what_cannot_be_run(run: Run) -> None:
    """An interpreter that is none, arguments that are missing, a name that is nowhere: errors with status 2."""
    Path("pyproject.toml").write_text('[tool.torchlint]\npython = "nowhere/bin/python"\n')
    status, out, err = run("summary", "m.py", "--execute")
    assert (status, out) == (2, "") and "nowhere/bin/python cannot be started" in err
    Path("pyproject.toml").unlink()
    assert "there is no class or function `Nett`" in run("summary", "m.py:Nett", "--compare")[2]


def test_a_model_that_reading_cannot_follow_is_told_of_execute(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option is named where it may help, and running does help."""
    monkeypatch.setattr("torchlint.cli.summary.summarize", analysis.summarize)
    Path("m.py").write_text(
        _FILE + "\n\ndef pick(name):\n    return eval(name)()\n\n\ndef blind():\n    return eval('Net')()\n"
    )
    status, _, err = run("summary", "m.py:blind")
    assert status == 2 and err.endswith("; --execute would import and run it\n")
    status, out, _ = run("summary", "m.py:blind", "--compare", "--input", "3,4")
    assert status == 0 and "Reading gives nothing to compare: `blind` gives no module that is known" in out
    status, out, _ = run("summary", "m.py:blind", "--execute", "--input", "3,4")
    assert status == 0 and "[3, 2]" in out
    status, out, _ = run("summary", "m.py:blind", "--execute")
    assert status == 0 and "no input is known, so `forward` was not run" in out
