"""What the README shows is what torchlint does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from torchlint.__main__ import main

_ROOT = Path(__file__).resolve().parent.parent
_README = (_ROOT / "README.md").read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", _README, re.MULTILINE | re.DOTALL)


def test_the_model_gets_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first model, checked, gives the first message."""
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(_blocks("python")[0])
    assert main(["check", "model.py"]) == 1
    assert capsys.readouterr().out == _blocks("text")[0]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("model = Classifier()\nmodel(torch.randn(4, 3, 32, 32))\n", "", "1 file is clean."),
        ("32 * 7 * 7", "1569", "note: 32 channels never flatten to 1569: 1569 is not a multiple of 32"),
    ],
)
def test_what_is_said_of_the_model(
    old: str, new: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a call the sizes are inferred; where none can be right, the message says why."""
    text = _blocks("python")[0].replace("model = Classifier()\nmodel(torch.randn(4, 3, 32, 32))\n", "")
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(text.replace(old, new))
    main(["check", "model.py"])
    assert found in capsys.readouterr().out


def test_a_number_that_is_left_open_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`...` in the model is answered for its call, and the fix writes the number."""
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(_blocks("python")[0].replace("32 * 7 * 7", "..."))
    main(["check", "model.py"])
    assert "`in_features` can only be 2048" in capsys.readouterr().out
    main(["check", "--fix", "model.py"])
    assert "nn.Linear(2048, classes)" in Path("model.py").read_text()


def test_the_summary(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is that of the example."""
    monkeypatch.chdir(_ROOT)
    assert main(["summary", "examples/lenet.py"]) == 0
    assert capsys.readouterr().out == _blocks("text")[1]


def test_the_executed_model_gets_the_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first model, run, ends with torch's message at its line."""
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(_blocks("python")[0])
    assert main(["summary", "model.py", "--execute", "--input", "4,3,32,32"]) == 1
    assert capsys.readouterr().out.endswith(f"\n\n{_blocks('text')[2]}")


def test_the_first_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The examples have three findings, which do not fail the command."""
    monkeypatch.chdir(_ROOT)
    command = re.search(r"\.venv/bin/torchlint (check .*)", _blocks("sh")[0])
    assert command is not None
    assert main(command[1].split()) == 0
    assert "Found 2 errors and 1 warning" in capsys.readouterr().out


def test_every_command_and_option_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    """A command or option that the README names is one."""
    for command in ("check", "summary"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
    with pytest.raises(SystemExit):
        main(["--help"])
    known = capsys.readouterr().out
    prose = re.sub(r"^```.*?^```$", "", _README, flags=re.MULTILINE | re.DOTALL)
    named = {*re.findall(r"--[a-z][a-z-]+", prose), *re.findall(r"`torchlint (\w+)", prose)}
    assert named
    assert {name for name in named if name not in known} == set()
