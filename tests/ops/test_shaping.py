"""Views and reshapes are accepted, laid out and rejected as torch does it, with numbers and with symbols."""

from __future__ import annotations

import random

import pytest
import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.comparison import compare
from ops.translation import to_ours
from torchlint.dims.expr import Kind, symbol
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import OPERATIONS
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor

VIEW = OPERATIONS["torch.Tensor.view"]
TRANSPOSE = OPERATIONS["torch.Tensor.transpose"]


def _random_strided(pick: random.Random) -> torch.Tensor:
    tensor = torch.zeros([pick.choice([1, 2, 3, 4]) for _ in range(pick.randint(1, 4))])
    for _ in range(pick.randint(0, 2)):
        kind = pick.randrange(4)
        dim = pick.randrange(tensor.ndim)
        if kind == 0:
            tensor = tensor.transpose(dim, pick.randrange(tensor.ndim))
        elif kind == 1:
            tensor = tensor.unsqueeze(dim)
        elif kind == 2 and tensor.shape[dim] == 1:
            tensor = tensor.expand([2 if d == dim else -1 for d in range(tensor.ndim)])
        else:
            tensor = tensor.narrow(dim, 0, pick.randint(1, tensor.shape[dim]))
    return tensor


def _random_shape(pick: random.Random, count: int) -> list[int]:
    shape: list[int] = []
    while count > 1 and len(shape) < 5:
        divisors = [d for d in range(1, count + 1) if count % d == 0]
        shape.append(pick.choice(divisors))
        count //= shape[-1]
    return [*shape, count] if pick.random() < 0.9 else [*shape, count, 2]


@pytest.mark.parametrize("name", ["view", "reshape"])
@pytest.mark.parametrize("seed", range(6))
def test_random_views_agree_with_torch(name: str, seed: int) -> None:
    """Any strided tensor can be viewed in a shape exactly where torch can, with torch's strides."""
    pick = random.Random(seed)
    for _ in range(300):
        tensor = _random_strided(pick)
        shape = _random_shape(pick, tensor.numel())
        if pick.random() < 0.4:
            shape[pick.randrange(len(shape))] = -1
        with using(Facts()):
            ours = to_ours(tensor)
            try:
                theirs = getattr(tensor, name)(shape)
            except RuntimeError:
                with pytest.raises(ShapeError):
                    OPERATIONS[f"torch.Tensor.{name}"](ours, shape)
                continue
            result = OPERATIONS[f"torch.Tensor.{name}"](ours, shape)
            compare(result, theirs, f"{tensor.shape} {tensor.stride()} to {shape}")


@pytest.fixture(autouse=True)
def _facts() -> object:
    with using(Facts()) as known:
        yield known


def test_flattening_per_sample_keeps_the_batch() -> None:
    """`x.view(x.size(0), -1)` of `[N, 20, h, w]` is `[N, 20*h*w]`."""
    batch, height, width = symbol("N", Kind.BATCH), symbol("h"), symbol("w")
    assert VIEW(Tensor((batch, 20, height, width)), batch, -1).shape == (batch, 20 * height * width)


def test_view_after_transpose_is_an_error_whatever_the_length() -> None:
    """Heads that are merged without `contiguous` cannot be viewed, for any number of positions but 1."""
    batch, length = symbol("N", Kind.BATCH), symbol("T")
    heads = TRANSPOSE(Tensor((batch, 12, length, 64)), 1, 2)
    with pytest.raises(ShapeError) as error:
        VIEW(heads, batch, length, 768)
    assert error.value.rule == "view-noncontiguous"
    assert error.value.result.shape == (batch, length, 768)


def test_view_that_merges_heads_is_an_error_for_any_heads() -> None:
    """An attention of one head only hides the mistake, so it is one for heads that are a parameter or read from a shape."""
    batch, length, width = symbol("N", Kind.BATCH), symbol("T"), symbol("d")
    for heads in (symbol("h"), symbol("heads", Kind.PARAMETER)):
        merged = TRANSPOSE(Tensor((batch, heads, length, width)), 1, 2)
        with pytest.raises(ShapeError):
            VIEW(merged, batch, length, heads * width)


def test_flattening_what_may_have_one_channel_is_no_error() -> None:
    """`x.permute(0, 2, 3, 1).view(n, -1)` runs on images of one channel, which the caller may choose."""
    batch, channels, height = symbol("N", Kind.BATCH), symbol("C"), symbol("H")
    permute = OPERATIONS["torch.Tensor.permute"]
    flat = VIEW(permute(Tensor((batch, channels, height, 7)), 0, 2, 3, 1), batch, -1)
    assert flat.shape == (batch, channels * height * 7)
    of_known = permute(Tensor((batch, 3, 7, 7)), 0, 2, 3, 1)
    with pytest.raises(ShapeError):
        VIEW(of_known, batch, -1)


def test_view_of_split_channels_after_transpose_is_fine() -> None:
    """Splitting a dimension never needs a copy."""
    batch, length = symbol("N", Kind.BATCH), symbol("T")
    moved = TRANSPOSE(Tensor((batch, 768, length)), 1, 2)
    assert VIEW(moved, batch, length, 12, 64).shape == (batch, length, 12, 64)


def test_element_counts_are_said_per_sample() -> None:
    """The message speaks of one sample where the batch axis stays."""
    batch = symbol("N", Kind.BATCH)
    with pytest.raises(ShapeError) as error:
        VIEW(Tensor((batch, 20, 4, 4)), batch, 300)
    assert error.value.rule == "reshape-size"
    assert error.value.message == "{input} [N, 20, 4, 4] has 320 elements per sample, but [N, 300] has 300"
