"""Strides of views, and whether a tensor can be viewed in another shape, as torch's `computeStride` decides.

Sizes that are symbols are compared in general position: a view that fits only where some symbol is 1 does not
fit, because no author counts on that.
"""

from __future__ import annotations

from enum import Enum

from torchlint.dims.expr import Size
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


def copy_of(
    input: Tensor, shape: Shape, dtype: DType | None = None, values: tuple[object, ...] | None = None
) -> Tensor:
    """A new row-major tensor with the elements of `input`."""
    return Tensor(
        shape, dtype or input.dtype, requires_grad=input.requires_grad, device=input.device, values=values
    )


def equal_in_general(a: Size, b: Size) -> Truth:
    """Whether the sizes are equal when no symbol happens to be 0 or 1."""
    truth = same(a, b)
    if truth is not Truth.UNKNOWN:
        return truth
    return Truth.NO if _refuted(Relation(facts().resolve(a), "==", facts().resolve(b))) else Truth.UNKNOWN


def less_in_general(a: Size, b: Size) -> Truth:
    """Whether `a < b` when no symbol happens to be 0 or 1."""
    if isinstance(a, int) and isinstance(b, int):
        return known(a < b)
    truth = facts().compare(a, "<", b)
    if truth is not Truth.UNKNOWN:
        return truth
    left, right = facts().resolve(a), facts().resolve(b)
    if _refuted(Relation(left, "<", right)):
        return Truth.NO
    return Truth.YES if _refuted(Relation(left, ">=", right)) else Truth.UNKNOWN


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
    if any(size == 0 for size in input.shape):
        return old if shape == input.shape else contiguous_strides(shape)
    strides: list[Size] = [0] * len(shape)
    view_dim = len(shape) - 1
    base = old[-1]
    count: Size = 1
    impossible = Viewing.IMPOSSIBLE
    for dim in range(input.ndim - 1, -1, -1):
        count = count * input.shape[dim]
        if dim and input.shape[dim - 1] == 1:
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
