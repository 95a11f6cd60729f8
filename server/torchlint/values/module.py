"""`nn.Module` instances: attributes that register parameters, buffers and submodules exactly as torch's do.

The layers in `ops` subclass `Module`; a class of the checked program is an instance of its nearest such base with
`interpreted_class` set.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torchlint.dims.expr import Size, product
from torchlint.dims.facts import Facts, using
from torchlint.values.errors import ShapeError
from torchlint.values.rounds import Rounds, is_at_least, length_of, names_of
from torchlint.values.runtime import runtime
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

HIDDEN = {"shown_extra", "hooks", "interpreted_class", "created", "open_ended", "_non_persistent", "is_doubtful", "is_bare"}
"""What this program keeps on modules for itself."""
_NOT_COMPARED = {*HIDDEN, "_parameters", "_buffers", "_modules", "training"} - {"hooks"}
TRAINING = Unknown("the module may be in training or in evaluation mode", key="training", is_plain=True)


class Hook(Unknown):
    """What runs before or after the `forward` of a module, until it is removed; it is its own handle."""

    __slots__ = ("function", "is_before", "module", "with_kwargs")

    def __init__(self, module: Module, function: object, is_before: bool, with_kwargs: bool, is_first: bool) -> None:
        super().__init__("a handle of a hook", is_plain=True)
        self.module = module
        self.function = function
        self.is_before = is_before
        self.with_kwargs = with_kwargs
        others = hooks_of(module)
        vars(module)["hooks"] = (self, *others) if is_first else (*others, self)

    def remove(self) -> None:
        """It runs no more."""
        vars(self.module)["hooks"] = tuple(hook for hook in hooks_of(self.module) if hook is not self)


def hooks_of(module: Module) -> tuple[Hook, ...]:
    """The forward hooks of a module, in the order in which they run."""
    found: tuple[Hook, ...] = vars(module).get("hooks", ())
    return found


class Module:
    """An `nn.Module`; compared by identity.

    Invariant: a Parameter lives in `_parameters`, a Module in `_modules`, a registered tensor in `_buffers` (None is allowed in
    each), anything else in the instance's own dictionary, as in torch.
    """

    interpreted_class: Any = None
    """The class of the checked program that it is an instance of; None for a layer of torch's own."""
    created: Any = None
    """The place of the construction, for messages."""
    shown_extra: str | None = None
    """What `extra_repr` of its class in the checked program says."""
    open_ended: str | None = None
    """Why it may have attributes that were not seen (an unknown base class, `setattr` with an unknown name), or None."""

    _parameters: dict[str, Tensor | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Any]

    def __init__(self) -> None:
        if vars(self).pop("_began_early", False):
            return  # what was assigned before it was reported, and is kept
        trains = runtime().trains
        mode = TRAINING if trains is None else trains
        vars(self).update(_parameters={}, _buffers={}, _modules={}, training=mode, _non_persistent=set())

    def __setattr__(self, name: str, value: object) -> None:
        state = vars(self)
        parameters = state.get("_parameters")
        if isinstance(value, Tensor) and value.is_parameter:
            self._register("_parameters", name, value, "a parameter")
        elif isinstance(value, Module):
            self._register("_modules", name, value, "a module")
        elif isinstance(value, Tensor) and value.is_buffer:
            self._register("_buffers", name, value, "a buffer")
        elif parameters is not None and name in parameters and value is None:
            parameters[name] = None
        elif parameters is not None and isinstance(value, Unknown) and (name in parameters or name in self._buffers):
            self._forget(name)
            state[name] = value
            state["open_ended"] = self.open_ended or f"`{name}` is unknown: {value.reason}"
        elif parameters is not None and name in self._modules and (value is None or isinstance(value, Unknown)):
            self._modules[name] = value
        elif parameters is not None and name in self._buffers and (value is None or isinstance(value, Tensor)):
            self._buffers[name] = value
        else:
            state[name] = value

    def __getattr__(self, name: str) -> Any:
        state = vars(self)
        for registry in ("_parameters", "_buffers", "_modules"):
            if name in state.get(registry, ()):
                return state[registry][name]
        raise AttributeError(name)

    def __delattr__(self, name: str) -> None:
        if not self._forget(name):
            raise AttributeError(name)

    def _forget(self, name: str) -> bool:
        found = False
        for registry in (self._parameters, self._buffers, self._modules, vars(self)):
            if name in registry:
                del registry[name]
                found = True
        return found

    def _register(self, registry: str, name: str, value: object, what: str) -> None:
        """Put into a registry. Before `__init__` torch raises; what follows is taken as if it had been called in time."""
        is_early = "_modules" not in vars(self)
        if is_early:
            Module.__init__(self)
            vars(self)["_began_early"] = True
        self._forget(name)
        vars(self)[registry][name] = value
        if is_early:
            plural = "parameters" if registry == "_parameters" else what.removeprefix("a ")
            raise ShapeError(
                "missing-super-init",
                f"{what.replace('a ', 'the ', 1)} `{name}` is assigned before `nn.Module.__init__` has run",
                torch=f"cannot assign {plural} before Module.__init__() call",
            )

    def own_attribute(self, name: str) -> tuple[bool, Any]:
        """(True, value) for an attribute of the instance, registered or not, without looking at its class."""
        state = vars(self)
        if name in state:
            return True, state[name]
        for registry in ("_parameters", "_buffers", "_modules"):
            if name in state.get(registry, ()):
                return True, state[registry][name]
        return False, None

    @property
    def type_name(self) -> str:
        """The name of its class."""
        return self.interpreted_class.name if self.interpreted_class is not None else type(self).__name__

    def register_parameter(self, name: str, param: Tensor | None) -> None:
        self._register("_parameters", name, param, "a parameter")

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        self._register("_buffers", name, tensor, "a buffer")
        if not persistent:
            self._non_persistent.add(name)

    def add_module(self, name: str, module: Any) -> None:
        self._register("_modules", name, module, "a module")

    def extra_repr(self) -> str:
        """What `print(module)` shows between the parentheses."""
        return ""


