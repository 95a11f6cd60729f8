"""einops patterns give the shapes that einops gives, and are rejected where it rejects them."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.comparison import compare
from ops.translation import to_ours
from torchlint.dims.expr import Kind, symbol
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import LAYERS, OPERATIONS
from torchlint.values.errors import ShapeError
from torchlint.values.tensor import Tensor

IMAGES = (2, 3, 8, 6)

ACCEPTED: list[tuple[str, tuple[int, ...], tuple[Any, ...], dict[str, int], tuple[int, ...]]] = [
    ("rearrange", IMAGES, ("b c h w -> b (h w) c",), {}, (2, 48, 3)),
    ("rearrange", IMAGES, ("b c (h p) (w q) -> b (h w) (p q c)",), {"p": 4, "q": 3}, (2, 4, 36)),
    ("rearrange", IMAGES, ("b ... -> b (...)",), {}, (2, 144)),
    ("rearrange", IMAGES, ("b c ... -> ... b c",), {}, (8, 6, 2, 3)),
    ("rearrange", (5, 12), ("n (qkv h d) -> qkv h n d",), {"qkv": 3, "h": 2}, (3, 2, 5, 2)),
    ("rearrange", (5, 1, 4), ("a 1 b -> b 1 a 1",), {}, (4, 1, 5, 1)),
    ("reduce", IMAGES, ("b c h w -> b c", "mean"), {}, (2, 3)),
    ("reduce", IMAGES, ("b c (h 2) (w 2) -> b c h w", "max"), {}, (2, 3, 4, 3)),
    ("reduce", IMAGES, ("b c h w -> b c () ()", "sum"), {}, (2, 3, 1, 1)),
    ("repeat", (1, 7), ("1 d -> b 1 d",), {"b": 3}, (3, 1, 7)),
    ("repeat", (4, 5), ("h w -> (h a) (w b)",), {"a": 2, "b": 3}, (8, 15)),
]

REJECTED: list[tuple[str, tuple[int, ...], tuple[Any, ...], dict[str, int], str]] = [
    ("rearrange", IMAGES, ("b c h -> b h c",), {}, "takes 3 dimensions"),
    ("rearrange", IMAGES, ("b c (h p) w -> b c h p w",), {"p": 5}, "takes a multiple of 5"),
    ("rearrange", IMAGES, ("b c h w -> b c h",), {}, "`w` is missing on the right side"),
    ("rearrange", IMAGES, ("b c h w -> b c h w x",), {}, "`x` is missing on the left side"),
    ("rearrange", IMAGES, ("b c (h p) w -> b c h p w",), {}, "does not say how `(h p)` is divided"),
    ("rearrange", IMAGES, ("b c h w -> b c w h",), {"p": 2}, "`p` is no axis"),
    ("rearrange", IMAGES, ("b c h w -> b c w h",), {"c": 4}, "`c` of {pattern} is 4"),
    ("rearrange", IMAGES, ("b c (h w -> b c w h",), {}, "parenthesis"),
    ("rearrange", IMAGES, ("b c h h -> b c h",), {}, "stands twice"),
    ("rearrange", IMAGES, ("b c h w",), {}, "has no `->`"),
    ("repeat", (4,), ("d -> b d",), {}, "`b` is missing on the left side"),
    ("reduce", IMAGES, ("b c h w -> b c", "median"), {}, "no reduction `median`"),
]


@pytest.mark.parametrize(("name", "shape", "args", "lengths", "expected"), ACCEPTED)
@using(Facts())
def test_shapes(
    name: str, shape: tuple[int, ...], args: tuple[Any, ...], lengths: dict[str, int], expected: tuple[int, ...]
) -> None:
    """A pattern that fits gives the shape that it spells."""
    assert OPERATIONS[f"einops.{name}"](Tensor(shape), *args, **lengths).shape == expected


@pytest.mark.parametrize(("name", "shape", "args", "lengths", "expected"), ACCEPTED)
def test_shapes_are_those_of_einops(
    name: str, shape: tuple[int, ...], args: tuple[Any, ...], lengths: dict[str, int], expected: tuple[int, ...]
) -> None:
    """The same, where einops is installed to ask, strides included."""
    einops = pytest.importorskip("einops")
    tensor = torch.rand(shape)
    theirs = getattr(einops, name)(tensor, *args, **lengths)
    assert tuple(theirs.shape) == expected
    with using(Facts()):
        compare(OPERATIONS[f"einops.{name}"](to_ours(tensor), *args, **lengths), theirs)


@pytest.mark.parametrize(("name", "shape", "args", "lengths", "message"), REJECTED)
def test_mistakes(name: str, shape: tuple[int, ...], args: tuple[Any, ...], lengths: dict[str, int], message: str) -> None:
    """A pattern that cannot fit is an error that says which axis is wrong."""
    with using(Facts()), pytest.raises(ShapeError) as error:
        OPERATIONS[f"einops.{name}"](Tensor(shape), *args, **lengths)
    assert error.value.rule == "einops-mismatch"
    assert message in error.value.message


@using(Facts())
def test_batches_may_be_symbols() -> None:
    """A free batch size passes through a pattern."""
    batch = symbol("N", Kind.BATCH)
    result = OPERATIONS["einops.rearrange"](Tensor((batch, 197, 192)), "b n (h d) -> b h n d", h=3)
    assert result.shape == (batch, 3, 197, 64)


@using(Facts())
def test_einsum_takes_long_names() -> None:
    """`einops.einsum` multiplies along named axes."""
    result = OPERATIONS["einops.einsum"](Tensor((2, 3, 5)), Tensor((2, 4, 5)), "b i dim, b j dim -> b i j")
    assert result.shape == (2, 3, 4)


@using(Facts())
def test_layers_apply_their_pattern() -> None:
    """`Rearrange` and `Reduce` are the functions with the pattern fixed; they print it."""
    made = []
    for name, args, lengths in (("Rearrange", ("b c h w -> b (c h w)",), {}), ("Reduce", ("b c h w -> b c", "mean"), {})):
        entry = LAYERS[f"einops.layers.torch.{name}"]
        instance = entry.cls.__new__(entry.cls)
        entry.init.run(entry.init.bind((instance, *args), lengths))
        made.append((instance.extra_repr(), entry.forward(instance, Tensor(IMAGES)).shape))
    assert made == [("'b c h w -> b (c h w)'", (2, 144)), ("'b c h w -> b c', 'mean'", (2, 3))]
