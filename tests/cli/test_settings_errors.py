"""Settings that cannot be used end a run with a message that names them."""

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
