"""Random indices give what torch gives: shapes, dtypes, strides, known elements, and errors."""

from __future__ import annotations

import random
import warnings
from typing import Any

import pytest
import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.comparison import compare
from ops.translation import to_ours
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import OPERATIONS
from torchlint.values.errors import ShapeError


def _bound(pick: random.Random, size: int) -> int | None:
    return pick.choice([None, None, pick.randint(-size - 2, size + 2)])


def _entry(pick: random.Random, size: int) -> Any:
    kind = pick.randrange(10)
    if kind < 2:
        return pick.randint(-size - (pick.random() < 0.1), max(size - 1, 0) + (pick.random() < 0.1))
    if kind < 5:
        return slice(_bound(pick, size), _bound(pick, size), pick.choice([None, None, 1, 2, 3]))
    if kind == 5:
        return None
    if kind < 8 and size:
        return torch.randint(-size, size, pick.choice([(2,), (3,), (1,), (), (2, 3), (2, 1)]))
    if kind == 8:
        return torch.rand(size if pick.random() < 0.9 else size + 1) < 0.5
    return [pick.randrange(size) for _ in range(pick.choice([1, 2]))] if size else slice(None)


def _index(pick: random.Random, shape: list[int]) -> Any:
    entries = [_entry(pick, size) for size in shape[: pick.randint(0, len(shape))]]
    if pick.random() < 0.2:
        entries.insert(pick.randint(0, len(entries)), ...)
        entries = entries[: len(shape)]
    return tuple(entries)


@pytest.mark.parametrize("seed", range(8))
def test_random_indices_agree_with_torch(seed: int) -> None:
    """What an index picks has torch's shape, strides and elements, and is rejected where torch rejects it."""
    pick = random.Random(seed)
    torch.manual_seed(seed)
    getitem = OPERATIONS["torch.Tensor.__getitem__"]
    for _ in range(250):
        shape = [pick.choice([0, 1, 2, 3, 4, 5]) for _ in range(pick.randint(0, 4))]
        tensor = torch.arange(torch.Size(shape).numel()).reshape(shape)
        index = _index(pick, shape)
        with warnings.catch_warnings(), using(Facts()):
            warnings.simplefilter("ignore")
            try:
                theirs = tensor[index]
            except IndexError:
                with pytest.raises(ShapeError):
                    getitem(to_ours(tensor), to_ours(index))
                continue
            compare(getitem(to_ours(tensor), to_ours(index)), theirs, str(index))


@pytest.mark.parametrize("seed", range(4))
def test_random_assignments_agree_with_torch(seed: int) -> None:
    """A value can be assigned to what an index picks exactly where torch can broadcast it."""
    pick = random.Random(seed)
    setitem = OPERATIONS["torch.Tensor.__setitem__"]
    for _ in range(150):
        shape = [pick.choice([1, 2, 3]) for _ in range(pick.randint(1, 3))]
        tensor = torch.zeros(shape)
        index = pick.choice([0, slice(None), ..., slice(0, 1), torch.tensor([0, 0]), (..., 0)])
        value = torch.rand([pick.choice([1, 2, 3]) for _ in range(pick.randint(0, 3))])
        with using(Facts()):
            arguments = (to_ours(tensor), to_ours(index), to_ours(value))
            try:
                tensor[index] = value
            except RuntimeError:
                with pytest.raises(ShapeError):
                    setitem(*arguments)
            else:
                assert setitem(*arguments) is None
