"""Random calls do what they do in torch: sizes 0 and 1 are among them, and every mix of dtypes and numbers."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.calls import Call, call
from ops.comparison import Mismatch
from ops.judging_operations import Verdict, check_operation

CASES = 150
DTYPES = [
    torch.bool, torch.uint8, torch.int16, torch.int64, torch.float16, torch.bfloat16, torch.float32, torch.float64,
    torch.complex64,
]  # fmt: skip
NUMBERS: list[Any] = [True, 2, -1, 0.5, 2.0, 1 + 2j]
SIZES = [0, 1, 1, 2, 3]

Case = tuple[str, Call]


def _shape(pick: random.Random, most: int = 3, sizes: list[int] = SIZES) -> tuple[int, ...]:
    return tuple(pick.choice(sizes) for _ in range(pick.randint(0, most)))


def _tensor(pick: random.Random, shape: tuple[int, ...], dtype: torch.dtype) -> torch.Tensor:
    tensor = torch.ones(shape, dtype=dtype)
    return tensor.transpose(0, -1).contiguous().transpose(0, -1) if shape and pick.random() < 0.3 else tensor


def _near(pick: random.Random, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape that often broadcasts with another."""
    kept = shape[pick.randint(0, len(shape)) :]
    return tuple(pick.choice([size, size, 1, 2]) for size in kept)


def _elementwise(pick: random.Random) -> Case:
    shape = _shape(pick)
    left = _tensor(pick, shape, pick.choice(DTYPES))
    number = pick.random() < 0.4
    right = pick.choice(NUMBERS) if number else _tensor(pick, _near(pick, shape), pick.choice(DTYPES))
    operands = (right, left) if pick.random() < 0.2 and not number else (left, right)
    names = ["add", "sub", "mul", "div", "pow", "floor_divide", "remainder", "eq", "lt", "maximum", "atan2", "bitwise_and"]
    name = pick.choice(names)
    method = pick.random() < 0.3
    return f"torch.{'Tensor.' * method}{name}{'_' * (method and name != 'maximum' and pick.random() < 0.5)}", call(*operands)


def _ternary(pick: random.Random) -> Case:
    shape = _shape(pick)
    tensors = [_tensor(pick, _near(pick, shape), pick.choice([torch.float32, torch.float32, torch.int64])) for _ in range(3)]
    name = pick.choice(["where", "clamp", "lerp", "addcmul", "addcdiv", "masked_fill"])
    if name == "where":
        return "torch.where", call(tensors[0] > 0, *tensors[1:])
    if name == "masked_fill":
        return "torch.masked_fill", call(tensors[0], tensors[1] > 0, pick.choice(NUMBERS))
    if name == "clamp":
        bounds = [pick.choice([None, 0, 0.5, tensor]) for tensor in tensors[1:]]
        return "torch.clamp", call(tensors[0], *bounds)
    return f"torch.{name}", call(*tensors)


def _dims(pick: random.Random, rank: int) -> Any:
    return pick.choice([None, pick.randint(-rank - 1, rank), tuple(range(pick.randint(0, max(rank, 1))))])


def _reduction(pick: random.Random) -> Case:
    shape = _shape(pick)
    tensor = _tensor(pick, shape, pick.choice(DTYPES))
    name = pick.choice(["sum", "mean", "amax", "std", "all", "logsumexp", "argmax", "max", "prod", "cumsum", "norm", "median"])
    dim = _dims(pick, len(shape))
    if name in ("argmax", "max", "prod", "cumsum", "median") and isinstance(dim, tuple):
        dim = 0
    if dim is None:
        return f"torch.{name}", call(tensor, 0) if name in ("logsumexp", "cumsum") else call(tensor)
    keep = {} if name == "cumsum" else {"keepdim": pick.random() < 0.5}
    return f"torch.{name}", call(tensor, dim=dim, **keep)


def _creation(pick: random.Random) -> Case:
    dtype = pick.choice([None, None, *DTYPES])
    size = _shape(pick)
    name = pick.choice(["zeros", "full", "arange", "linspace", "eye", "zeros_like", "Tensor.new_ones", "tensor", "full_like"])
    given = _tensor(pick, size, pick.choice(DTYPES))
    arguments: dict[str, tuple[Any, ...]] = {
        "zeros": (size,),
        "full": (size, pick.choice(NUMBERS)),
        "arange": tuple(pick.choice([0, 1, 5, -2, 2.5]) for _ in range(pick.randint(1, 3))),
        "linspace": (pick.choice([0, 0.5]), pick.choice([1, 3.5]), pick.choice([-1, 0, 1, 5])),
        "eye": tuple(pick.choice(SIZES) for _ in range(pick.randint(1, 2))),
        "zeros_like": (given,),
        "full_like": (given, pick.choice(NUMBERS)),
        "Tensor.new_ones": (given, size),
        "tensor": (
            pick.choice([pick.choice(NUMBERS), [pick.choice(NUMBERS) for _ in range(3)], [[1, 2], [3, 4.5]], [[1], []], []]),
        ),
    }
    return f"torch.{name}", call(*arguments[name], dtype=dtype)


