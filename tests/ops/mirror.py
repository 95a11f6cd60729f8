"""Models made twice from one description: of torch's layers and of ours, so that what a user sees of them
can be compared."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import torch

import torchlint.ops  # noqa: F401  registers everything
from torchlint.ops.module_methods import method_of
from torchlint.ops.registry import LAYERS
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor


def _ours(name: str) -> Callable[..., Module]:
    entry = LAYERS[f"torch.nn.{name}"]

    def make(*args: Any, **kwargs: Any) -> Module:
        instance = entry.cls.__new__(entry.cls)
        entry.init.run(entry.init.bind((instance, *args), kwargs))
        return instance

    return make


class _OurNamespace:
    def __getattr__(self, name: str) -> Callable[..., Module]:
        return _ours(name)

    @staticmethod
    def Parameter(data: Tensor) -> Tensor:
        return Tensor(data.shape, data.dtype, requires_grad=True, is_parameter=True)


OURS: Any = SimpleNamespace(nn=_OurNamespace(), tensor=lambda *shape: Tensor(shape))
"""Our layers under `nn`, and a tensor of a shape."""
TORCHS: Any = SimpleNamespace(nn=torch.nn, tensor=lambda *shape: torch.zeros(shape))


def both(model: Callable[[Any], Any]) -> tuple[Any, Any]:
    """The model made of our layers and of torch's."""
    return model(OURS), model(TORCHS)


def method(module: Any, name: str, *args: Any, **kwargs: Any) -> Any:
    """`module.name(...)`, in either world."""
    if isinstance(module, Module):
        operation = method_of(module, name)
        assert operation is not None, name
        return operation.run(operation.bind((module, *args), kwargs))
    return getattr(module, name)(*args, **kwargs)
