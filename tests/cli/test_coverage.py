"""`torchlint coverage`: the shares, the reasons, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.conftest import Run
from torchlint.analysis import Project
from torchlint.cli import workspace
from torchlint.coverage import Survey
from torchlint.source.document import Document

_FILE = """
from torch import nn
from stranger import mystery

class Followed(nn.Module):
    def forward(self, x):
        return x.relu()

class InPart(nn.Module):
    def forward(self, x):
        return mystery(x.relu())

class Not(nn.Module):
    def forward(self, x):
        return mystery()
"""


@pytest.fixture(autouse=True)
def _real_engine(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "Project", Project)


def test_json(run: Run) -> None:
    """Four fields, and three of each reason."""
    Path("m.py").write_text(_FILE)
    status, out, _ = run("coverage", "m.py", "--format", "json")
    example = f"{Path('m.py').absolute()}:3"
    reasons = [{"reason": "`stranger` was not found", "count": 2, "example": example}]
    assert (status, json.loads(out)) == (0, {"modules": 3, "followed": 1, "partly": 1, "reasons": reasons})


def test_text(run: Run) -> None:
    """Shares with bars, then the reasons, most frequent first."""
    Path("m.py").write_text(_FILE)
    assert run("coverage")[1].splitlines() == [
        "Coverage of 3 modules in 1 file",
        "",
        "Followed        1   33.3%  ██████████░░░░░░░░░░░░░░░░░░░░",
        "In part         1   33.3%  ██████████░░░░░░░░░░░░░░░░░░░░",
        "Not             1   33.3%  ██████████░░░░░░░░░░░░░░░░░░░░",
        "",
        "Modules  First place  Why it is not followed to its end",
        "─" * 55,
        "      2  m.py:3       `stranger` was not found",
        "",
        "help: torchlint summary FILE:CLASS says more of one module",
    ]


def test_nothing_to_follow(run: Run) -> None:
    """A file without modules is told as such; a file that is not there or is no text is an error."""
    Path("m.py").write_text("x = 1\n")
    Path("n.py").write_bytes(b"\xff\xfe\x00")
    assert run("coverage", "m.py") == (0, "Coverage of 0 modules in 1 file\n", "")
    status, _, err = run("coverage", "n.py", "o.py")
    assert status == 2 and "n.py: byte 0xff is not utf-8" in err and "o.py: no such file or folder" in err


def test_a_failure_of_torchlint_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Is told, and does not hide the other files."""
    Path("m.py").write_text(_FILE)
    Path("n.py").write_text(_FILE)
    add = Survey.add

    def fail(self: Survey, document: Document, *rest: object) -> None:
        if document.path.endswith("m.py"):
            raise KeyError("x")
        add(self, document, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Survey, "add", fail)
    status, out, err = run("coverage")
    assert status == 2 and "m.py: torchlint failed on this file: KeyError: 'x'" in err
    assert "Followed        1   33.3%" in out
