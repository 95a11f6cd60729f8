"""einops patterns give the shapes that einops gives, and are rejected where it rejects them."""

from __future__ import annotations

from typing import Any

import einops
import einops.layers.torch as einops_layers
import pytest
import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.comparison import compare
from ops.translation import to_ours
from torchlint.dims.expr import Kind, symbol
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import LAYERS, OPERATIONS
from torchlint.values.errors import ShapeError
from torchlint.values.module import named_parameters
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


PACKED: list[tuple[str, list[tuple[int, ...]]]] = [
    ("b *", [(2, 3), (2, 4, 5), (2,)]),
    ("b * c", [(2, 3), (2, 5, 3), (2, 2, 2, 3)]),
    ("*", [(2, 3), (4,), ()]),
    ("* c", [(0, 3), (4, 3)]),
    ("b *", [(2, 3), (3, 3)]),
    ("b * c", [(2,)]),
    ("b c", [(2, 3)]),
    ("b * b", [(2, 3, 2)]),
]


@pytest.mark.parametrize(("pattern", "shapes"), PACKED)
@using(Facts())
def test_packing(pattern: str, shapes: list[tuple[int, ...]]) -> None:
    """`pack` joins what einops joins and `unpack` gives it back; both refuse what einops refuses."""
    tensors = [torch.rand(shape) for shape in shapes]
    try:
        packed, packed_shapes = einops.pack(tensors, pattern)
    except Exception:
        with pytest.raises(ShapeError):
            OPERATIONS["einops.pack"](to_ours(tensors), pattern)
        return
    ours, our_shapes = OPERATIONS["einops.pack"](to_ours(tensors), pattern)
    compare(ours, packed)
    assert our_shapes == [tuple(shape) for shape in packed_shapes]
    for ours_unpacked, theirs in zip(
        OPERATIONS["einops.unpack"](ours, our_shapes, pattern), einops.unpack(packed, packed_shapes, pattern), strict=True
    ):
        assert ours_unpacked.shape == tuple(theirs.shape)


UNPACKED: list[tuple[tuple[int, ...], list[list[int]], str]] = [
    ((2, 12), [[3], [-1, 3], [2, 3]], "b *"),
    ((2, 12), [[3], [-1, 4], [2, 3]], "b *"),
    ((2, 12), [[3], [-1]], "b *"),
    ((2, 12), [[-1], [-1]], "b *"),
    ((2, 12), [[], [11]], "b *"),
    ((2, 12, 5), [[4], [8]], "b *"),
    ((2, 12, 5), [[4], [2, 4]], "b * c"),
]


@pytest.mark.parametrize(("shape", "shapes", "pattern"), UNPACKED)
@using(Facts())
def test_unpacking(shape: tuple[int, ...], shapes: list[list[int]], pattern: str) -> None:
    """Shapes with a -1 take what the others leave, and what does not fit is refused."""
    tensor = torch.rand(shape)
    try:
        expected = einops.unpack(tensor, shapes, pattern)
    except Exception:
        with pytest.raises(ShapeError):
            OPERATIONS["einops.unpack"](to_ours(tensor), shapes, pattern)
        return
    pieces = OPERATIONS["einops.unpack"](to_ours(tensor), shapes, pattern)
    assert [piece.shape for piece in pieces] == [tuple(piece.shape) for piece in expected]


@using(Facts())
def test_packing_of_symbols() -> None:
    """Packed sizes are the products of symbols, and come back."""
    n, h, w, c = symbol("N", Kind.BATCH), symbol("h"), symbol("w"), symbol("c")
    packed, shapes = OPERATIONS["einops.pack"]([Tensor((n, h, w, c)), Tensor((n, c))], "b * c")
    assert packed.shape == (n, h * w + 1, c)
    image, token = OPERATIONS["einops.unpack"](packed, shapes, "b * c")
    assert (image.shape, token.shape) == ((n, h, w, c), (n, c))


MIXED: list[tuple[dict[str, Any], tuple[int, ...]]] = [
    ({"pattern": "t b c -> t b d", "weight_shape": "c d", "bias_shape": "d", "c": 5, "d": 7}, (2, 3, 5)),
    ({"pattern": "t b (h c) -> t b (h d)", "weight_shape": "h c d", "h": 2, "c": 5, "d": 7}, (2, 3, 10)),
    ({"pattern": "b h w c -> b k w c", "weight_shape": "h k", "bias_shape": "k", "h": 4, "k": 6}, (2, 4, 3, 5)),
    ({"pattern": "... c -> ... (d e)", "weight_shape": "c d e", "bias_shape": "e", "c": 5, "d": 2, "e": 3}, (2, 4, 5)),
    ({"pattern": "t b c -> t b c", "weight_shape": "c", "c": 5}, (2, 3, 5)),
    ({"pattern": "t b c -> t b d", "weight_shape": "c d", "c": 5, "d": 7}, (2, 3, 6)),
    ({"pattern": "t b c -> t b d", "weight_shape": "c d", "c": 5}, (2, 3, 5)),
    ({"pattern": "t b c -> t b d", "weight_shape": "c e", "c": 5, "e": 2, "d": 3}, (2, 3, 5)),
    ({"pattern": "t b c -> t b d", "weight_shape": "c d", "bias_shape": "c", "c": 5, "d": 7}, (2, 3, 5)),
]


@pytest.mark.parametrize(("arguments", "shape"), MIXED)
@using(Facts())
def test_mixing(arguments: dict[str, Any], shape: tuple[int, ...]) -> None:
    """`EinMix` makes einops' weight and bias, prints as it does, and gives its output."""
    ours = einmix(arguments)
    try:
        theirs = einops_layers.EinMix(**arguments)
        expected = theirs(torch.rand(shape))
    except Exception:
        with pytest.raises(ShapeError):
            entry = LAYERS["einops.layers.torch.EinMix"]
            made = ours()
            entry.forward.run(entry.forward.bind((made, Tensor(shape)), {}))
        return
    made = ours()
    assert [(n, t.shape) for n, t in named_parameters(made)] == [(n, tuple(p.shape)) for n, p in theirs.named_parameters()]
    assert f"EinMix({made.extra_repr()})" == repr(theirs)
    assert LAYERS["einops.layers.torch.EinMix"].forward(made, Tensor(shape)).shape == tuple(expected.shape)


def einmix(arguments: dict[str, Any]) -> Any:
    """A maker of our `EinMix` with these arguments."""
    entry = LAYERS["einops.layers.torch.EinMix"]

    def make() -> Any:
        instance = entry.cls.__new__(entry.cls)
        entry.init.run(entry.init.bind((instance,), arguments))
        return instance

    return make
