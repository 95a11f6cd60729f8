"""einops: `rearrange`, `reduce`, `repeat`, `einsum` and the layers `Rearrange` and `Reduce`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from torchlint.dims.expr import Size, product
from torchlint.dims.printing import show, show_shape
from torchlint.ops.agree import require, require_same
from torchlint.ops.axes import permuted
from torchlint.ops.einsum import einsum as torch_einsum
from torchlint.ops.expanding import expanded
from torchlint.ops.joining import stack
from torchlint.ops.registry import layer, op
from torchlint.ops.results import result
from torchlint.ops.shaping import reshaped
from torchlint.values.dtype import bool_
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module
from torchlint.values.tensor import Shape, Tensor

ELLIPSIS = "..."
GROUPED_ELLIPSIS = "(...)"  # all dimensions of `...` as one
Axis = tuple[str, ...]  # the names that one dimension is composed of; (ELLIPSIS,) for any number of dimensions
_REDUCTIONS = ("min", "max", "sum", "mean", "prod", "any", "all")


class Pattern(NamedTuple):
    """Both sides of `b (h w) c -> b c h w`."""

    left: tuple[Axis, ...]
    right: tuple[Axis, ...]


def mismatch(message: str, torch: str, blame: str = "pattern", tensor: Tensor | None = None) -> ShapeError:
    """einops-mismatch."""
    label = None if tensor is None else show_shape(tensor.shape)
    return ShapeError("einops-mismatch", message, blame=blame, torch=torch, label=label)


def parse(pattern: str) -> Pattern:
    """The pattern's axes."""
    left, arrow, right = pattern.partition("->")
    if not arrow:
        raise mismatch("{pattern} has no `->`", "not enough values to unpack (expected 2, got 1)")
    return Pattern(parse_side(left), parse_side(right))


def parse_side(text: str) -> tuple[Axis, ...]:
    """The axes of one side of a pattern."""
    spaced = text.replace("(", " ( ").replace(")", " ) ").replace(ELLIPSIS, f" {ELLIPSIS} ")
    axes: list[Axis] = []
    group: list[str] | None = None
    seen: set[str] = set()
    for token in spaced.split():
        if token == "(" and group is None:
            group = []
        elif token == ")" and group is not None:
            axes.append(tuple(group))
            group = None
        elif token == "1" or (token.isdigit() and int(token) > 1):
            name = () if token == "1" else (token,)
            if group is None:
                axes.append(name)
            else:
                group.extend(name)
        elif token != ELLIPSIS and not token.isidentifier():
            raise mismatch(f"`{token}` in {{pattern}} is no name of an axis", f"Invalid axis identifier: {token}")
        elif token in seen:
            raise mismatch(
                f"`{token}` stands twice on one side of {{pattern}}",
                f'Indexing expression contains duplicate dimension "{token}"',
            )
        else:
            seen.add(token)
            if group is None:
                axes.append((token,))
            else:
                group.append(GROUPED_ELLIPSIS if token == ELLIPSIS else token)
    if group is not None:
        raise mismatch("a parenthesis of {pattern} is not closed", f'Imbalanced parentheses in expression: "{text}"')
    return tuple(axes)


def _names(axes: Sequence[Axis]) -> list[str]:
    return [name for axis in axes for name in axis]


def _sizes(tensor: Tensor, left: tuple[Axis, ...], lengths: Mapping[str, Size]) -> dict[str, Size]:
    """The size of every axis; those of `...` are named `.0`, `.1`, ..."""
    spread = tensor.ndim - len(left) + 1 if (ELLIPSIS,) in left else 0
    if (spread == 0 and (ELLIPSIS,) not in left and len(left) != tensor.ndim) or spread < 0:
        raise mismatch(
            f"{{pattern}} takes {len(left) - ((ELLIPSIS,) in left)} "
            f"dimensions{' or more' * ((ELLIPSIS,) in left)}, "
            f"but {{tensor}} is {show_shape(tensor.shape)}",
            f"Wrong shape: expected {len(left)} dims. Received {tensor.ndim}-dim tensor.",
            "tensor",
            tensor,
        )
    sizes: dict[str, Size] = {}
    dims = iter(tensor.shape)
    for axis in left:
        if axis == (ELLIPSIS,):
            sizes.update((f".{d}", next(dims)) for d in range(spread))
        else:
            _split(tensor, axis, next(dims), sizes, lengths)
    return sizes


