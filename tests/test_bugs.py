"""Mistakes that people make, one a file in `models/bugs`: each is found, its repair is silent, and torch agrees.

A file holds the mistake, with marks (see `marks`); its `# repair:` marks make the second file of it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch

import vision  # noqa: F401
from execution import Run, execute
from marks import read_marks
from torchlint.analysis import Project, analyze
from torchlint.settings import Settings
from torchlint.source.document import Document

_FILES = sorted((Path(__file__).parent / "models" / "bugs").glob("*.py"))
_EXPECT = re.compile(r"\s*# expect:.*")
_SETTINGS = Settings()
_ELSEWHERE = {"last-batch-of-one"}
"""What is told at a line before the one where torch raises."""
_WARNINGS = {"loss-broadcast"}
"""What torch lets pass."""

torch.set_num_threads(1)


def _repaired(path: Path) -> str:
    """The file as it should be, without marks but for those that say how to run it."""
    repairs = read_marks(path).repairs
    lines: list[str] = []
    for row, line in enumerate(path.read_text().splitlines(), 1):
        indentation = line[: len(line) - len(line.lstrip())]
        if repairs.get(row):
            lines += [indentation + part for part in repairs[row].split("\\n")]
        elif row not in repairs:
            lines.append(_EXPECT.sub("", line))
    return "\n".join(lines) + "\n"


def _judged(path: Path) -> tuple[set[tuple[int, str, str]], list[Run]]:
    """What is found (row, rule, message), and the runs under torch."""
    analysis = analyze(Document.read(path), Project(_SETTINGS, path.parent), _SETTINGS)
    found = {(d.span.start.row, d.name, d.message) for d in analysis.diagnostics}
    return found, execute(path, read_marks(path), analysis)


@pytest.mark.parametrize("path", _FILES, ids=lambda p: p.stem)
def test_the_mistake_is_found(path: Path) -> None:
    """It is reported on the line that is marked, and nothing else is; torch raises there, if it is an error."""
    found, runs = _judged(path)
    expected = read_marks(path).expects
    assert expected
    for row, rule, part in expected:
        assert [f for f in found if f[:2] == (row, rule) and part in f[2]], found
    assert len(found) == len(expected), found
    rules = {e.rule for e in expected}
    if rules & _ELSEWHERE:
        assert any(run.error is not None for run in runs)
    elif not rules & _WARNINGS:
        assert any(expected[0].row in run.rows for run in runs), [(run.error, run.rows) for run in runs]


@pytest.mark.parametrize("path", _FILES, ids=lambda p: p.stem)
def test_the_repair_is_silent(path: Path, tmp_path: Path) -> None:
    """The repaired file runs under torch, and nothing is reported."""
    repaired = tmp_path / path.name
    repaired.write_text(_repaired(path))
    found, runs = _judged(repaired)
    assert not found
    assert all(run.error is None for run in runs), [(run.name, run.error) for run in runs]
