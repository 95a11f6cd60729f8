"""`docs/operations.py` writes what the oracle found, and fails for what nobody has recorded as known."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ops.tallying import Tally

_SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "operations.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`docs/operations.py`, which knows of one operation and one layer."""
    spec = importlib.util.spec_from_file_location("operations", _SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "groups", lambda: {"torch.renorm": ["torch.renorm", "torch.Tensor.renorm"]})
    monkeypatch.setattr(module, "LAYER_NAMES", ["torch.nn.Flatten"])
    return module


def test_a_page_that_was_written_is_fresh(script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Judging is deterministic: the same page comes out each time, and any other is named as stale."""
    page = tmp_path / "operations.md"
    assert script.main([], page) == 0
    text = page.read_text()
    assert "| `torch.renorm`, `torch.Tensor.renorm` | " in text
    assert "| `torch.nn.Flatten` | " in text
    assert script.main(["--check"], page) == 0
    page.write_text(text.replace("torch.nn.Flatten", "torch.nn.Unflatten"))
    assert script.main(["--check"], page) == 1
    assert capsys.readouterr().out == "operations.md is stale: run `python docs/operations.py`\n"


def test_a_disagreement_fails(
    script: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A result that is not torch's is printed."""
    tally = Tally("torch.renorm")
    tally.mismatches.append("torch.renorm(2): shape of result")
    monkeypatch.setattr(script, "judge_operation", lambda group, names: tally)
    assert script.main([], tmp_path / "operations.md") == 1
    assert capsys.readouterr().out == "torch.renorm: torch.renorm(2): shape of result\n"


def test_an_operation_without_a_rule_needs_a_reason(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What torch tests has a rule or a reason why not, and not both."""
    monkeypatch.setattr(script, "without_a_rule", lambda: {"some_new_operation"})
    monkeypatch.setattr(script, "REASONS", {"add": "too hard"})
    assert script.problems([]) == [
        "some_new_operation has no rule, and no reason in tests/ops/unmodelled.py",
        "add is in tests/ops/unmodelled.py, but has a rule",
    ]