def _split(tensor: Tensor, axis: Axis, size: Size, sizes: dict[str, Size], lengths: Mapping[str, Size]) -> None:
    """One dimension as the axes that it is composed of."""
    known = {name: lengths[name] for name in axis if name in lengths}
    known.update((name, int(name)) for name in axis if name.isdigit())
    open_names = [name for name in axis if name not in known]
    total = product(list(known.values()))
    spoken = " ".join(axis) or "1"

    def unequal() -> ShapeError:
        return mismatch(
            f"`{spoken}` of {{pattern}} is {show(total)}, but that dimension of {{tensor}} "
            f"{show_shape(tensor.shape)} is "
            f"{show(size)}"
            if not open_names
            else f"`({spoken})` of {{pattern}} takes a multiple of {show(total)}, but that dimension of {{tensor}} "
            f"{show_shape(tensor.shape)} is {show(size)}",
            f"Shape mismatch, can't divide axis of length {show(size)} in chunks of {show(total)}"
            if open_names
            else f"Shape mismatch, {show(size)} != {show(total)}",
            "tensor",
            tensor,
        )

    if len(open_names) > 1:
        raise mismatch(f"{{pattern}} does not say how `({spoken})` is divided", f"Could not infer sizes for {set(open_names)}")
    if open_names:
        require(total, "divides", size, unequal)
        sizes[open_names[0]] = size // total
    else:
        require_same(total, size, unequal)
    sizes.update(known)


def _require_names(pattern: Pattern, lengths: Mapping[str, Size], kind: str) -> None:
    left, right = set(_names(pattern.left)), set(_names(pattern.right))
    if GROUPED_ELLIPSIS in left:
        raise mismatch(
            "`...` stands in parentheses on the left side of {pattern}",
            "Ellipsis inside parenthesis in the left side is not allowed",
        )
    left, right = ({n for n in side if not n.isdigit()} for side in (left, right))
    right = {ELLIPSIS if n == GROUPED_ELLIPSIS else n for n in right}
    unused = [name for name in lengths if name not in left | right]
    if unused:
        raise mismatch(f"`{unused[0]}` is no axis of {{pattern}}", f"Axis {unused[0]} is not used in transform")
    fresh = right - left - (set(lengths) if kind == "repeat" else set())
    lost = left - right if kind != "reduce" else set()
    if fresh or lost:
        name = sorted(fresh or lost)[0]
        side = "left" if fresh else "right"
        torch = f"Identifiers only on one side of expression (should be on both): {{{name!r}}}"
        raise mismatch(f"`{name}` is missing on the {side} side of {{pattern}}", torch)


def _tensor(tensor: Tensor | Sequence[Tensor]) -> Tensor:
    return tensor if isinstance(tensor, Tensor) else stack(tuple(tensor))


def _spelled(axes: Sequence[Axis], sizes: Mapping[str, Size]) -> list[str]:
    """The elementary axes in order, `...` spelled out."""
    spread = [name for name in sizes if name.startswith(".")]
    return [n for name in _names(axes) for n in (spread if name in (ELLIPSIS, GROUPED_ELLIPSIS) else [name])]


def _composed(axes: Sequence[Axis], sizes: Mapping[str, Size]) -> Shape:
    shape: list[Size] = []
    for axis in axes:
        if axis == (ELLIPSIS,):
            shape.extend(size for name, size in sizes.items() if name.startswith("."))
        else:
            shape.append(product([sizes[name] for name in _spelled((axis,), sizes)]))
    return tuple(shape)


def transformed(tensor: Tensor, text: str, kind: str, lengths: Mapping[str, Size], reduction: object = None) -> Tensor:
    """What the pattern makes of the tensor; `kind` is "rearrange", "repeat" or "reduce"."""
    pattern = parse(text)
    _require_names(pattern, lengths, kind)
    sizes = _sizes(tensor, pattern.left, lengths)
    before, after = _spelled(pattern.left, sizes), _spelled(pattern.right, sizes)
    for name in after:
        if name not in sizes:
            sizes[name] = int(name) if name.isdigit() else lengths[name]
    split = reshaped(tensor, tuple(sizes[name] for name in before))
    kept = [name for name in after if name in before]
    if kind == "reduce":
        split = _reduced(split, before, kept, reduction)
        before = [name for name in before if name in kept]
    moved = permuted(split, tuple(before.index(name) for name in kept))
    for place, name in enumerate(after):
        if name not in before:
            padded = (*moved.shape[:place], 1, *moved.shape[place:])
            moved = expanded(reshaped(moved, padded), (*padded[:place], sizes[name], *padded[place + 1 :]))
    return reshaped(moved, _composed(pattern.right, sizes))


