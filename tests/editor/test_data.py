"""Hovers on data sets and loaders."""

from __future__ import annotations

from pathlib import Path

import pytest

from asking import answers_of, hover

_DATA = """\
import torch
from torch.utils.data import BatchSampler, DataLoader, Dataset, IterableDataset, SequentialSampler, TensorDataset
from torchvision import datasets, transforms
from elsewhere import count


class Words(Dataset):
    def __init__(self, count):
        self.count = count
        self.asked = 0

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.asked += 1
        return {"words": torch.zeros(20, dtype=torch.long), "label": index % 2}


class Stream(IterableDataset):
    def __iter__(self):
        while True:
            yield torch.zeros(5)


class Broken(Dataset):
    def __len__(self):
        return count()

    def __getitem__(self, index):
        raise KeyError(index)


"""


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (
            "DataLoader(TensorDataset(torch.zeros(4000, 3, 8), torch.zeros(4000)), batch_size=100)",
            ["40 steps per epoch (4,000 samples, batches of 100)", "a batch: `([100, 3, 8], [100])`, float32, float32"],
        ),
        (
            "DataLoader(Words(1012), 100)",
            [
                "11 steps per epoch (1,012 samples, batches of 100)",
                "last batch 12",
                "a batch: `{'words': [100, 20], 'label': [100]}`, int64, int64",
            ],
        ),
        (
            "DataLoader(Words(1012), 100, drop_last=True)",
            [
                "10 steps per epoch (1,012 samples, batches of 100)",
                "12 samples left over, dropped by `drop_last`",
                "a batch: `{'words': [100, 20], 'label': [100]}`, int64, int64",
            ],
        ),
        (
            "DataLoader(Words(1), batch_size=None)",
            ["1 step per epoch (1 sample, one by one)", "a batch: `{'words': [20], 'label': int}`, int64"],
        ),
        (
            "DataLoader(Stream(), batch_size=4)",
            ["steps per epoch: unknown (batches of 4), the data set has no `__len__`", "a batch: `[4, 5]`, float32"],
        ),
        (
            "DataLoader(Words(50), batch_sampler=BatchSampler(SequentialSampler(Words(50)), 8, False))",
            ["7 steps per epoch (batches of 8)", "a batch: `{'words': [8, 20], 'label': [8]}`, int64, int64"],
        ),
        (
            "DataLoader(datasets.ImageFolder('x', transforms.Compose([transforms.Resize((9, 9)), transforms.ToTensor()])), 32)",
            [
                "steps per epoch: unknown (batches of 32), the number of files in a folder",
                "a batch: `([32, 3, 9, 9], [32])`, float32, int64",
            ],
        ),
        ("Words(1012)", ["1,012 samples", "a sample: `{'words': [20], 'label': int}`, int64"]),
        ("Stream()", ["number of samples: unknown, the data set has no `__len__`", "a sample: `[5]`, float32"]),
        (
            "Broken()",
            ["number of samples: unknown, `elsewhere` was not found", "a sample: unknown, the code raises KeyError"],
        ),
    ],
)
def test_what_data_is(tmp_path: Path, made: str, lines: list[str]) -> None:
    """Steps, samples and the last batch, where they are known; else why not. On the name, its uses and the construction."""
    answers = answers_of(f"{_DATA}value = {made}\nprint(value)\n", tmp_path)
    wanted = "\n".join(f"- {line}" for line in lines)
    for piece in ("value =", "value)"):
        said = hover(answers, piece)
        assert said.startswith(f"`value`: `{made.partition('(')[0]}`")
        assert said.partition("\n\n")[2] == wanted
    row = len(_DATA.splitlines()) + 1
    construction = answers.hover(answers.document.position(answers.document.text.index(made) + len(made)))
    assert construction is not None
    assert construction.span.start.row == row
    assert construction.text.endswith(wanted)


def test_nothing_is_reported_for_what_only_a_hover_asks(tmp_path: Path) -> None:
    """A data set that nobody reads from is asked without a word on what its code does."""
    answers = answers_of(_DATA + "value = DataLoader(Broken(), 3)\n", tmp_path)
    assert "the code raises KeyError" in hover(answers, "value =")
    assert [one.name for one in answers.diagnostics] == []
