"""What nobody can decide is answered both ways, but the same way throughout a pass: no path contradicts itself."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from rules.snippets import script
from torchlint.analysis import Project, analyze
from torchlint.settings import Settings

_NET = """
class Net(nn.Module):
    def __init__(self, {parameter}):
        super().__init__()
        self.found = []
        {init}
        self.kept = torch.zeros(len(self.found), 3)

    def forward(self, x):
        return x + self.kept
"""
_FLAGS = (True, False)
_TEXTS = ("x", "y", "z", "other")
_CASES: dict[str, tuple[str, str, Iterable[Any]]] = {
    "a flag": ("a", "if a: self.found += [1]", _FLAGS),
    "a flag that is asked again": (
        "a",
        "if a: self.found += [1]\nif not a: self.found += [1, 2]\nif a: self.found += [1, 2, 3]",
        _FLAGS,
    ),
    "an attribute of a config": (
        "a",
        "if a.b: self.found += [1]\nif a.b: self.found += [1, 2]",
        [SimpleNamespace(b=flag) for flag in _FLAGS],
    ),
    "two texts": ("a", "if a == 'x': self.found += [1]\nif 'y' == a: self.found += [1, 2]", _TEXTS),
    "a text and others": (
        "a: str",
        "if a == 'x': self.found += [1]\nif a in ('y', 'z'): self.found += [1, 2]\nif a != 'x': self.found += [1, 2, 3]",
        _TEXTS,
    ),
    "texts that are refused": (
        "a",
        "if a not in {'x', 'y'}: raise ValueError(a)\nif a == 'x': self.found += [1]\nelif a == 'y': self.found += [1, 2]",
        _TEXTS,
    ),
    "a text that is one of two": (
        "a",
        "if a in ('x', 'y') and a != 'x': self.found += [1]\nif a == 'y': self.found += [1]",
        _TEXTS,
    ),
    "None": (
        "a: str | None",
        "if a is None: self.found += [1]\nif a == 'x': self.found += [1, 2]\nif a: self.found += [1] * 4",
        (*_TEXTS, None, ""),
    ),
    "a match": (
        "a",
        "match a:\n    case 'x' | 'y': self.found += [1]\n    case 'z': self.found += [1, 2]\nif a == 'z': self.found += [1]",
        _TEXTS,
    ),
}


@pytest.mark.parametrize("name", _CASES)
def test_a_path_never_contradicts_itself(name: str) -> None:
    """The paths through a constructor are those that some argument takes: each leaves a list of another length."""
    parameter, init, values = _CASES[name]
    text = _NET.format(parameter=parameter, init=init.replace("\n", "\n        "))
    scope: dict[str, Any] = {"torch": torch, "nn": nn}
    exec(text, scope)
    expected: set[int] = set()
    for value in values:
        with contextlib.suppress(ValueError):
            expected.add(scope["Net"](value).kept.shape[0])
    analysis = analyze(script(text), Project(Settings(), Path(__file__).parent), Settings(max_paths=64))
    passes = [one for one in analysis.file.classes["Net"].passes if one.raised is None]
    assert {one.model.kept.shape[0] for one in passes} == expected
