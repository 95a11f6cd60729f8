"""What a dotted name stands for in torch, and which of ours are names of one function."""

from __future__ import annotations

import importlib
from typing import Any

import torch

from ops.own_samples import NEEDS_GPU
from torchlint.ops.registry import ATTRIBUTES, LAYERS, OPERATIONS, Operation

REGISTERED: dict[str, Operation] = {**OPERATIONS, **ATTRIBUTES}

LAYER_NAMES = [name for name in LAYERS if name.startswith("torch.")]


def groups() -> dict[str, list[str]]:
    """Registered dotted names by the function behind them, under the first name."""
    by_function: dict[Any, list[str]] = {}
    for name, operation in REGISTERED.items():
        by_function.setdefault(operation.function, []).append(name)
    return {names[0]: names for names in by_function.values() if _in_torch(names[0]) and names[0] not in NEEDS_GPU}


def _in_torch(name: str) -> bool:
    """Whether op_db could know it: functions and tensor methods, not the methods of modules."""
    owner = name.rpartition(".")[0]
    return name.startswith("torch.") and owner != "torch.nn.Module" and owner not in LAYERS


def resolve(name: str) -> Any:
    """The thing in torch that a dotted name stands for; None where this torch has none."""
    parts = name.split(".")
    value: Any = torch
    for index, part in enumerate(parts[1:], start=2):
        if not hasattr(value, part):
            try:
                importlib.import_module(".".join(parts[:index]))
            except ImportError:
                return None
        value = getattr(value, part, None)
    return value if callable(value) or value is None else _reader(parts[-1])


def _reader(name: str) -> Any:
    """An attribute that is read without a call, as a function of the tensor."""
    return lambda tensor: getattr(tensor, name)
