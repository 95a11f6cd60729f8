"""What is computed of known elements is what torch computes, and no view keeps elements that are overwritten."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from ops.comparison import compare
from ops.translation import to_ours
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import OPERATIONS
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


@pytest.fixture(autouse=True)
def _facts() -> object:
    with using(Facts()) as known:
        yield known


class Ours:
    """`torch.x(...)` and methods of tensors in our world, so that one function runs in both."""

    def __getattr__(self, name: str) -> Any:
        return OPERATIONS[f"torch.{name}"]


def _method(tensor: Any, name: str, *args: Any) -> Any:
    return OPERATIONS[f"torch.Tensor.{name}"](tensor, *args) if isinstance(tensor, Tensor) else getattr(tensor, name)(*args)


def _regnet_widths(world: Any, depth: int, initial: int, slope: float, multiplier: float) -> Any:
    widths = world.add(world.mul(world.arange(depth), slope), initial)
    capacity = world.round(world.div(world.log(world.div(widths, initial)), math.log(multiplier)))
    quantized = world.round(world.divide(world.mul(initial, world.pow(multiplier, capacity)), 8))
    return _method(_method(world.mul(quantized, 8), "int"), "tolist")


@pytest.mark.parametrize(
    "settings",
    [(16, 48, 27.89, 2.09), (14, 56, 38.84, 2.4), (21, 80, 42.63, 2.66), (27, 456, 160.83, 2.52), (23, 168, 69.86, 2.85)],
)
def test_widths_of_regnets(settings: tuple[int, int, float, float]) -> None:
    """The widths that torchvision's RegNet computes with tensors are followed to the integers."""
    assert _regnet_widths(Ours(), *settings) == _regnet_widths(torch, *settings)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_every_step_is_rounded_to_the_dtype(dtype: torch.dtype) -> None:
    """Sums of numbers that no binary float holds are the floats that torch gets, to the last bit."""
    theirs = torch.linspace(0.1, 7.3, 16, dtype=torch.float64).to(dtype)
    ours = to_ours(theirs)
    for name in ("add", "sub", "mul", "div"):
        for other in (0.1, 3, 1.7):
            theirs = getattr(torch, name)(theirs, other)
            ours = OPERATIONS[f"torch.{name}"](ours, other)
            assert list(ours.values) == theirs.tolist()


def test_views_forget_what_is_overwritten() -> None:
    """Neither the tensor nor another view goes on with elements that one view has overwritten."""
    base = to_ours(torch.arange(6))
    rows = OPERATIONS["torch.Tensor.view"](base, 2, 3)
    second = OPERATIONS["torch.Tensor.__getitem__"](rows, 1)
    copy = OPERATIONS["torch.Tensor.clone"](base)
    OPERATIONS["torch.Tensor.add_"](second, 1)
    assert second.values == (4, 5, 6)
    assert base.values is None and rows.values is None
    assert isinstance(OPERATIONS["torch.Tensor.tolist"](base), Unknown)
    assert copy.values == (0, 1, 2, 3, 4, 5)


def _in_place_names() -> list[str]:
    return [n for n in OPERATIONS if n.startswith("torch.Tensor.") and n.endswith("_") and not n.endswith("__")]


@pytest.mark.parametrize("name", _in_place_names())
def test_in_place_operations_leave_no_stale_elements(name: str) -> None:
    """After an in-place operation the elements are torch's, or not known."""
    for given in (torch.arange(1, 5), torch.linspace(0.1, 0.9, 4), torch.arange(6.0).view(2, 3)):
        for args in ((), (0.5,), (2,), (torch.ones(given.shape, dtype=given.dtype),), (0,), (0, 1)):
            theirs, ours = given.clone(), to_ours(given)
            try:
                torch.manual_seed(0)
                getattr(theirs, name.rpartition(".")[2])(*args)
            except (RuntimeError, TypeError, IndexError, ValueError, NotImplementedError):
                continue
            OPERATIONS[name](ours, *to_ours(args))
            compare(ours, theirs)


def test_huge_powers_are_not_computed() -> None:
    """`torch.tensor([3]) ** 10**9` takes no time: no integer of torch is that large."""
    assert OPERATIONS["torch.pow"](to_ours(torch.tensor([3])), 10**9).values is None
