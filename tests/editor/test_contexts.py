"""Classes that a file builds in several ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from asking import Editing, about, answers_of, hover, shapes

_BLOCKS = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(dim, dim, 3, stride=stride, padding=1)

    def forward(self, x):
        y = self.conv(x)
        return torch.relu(y)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 1)
        self.a = Block(64)
        self.b = Block(64, stride=2)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        return self.b(self.a(self.stem(x)))


class Deep(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(*[Block(8 * 2**i) for i in range(2)], *[Block(16) for _ in range(5)])

    # torchlint: input x: [N, 8, 6, 6]
    def forward(self, x):
        return self.blocks[0](x)


Block(5)(torch.randn(2, 5, 7, 7))
"""


def test_each_way_of_building_a_class_is_a_context(tmp_path: Path) -> None:
    """On its own, by other classes and by the script, each with the place and what goes in and comes out."""
    choices = about(answers_of(_BLOCKS, tmp_path), "Block").choices
    assert [(one.label, one.detail) for one in choices] == [
        ("`Block` on its own", "`[N, dim, H, W] → [N, dim, H, W]`, 9*dim**2 + dim parameters"),
        ("`Net` line 19: `Block(64)`", "`[N, 64, 32, 32] → [N, 64, 32, 32]`, 36,928 parameters"),
        ("`Net` line 20: `Block(64, stride=2)`", "`[N, 64, 32, 32] → [N, 64, 16, 16]`, 36,928 parameters"),
        ("`Deep` line 30: `Block(8)`", "`[N, 8, 6, 6] → [N, 8, 6, 6]`, 584 parameters"),
        ("line 37: `Block(5)`", "`[2, 5, 7, 7] → [2, 5, 7, 7]`, 230 parameters"),
    ]


def test_hovers_tell_of_the_other_contexts(tmp_path: Path) -> None:
    """A few of them, and how many more there are; nothing where they are all the same."""
    answers = answers_of(_BLOCKS, tmp_path)
    assert hover(answers, "y)").endswith(
        "This is `Block` on its own; in other contexts:\n\n"
        "- `[N, 64, 32, 32]`, `Net` line 19: `Block(64)`\n"
        "- `[N, 64, 16, 16]`, `Net` line 20: `Block(64, stride=2)`\n"
        "- `[N, 8, 6, 6]`, `Deep` line 30: `Block(8)`\n"
        "- and 1 more"
    )
    assert "- `2`, `Net` line 20" in hover(answers, "stride=stride", behind="Conv2d")
    assert "**5 contexts**" in hover(answers, "Block(nn.Module)")
    assert "contexts" not in hover(answers, "Net(nn.Module)")
    assert "contexts" not in hover(answers, "x)", behind="self.stem(")


def test_the_chosen_context_is_shown(tmp_path: Path) -> None:
    """In hints, hovers and lenses; the lens says which one of how many it is."""
    editing = Editing(tmp_path)
    assert shapes(editing.answers(_BLOCKS), "Block") == ["[N, dim, H, W]", "[N, dim, H, W]"]
    editing.chosen["Block"] = about(editing.answers(_BLOCKS), "Block").choices[2].key
    answers = editing.answers(_BLOCKS)
    assert shapes(answers, "Block") == ["[N, 64, 16, 16]", "[N, 64, 16, 16]"]
    assert hover(answers, "y)").startswith("`y`: `[N, 64, 16, 16]`, float32")
    assert [lens.title for lens in about(answers, "Block").lenses] == [
        "36,928 parameters · 9.44 M multiply-adds · input [N, 64, 32, 32]",
        "context 3 of 5: Net line 20: Block(64, stride=2)",
    ]
    assert shapes(answers, "Net") == shapes(answers_of(_BLOCKS, tmp_path), "Net")


