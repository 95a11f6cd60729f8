"""The command line as a whole: `explain`, `rules`, `--version`, and how fast it starts."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

import torchlint
from cli.conftest import Run
from torchlint.cli.markdown import print_page
from torchlint.cli.progress import tracked


def _torchlint(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "torchlint", *arguments]
    package = str(Path(torchlint.__file__).parents[1])
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PYTHONPATH": package, "PATH": ""},
        timeout=60,
    )


def test_version_and_help(run: Run) -> None:
    """--version and --help exit with 0; no command with 2."""
    assert run("--version") == (0, f"torchlint {torchlint.__version__}\n", "")
    assert run("--help")[0] == 0
    assert run()[0] == 2


@pytest.mark.parametrize("rule", ["linear-in-features", "TL101", "tl101"])
def test_explain(run: Run, rule: str) -> None:
    """A rule's page by its name or code, as Markdown where there is no terminal."""
    status, out, _ = run("explain", rule)
    assert status == 0
    assert out.startswith("# linear-in-features (TL101)\n\n*error*\n\nWhat it finds.\n\n## Why is this bad?\n")


def test_explain_names_near_misses(run: Run) -> None:
    """A rule that does not exist is an error that says what was probably meant."""
    status, out, err = run("explain", "linear-features")
    assert (status, out) == (2, "")
    assert "there is no rule `linear-features`; did you mean `linear-in-features`?" in err


def test_explain_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal the page is laid out."""
    print_page("# Title\n\n- one\n- two\n")
    out = capsys.readouterr().out
    assert "Title" in out and "# Title" not in out


def test_rules(run: Run) -> None:
    """Every rule is listed, in the order of the codes, as text, Markdown and JSON."""
    lines = run("rules")[1].splitlines()
    assert lines[0].split() == ["Code", "Name", "Severity", "Fix", "What", "it", "finds"]
    assert [line.split()[0] for line in lines[2:]] == ["TL101", "TL215", "TL301", "TL412", "TL901", "TL903"]
    assert lines[5].split() == ["TL412", "shuffled-validation", "warning,", "off", "–", "What", "it", "finds"]
    found = json.loads(run("rules", "--output-format", "json")[1])
    assert found[0] == {
        "severity": "error",
        "code": "TL101",
        "name": "linear-in-features",
        "off": False,
        "fix": "unsafe",
        "summary": "What it finds",
    }
    assert run("rules", "--output-format", "markdown")[1].startswith("| Code | Name |")


def test_progress_is_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    """A stream that is no terminal sees nothing, and every path comes."""
    paths = [Path("a"), Path("b")]
    assert list(tracked(paths, sys.stderr)) == paths
    assert capsys.readouterr().err == ""


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that takes long shows how far it is, and leaves a clean line."""
    clock = iter(range(99))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    stream = _Terminal()
    paths = [Path("a.py"), Path("b.py")]
    assert list(tracked(paths, stream)) == paths
    assert "1/2 b.py" in stream.getvalue()
    assert stream.getvalue().endswith("\r\033[K")
    quick = _Terminal()
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    assert list(tracked(paths, quick)) == paths
    assert quick.getvalue() == ""


def test_the_installed_command(tmp_path: Path) -> None:
    """As a process: findings on standard output, status 0 for a clean file and 2 for a missing one."""
    (tmp_path / "m.py").write_text("x = 1\n")
    clean = _torchlint("check", "m.py", folder=tmp_path)
    assert (clean.returncode, clean.stdout, clean.stderr) == (0, "1 file is clean.\n", "")
    missing = _torchlint("check", "missing.py", folder=tmp_path)
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr == "torchlint: error: missing.py: no such file or folder\n"


MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 128)
        self.out = nn.Linear(100, 10)

    def forward(self, x):
        return self.out(torch.relu(self.hidden(x)))
"""


def test_a_wrong_model(tmp_path: Path) -> None:
    """With the real engine a wrong layer is found at its call, and a model is summarized."""
    (tmp_path / "m.py").write_text(MODEL)
    done = _torchlint("check", folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("m.py:12:") and "error[TL101 linear-in-features]" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Found 1 error in 1 file.")
    found = json.loads(_torchlint("check", "--output-format", "json", folder=tmp_path).stdout)
    assert [(f["code"], f["filename"], f["location"]["row"]) for f in found] == [("TL101", str(tmp_path / "m.py"), 12)]
    (tmp_path / "m.py").write_text(MODEL.replace("100", "128"))
    assert _torchlint("check", folder=tmp_path).returncode == 0
    summary = json.loads(_torchlint("summary", "m.py", "--format", "json", folder=tmp_path).stdout)
    assert (summary["class"], summary["total_params"]) == ("Net", 784 * 128 + 128 + 128 * 10 + 10)


def test_checking_a_file_imports_little(tmp_path: Path) -> None:
    """A check of one file that goes to a pipe imports neither rich nor torch nor what only folders need."""
    code = "import sys; from torchlint.__main__ import main; main(['check', 'm.py']); print(*sys.modules)"
    (tmp_path / "m.py").write_text("x = 1\n")
    package = str(Path(torchlint.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": package},
    )
    modules = set(done.stdout.split())
    assert "torchlint.cli.check" in modules, done.stderr
    assert not modules & {"rich", "torch", "numpy", "pathspec", "pygls", "asyncio", "unittest", "email"}
