"""What fits into the call of a layer that lacks sizes while it is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from torchlint.analysis import Project, analyze
from torchlint.editor.open_sizes import opened, sizes_that_fit
from torchlint.settings import Settings
from torchlint.source.document import Document

_OPENED = [
    ("nn.Linear(|)", "nn.Linear(in_features=^..., out_features=...)"),
    ("nn.Linear(|", "nn.Linear(in_features=^..., out_features=...)"),
    ("nn.Linear(|, 10)", "nn.Linear(^..., 10)"),
    ("nn.Linear(10,| )", "nn.Linear(10, ^...)"),
    ("nn.Linear(10, |)", "nn.Linear(10, ^...)"),
    ("nn.Linear(10, |", "nn.Linear(10, ^...)"),
    ("nn.Conv2d(3, |, 3)", "nn.Conv2d(3, ^..., 3)"),
    ("nn.Conv2d(3, 8, |)", "nn.Conv2d(3, 8, ^...)"),
    ("nn.Conv2d(|, , kernel_size=3)", "nn.Conv2d(^..., ..., kernel_size=3)"),
    ("nn.Linear(in_features=|, out_features=10)", "nn.Linear(in_features=^..., out_features=10)"),
    ("nn.Linear(out_features=10, in_features=|)", "nn.Linear(out_features=10, in_features=^...)"),
    ("nn.Linear(in_features=|)", "nn.Linear(in_features=^..., out_features=...)"),
    (
        "nn.Linear(\n    in_features=|,\n    out_features=max(3, 4),\n)",
        "nn.Linear(\n    in_features=^...,\n    out_features=max(3, 4))",
    ),
    ("nn.Sequential(nn.Linear(|), nn.ReLU())", "nn.Sequential(nn.Linear(in_features=^..., out_features=...), nn.ReLU())"),
    ("x = nn.Linear(|\ny = f(x)", "x = nn.Linear(in_features=^..., out_features=...)\ny = f(x)"),
    ("nn.Linear(1|, 10)", None),
    ("nn.Linear(in_features=1|)", None),
    ("nn.Linear(*sizes, |)", None),
    ("nn.Linear(1, 2, True, None, None, |)", None),
    ("other(|)", None),
    ("nn.Linear(1, 2) |", None),
]


@pytest.mark.parametrize(("typed", "wanted"), _OPENED)
def test_what_lacks_becomes_a_hole(typed: str, wanted: str | None) -> None:
    """Every size that is required, or is being typed, and nothing else; in a call that is closed, if that can be."""
    document = Document("net.py", typed.replace("|", ""))
    found = opened(document, document.position(typed.index("|")))
    marked = None
    if found is not None:
        text, at = found.document.text, found.document.offset(found.place)
        marked = text[:at] + "^" + text[at:]
    assert marked == wanted


_NET = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3)
        self.wide = nn.Conv2d(16, 4 * width, 1)
        self.fc = nn.Linear(14400, 10)
        self.last = nn.Linear(10, 5)

    # torchlint: input x: [N, 3, 32, 32]
    def forward(self, x):
        x = self.conv(x)
        return self.last(self.fc(x.flatten(1))), self.out(self.wide(x))

    def other(self):
        return 1
"""
_FC, _OUT = "self.fc = nn.Linear(14400, 10)", "        self.out = "
_FITS = [
    ("nn.Linear(|)", ["in_features=14400"]),
    ("nn.Linear(|", ["in_features=14400"]),
    ("nn.Linear(|, 10)", ["in_features=14400"]),
    ("nn.Linear(14400, |)", ["10"]),
    ("nn.Linear(out_features=|)", ["10"]),
    ("nn.Linear(out_features=10, in_features=|)", ["14400"]),
    ("nn.Linear(14400, 10, |)", []),
]


@pytest.mark.parametrize(("typed", "fits"), _FITS)
def test_what_fits_there(typed: str, fits: list[str], tmp_path: Path) -> None:
    """By position and by name, whether the text parses or not, from what comes before and what comes after."""
    assert _fitting(_NET.replace("nn.Linear(14400, 10)", typed), tmp_path) == fits


def test_what_the_arguments_of_a_class_make(tmp_path: Path) -> None:
    """A size that is no number is written with the names that the class has for it."""
    typed = _NET.replace("14400, 10)", f"14400, 10)\n{_OUT}nn.Conv2d(|, 2, 1)")
    assert _fitting(typed, tmp_path) == ["in_channels=4*width"]


def test_what_many_numbers_fit(tmp_path: Path) -> None:
    """A few are offered, and none where it may be any or where no number fits."""
    for written, fits in (("nn.GroupNorm(|, 4)", ["num_groups=1", "num_groups=2", "num_groups=4"]), ("nn.Linear(30, |)", [])):
        text = _NET.replace("self.out(self.wide(x))", "self.out(x[:, :4])").replace(
            "14400, 10)", f"14400, 10)\n{_OUT}{written}"
        )
        assert _fitting(text, tmp_path) == fits


def _fitting(typed: str, folder: Path) -> list[str]:
    document = Document(str(folder / "net.py"), typed.replace("|", ""))
    found = opened(document, document.position(typed.index("|")))
    if found is None:
        return []
    settings = Settings(budget_seconds=20)
    return [size.text for size in sizes_that_fit(analyze(found.document, Project(settings, folder), settings), found)]
