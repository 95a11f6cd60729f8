"""What every `nn.Module` has: iteration over its parts, conversion, modes, hooks and registration.

Each is an operation named `torch.nn.Module.<method>` whose first parameter is the module. A module with unknown parts does not
list its parts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from torchlint.ops.registry import LAYER_OF_CLASS, OPERATIONS, Operation, op
from torchlint.values import module as modules_of
from torchlint.values.dtype import PYTHON_DTYPES, Category, DType, bfloat16, float16, float32, float64
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import TRAINING, Module
from torchlint.values.rounds import ITERATOR, Rounds, has_rounds, sequence
from torchlint.values.runtime import call, runtime
from torchlint.values.tensor import Tensor, tensors_made
from torchlint.values.unknown import Unknown


def method_of(module: Module, name: str) -> Operation | None:
    """The operation behind `module.name(...)`: of its nearest layer, or of every module."""
    for cls in type(module).__mro__:
        entry = LAYER_OF_CLASS.get(cls)
        if entry is not None and f"{entry.name}.{name}" in OPERATIONS:
            return OPERATIONS[f"{entry.name}.{name}"]
    return OPERATIONS.get(f"torch.nn.Module.{name}")


def _require_known_parts(module: Module) -> None:
    for _, part in modules_of.named_modules(module):
        if part.open_ended is not None:
            raise Undecided(part.open_ended)
        for name, child, _ in modules_of.entries(part):
            if isinstance(child, Unknown):
                raise Undecided(f"the submodule `{name}` is unknown: {child.reason}")


def _parts(module: Module, path: str | Unknown, seen: set[int]) -> Iterator[Any]:
    """The module and all below it, each with its path: what stands there several times is in Rounds, under no known path."""
    if id(module) in seen:
        return
    seen.add(id(module))
    yield path, module
    known: list[Rounds] = []
    for name, child, rounds in modules_of.entries(module):
        if rounds is not None:
            if not any(rounds is other for other in known):
                known.append(rounds)
                parts = [part for item in rounds.items if isinstance(item, Module) for part in _parts(item, _SOME_NAME, seen)]
                yield rounds.seen_as(tuple(parts))
        elif isinstance(child, Module):
            below = path if isinstance(path, Unknown) else f"{path}.{name}" if path else name
            yield from _parts(child, below, seen)


_SOME_NAME = Unknown("a name with a number that is not known", key="a name with a number", is_plain=True)


def _each(parts: Iterable[Any], give: Callable[[Any, Any], Iterable[Any]]) -> list[Any]:
    """What each pair of a path and a module gives, in Rounds where that is in rounds."""
    found: list[Any] = []
    for part in parts:
        if isinstance(part, Rounds):
            found.append(part.seen_as(tuple(_each(part.items, give))))
        else:
            found.extend(give(*part))
    return found


def _listed(values: list[Any]) -> Any:
    return sequence(values, ITERATOR) if has_rounds(values) else iter(values)


def _tensors(module: Module, registry: str, prefix: str, recurse: bool, remove_duplicate: bool) -> list[Any]:
    """The tensors of a registry, each with its dotted name."""
    _require_known_parts(module)
    seen: set[int] = set()

    def give(path: Any, owner: Module) -> Iterator[tuple[Any, Tensor]]:
        for name, tensor in vars(owner).get(registry, {}).items():
            if tensor is not None and not (remove_duplicate and id(tensor) in seen):
                seen.add(id(tensor))
                yield path if isinstance(path, Unknown) else ".".join(p for p in (prefix, path, name) if p), tensor

    return _each(_parts(module, "", set()) if recurse else [("", module)], give)


def _second(pairs: list[Any]) -> list[Any]:
    return _each(pairs, lambda _, value: [value])


@op("torch.nn.Module.named_parameters")
def named_parameters(self: Module, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True) -> Any:
    """Every parameter with its dotted name."""
    return _listed(_tensors(self, "_parameters", prefix, recurse, remove_duplicate))


@op("torch.nn.Module.parameters")
def parameters(self: Module, recurse: bool = True) -> Any:
    """Every parameter once."""
    return _listed(_second(_tensors(self, "_parameters", "", recurse, True)))


@op("torch.nn.Module.named_buffers")
def named_buffers(self: Module, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True) -> Any:
    """Every buffer with its dotted name."""
    return _listed(_tensors(self, "_buffers", prefix, recurse, remove_duplicate))


@op("torch.nn.Module.buffers")
def buffers(self: Module, recurse: bool = True) -> Any:
    """Every buffer once."""
    return _listed(_second(_tensors(self, "_buffers", "", recurse, True)))


def _children(module: Module) -> list[Any]:
    _require_known_parts(module)
    found: dict[int, Any] = {}
    for name, child, rounds in modules_of.entries(module):
        if rounds is not None:
            found.setdefault(id(rounds), rounds.seen_as(tuple((_SOME_NAME, item) for item in rounds.items)))
        elif isinstance(child, Module):
            found.setdefault(id(child), (name, child))
    return list(found.values())


@op("torch.nn.Module.named_children")
def named_children(self: Module) -> Any:
    """The direct submodules with their names."""
    return _listed(_children(self))


@op("torch.nn.Module.children")
def children(self: Module) -> Any:
    """The direct submodules."""
    return _listed(_second(_children(self)))


@op("torch.nn.Module.named_modules")
def named_modules(self: Module, memo: object = None, prefix: str = "", remove_duplicate: object = True) -> Any:
    """The module and all below it with dotted names."""
    _require_known_parts(self)
    return _listed(list(_parts(self, prefix, set())))


@op("torch.nn.Module.modules")
def modules(self: Module) -> Any:
    """The module and all below it."""
    _require_known_parts(self)
    return _listed(_second(list(_parts(self, "", set()))))


@op("torch.nn.Module.state_dict")
def state_dict(
    self: Module, *args: object, destination: object = None, prefix: str = "", keep_vars: object = False
) -> OrderedDict[str, Tensor]:
    """Parameters and persistent buffers by dotted name, shared ones under each of their names."""
    _require_known_parts(self)
    if any(modules_of.rounds_in(self)):
        raise Undecided("how many modules there are is not known")
    found: OrderedDict[str, Tensor] = OrderedDict()
    _collect_state(self, prefix, found, set())
    return found


def _collect_state(module: Module, prefix: str, found: dict[str, Tensor], above: set[int]) -> None:
    if id(module) in above:
        raise Undecided("a module contains itself")
    state = vars(module)
    for name, tensor in state.get("_parameters", {}).items():
        if tensor is not None:
            found[prefix + name] = tensor
    for name, tensor in state.get("_buffers", {}).items():
        if tensor is not None and name not in state["_non_persistent"]:
            found[prefix + name] = tensor
    for name, child in state.get("_modules", {}).items():
        if isinstance(child, Module):
            _collect_state(child, f"{prefix}{name}.", found, above | {id(module)})


@op("torch.nn.Module.load_state_dict")
def load_state_dict(self: Module, state_dict: object, strict: object = True, assign: object = False) -> Any:
    """Changes elements only; which keys were missing is not known."""
    return Unknown("which keys a checkpoint lacks is not known")


@op("torch.nn.Module.apply")
def apply(self: Module, fn: object) -> Module:
    """Calls `fn` on every submodule, innermost first, and on the module."""
    known: list[object] = []
    for _, child, rounds in list(modules_of.entries(self)):
        if any(child is other for other in known):
            continue
        known.append(child)
        if rounds is not None:
            if not any(rounds is other for other in known):
                known.append(rounds)
                runtime().repeat(rounds, None, lambda item, _: apply(item, fn) if isinstance(item, Module) else None)
        elif isinstance(child, Module):
            apply(child, fn)
    call(fn, self)
    return self


def _convert(module: Module, dtype: DType | None, device: object, only_floats: bool = True) -> Module:
    for _, part in modules_of.named_modules(module):
        for registry in ("_parameters", "_buffers"):
            for tensor in vars(part).get(registry, {}).values():
                if tensor is None:
                    continue
                if dtype is not None and (not only_floats or tensor.dtype.category >= Category.FLOAT):
                    tensor.dtype = dtype
                if isinstance(device, str):
                    tensor.device = device
    return module


@op("torch.nn.Module.to")
def to(
    self: Module,
    *args: object,
    device: object = None,
    dtype: DType | None = None,
    non_blocking: object = False,
    memory_format: object = None,
) -> Module:
    """The module itself, its floating-point tensors converted to a dtype, all moved to a device."""
    for given in args:
        if isinstance(given, DType):
            dtype = given
        elif isinstance(given, type):
            dtype = PYTHON_DTYPES.get(given)
        elif isinstance(given, Tensor):
            device, dtype = given.device, given.dtype
        elif isinstance(given, str):
            device = given
    if dtype is not None and dtype.category < Category.FLOAT:
        raise ShapeError(
            "dtype-mismatch",
            f"a module converts to floating-point dtypes only, not to {dtype.name}",
            torch=f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype={dtype!r}",
            result=self,
        )
    return _convert(self, dtype, device)


@op("torch.nn.Module.type")
def type_(self: Module, dst_type: object) -> Module:
    """The module itself, all its tensors converted to a dtype."""
    return _convert(self, dst_type, None, only_floats=False) if isinstance(dst_type, DType) else self


def _converter(dtype: DType) -> Any:
    def convert(self: Module) -> Module:
        return _convert(self, dtype, None)

    return convert


for _name, _dtype in {"half": float16, "float": float32, "double": float64, "bfloat16": bfloat16}.items():
    op(f"torch.nn.Module.{_name}")(_converter(_dtype))


@op("torch.nn.Module.cpu")
def cpu(self: Module) -> Module:
    """The module itself, its tensors on the CPU."""
    return _convert(self, None, "cpu")


@op("torch.nn.Module.cuda", "torch.nn.Module.xpu", "torch.nn.Module.mtia", "torch.nn.Module.ipu")
def cuda(self: Module, device: object = None) -> Module:
    """The module itself, its tensors on an accelerator."""
    return _convert(self, None, "cuda" if device is None else f"cuda:{device}" if isinstance(device, int) else device)


@op("torch.nn.Module.to_empty")
def to_empty(self: Module, *, device: object, recurse: object = True) -> Module:
    """The module itself, its tensors on a device without their elements."""
    return _convert(self, None, device)


@op("torch.nn.Module.train")
def train(self: Module, mode: bool | Unknown = True) -> Module:
    """The module itself, in training or in evaluation mode with all below it."""
    for _, part in modules_of.named_modules(self):
        vars(part)["training"] = TRAINING if isinstance(mode, Unknown) else mode
    return self


@op("torch.nn.Module.eval")
def eval_(self: Module) -> Module:
    """The module itself, in evaluation mode."""
    return train(self, False)


@op("torch.nn.Module.requires_grad_")
def requires_grad_(self: Module, requires_grad: bool | Unknown = True) -> Module:
    """The module itself, all parameters with or without gradient."""
    if not isinstance(requires_grad, Unknown):
        for _, tensor in modules_of.named_parameters(self):
            tensor.requires_grad = requires_grad
        for rounds in modules_of.rounds_in(self):
            modules_of.settle(rounds, tensors_made())
    return self


@op("torch.nn.Module.zero_grad")
def zero_grad(self: Module, set_to_none: object = True) -> None:
    """Clears gradients."""


@op("torch.nn.Module.share_memory")
def share_memory(self: Module) -> Module:
    """The module itself."""
    return self


@op("torch.nn.Module.compile")
def compile_(self: Module, *args: object, **kwargs: object) -> None:
    """Compiles in place, which changes no shape."""


@op("torch.nn.Module._get_name")
def get_name(self: Module) -> str:
    """The name of the class."""
    return self.type_name


@op("torch.nn.Module.extra_repr")
def extra_repr(self: Module) -> str:
    """What `print` shows between the parentheses."""
    return self.extra_repr()
