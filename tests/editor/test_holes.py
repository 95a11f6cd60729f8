"""Hovers on sizes that are left open with `...`."""

from __future__ import annotations

from pathlib import Path

import pytest

from asking import answers_of, hover

_NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self{parameters}):
        super().__init__()
        {layers}

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        {forward}
"""


@pytest.mark.parametrize(
    ("parameters", "layers", "forward", "said"),
    [
        (
            "",
            "self.conv = nn.Conv2d(3, 16, 5); self.fc = nn.Linear(..., 10)",
            "return self.fc(self.conv(x).flatten(1))",
            "`in_features` can only be 12544\n\n"
            "- `self.fc(self.conv(x).flatten(1))`, line 12, needs in_features == 12544\n"
            "- `Net` is fed [N, 3, 32, 32]",
        ),
        (
            "",
            "self.conv = nn.Conv2d(3, 16, 3); self.norm = nn.GroupNorm(..., 16)",
            "return self.norm(self.conv(x))",
            "`num_groups` can only be 1, 2, 4, 8 or 16\n\n"
            "- `nn.GroupNorm(..., 16)`, line 8, needs 16 % num_groups == 0\n"
            "- `Net` is fed [N, 3, 32, 32]",
        ),
        (
            ", width",
            "self.conv = nn.Conv2d(3, 4*width, 3); self.out = nn.Conv2d(..., 8, 1)",
            "return self.out(self.conv(x))",
            "`in_channels` must be 4*width\n\n"
            "- `self.out(self.conv(x))`, line 12, needs 4*width == in_channels\n"
            "- `Net` is fed [N, 3, 32, 32]",
        ),
        (
            "",
            "self.a = nn.Linear(32, 5); self.b = nn.Linear(32, ...)",
            "return self.b(x)",
            "`out_features` can be any number",
        ),
    ],
)
def test_what_fits_and_why(tmp_path: Path, parameters: str, layers: str, forward: str, said: str) -> None:
    """The number, the numbers or what it must be; with the lines that ask for it, and what the class is fed."""
    text = _NET.format(parameters=parameters, layers=layers, forward=forward)
    found = hover(answers_of(text, tmp_path), "...")
    assert found.startswith(said)


def test_what_no_number_fits(tmp_path: Path) -> None:
    """Each pass needs another one: what each of them needs."""
    text = _NET.format(parameters="", layers="self.fc = nn.Linear(..., 10)", forward="return self.fc(x)")
    user = """


class A(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Net()

    # torchlint: input x: [N, 8]
    def forward(self, x):
        return self.net(x)
"""
    answers = answers_of(text + user + user.replace("class A", "class B").replace("8]", "9]"), tmp_path)
    said = "no number fits `in_features` everywhere\n\n- `A` of [N, 8] needs 8\n- `B` of [N, 9] needs 9"
    assert hover(answers, "...") == said


def test_what_the_script_gives_counts(tmp_path: Path) -> None:
    """What decides is told, and not what the class would be fed on its own."""
    text = _NET.format(parameters="", layers="self.fc = nn.Linear(..., 10)", forward="return self.fc(x)")
    said = "`in_features` can only be 8\n\n- `self.fc(x)`, line 12, needs in_features == 8"
    assert hover(answers_of(text + "\n\nNet()(torch.randn(1, 3, 32, 8))\n", tmp_path), "...") == said