def entries(module: Module) -> Iterator[tuple[str, Any, Rounds | None]]:
    """What is registered as a submodule, under its name, with the rounds that it stands for all of."""
    start: Size = 0
    for name, child in vars(module).get("_modules", {}).items():
        if isinstance(child, Rounds):
            for label, item in zip(names_of(start, child), child.items):
                yield label, item, child
        else:
            yield name, child, None
        start = start + length_of((child,))


def children(module: Module) -> Iterator[tuple[str, Module]]:
    """The direct submodules with their names, each object once, as `named_children` gives them; of those that are alike one."""
    seen: set[int] = set()
    for name, child, _ in entries(module):
        if isinstance(child, Module) and id(child) not in seen:
            seen.add(id(child))
            yield name, child


def named_modules(module: Module, prefix: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Module]]:
    """The module and everything below it with dotted names, each object once, parents first; of several that are alike one."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    yield prefix, module
    for name, child in vars(module).get("_modules", {}).items():
        if isinstance(child, Module):
            yield from named_modules(child, f"{prefix}.{name}" if prefix else name, seen)
        elif isinstance(child, Rounds):
            for label, item, rounds in entries(module):
                if rounds is child and isinstance(item, Module):
                    yield from named_modules(item, f"{prefix}.{label}" if prefix else label, seen)


def named_parameters(module: Module) -> Iterator[tuple[str, Tensor]]:
    """Every parameter once, with its dotted name, in torch's order; of several that are alike one."""
    return _named_tensors(module, "_parameters")


def named_buffers(module: Module) -> Iterator[tuple[str, Tensor]]:
    """Every buffer once, with its dotted name; of several that are alike one."""
    return _named_tensors(module, "_buffers")


def _named_tensors(module: Module, registry: str) -> Iterator[tuple[str, Tensor]]:
    seen: set[int] = set()
    for path, owner in named_modules(module):
        for name, tensor in vars(owner).get(registry, {}).items():
            if tensor is not None and id(tensor) not in seen:
                seen.add(id(tensor))
                yield (f"{path}.{name}" if path else name), tensor


def counted(module: Module, registry: str, facts: Facts) -> list[tuple[Tensor, Size]] | None:
    """Every parameter or buffer once, with how many there are that are like it; None where nobody knows."""
    with using(facts):
        return _counted(module, registry)