def _reduced(tensor: Tensor, before: list[str], kept: list[str], reduction: object) -> Tensor:
    if isinstance(reduction, str):
        if reduction not in _REDUCTIONS:
            raise mismatch(f"{{callee}} has no reduction `{reduction}`", f"Unknown reduction {reduction}", "reduction")
        if reduction == "mean" and tensor.dtype.is_integral:
            raise ShapeError(
                "dtype-mismatch",
                f"{{callee}} takes the mean of floats, but {{tensor}} is {tensor.dtype.name}",
                blame="tensor",
                torch="reduce_mean is not available for non-floating tensors",
                label=tensor.dtype.name,
            )
    shape = tuple(n for name, n in zip(before, tensor.shape) if name in kept)
    dtype = bool_ if reduction in ("any", "all") else tensor.dtype
    return result(shape, dtype, tensor)


@op("einops.rearrange")
def rearrange(tensor: Tensor | Sequence[Tensor], pattern: str, **axes_lengths: Size) -> Tensor:
    """The elements with axes split, ordered and joined as the pattern says."""
    return transformed(_tensor(tensor), pattern, "rearrange", axes_lengths)


@op("einops.repeat")
def repeat(tensor: Tensor | Sequence[Tensor], pattern: str, **axes_lengths: Size) -> Tensor:
    """The elements repeated along the axes that stand on the right side only."""
    return transformed(_tensor(tensor), pattern, "repeat", axes_lengths)


@op("einops.reduce")
def reduce(tensor: Tensor | Sequence[Tensor], pattern: str, reduction: object, **axes_lengths: Size) -> Tensor:
    """The elements reduced over the axes that stand on the left side only."""
    return transformed(_tensor(tensor), pattern, "reduce", axes_lengths, reduction)


@op("einops.einsum")
def einsum(*tensors_and_pattern: Tensor | str) -> Tensor:
    """`torch.einsum` with names of any length, separated by spaces; the pattern is the last argument."""
    *tensors, pattern = tensors_and_pattern
    if not isinstance(pattern, str):
        raise mismatch(
            "the last argument of {callee} is no pattern", "The last argument passed to `einops.einsum` must be a string"
        )
    letters: dict[str, str] = {}

    def letter(name: str) -> str:
        return ELLIPSIS if name == ELLIPSIS else letters.setdefault(name, _letter(len(letters)))

    left, arrow, right = pattern.partition("->")
    if not arrow:
        raise mismatch("{callee} needs a pattern with `->`", "`einops.einsum` pattern must contain '->'")
    sides = ["".join(letter(n) for n in _names(parse_side(part))) for part in left.split(",")]
    output = "".join(letter(n) for n in _names(parse_side(right)))
    return torch_einsum(f"{','.join(sides)}->{output}", *tensors)


def _letter(index: int) -> str:
    return chr(97 + index) if index < 26 else chr(39 + index)


class _Transform(Module):
    """A pattern and the lengths of axes."""

    pattern: str
    axes_lengths: dict[str, Size]

    def extra_repr(self) -> str:
        lengths = [f"{name}={show(length)}" for name, length in self.axes_lengths.items()]
        return ", ".join([repr(self.pattern), *self._more(), *lengths])

    def _more(self) -> list[str]:
        return []


@layer("einops.layers.torch.Rearrange")
class Rearrange(_Transform):
    """`rearrange` as a layer."""

    def __init__(self, pattern: str, **axes_lengths: Size) -> None:
        super().__init__()
        self.pattern = pattern
        self.axes_lengths = axes_lengths
        _require_names(parse(pattern), axes_lengths, "rearrange")

    def forward(self, input: Tensor) -> Tensor:
        return transformed(input, self.pattern, "rearrange", self.axes_lengths)


@layer("einops.layers.torch.Reduce")
class Reduce(_Transform):
    """`reduce` as a layer."""

    def __init__(self, pattern: str, reduction: object, **axes_lengths: Size) -> None:
        super().__init__()
        self.pattern = pattern
        self.reduction = reduction
        self.axes_lengths = axes_lengths
        _require_names(parse(pattern), axes_lengths, "reduce")

    def forward(self, input: Tensor) -> Tensor:
        return transformed(input, self.pattern, "reduce", self.axes_lengths, self.reduction)

    def _more(self) -> list[str]:
        return [repr(self.reduction)]
