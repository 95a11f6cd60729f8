"""Agreement that operations ask for before they compute: sizes that must be equal, ranks, dimensions, broadcasting."""

from __future__ import annotations

from collections.abc import Callable

from torchlint.dims.expr import Expr, Size
from torchlint.dims.facts import Contradiction, facts
from torchlint.dims.printing import show, show_shape
from torchlint.dims.reasons import holes_in
from torchlint.dims.relation import holds
from torchlint.dims.truth import Truth
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.runtime import runtime
from torchlint.values.tensor import Shape, Tensor

MakeError = Callable[[], ShapeError]


def require_chosen() -> None:
    """Raises Undecided for a size below zero where that may be a default which says that somebody must choose."""
    if runtime().supposes_unset:
        raise Undecided("a size is -1, which somebody must choose")


def require(a: Size, relation: str, b: Size, error: MakeError) -> None:
    """Assume `a relation b` (one of `== != < <= > >= divides`) from here on; raise the error if it cannot hold."""
    if isinstance(a, int) and isinstance(b, int):
        if not holds(a, relation, b):
            raise error()
        return
    try:
        facts().assume(a, relation, b)
    except Contradiction as contradiction:
        failure = error()
        if holes_in(contradiction):
            failure = ShapeError("unsolvable-hole", failure.message, blame=failure.blame, result=failure.result)
        failure.contradiction = contradiction
        raise failure from None


def require_same(a: Size, b: Size, error: MakeError) -> None:
    """Assume that the sizes are equal from here on; raise the error if they cannot be."""
    require(a, "==", b, error)


def same(a: Size, b: Size) -> Truth:
    """Whether the sizes are equal, as far as the pass knows."""
    if isinstance(a, int) and isinstance(b, int):
        return Truth.YES if a == b else Truth.NO
    return facts().same(a, b)


def decide_same(a: Size, b: Size) -> bool:
    """Whether the sizes are equal; raises Undecided where the pass does not know."""
    truth = same(a, b)
    if truth is Truth.UNKNOWN:
        raise Undecided(f"whether {show(a)} is {show(b)} depends on the input")
    return truth is Truth.YES


def known_int(size: Size, what: str) -> int:
    """The size as an int; raises Undecided where it is symbolic."""
    resolved = size if isinstance(size, int) else facts().resolve(size)
    if isinstance(resolved, Expr):
        raise Undecided(f"{what} is {show(resolved)}, which is not a number here")
    return resolved


def normalize_dim(dim: Size, rank: int, blame: str = "dim", tensor: str = "input") -> int:
    """`dim` counted from the front, of a tensor of that rank (a scalar allows -1 and 0 as torch does)."""
    index = known_int(dim, "the dimension")
    limit = max(rank, 1)
    if not -limit <= index < limit:
        raise ShapeError(
            "dim-out-of-range",
            f"dimension {index} of {{{tensor}}} does not exist: it has {rank} dimension{'s' * (rank != 1)}",
            blame=blame,
            torch=f"Dimension out of range (expected to be in range of [{-limit}, {limit - 1}], but got {index})",
        )
    return index % limit


def require_rank(input: Tensor, ranks: tuple[int, ...], wanted: str, parameter: str = "input") -> None:
    """The tensor has one of the ranks, or TL111 wrong-rank; `wanted` says what they are ("[N, C, H, W] or [C, H, W]")."""
    if input.ndim not in ranks:
        spoken = " or ".join(f"{rank}-D" for rank in sorted(ranks))
        raise ShapeError(
            "wrong-rank",
            f"{{callee}} takes {wanted}, but {{{parameter}}} is {show_shape(input.shape)}",
            blame=parameter,
            torch=f"expected {spoken} input, but got {input.ndim}-D",
            label=show_shape(input.shape),
        )


def broadcast_shapes(*shapes: Shape, names: tuple[str, ...] = ("input", "other")) -> Shape:
    """The shape of elementwise operands together, or TL104 broadcast-mismatch."""
    result: Shape = ()
    for index, shape in enumerate(shapes):
        result = _broadcast_two(result, shape, names, index) if index else shape
    return result


def _broadcast_two(a: Shape, b: Shape, names: tuple[str, ...], index: int) -> Shape:
    if a == b:
        return a
    rank = max(len(a), len(b))
    left = (1,) * (rank - len(a)) + a
    right = (1,) * (rank - len(b)) + b
    pairs = list(enumerate(zip(left, right)))
    pairs.sort(key=lambda pair: not (isinstance(pair[1][0], int) and isinstance(pair[1][1], int)))
    # Numbers first: where they disagree, nothing is assumed of the symbols beside them.
    sizes = {d: _broadcast_size(x, y, d, a, b, names, index) for d, (x, y) in pairs}
    return tuple(sizes[d] for d in range(rank))


def _broadcast_size(x: Size, y: Size, dim: int, a: Shape, b: Shape, names: tuple[str, ...], index: int) -> Size:
    if x == y or y == 1:
        return x
    if x == 1:
        return y
    # A symbol may be 1 and broadcast; that is no agreement that an author counts on, so equality is assumed.
    first, second = (names[0], names[index]) if index < len(names) else ("input", "input")
    require_same(
        x,
        y,
        lambda: ShapeError(
            "broadcast-mismatch",
            f"{{{first}}} {show_shape(a)} and {{{second}}} {show_shape(b)} do not broadcast: {show(x)} against {show(y)} "
            f"in dimension {dim}",
            blame=second,
            torch=f"The size of tensor a ({show(x)}) must match the size of tensor b ({show(y)}) "
            f"at non-singleton dimension {dim}",
            label=show_shape(b),
        ),
    )
    return x if isinstance(x, int) else y