def _counted(module: Module, registry: str) -> list[tuple[Tensor, Size]] | None:
    found: dict[Tensor, tuple[Rounds, ...]] = {}
    certain: set[Tensor] = set()
    if not _count(module, registry, (), found, certain, set()) or len(certain) < len(found):
        return None
    return [(tensor, product([rounds.count for rounds in own])) for tensor, own in found.items()]


def _count(
    module: Module,
    registry: str,
    around: tuple[Rounds, ...],
    found: dict[Tensor, tuple[Rounds, ...]],
    certain: set[Tensor],
    seen: set[tuple[int, ...]],
) -> bool:
    """Note the tensors with the rounds each of which has its own, and which are certainly there; whether that could be done."""
    mark = (id(module), *map(id, around))
    if mark in seen:
        return True
    seen.add(mark)
    for tensor in vars(module).get(registry, {}).values():
        if tensor is not None:
            own = tuple(rounds for rounds in around if rounds.tensors[tensor][0])
            known = found.setdefault(tensor, own)
            if known != own and len(known) == len(own):
                return False  # in two parts of a list, of which nobody knows whether they overlap
            if len(own) > len(known):
                found[tensor] = own
            if all(rounds in own or is_at_least(rounds.count, 1) for rounds in around):
                certain.add(tensor)
    for _, child, rounds in entries(module):
        if isinstance(child, Module) and rounds not in around:
            if rounds is not None and not is_whole(rounds):
                return False
            if not _count(child, registry, around if rounds is None else (*around, rounds), found, certain, seen):
                return False
    return True


def _tensors_of(rounds: Rounds) -> Iterator[Tensor]:
    for item in rounds.items:
        if isinstance(item, Module):
            for _, tensor in (*named_parameters(item), *named_buffers(item)):
                yield tensor


def is_whole(rounds: Rounds) -> bool:
    """Whether nothing was changed in single rounds: then their number of parameters would not be that of the others."""
    return {tensor: trained for tensor, (_, trained) in rounds.tensors.items()} == {
        tensor: tensor.requires_grad for tensor in _tensors_of(rounds)
    }


def settle(rounds: Rounds, since: int) -> None:
    """Say that all rounds are as this one is now; tensors that were made since then every round has made for itself."""
    known = rounds.tensors
    rounds.tensors = {
        tensor: (known[tensor][0] if tensor in known else tensor.serial >= since, tensor.requires_grad)
        for tensor in _tensors_of(rounds)
    }
    rounds.attributes = {id(owner): _attributes_of(owner) for owner in _modules_of(rounds)}


def is_uniform(rounds: Rounds) -> bool:
    """Whether the modules of all rounds have the same parts and hooks, as far as anything was said of them."""
    known = rounds.attributes
    if known is None:
        return True
    owners = list(_modules_of(rounds))
    if set(known) != {id(owner) for owner in owners} or set(rounds.tensors) != set(_tensors_of(rounds)):
        return False
    return all(known[id(owner)].get("hooks", ()) is hooks_of(owner) for owner in owners)


def changed_in_single(rounds: Rounds) -> Iterator[tuple[Module, str]]:
    """The attributes that were set on a module of a single round since something was said of all of them."""
    for owner in _modules_of(rounds):
        known = (rounds.attributes or {}).get(id(owner))
        if known is not None:
            mine = ((name, value) for name, value in _attributes_of(owner).items() if name != "hooks")
            yield from ((owner, name) for name, value in mine if known.get(name, known) is not value)


def _modules_of(rounds: Rounds) -> Iterator[Module]:
    return (owner for item in rounds.items if isinstance(item, Module) for _, owner in named_modules(item))


def _attributes_of(owner: Module) -> dict[str, Any]:
    """What a module has that is no parameter, buffer or module; its hooks among it."""
    return {name: value for name, value in vars(owner).items() if name not in _NOT_COMPARED}


def rounds_in(module: Module) -> Iterator[Rounds]:
    """All rounds below a module."""
    for _, owner in named_modules(module):
        for child in vars(owner).get("_modules", {}).values():
            if isinstance(child, Rounds):
                yield child
