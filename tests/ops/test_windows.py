"""Convolutions, pools and paddings of random sizes, small and empty ones among them, give torch's shapes and refusals.

The same calls with symbols for the sizes give expressions that become torch's sizes.
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch

from ops.torch_errors import is_about_shapes
from torchlint.dims.expr import Size, evaluate, symbol, symbols_of
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import OPERATIONS
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor

Case = tuple[list[tuple[int, ...]], tuple[Any, ...], dict[str, Any]]
"""Shapes of the tensors that come first, then other arguments."""


def _image(rng: random.Random, dimensions: int, channels: int) -> tuple[int, ...]:
    batch = () if rng.random() < 0.2 else (rng.choice([0, 1, 2]),)
    extra = (1,) if rng.random() < 0.05 else ()
    return (*extra, *batch, channels, *(rng.choice([0, 1, 2, 3, 5, 6, 9]) for _ in range(dimensions)))


def _numbers(rng: random.Random, dimensions: int, choices: list[int]) -> Any:
    if rng.random() < 0.5:
        return rng.choice(choices)
    return tuple(rng.choice(choices) for _ in range(dimensions))


def _convolution(rng: random.Random, dimensions: int) -> Case:
    groups = rng.choice([1, 1, 2, 3])
    channels = groups * rng.choice([1, 2])
    filters = groups * rng.choice([1, 2]) + (rng.random() < 0.1)
    kernel = tuple(rng.choice([1, 2, 3, 5]) for _ in range(dimensions))
    shown = channels + (rng.random() < 0.1)
    padding: Any = rng.choice(["same", "valid"]) if rng.random() < 0.3 else _numbers(rng, dimensions, [0, 1, 2, 3])
    options = {
        "stride": _numbers(rng, dimensions, [1, 1, 2, 3]),
        "padding": padding,
        "dilation": _numbers(rng, dimensions, [1, 1, 2]),
        "groups": groups,
    }
    return [_image(rng, dimensions, shown), (filters, channels // groups, *kernel)], (), options


def _transposed(rng: random.Random, dimensions: int) -> Case:
    groups = rng.choice([1, 1, 2])
    channels = groups * rng.choice([1, 2])
    kernel = tuple(rng.choice([1, 2, 3]) for _ in range(dimensions))
    shown = channels + (rng.random() < 0.1)
    options = {
        "stride": _numbers(rng, dimensions, [1, 2, 3]),
        "padding": _numbers(rng, dimensions, [0, 0, 1, 2]),
        "output_padding": _numbers(rng, dimensions, [0, 0, 1, 2]),
        "dilation": _numbers(rng, dimensions, [1, 1, 2]),
        "groups": groups,
    }
    return [_image(rng, dimensions, shown), (channels, rng.choice([1, 2]), *kernel)], (), options


def _pool(rng: random.Random, dimensions: int) -> Case:
    options = {
        "kernel_size": _numbers(rng, dimensions, [1, 2, 3, 4]),
        "stride": rng.choice([None, _numbers(rng, dimensions, [1, 2, 3, 5])]),
        "padding": _numbers(rng, dimensions, [0, 0, 1, 2]),
        "ceil_mode": rng.random() < 0.5,
    }
    return [_image(rng, dimensions, rng.choice([0, 1, 3]))], (), options


def _max_pool(rng: random.Random, dimensions: int) -> Case:
    shapes, args, options = _pool(rng, dimensions)
    return shapes, args, {**options, "dilation": _numbers(rng, dimensions, [1, 1, 2])}


def _pad(rng: random.Random, dimensions: int) -> Case:
    amounts = [rng.choice([0, 1, 2, 3]) if rng.random() < 0.9 else -1 for _ in range(2 * dimensions)]
    mode = rng.choice(["constant", "reflect", "replicate", "circular"])
    return [_image(rng, dimensions, rng.choice([1, 3]))], (tuple(amounts),), {"mode": mode}


def _adaptive(rng: random.Random, dimensions: int) -> Case:
    return [_image(rng, dimensions, rng.choice([1, 3]))], (_numbers(rng, dimensions, [0, 1, 2, 7]),), {}


def _unfold(rng: random.Random, dimensions: int) -> Case:
    options = {name: _numbers(rng, 2, choices) for name, choices in (("dilation", [1, 2]), ("stride", [1, 2]))}
    return [_image(rng, 2, 2)], (_numbers(rng, 2, [1, 2, 3]),), {**options, "padding": _numbers(rng, 2, [0, 1])}


CASES = 120

_F = "torch.nn.functional"
FAMILIES: dict[str, tuple[str, int, Callable[[random.Random, int], Case]]] = {
    **{f"conv{d}d": (f"{_F}.conv{d}d", d, _convolution) for d in (1, 2, 3)},
    **{f"conv_transpose{d}d": (f"{_F}.conv_transpose{d}d", d, _transposed) for d in (1, 2, 3)},
    **{f"max_pool{d}d": (f"{_F}.max_pool{d}d", d, _max_pool) for d in (1, 2, 3)},
    **{f"avg_pool{d}d": (f"{_F}.avg_pool{d}d", d, _pool) for d in (1, 2, 3)},
    **{f"adaptive_avg_pool{d}d": (f"{_F}.adaptive_avg_pool{d}d", d, _adaptive) for d in (1, 2, 3)},
    **{f"pad{d}d": (f"{_F}.pad", d, _pad) for d in (1, 2, 3)},
    "unfold": (f"{_F}.unfold", 2, _unfold),
}


def _torch(name: str, case: Case) -> Any:
    function = getattr(torch.nn.functional, name.rpartition(".")[2])
    shapes, args, options = case
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*(torch.zeros(s) for s in shapes), *args, **options)


@pytest.mark.parametrize("family", FAMILIES)
def test_random_sizes(family: str) -> None:
    """Accepted with torch's shape, or refused where torch refuses."""
    name, dimensions, make = FAMILIES[family]
    rng = random.Random(family)
    accepted = refused = 0
    for _ in range(CASES):
        case = make(rng, dimensions)
        shapes, args, options = case
        tensors = [Tensor(s) for s in shapes]
        try:
            expected = _torch(name, case)
        except Exception as error:
            if not is_about_shapes(error):
                continue
            with using(Facts()), pytest.raises(ShapeError):
                print(case, OPERATIONS[name](*tensors, *args, **options), error)
            refused += 1
            continue
        with using(Facts()):
            assert OPERATIONS[name](*tensors, *args, **options).shape == tuple(expected.shape), case
        _check_symbolic(name, case, tuple(expected.shape))
        accepted += 1
    assert accepted > 10 and refused > 5, "the random cases reach both sides"


def _check_symbolic(name: str, case: Case, expected: tuple[int, ...]) -> None:
    (shape, *others), args, options = case
    if 0 in shape:
        return  # a symbol stands for a size that is not empty
    symbols: list[Size] = [symbol(f"s{i}") for i in range(len(shape))]
    values = {s: n for size, n in zip(symbols, shape) for s in symbols_of(size)}
    with using(Facts()):
        result = OPERATIONS[name](Tensor(tuple(symbols)), *(Tensor(s) for s in others), *args, **options)
    assert tuple(evaluate(size, values) for size in result.shape) == expected, case