def _casting(pick: random.Random) -> Case:
    tensor = _tensor(pick, _shape(pick), pick.choice(DTYPES))
    name = pick.choice(
        ["to", "float", "long", "int", "bool", "half", "double", "type_as", "contiguous", "clone", "tolist", "item"]
    )
    if name == "to":
        return "torch.Tensor.to", call(tensor, pick.choice(DTYPES))
    if name == "type_as":
        return "torch.Tensor.type_as", call(tensor, _tensor(pick, (), pick.choice(DTYPES)))
    if name in ("item", "tolist"):
        tensor = torch.arange(tensor.numel() % 7).to(torch.float32)  # known elements only: others are Unknown
    return f"torch.Tensor.{name}", call(tensor)


def _gathering(pick: random.Random) -> Case:
    shape = _shape(pick, sizes=[1, 2, 3])
    rank = len(shape)
    tensor = _tensor(pick, shape, pick.choice([torch.float32, torch.int64]))
    other = tuple(pick.choice([size, 1, 2, 4]) for size in shape)[: pick.choice([rank, rank, rank, rank + 1])]
    index = torch.zeros(other, dtype=pick.choice([torch.int64, torch.int64, torch.int64, torch.float32]))
    dim = pick.randint(-rank - 1, rank)
    name = pick.choice(
        ["gather", "index_select", "take", "scatter", "scatter_add", "index_add", "masked_select", "take_along_dim"]
    )
    if name in ("take",):
        return "torch.take", call(tensor, index)
    if name == "masked_select":
        return "torch.masked_select", call(tensor, torch.ones(_near(pick, shape), dtype=torch.bool))
    if name == "take_along_dim":
        return "torch.take_along_dim", call(tensor, index, dim=dim)
    if name in ("scatter", "scatter_add", "index_add"):
        vector = torch.zeros(pick.choice([1, 2, 3]), dtype=torch.int64)
        source = _tensor(pick, tuple(pick.choice([size, 2, 3]) for size in shape), tensor.dtype)
        return f"torch.{name}", call(tensor, dim, vector if name == "index_add" else index, source)
    if name == "index_select":
        index = torch.zeros(pick.choice([(), (2,), (1, 2), (0,)]), dtype=index.dtype)
    return f"torch.{name}", call(tensor, dim, index)


def _loss(pick: random.Random) -> Case:
    functional = "torch.nn.functional"
    name = pick.choice(
        ["mse_loss", "l1_loss", "cross_entropy", "nll_loss", "binary_cross_entropy_with_logits", "kl_div", "smooth_l1_loss"]
    )
    reduction = pick.choice(["none", "mean", "sum"])
    if name in ("cross_entropy", "nll_loss"):
        batch, classes = pick.choice([0, 1, 3]), pick.choice([1, 4])
        rest = _shape(pick, 2, [1, 2])
        scores = torch.zeros(pick.choice([(batch, classes, *rest), (classes,)]))
        kept = pick.choice([(batch, *rest), (batch, *rest), (), (batch, 2), (batch, classes, *rest)])
        target = torch.zeros(kept, dtype=pick.choice([torch.int64, torch.int64, torch.float32]))
        return f"{functional}.{name}", call(scores, target, reduction=reduction)
    shape = _shape(pick)
    other = pick.choice([shape, shape, _near(pick, shape)])
    dtype = pick.choice([torch.float32, torch.float32, torch.int64])
    return f"{functional}.{name}", call(torch.zeros(shape), _tensor(pick, other, dtype), reduction=reduction)


FAMILIES: dict[str, Callable[[random.Random], Case]] = {
    "elementwise": _elementwise,
    "ternary": _ternary,
    "reductions": _reduction,
    "creation": _creation,
    "casting": _casting,
    "gathering": _gathering,
    "losses": _loss,
}


@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize("family", FAMILIES)
def test_random_calls(family: str, part: int) -> None:
    """What torch accepts is accepted with its shape, dtype, strides and elements; what it rejects is rejected."""
    pick = random.Random(f"{family} {part}")
    verdicts: list[Verdict] = []
    mismatches: list[str] = []
    for _ in range(CASES):
        name, given = FAMILIES[family](pick)
        try:
            verdict, detail = check_operation(name, given, errors_count=True)
        except Mismatch as mismatch:
            mismatches.append(f"{name}{given}\n      {mismatch}")
            continue
        verdicts.append(verdict)
        if verdict is Verdict.ACCEPTED:
            mismatches.append(f"{name}{given}\n      {detail}")
    assert not mismatches, f"{len(mismatches)} mismatches:\n  " + "\n  ".join(mismatches[:12])
    compared = verdicts.count(Verdict.SAME) + verdicts.count(Verdict.REJECTED)
    assert compared > CASES / 3, f"the calls are mostly not compared: {verdicts}"
