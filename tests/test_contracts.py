"""What a class asks of its constructor's arguments: torch runs what satisfies it and rejects what does not."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import torch

from torchlint.analysis import Project, summarize
from torchlint.settings import Settings
from torchlint.summary import Target

_SETTINGS = Settings()
_NET = """
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.a, self.b = a, b
        {init}

    def forward(self, x):
        {forward}
"""
_CASES = {
    "an assert": ("assert a % b == 0; self.fc = nn.Linear(a, b)", "return self.fc(x.mT)", ["a % b == 0"]),
    "a residual": ("self.c = nn.Conv1d(a, b, 3, padding=1)", "return torch.stack([x, self.c(x)])", ["b == a"]),
    "groups": ("self.c = nn.Conv1d(a, 12, 1, groups=b)", "return self.c(x)", ["a % b == 0", "12 % b == 0"]),
    "heads": (
        "self.q = nn.Linear(a, a)",
        "return self.q(x.transpose(1, 2)).unflatten(-1, (b_ := self.b, self.a // self.b))",
        ["a % b == 0"],
    ),
    "a width": ("self.f = nn.Linear(a, 2 * a); self.g = nn.Linear(b, a)", "return self.g(self.f(x.mT))", ["b == 2*a"]),
    "a fixed one": ("self.f = nn.Conv1d(a, 6, 1); self.g = nn.Conv1d(b, a, 1)", "return self.g(self.f(x))", ["b == 6"]),
    "a kernel": ("self.c = nn.Conv1d(a, 2, b, padding=2)", "return torch.cat([x, self.c(x)], 1)", ["b == 5"]),
}


@pytest.mark.parametrize("name", _CASES)
def test_the_contract_is_what_torch_asks_for(name: str, tmp_path: Path) -> None:
    """Of all arguments from 1 to 12, torch runs those that satisfy the conditions and no others."""
    init, forward, told = _CASES[name]
    path = tmp_path / "net.py"
    path.write_text(_NET.format(init=init, forward=forward))
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    assert [requirement.condition for requirement in found.requires] == told
    places = [requirement.place for requirement in found.requires]
    assert all(place is not None and place[0] == str(path) for place in places)
    scope: dict[str, Any] = {}
    exec(path.read_text(), scope)
    for a, b in itertools.product(range(1, 13), repeat=2):
        keeps = all(eval(condition, {"a": a, "b": b}) for condition in told)
        assert runs(scope["Net"], a, b) is keeps, (a, b)


def runs(net: Any, a: int, b: int) -> bool:
    try:
        net(a, b)(torch.zeros(2, a, 9))
    except (RuntimeError, ValueError, AssertionError):
        return False
    return True


def test_a_class_that_fails_has_no_contract(tmp_path: Path) -> None:
    """What nobody can satisfy is reported as a mistake, not as a condition."""
    path = tmp_path / "net.py"
    path.write_text(_NET.format(init="self.f = nn.Linear(a, 3); self.g = nn.Linear(4, b)", forward="return self.g(self.f(x))"))
    (found,) = summarize(Target(path=path), Project(_SETTINGS, tmp_path), _SETTINGS)
    assert found.requires == ()
    assert re.search("torch would raise", " ".join(found.notes))
