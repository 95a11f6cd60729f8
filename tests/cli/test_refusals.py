"""What a user asks for that cannot be done ends a run with a message that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from torchlint.__main__ import main


def test_an_input_that_is_no_shape_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The class, the argument and the text stand in the message, and no file is said to be clean."""
    (tmp_path / "pyproject.toml").write_text('[tool.torchlint.inputs]\n"Net" = {x = "[N, 3, oops!"}\n')
    (tmp_path / "model.py").write_text("x = 1\n")
    assert main(["check", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert all(part in said for part in ("Net", "x", "oops"))


def test_arguments_that_the_class_does_not_take_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model that cannot be built with `--args` is an error that shows them, not an empty table."""
    model = tmp_path / "model.py"
    model.write_text("from torch import nn\nclass Net(nn.Module):\n    def __init__(self, dim):\n        super().__init__()\n")
    assert main(["summary", f"{model}:Net", "--args", "10, 20"]) == 2
    assert "`Net(10, 20)` cannot be built" in capsys.readouterr().err
