"""Which sizes an inferred input may have: torch runs what is told, and nothing else where it is all."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import torch

from torchlint.analysis import Project, summarize
from torchlint.settings import Settings
from torchlint.summary import AcceptedSizes, Summary, Target

_SETTINGS = Settings()
_NET = """
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        {init}

    {declared}
    def forward(self, x):
        {forward}
"""
_IMAGES = {
    "flattened": (
        "self.a = nn.Conv2d(1, 4, 5); self.fc = nn.Linear(64, 2)",
        "return self.fc(F.max_pool2d(self.a(x), 3).flatten(1))",
        AcceptedSizes(("H", "W"), 16, 18),
    ),
    "exactly one": (
        "self.a = nn.Conv2d(1, 4, 5); self.fc = nn.Linear(4 * 7 * 7, 2)",
        "return self.fc(self.a(x).flatten(1)) + x.view(-1, 121)[:, :2]",
        AcceptedSizes(("H", "W"), 11, 11),
    ),
    "at least": (
        "self.a = nn.Conv2d(1, 4, 11)",
        "return F.max_pool2d(self.a(x), 3).mean((2, 3))",
        AcceptedSizes(("H", "W"), 13, None),
    ),
    "multiples": (
        "self.a = nn.Conv2d(1, 1, 3, stride=4, padding=1)",
        "return torch.cat([F.interpolate(self.a(x), scale_factor=4), x], 1)",
        AcceptedSizes(("H", "W"), 4, None, (4, 8, 12), are_equal=True),
    ),
    "at most": (
        "self.a = nn.Parameter(torch.zeros(1, 1, 20, 20)); self.c = nn.Conv2d(1, 1, 1)",
        "x = self.c(x)\n        assert x.shape[2] <= 20 and x.shape[3] <= 20\n"
        "        return x + self.a[:, :, : x.shape[2], : x.shape[3]]",
        AcceptedSizes(("H", "W"), 1, 20),
    ),
}


def summary(tmp_path: Path, init: str, forward: str, declared: str = "") -> Summary:
    path = tmp_path / "net.py"
    path.write_text(_NET.format(init=init, forward=forward, declared=declared))
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    return found


def runs(net: Any, shape: tuple[int, ...]) -> bool:
    try:
        net(torch.zeros(shape))
    except (RuntimeError, AssertionError):
        return False
    return True


@pytest.mark.parametrize("name", _IMAGES)
def test_what_is_told_of_images_is_what_torch_runs(name: str, tmp_path: Path) -> None:
    """Of all heights and widths up to 24, torch runs those that are told, and no others."""
    init, forward, told = _IMAGES[name]
    found = summary(tmp_path, init, forward)
    assert found.is_inferred
    assert found.accepts == (told,)
    scope: dict[str, Any] = {}
    exec((tmp_path / "net.py").read_text(), scope)
    net = scope["Net"]()
    sides = range(1, 25)
    works = {size for size in itertools.product(sides, repeat=2) if runs(net, (2, 1, *size))}
    values = range(told.values[0], 25, told.values[0]) if told.values else range(told.minimum, (told.maximum or 24) + 1)
    if told.are_equal:
        assert {size for size in works if size[0] == size[1]} == {(n, n) for n in values}
    else:
        assert works == set(itertools.product(values, repeat=2))


@pytest.mark.parametrize(
    ("init", "forward"),
    [
        ("self.fc = nn.Linear(784, 10)", "return self.fc(x.flatten(1))"),
        ("self.fc = nn.Linear(784, 10)", "return self.fc(x)"),
        ("self.conv = nn.Conv2d(3, 8, 3, padding=1)", "return self.conv(x)"),
    ],
)
def test_nothing_is_told_of_what_is_fixed_or_free(init: str, forward: str, tmp_path: Path) -> None:
    """A size that an equation fixes is in the shape already; one choice among many shapes is not said to be the only one."""
    found = summary(tmp_path, init, forward)
    assert found.is_inferred
    assert found.accepts == ()


def test_a_declared_input_is_not_inferred(tmp_path: Path) -> None:
    """Who says the shape is not told what else might work."""
    init, forward, _ = _IMAGES["flattened"]
    found = summary(tmp_path, init, forward, "# torchlint: input x: [N, 1, 17, 17]")
    assert (found.is_inferred, found.accepts) == (False, ())


def test_a_model_that_fails_accepts_nothing(tmp_path: Path) -> None:
    """Where no input works, none is told."""
    found = summary(tmp_path, "self.a = nn.Conv2d(1, 4, 5); self.fc = nn.Linear(63, 2)", "return self.fc(self.a(x).flatten(1))")
    assert found.accepts == ()
