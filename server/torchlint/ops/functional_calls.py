"""`torch.func.functional_call`: a module called with other tensors in the places of its parameters and buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from torchlint.ops.registry import op
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import call
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def _tensors(given: object) -> dict[str, Tensor]:
    found: dict[str, Tensor] = {}
    for part in given if isinstance(given, (list, tuple)) else (given,):
        if not isinstance(part, dict) or not all(isinstance(t, Tensor) for t in part.values()):
            raise Undecided("which tensors replace the parameters is not known")
        found.update(part)
    return found


def _register_of(module: Module, name: str) -> dict[str, Any]:
    """The dictionary that the tensor of that dotted name is in."""
    *path, last = name.split(".")
    for part in path:
        child = module._modules.get(part)
        if not isinstance(child, Module):
            raise Undecided(f"`{name}` is no tensor of the module")
        module = child
    for register in (module._parameters, module._buffers):
        if last in register:
            return register
    raise Undecided(f"`{name}` is no tensor of the module")


@contextmanager
def _replaced(module: Module, tensors: Mapping[str, Tensor]) -> Iterator[None]:
    before = [(_register_of(module, name), name.rpartition(".")[2]) for name in tensors]
    old = [register[last] for register, last in before]
    for (register, last), tensor in zip(before, tensors.values()):
        register[last] = tensor
    try:
        yield
    finally:
        for (register, last), tensor in zip(before, old):
            register[last] = tensor


@op("torch.func.functional_call")
def functional_call(
    module: Module,
    parameter_and_buffer_dicts: object,
    args: object = None,
    kwargs: object = None,
    *,
    tie_weights: object = True,
    strict: object = False,
) -> Any:
    """What the module returns for the arguments, with those tensors in the places of its own."""
    if isinstance(args, Unknown) or not isinstance(kwargs, (dict, type(None))):
        raise Undecided("the arguments are not known")
    given = () if args is None else args if isinstance(args, tuple) else (args,)
    with _replaced(module, _tensors(parameter_and_buffer_dicts)):
        return call(module, *given, **(kwargs or {}))
