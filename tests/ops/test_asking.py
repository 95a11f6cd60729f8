"""What torch answers on its meta device, asked as if there were no rule, is what it computes: with numbers and with symbols.

Every tenth operation is asked about, with some of torch's own samples.
"""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.calls import Call
from ops.judging_operations import run_torch, symbols_for
from ops.names import groups, resolve
from ops.torch_samples import samples_of
from ops.translation import to_ours
from torchlint import torch_runtime
from torchlint.dims.expr import Expr, evaluate, symbols_of
from torchlint.dims.facts import Facts, using
from torchlint.values.errors import Undecided
from torchlint.values.tensor import Tensor

_SAMPLES = 3
_ASKED = {name: names for name, names in list(groups().items())[::10] if samples_of(names)}


@pytest.mark.parametrize("name", _ASKED)
def test_what_torch_answers_is_what_it_computes(name: str) -> None:
    """Shapes and dtypes are those of the real call, and nothing that runs is called an error."""
    samples = samples_of(_ASKED[name])
    for sample in samples[:: max(1, len(samples) // _SAMPLES)]:
        try:
            real, _ = run_torch(resolve(name), sample, name.endswith("_"))
        except Exception:  # a sample for another name of the group
            continue
        for sizes in ({}, symbols_for(sample)):
            _compare(_asked(name, sample, sizes), real, sizes)


def _asked(name: str, sample: Call, sizes: dict[int, Expr]) -> Any:
    """torch's answer; None where it does not tell. A ShapeError would be a false alarm."""
    with using(Facts()), contextlib.suppress(Undecided):
        args, kwargs = to_ours(sample.args, sizes or None), to_ours(sample.kwargs, sizes or None)
        if torch_runtime.is_askable(name, args):
            return torch_runtime.ask(name, args, kwargs)
    return None


def _compare(asked: Any, real: Any, sizes: dict[int, Expr]) -> None:
    if isinstance(asked, Tensor):
        values = {s: number for number, size in sizes.items() for s in symbols_of(size)}
        assert isinstance(real, torch.Tensor)
        assert tuple(evaluate(size, values) for size in asked.shape) == tuple(real.shape)
        assert repr(asked.dtype) == str(real.dtype)
    elif isinstance(asked, tuple):
        assert len(asked) == len(real)
        for one, other in zip(asked, real):
            _compare(one, other, sizes)
