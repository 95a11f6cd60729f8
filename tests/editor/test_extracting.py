"""Layers that a method makes, moved into `__init__`."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from asking import answers_of
from torchlint.diagnostics import Position, Span
from torchlint.editor.actions import extractions

_EVERYWHERE = Span(Position(1, 1), Position(1000, 1))
_CLASS = """\
import torch
from torch import nn
from torch.nn import functional as F

WIDTH = 6


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.fc = nn.Linear(size, size)

    def forward(self, x):
        return self.fc(x)


class Base(nn.Module):
    def __init__(self, width=5):
        super().__init__()
        self.width = width


class Net({base}):
{init}
    # torchlint: input x: [N, 3, 8, 8]
    def forward(self, x):
{forward}
"""
_INIT = """\
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)  # the last line
"""


def _source(forward: str, init: str = _INIT, base: str = "nn.Module") -> str:
    body = "\n".join(f"        {line}" for line in forward.splitlines())
    return _CLASS.format(base=base, init=init, forward=body)


def _offered(text: str, folder: Path) -> list[str]:
    return [title for title, _ in extractions(answers_of(text, folder), _EVERYWHERE)]


def _shape(text: str) -> tuple[int, ...]:
    scope: dict[str, Any] = {}
    exec(compile(text, "net.py", "exec"), scope)
    shape: tuple[int, ...] = tuple(scope["Net"]()(torch.zeros(2, 3, 8, 8)).shape)
    return shape


@pytest.mark.parametrize(
    ("forward", "made"),
    [
        ("x = self.conv(x).flatten(1)\nreturn nn.Linear(x.shape[1], 10)(x)", "self.fc1 = nn.Linear(144, 10)"),
        ("return nn.ReLU()(self.conv(x))", "self.relu1 = nn.ReLU()"),
        ("pool = nn.MaxPool2d(2)\nreturn pool(self.conv(x))", "self.pool1 = nn.MaxPool2d(2)"),
        (
            "x = self.conv(x).flatten(1)\nn = x.size(1) // 2\nreturn nn.Sequential(nn.Linear(n * 2, n), nn.ReLU())(x)",
            "self.layers1 = nn.Sequential(nn.Linear(144, 72), nn.ReLU())",
        ),
        ("n = x.shape[-1]\nreturn nn.LayerNorm([n, n], eps=1e-3)(x)", "self.norm1 = nn.LayerNorm([8, 8], eps=1e-3)"),
        (
            "return nn.Conv2d(\n    x.shape[1],\n    WIDTH,\n    kernel_size=3,\n)(x)",
            "self.conv1 = nn.Conv2d(3, WIDTH, kernel_size=3)",
        ),
        ("return Block(x.shape[-1])(x)", "self.block1 = Block(8)"),
    ],
)
def test_a_layer_is_made_in_init(tmp_path: Path, forward: str, made: str) -> None:
    """With the sizes that the pass found; the class parses, gives what it gave in torch, and has nothing left to extract."""
    text = _source(forward)
    ((title, edits),) = extractions(answers_of(text, tmp_path), _EVERYWHERE)
    after = answers_of(text, tmp_path).document.edited(edits)
    assert title == f"Extract into `__init__` as `{made}`"
    assert f"# the last line\n        {made}\n" in after
    assert _shape(after) == _shape(text)
    assert _offered(after, tmp_path) == []
    assert {d.name for d in answers_of(after, tmp_path).diagnostics} <= {"unused-layer"}  # some forwards leave `conv` out


@pytest.mark.parametrize(
    ("init", "base", "wanted"),
    [
        (
            "",
            "nn.Module",
            "    def __init__(self):\n        super().__init__()\n        self.fc1 = nn.Linear(8, 2)\n\n    # torchlint",
        ),
        (
            "",
            "Base",
            "(self, *args, **kwargs):\n        super().__init__(*args, **kwargs)\n        self.fc1 = nn.Linear(8, 2)\n",
        ),
        (
            '    def __init__(self):\n        """Makes it."""\n        self.size = 3\n',
            "nn.Module",
            '        """Makes it."""\n        super().__init__()\n        self.size = 3\n        self.fc1 = nn.Linear(8, 2)\n',
        ),
        (
            "    def __init__(me):\n        nn.Module.__init__(me)\n        if me:\n            me.fc1 = 3\n        return\n",
            "nn.Module",
            "            me.fc1 = 3\n        me.fc2 = nn.Linear(8, 2)\n        return\n",
        ),
    ],
)
def test_init_is_made_where_it_lacks(tmp_path: Path, init: str, base: str, wanted: str) -> None:
    """With the arguments that are inherited, with `super().__init__()`, above the comments on the first method; the name is
    free."""
    text = _source("return nn.Linear(x.shape[3], 2)(x)", init, base)
    answers = answers_of(text, tmp_path)
    ((_, edits),) = extractions(answers, _EVERYWHERE)
    after = answers.document.edited(edits)
    assert wanted in after
    assert _shape(after) == (2, 3, 8, 2)
    assert ast.unparse(ast.parse(after)).count("nn.Linear(8, 2)") == 1


@pytest.mark.parametrize(
    "forward",
    [
        "for _ in range(2):\n    x = nn.Conv2d(3, 3, 1)(x)\nreturn x",
        "return [nn.ReLU()(part) for part in x][0]",
        "self.kept = nn.ReLU()\nreturn self.kept(x)",
        "k = int(torch.rand(1) + 2)\nreturn nn.MaxPool2d(k)(x)",
        "make = nn.ReLU\nreturn make()(x)",
        "return F.relu(x)",
        "def inner(y):\n    return nn.ReLU()(y)\nreturn inner(x)",
    ],
)
def test_what_may_be_another_layer_each_time_stays(tmp_path: Path, forward: str) -> None:
    """In loops, kept on `self`, of sizes that are not known, or of a class that a local name holds."""
    assert _offered(_source(forward), tmp_path) == []


def test_what_a_caller_chooses_stays(tmp_path: Path) -> None:
    """A layer that depends on an argument of the method which is no tensor, or on what only another method sets."""
    text = _source("return nn.MaxPool2d(size)(x)").replace("def forward(self, x)", "def forward(self, x, size=2)")
    assert _offered(text, tmp_path) == []
    text = _source("self.size = x.shape[1]\nreturn nn.Conv2d(self.size, 4, 1)(x)")
    assert _offered(text, tmp_path) == ["Extract into `__init__` as `self.conv1 = nn.Conv2d(3, 4, 1)`"]


def test_sizes_that_differ_between_uses_stay(tmp_path: Path) -> None:
    """A class that is used with several sizes has no one layer for them."""
    text = re.sub(r"    # torchlint.*\n", "", _source("return nn.Linear(x.shape[1], 2)(x)"))
    assert _offered(text + "\n\nnet = Net()\nnet(torch.zeros(1, 5))\nnet(torch.zeros(1, 6))\n", tmp_path) == []
