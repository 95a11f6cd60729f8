"""Modules are read once, and on from where a budget ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from torchlint.analysis import Project
from torchlint.interpreter.passes import Pass, run_pass
from torchlint.interpreter.paths import Answers
from torchlint.settings import Settings

_LONG = "\n".join(f"a{i} = {i}" for i in range(200))


def test_a_module_is_read_on_where_a_budget_ended(tmp_path: Path) -> None:
    """What a pass had no time for is there for the next one, as an attribute and inside the module's own functions."""
    (tmp_path / "parts.py").write_text(f"{_LONG}\n\ndef get():\n    return late\n\n\nlate = 7\n")
    world = Project(Settings(), tmp_path).world
    world.allowance.seconds = 0.0

    def ask(machine: Any, result: Pass) -> None:
        module = machine.import_named("parts")
        found = machine.call_value(machine.get_attribute(module, "get"), (), {})
        result.output = found, machine.get_attribute(module, "late")

    first = run_pass(world, Answers(), -1.0, ask)
    assert (first.trace.exhausted, first.output) == ("time", None)
    assert run_pass(world, Answers(), 10.0, ask).output == (7, 7)


def test_reading_takes_its_time_from_an_allowance(tmp_path: Path) -> None:
    """A pass whose own time is short gets the modules read that it needs, and what is left of the allowance is for others."""
    (tmp_path / "parts.py").write_text(_LONG)
    world = Project(Settings(), tmp_path).world
    given = world.allowance.seconds

    def ask(machine: Any, result: Pass) -> None:
        result.output = machine.get_attribute(machine.import_named("parts"), "a199")

    assert run_pass(world, Answers(), 0.001, ask).output == 199
    assert 0 < world.allowance.seconds < given
