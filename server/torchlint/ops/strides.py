"""Strides of views, and whether a tensor can be viewed in another shape, as torch's `computeStride` decides.

Sizes that are symbols are compared in general position, where none of them is 1; `_may_fit` says when that is not enough to
call a view impossible.
"""

from __future__ import annotations

from collections.abc import Set
from enum import Enum

from torchlint.dims.expr import Kind, Size, Symbol, by_age, exact_quotient, of_atom, substitute, symbols_of
from torchlint.dims.facts import facts
from torchlint.dims.intervals import Box
from torchlint.dims.relation import Relation, refutation
from torchlint.dims.truth import Truth, known
from torchlint.ops.agree import same
from torchlint.values.dtype import DType
from torchlint.values.tensor import CONTIGUOUS, Shape, Strides, Tensor, contiguous_strides


class Viewing(Enum):
    """Why there are no strides for a view."""

    IMPOSSIBLE = "impossible"
    UNDECIDED = "undecided"


def view_of(
    input: Tensor,
    shape: Shape,
    strides: Strides | None,
    values: tuple[object, ...] | None = None,
    dtype: DType | None = None,
) -> Tensor:
    """A tensor that shares the storage of `input`."""
    contiguous = strides is not None and strides == contiguous_strides(shape)
    return Tensor(
        shape,
        dtype or input.dtype,
        strides=CONTIGUOUS if contiguous else strides,
        requires_grad=input.requires_grad,
        device=input.device,
        values=values,
        storage=input.storage,
    )


def copy_of(input: Tensor, shape: Shape, dtype: DType | None = None, values: tuple[object, ...] | None = None) -> Tensor:
    """A new row-major tensor with the elements of `input`."""
    return Tensor(shape, dtype or input.dtype, requires_grad=input.requires_grad, device=input.device, values=values)


def equal_in_general(a: Size, b: Size) -> Truth:
    """Whether the sizes are equal when no symbol happens to be 0 or 1."""
    truth = same(a, b)
    if truth is not Truth.UNKNOWN:
        return truth
    left, right = _reduced(a, b)
    return Truth.NO if _refuted(Relation(left, "==", right)) else Truth.UNKNOWN


def less_in_general(a: Size, b: Size) -> Truth:
    """Whether `a < b` when no symbol happens to be 0 or 1."""
    if isinstance(a, int) and isinstance(b, int):
        return known(a < b)
    truth = facts().compare(a, "<", b)
    if truth is not Truth.UNKNOWN:
        return truth
    left, right = _reduced(a, b)
    if _refuted(Relation(left, "<", right)):
        return Truth.NO
    return Truth.YES if _refuted(Relation(left, ">=", right)) else Truth.UNKNOWN


def _reduced(a: Size, b: Size) -> tuple[Size, Size]:
    """The two sizes as the pass knows them, without the factors of the one that are all in the other."""
    left, right = facts().resolve(a), facts().resolve(b)
    if left == 0 or right == 0:
        return left, right
    quotient = exact_quotient(left, right)
    if quotient is not None:
        return quotient, 1
    quotient = exact_quotient(right, left)
    return (left, right) if quotient is None else (1, quotient)


def _refuted(relation: Relation) -> bool:
    box: Box = {s: (max(s.minimum, 2), float("inf")) for s in relation.symbols()}
    return refutation(relation, box) is not None


def is_contiguous(input: Tensor) -> Truth:
    """Whether the elements lie row-major without gaps."""
    if input.is_contiguous_by_construction:
        return Truth.YES
    strides = input.strides
    if strides is None:
        return Truth.UNKNOWN
    answer = Truth.YES
    step: Size = 1
    for size, stride in zip(reversed(input.shape), reversed(strides)):
        if size == 0:
            return Truth.YES
        if size == 1:
            continue
        agrees = same(stride, step)
        if agrees is not Truth.YES and not isinstance(size, int):
            agrees = Truth.UNKNOWN  # the size may be 1
        if agrees is Truth.NO:
            answer = Truth.NO
        elif agrees is Truth.UNKNOWN and answer is Truth.YES:
            answer = Truth.UNKNOWN
        step = step * size
    return answer


def view_strides(input: Tensor, shape: Shape) -> Strides | Viewing:
    """The strides of `input.view(shape)`, whose number of elements is that of `input`."""
    if input.is_contiguous_by_construction or input.ndim == 0:
        return contiguous_strides(shape)
    old = input.strides
    if old is None:
        return Viewing.UNDECIDED
    strides = _view_strides(input.shape, old, shape)
    return Viewing.UNDECIDED if strides is Viewing.IMPOSSIBLE and _may_fit(input.shape, old, shape) else strides


_FREE = (Kind.INPUT, Kind.HOLE, Kind.DATA)


def _may_fit(sizes: Shape, old: Strides, shape: Shape) -> bool:
    """Whether a view that is impossible in general position may be meant for sizes of 1.

    It may where dimensions are only flattened: `x.permute(0, 2, 3, 1).view(n, -1)` runs on images of one channel, so some
    choice of the caller does. Batches must do in every size, and a parameter of a class that must be 1 would be none. A view
    that keeps a dimension behind the first (`x.transpose(1, 2).view(b, t, c)`, which merges heads without `contiguous`)
    rearranges: its author counts on every dimension, and only a sequence of one step or an attention of one head would hide
    the mistake.
    """
    if any(size != 1 and size in sizes for size in shape[1:]):
        return False
    free = {s for size in sizes for s in symbols_of(size) if s.kind in _FREE}
    return any(_fits_where_one({s}, sizes, old, shape) for s in by_age(free)) or _fits_where_one(free, sizes, old, shape)


def _fits_where_one(symbols: Set[Symbol], sizes: Shape, old: Strides, shape: Shape) -> bool:
    if any(facts().compare(of_atom(s), "==", 1) is Truth.NO for s in symbols):
        return False
    values: dict[Symbol, Size] = dict.fromkeys(symbols, 1)
    small, strides, wanted = (tuple(substitute(size, values) for size in of) for of in (sizes, old, shape))
    return _view_strides(small, strides, wanted) is not Viewing.IMPOSSIBLE


def _view_strides(sizes: Shape, old: Strides, shape: Shape) -> Strides | Viewing:
    if any(size == 0 for size in sizes):
        return old if shape == sizes else contiguous_strides(shape)
    strides: list[Size] = [0] * len(shape)
    view_dim = len(shape) - 1
    base = old[-1]
    count: Size = 1
    impossible = Viewing.IMPOSSIBLE
    for dim in range(len(sizes) - 1, -1, -1):
        count = count * sizes[dim]
        if dim and sizes[dim - 1] == 1:
            continue
        if dim:
            continues = equal_in_general(old[dim - 1], count * base)
            if continues is Truth.YES:
                continue
            if continues is Truth.UNKNOWN:  # a view that splits here fits all the same
                impossible = Viewing.UNDECIDED
        viewed: Size = 1
        while view_dim >= 0:
            more = Truth.YES if shape[view_dim] == 1 else less_in_general(viewed, count)
            if more is Truth.UNKNOWN:
                return Viewing.UNDECIDED
            if more is Truth.NO:
                break
            strides[view_dim] = viewed * base
            viewed = viewed * shape[view_dim]
            view_dim -= 1
        agrees = equal_in_general(viewed, count)
        if agrees is not Truth.YES:
            return impossible if agrees is Truth.NO else Viewing.UNDECIDED
        if dim:
            base, count = old[dim - 1], 1
    return tuple(strides) if view_dim == -1 else impossible