def test_a_choice_survives_edits(tmp_path: Path) -> None:
    """While its construction is there, wherever that moves; while it is not, the class is shown as it is without a choice."""
    editing = Editing(tmp_path)
    editing.chosen["Block"] = about(editing.answers(_BLOCKS), "Block").choices[2].key
    moved = _BLOCKS.replace("        self.stem =", "        # a comment\n        self.stem =").replace("32, 32]", "40, 40]")
    assert shapes(editing.answers(moved), "Block") == ["[N, 64, 20, 20]"] * 2
    gone = _BLOCKS.replace("Block(64, stride=2)", "nn.Identity()")
    assert shapes(editing.answers(gone), "Block") == ["[N, dim, H, W]"] * 2
    assert shapes(editing.answers(_BLOCKS), "Block") == ["[N, 64, 16, 16]"] * 2


def test_a_class_that_fails_on_its_own_is_shown_as_it_is_used(tmp_path: Path) -> None:
    """A context in which nothing fails goes before one in which something does."""
    text = """\
import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, dim=4):
        super().__init__()
        self.first = nn.Linear(3, dim)
        self.second = nn.Linear(5, 6)

    def forward(self, x):
        return self.second(self.first(x))


Block(5)(torch.randn(2, 3))
"""
    answers = answers_of(text, tmp_path)
    assert [one.label for one in about(answers, "Block").choices] == ["line 15: `Block(5)`", "`Block` on its own"]
    assert shapes(answers, "Block") == ["[2, 6]"]


def test_a_base_class_is_shown_in_what_derives_from_it(tmp_path: Path) -> None:
    """Lines that only other classes run are known from these."""
    text = """\
from torch import nn


class Base(nn.Module):
    def features(self, x):
        y = self.conv(x)
        return y.flatten(1)


class Net(Base):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)

    # torchlint: input x: [N, 3, 8, 8]
    def forward(self, x):
        return self.features(x)
"""
    answers = answers_of(text, tmp_path)
    assert shapes(answers, "Base") == ["[N, 4, 6, 6]", "[N, 144]"]
    assert [one.label for one in about(answers, "Base").choices] == ["`Net` on its own"]


def test_sizes_that_change_from_round_to_round_are_not_told_as_one(tmp_path: Path) -> None:
    """A line that runs several times with other shapes shows the first and the last of them."""
    text = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(3, 3, 3) for i in range(4)])

    # torchlint: input x: [N, 3, 16, 16]
    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x
"""
    answers = answers_of(text, tmp_path)
    assert shapes(answers, "Net") == ["[N, 3, 14, 14] … [N, 3, 8, 8]", "[N, 3, 8, 8]"]
    assert "the first and the last" in hover(answers, "x = layer")
    assert hover(answers, "i in range") == "`i` = `0 … 3`"


@pytest.mark.parametrize("name", ["helper", "train", ""])
def test_code_outside_of_classes_is_known_like_a_forward(tmp_path: Path, name: str) -> None:
    """Functions that a model or the script calls, and the script itself."""
    text = """\
import torch
from torch import nn


def helper(t, times=2):
    u = torch.cat([t] * times, dim=1)
    return u


class Net(nn.Module):
    # torchlint: input x: [N, 3]
    def forward(self, x):
        return helper(x)


def train(model, width):
    z = torch.zeros(5, width)
    rows, columns = z.shape
    half = columns // 2
    return model(z)[:, :half]


model = nn.Linear(4, 7)
out = train(model, 4)
size = out.shape[1] * 2
"""
    answers = answers_of(text, tmp_path)
    wanted = {
        "helper": [("t] *", "`t`: `[N, 3]`"), ("torch.cat", "`[N, 6]`, float32"), ("times=2", "`times` = `2`")],
        "train": [
            ("columns =", "`columns` = `4`"),
            ("half]", "`half` = `2`"),
            ("model(z)", "`model`: `Linear`, 35 parameters"),
        ],
        "": [("out.shape", "`out`: `[5, 2]`"), ("size =", "`size` = `4`"), ("train(model, 4)", "`[5, 2]`, float32")],
    }
    for piece, said in wanted[name]:
        found = answers.document.text.rindex(piece)
        hovered = [
            answers.hover(answers.document.position(found)),
            answers.hover(answers.document.position(found + len(piece))),
        ]
        assert any(one is not None and said in one.text for one in hovered), (piece, hovered)
