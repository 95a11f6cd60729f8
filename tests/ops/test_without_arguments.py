"""Operations that are called without what they need."""

from __future__ import annotations

import warnings
from typing import Any

import torch

import torchlint.ops  # noqa: F401  registers everything
from ops.translation import to_ours
from torchlint.dims.facts import Facts, using
from torchlint.ops.registry import OPERATIONS
from torchlint.values.errors import ShapeError, Undecided

_LENIENT = {"torch.Tensor.is_set_to", "torch.Tensor.geometric_"}
"""Of which nothing is modelled but the result."""


def _refused(name: str) -> bool:
    """Whether torch refuses a call of that name with the tensor alone, for a method, or with nothing."""
    owner, value = torch, None
    for part in name.split(".")[1:]:
        owner, value = value or torch, getattr(value or torch, part, None)
        if value is None:
            return False
    if isinstance(value, type) or isinstance(owner, type) is not name.startswith("torch.Tensor."):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value(*_arguments(name))
    except TypeError:
        return True
    except Exception:
        return False
    return False


def _arguments(name: str) -> tuple[Any, ...]:
    return (torch.zeros(2, 3),) if name.startswith("torch.Tensor.") else ()


def test_an_operation_without_its_arguments_is_refused() -> None:
    """Whatever torch refuses to be called with nothing is refused here, too."""
    accepted: list[str] = []
    count = 0
    for name, operation in OPERATIONS.items():
        if name in _LENIENT or not name.startswith("torch.") or not _refused(name):
            continue
        count += 1
        try:
            with using(Facts()):
                bound = operation.signature.bind(tuple(to_ours(a) for a in _arguments(name)), {})
                operation.run(bound)
        except ShapeError:
            continue
        except Undecided:
            pass
        accepted.append(name)
    assert count > 900
    assert not accepted
