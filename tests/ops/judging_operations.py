"""One call of an operation in both worlds, and once more with symbols for its sizes."""

from __future__ import annotations

import warnings
from enum import Enum
from typing import Any, NamedTuple

import torch

from ops.calls import Call, shown, tensors_in
from ops.comparison import Mismatch, compare, compare_elements, compare_symbolic, expect, unknowns
from ops.names import REGISTERED, resolve
from ops.torch_errors import is_about_shapes
from ops.translation import to_ours
from torchlint.dims.expr import Expr, symbol, symbols_of
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import Operation
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


class Verdict(Enum):
    """What came of one sample; mismatches are raised."""

    SAME = "both give the same"
    UNKNOWN = "torch gives a result, ours is Unknown"
    REJECTED = "both reject it"
    UNDECIDED = "torch rejects it, ours is Unknown"
    ACCEPTED = "torch rejects it, ours gives a result"
    SKIPPED = "torch rejects it for another reason than shapes, or the result is not modelled"


class Outcome(NamedTuple):
    """What happened to one sample."""

    verdict: Verdict
    detail: str = ""


def _cloned(value: Any) -> Any:
    if isinstance(value, torch.Tensor):
        return value.clone() if value.is_leaf and not _expanded(value) else value
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(_cloned(v) for v in value) if not isinstance(value, torch.Size) else value
    return value


def _expanded(value: torch.Tensor) -> bool:
    return 0 in value.stride()


def run_torch(function: Any, sample: Call, in_place: bool) -> tuple[Any, tuple[Any, ...]]:
    """torch's result, and the arguments as they are afterwards."""
    args = tuple(_cloned(a) for a in sample.args) if in_place else sample.args
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return function(*args, **sample.kwargs), args


@using(Facts())
def check_operation(name: str, sample: Call, errors_count: bool, symbolic: bool = True) -> Outcome:
    """Run one sample in both worlds; raises Mismatch where they differ.

    `errors_count`: torch's errors must be ours too (own samples and error inputs); else a sample that torch rejects under
    this name (it was made for another) is skipped. `symbolic`: once more with symbols for sizes.
    """
    operation = REGISTERED[name]
    function = resolve(name)
    if function is None:
        raise Mismatch(f"{name} is not in torch")
    in_place = name.endswith("_") or "inplace" in sample.kwargs
    ours_given: Call | None = None
    reason = ""
    try:
        ours_given = Call(to_ours(sample.args), to_ours(sample.kwargs))  # before torch writes to what both share
    except Undecided as undecided:
        reason = str(undecided)
    try:
        theirs, args_afterwards = run_torch(function, sample, in_place)
    except Exception as error:
        if not errors_count or not is_about_shapes(error):
            return Outcome(Verdict.SKIPPED, f"torch: {error}")
        return _check_rejected(operation, sample, error)
    if any(t.layout is not torch.strided for t in tensors_in(theirs)):
        return Outcome(Verdict.SKIPPED, "sparse")
    if ours_given is None:
        return Outcome(Verdict.UNKNOWN, reason)
    args = ours_given.args
    ours = _run_ours(operation, ours_given)
    if in_place and name.endswith("_") and not name.endswith("__") and isinstance(ours, Tensor) and isinstance(args[0], Tensor):
        expect(ours is args[0], "the in-place result is the same object", ours, theirs)
    compare(ours, theirs)
    for mine, real in zip(args, args_afterwards):
        if isinstance(mine, Tensor):
            compare_elements(mine, real, "an argument afterwards")
    if symbolic:
        _check_symbolic(operation, sample, theirs)
    if unknowns(ours):
        return Outcome(Verdict.UNKNOWN, ours.reason if isinstance(ours, Unknown) else "")
    return Outcome(Verdict.SAME)


def _run_ours(operation: Operation, given: Call) -> Any:
    try:
        return operation(*given.args, **given.kwargs)
    except ShapeError as error:
        raise Mismatch(f"rejected: {error.rule}: {error.message}") from error


def _check_rejected(operation: Operation, sample: Call, error: BaseException) -> Outcome:
    try:
        ours = operation(*to_ours(sample.args), **to_ours(sample.kwargs))
    except ShapeError:
        return Outcome(Verdict.REJECTED)
    except Undecided as undecided:
        return Outcome(Verdict.UNDECIDED, str(undecided))
    if unknowns(ours):
        return Outcome(Verdict.UNDECIDED, ours.reason if isinstance(ours, Unknown) else "")
    return Outcome(Verdict.ACCEPTED, f"accepted as {shown(ours)}, but torch: {type(error).__name__}: {str(error)[:200]}")


def symbols_for(sample: Call) -> dict[int, Expr]:
    """A symbol for each size of the sample's tensors."""
    tensors = tensors_in(list(sample.args) + list(sample.kwargs.values()))
    return {n: symbol(f"n{n}") for n in sorted({n for t in tensors for n in t.shape if n > 1})}


def _check_symbolic(operation: Operation, sample: Call, theirs: Any) -> None:
    """With symbols for all sizes: nothing is rejected, and what comes out is torch's shape after substitution."""
    sizes = symbols_for(sample)
    values = {s: n for n, e in sizes.items() for s in symbols_of(e)}
    with using(Facts()):
        try:
            ours = operation(*to_ours(sample.args, sizes), **to_ours(sample.kwargs, sizes))
        except ShapeError as error:
            raise Mismatch(f"rejected with symbols for sizes: {error.rule}: {error.message}") from error
        compare_symbolic(ours, theirs, values)
