"""The command line with a small engine instead of the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli import engine
from torchlint import __main__
from torchlint.cli import check, explain, rules, summary, workspace

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in an empty folder; gives exit status, output and error output."""
    for module in (explain, rules, workspace):
        monkeypatch.setattr(module, "all_rules", lambda: engine.RULES)
    monkeypatch.setattr(check, "analyze", engine.analyze)
    monkeypatch.setattr(summary, "summarize", engine.summarize)
    monkeypatch.setattr(workspace, "Project", engine.Project)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def run(*argv: str) -> tuple[int, str, str]:
        try:
            status = __main__.main(list(argv))
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run
