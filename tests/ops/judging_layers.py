"""One construction and call of a layer in both worlds."""

from __future__ import annotations

import warnings

import torch

from ops.calls import Call, LayerCall, shown
from ops.comparison import Mismatch, compare, expect, unknowns
from ops.judging_operations import Outcome, Verdict
from ops.names import resolve
from ops.torch_errors import is_about_shapes
from ops.translation import construct, construct_ours, forward_ours, to_ours
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import LAYERS
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module, named_buffers, named_parameters
from torchlint.values.unknown import Unknown


@using(Facts())
def check_layer(name: str, sample: LayerCall) -> Outcome:
    """Construct and call a layer in both worlds; raises Mismatch where anything that a user can see differs."""
    entry = LAYERS[name]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = construct(resolve(name), sample.init)
    except Exception as error:
        if not is_about_shapes(error):
            return Outcome(Verdict.SKIPPED, str(error))
        try:
            construct_ours(entry, sample.init)
        except ShapeError:
            return Outcome(Verdict.REJECTED)
        except Undecided as undecided:
            return Outcome(Verdict.UNDECIDED, str(undecided))
        return Outcome(Verdict.ACCEPTED, f"constructed, but torch: {error}")
    try:
        ours = construct_ours(entry, sample.init)
    except ShapeError as error:
        raise Mismatch(f"rejected construction {sample.init}: {error.message}") from error
    except Undecided as undecided:
        return Outcome(Verdict.UNKNOWN, str(undecided))
    _compare_modules(ours, theirs)
    if sample.forward is None:
        return Outcome(Verdict.SAME)
    return _check_forward(ours, theirs, sample.forward)


def _check_forward(ours: Module, theirs: torch.nn.Module, forward: Call) -> Outcome:
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            expected = theirs(*forward.args, **forward.kwargs)
    except Exception as error:
        if not is_about_shapes(error):
            return Outcome(Verdict.SKIPPED, str(error))
        if theirs.training:  # ours does not know the mode: an error is one in both
            return _check_forward(ours, theirs.eval(), forward)
        try:
            result = forward_ours(ours, *to_ours(forward.args), **to_ours(forward.kwargs))
        except ShapeError:
            return Outcome(Verdict.REJECTED)
        if unknowns(result):
            return Outcome(Verdict.UNDECIDED)
        return Outcome(Verdict.ACCEPTED, f"accepted as {shown(result)}, but torch: {error}")
    try:
        result = forward_ours(ours, *to_ours(forward.args), **to_ours(forward.kwargs))
    except ShapeError as error:
        raise Mismatch(f"rejected forward{forward}: {error.rule}: {error.message}") from error
    compare(result, expected)
    _compare_modules(ours, theirs)  # lazy parameters have their sizes now
    if unknowns(result):
        return Outcome(Verdict.UNKNOWN, result.reason if isinstance(result, Unknown) else "")
    return Outcome(Verdict.SAME)


def _compare_modules(ours: Module, theirs: torch.nn.Module) -> None:
    mine = [(n, tuple(t.shape), repr(t.dtype)) for n, t in named_parameters(ours)]
    real = [(n, _shape_of(p), str(p.dtype)) for n, p in theirs.named_parameters()]
    expect([m[0] for m in mine] == [r[0] for r in real], "parameters", mine, real)
    for m, r in zip(mine, real):
        expect(r[1] is None or m == r, f"parameter {m[0]}", m, r)
    mine = [(n, tuple(t.shape), repr(t.dtype)) for n, t in named_buffers(ours)]
    real = [(n, _shape_of(b), str(b.dtype)) for n, b in theirs.named_buffers()]
    expect([m[0] for m in mine] == [r[0] for r in real], "buffers", mine, real)
    for m, r in zip(mine, real):
        expect(r[1] is None or m == r, f"buffer {m[0]}", m, r)
    if ours.extra_repr() != theirs.extra_repr():
        raise Mismatch(f"extra_repr: ours {ours.extra_repr()!r}, torch's {theirs.extra_repr()!r}")


def _shape_of(tensor: torch.Tensor) -> tuple[int, ...] | None:
    return None if torch.nn.parameter.is_lazy(tensor) else tuple(tensor.shape)
