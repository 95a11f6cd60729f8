"""What `samples/<family>.py` adds to torch's own samples; read by `torch_samples.py` and the tests."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

import torch

from ops.calls import Call, LayerCall


def _families() -> list[Any]:
    torch.manual_seed(0)  # samples are made when they are imported
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent / "samples")]))
    return [importlib.import_module(f"ops.samples.{name}") for name in names]


_FAMILIES = _families()


def _own_samples(kind: str) -> dict[str, Any]:
    return {name: value for family in _FAMILIES for name, value in getattr(family, kind, {}).items()}


OWN_OPERATIONS: dict[str, list[Call]] = _own_samples("OPERATIONS")
OWN_LAYERS: dict[str, list[LayerCall]] = _own_samples("LAYERS")
UNKNOWN_SHARE: dict[str, float] = _own_samples("UNKNOWN")
LENIENT: dict[str, str] = _own_samples("LENIENT")
NEEDS_GPU: dict[str, str] = _own_samples("NEEDS_GPU")


def own_samples_of(names: list[str]) -> list[Call]:
    """The samples of `tests/ops/samples` for a group of names."""
    return [c for name in names for c in OWN_OPERATIONS.get(name, ())]
