"""Loops of a length that the caller chooses: what each round leaves is shown, and costs multiply; torch is the judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from torchlint.analysis import Project, analyze, summarize
from torchlint.dims.expr import Size, evaluate, symbols_of
from torchlint.dims.printing import show_shape
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.summary import Summary, Target
from torchlint.summary_text import shape_text

_SETTINGS = Settings(budget_seconds=20)
_NET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, dim, steps):
        super().__init__()
        self.steps = steps
        {init}

    # torchlint: input x: [4, 6, 10]
    def forward(self, x):
        {forward}
"""


def text(init: str, forward: str) -> str:
    return _NET.format(init=init, forward=forward.replace("\n", "\n        "))


def summary(tmp_path: Path, init: str, forward: str) -> Summary:
    path = tmp_path / "net.py"
    path.write_text(text(init, forward))
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    return found


_CASES = {
    "the same shape": ("self.f = nn.Linear(10, 10)", "for _ in range(self.steps):\n    x = self.f(x)\nreturn x"),
    "the shape of the first round": (
        "self.f = nn.Linear(10, 10)",
        "y = x[:, :1]\nfor i in range(self.steps):\n    y = self.f(y + x)\nreturn y",
    ),
    "a first round that costs less": (
        "self.f = nn.Linear(10, 10)",
        "y = x[:, :1]\nfor i in range(0, self.steps):\n    y = self.f(y) + x\nreturn y",
    ),
    "a state": (
        "self.f = nn.Linear(10, dim)\nself.g = nn.Linear(dim, dim)".replace("\n", "\n        "),
        "h = torch.zeros(4, 6, self.g.in_features)\nfor _ in range(self.steps):\n    h = self.f(x) + self.g(h)\nreturn h",
    ),
    "a loop in a loop": (
        "self.f = nn.Linear(10, 10)",
        "for _ in range(self.steps):\n    for _ in range(3):\n        x = self.f(x)\nreturn self.f(x)",
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_what_is_told_of_a_loop_is_what_torch_does(name: str, tmp_path: Path) -> None:
    """The output's shape and the multiply-adds are torch's, for every number of rounds."""
    init, forward = _CASES[name]
    found = summary(tmp_path, init, forward)
    scope: dict[str, Any] = {}
    exec(text(init, forward), scope)
    shape, cost = found.rows[0].output_shape, found.total_mult_adds
    assert shape is not None and cost is not None
    for steps in (1, 2, 5):
        net, values = scope["Net"](7, steps), {"dim": 7, "steps": steps}
        with FlopCounterMode(display=False) as counter:
            output = net(torch.zeros(4, 6, 10))
        assert tuple(number(size, values) for size in shape if not isinstance(size, tuple)) == tuple(output.shape)
        assert 2 * number(cost, values) == counter.get_total_flops()


def number(size: Size, values: dict[str, int]) -> int:
    return evaluate(size, {symbol: values[symbol.name] for symbol in symbols_of(size)})


def test_rounds_that_need_not_run_ask_nothing(tmp_path: Path) -> None:
    """What a layer of a loop asks of its input holds if it runs, and is no fact behind the loop."""
    init, forward = "self.f = nn.Linear(10, 10)", "y = x[:, :, : self.steps]\nfor _ in range({}):\n    y = self.f(y)\nreturn y"
    shape = summary(tmp_path, init, forward.format("1, self.steps")).rows[0].output_shape
    assert shape is not None and shape_text(shape) == "[4, 6, min(steps, 10)]"
    assert summary(tmp_path, init, forward.format("self.steps")).rows[0].output_shape == (4, 6, 10)


_DIFFERENT = {
    "shrinks": ("self.f = nn.Conv1d(6, 6, 3)", "for _ in range(self.steps):\n    x = self.f(x)\nreturn x"),
    "ends early": (
        "self.f = nn.Linear(10, 10)",
        "for _ in range(self.steps):\n    x = self.f(x)\n    if x.sum() > 0:\n        break\nreturn x[:, : self.steps]",
    ),
    "depends on the round": (
        "self.f = nn.Linear(10, 10)",
        "for i in range(self.steps):\n    if i > 0:\n        x = self.f(x)[:, :3]\nreturn x",
    ),
    "the first may be the last": (
        "self.f = nn.Linear(10, 10)",
        "for i in range(self.steps):\n    if i < self.steps - 1:\n        x = self.f(x)\n"
        "    if i == 0:\n        x = self.f(x)\nreturn x",
    ),
    "there may be no first round": (
        "self.f = nn.Linear(10, 10)",
        "for i in range(self.steps - 1):\n    if i == 0:\n        x = self.f(x)\nreturn x",
    ),
    "fails in a second round": ("self.f = nn.Linear(10, 20)", "for _ in range(self.steps):\n    x = self.f(x)\nreturn x"),
    "nobody knows the length": (
        "self.f = nn.Linear(10, 10)",
        "from stranger import more\nwhile more(x):\n    x = self.f(x)[:, :3]\nreturn x",
    ),
}


@pytest.mark.parametrize("name", _DIFFERENT)
def test_rounds_that_differ_leave_the_cost_unknown(name: str, tmp_path: Path) -> None:
    """Neither the total nor the layer that runs in the loop gets a number, and nothing is reported: one round may do."""
    init, forward = _DIFFERENT[name]
    found = summary(tmp_path, init, forward)
    assert (found.total_mult_adds, found.rows[1].mult_adds) == (None, None)
    document = Document(str(tmp_path / "net.py"), text(init, forward))
    assert analyze(document, Project(_SETTINGS, tmp_path), _SETTINGS).diagnostics == ()


def test_what_a_loop_collects_is_joined(tmp_path: Path) -> None:
    """A list has as many parts as there are rounds."""
    init, forward = "self.f = nn.Linear(10, 10)", "y = []\nfor _ in range(self.steps):\n    y.append(self.f(x))\nreturn {}"
    for joined, shape in (
        ("stack(y)", "[steps, 4, 6, 10]"),
        ("cat(y, 1)", "[4, 6*steps, 10]"),
        ("stack(y[1:])", "[steps - 1, 4, 6, 10]"),
    ):
        found = summary(tmp_path, init, forward.format(f"torch.{joined}")).rows[0].output_shape
        assert found is not None and show_shape(found) == shape
    assert summary(tmp_path, init, forward.format("self.f(x)")).rows[0].output_shape == (4, 6, 10)
