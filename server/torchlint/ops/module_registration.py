"""Registration by name: buffers, parameters, submodules and hooks of an `nn.Module`, and looking them up by
dotted path."""

from __future__ import annotations

from typing import Any

from torchlint.ops.registry import op
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import TRAINING, Hook, Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown


def _register(module: Module, kind: str, name: str | Unknown, value: object) -> bool:
    """Whether the name and the value are known, so that the caller may register them; else note what may be
    there."""
    if isinstance(name, Unknown):
        vars(module)["open_ended"] = f"a {kind} of unknown name is registered"
        return False
    registry = vars(module).get({"buffer": "_buffers", "parameter": "_parameters", "module": "_modules"}[kind])
    found, present = module.own_attribute(name)
    problem = None
    if "." in name:
        problem, wording = 'holds a "."', f'{kind} name can\'t contain "."'
    elif name == "":
        problem, wording = "is empty", f'{kind} name can\'t be empty string ""'
    elif registry is not None and found and name not in registry and (present is TRAINING or not isinstance(present, Unknown)):
        problem, wording = "is an attribute already", f"attribute '{name}' already exists"
    if problem is not None:
        raise ShapeError("bad-call", f"the {kind} name '{name}' {problem}", blame="name", torch=f"KeyError: {wording}")
    if isinstance(value, Unknown) and kind != "module":
        module._forget(name)
        vars(module)[name] = value
        if kind == "parameter":
            vars(module)["open_ended"] = f"the parameter `{name}` is unknown: {value.reason}"
        return False
    return True


@op("torch.nn.Module.register_buffer")
def register_buffer(
    self: Module, name: str | Unknown, tensor: Tensor | Unknown | None, persistent: bool | Unknown = True
) -> None:
    """Makes a tensor part of the state without training it."""
    if _register(self, "buffer", name, tensor):
        assert isinstance(name, str) and not isinstance(tensor, Unknown)
        self.register_buffer(name, tensor, persistent is not False)


@op("torch.nn.Module.register_parameter")
def register_parameter(self: Module, name: str | Unknown, param: Tensor | Unknown | None) -> None:
    """Makes a Parameter part of the module."""
    if not _register(self, "parameter", name, param):
        return
    assert isinstance(name, str) and not isinstance(param, Unknown)
    if param is not None and not param.is_parameter:
        raise ShapeError(
            "bad-call",
            f"the parameter '{name}' is a tensor that is no `nn.Parameter`",
            blame="param",
            torch=f"cannot assign 'torch.Tensor' object to parameter '{name}' (torch.nn.Parameter or None required)",
        )
    self.register_parameter(name, param)


@op("torch.nn.Module.add_module", "torch.nn.Module.register_module")
def add_module(self: Module, name: str | Unknown, module: object) -> None:
    """Makes a module part of the module."""
    if not _register(self, "module", name, module):
        return
    assert isinstance(name, str)
    if isinstance(module, (bool, int, float, str, list, tuple, dict, Tensor)):
        kind = type(module).__name__
        raise ShapeError(
            "bad-call",
            f"the submodule '{name}' is a {kind.lower()}, not a module",
            blame="module",
            torch=f"{kind} is not a Module subclass",
        )
    self.add_module(name, module)


@op("torch.nn.Module.get_submodule")
def get_submodule(self: Module, target: str) -> Any:
    """The submodule at a dotted path."""
    found: Any = self
    for name in target.split(".") if target else ():
        found = _member(found, name)
        if isinstance(found, Unknown):
            raise Undecided(found.reason)
    return found


def _member(owner: Any, name: str) -> Any:
    if isinstance(owner, Module):
        known, value = owner.own_attribute(name)
        if known:
            return value
        if owner.open_ended is not None or owner.interpreted_class is not None:
            raise Undecided(f"`{name}` may be an attribute of the class")
    raise ShapeError(
        "undefined-attribute",
        f"there is no `{name}` at this path",
        blame="target",
        torch=f"AttributeError: object has no attribute `{name}`",
    )


def _get_tensor(module: Module, target: str) -> Any:
    path, _, name = target.rpartition(".")
    return _member(get_submodule(module, path), name)


@op("torch.nn.Module.get_parameter")
def get_parameter(self: Module, target: str) -> Any:
    """The parameter at a dotted path."""
    return _get_tensor(self, target)


@op("torch.nn.Module.get_buffer")
def get_buffer(self: Module, target: str) -> Any:
    """The buffer at a dotted path."""
    return _get_tensor(self, target)


@op("torch.nn.Module.set_submodule")
def set_submodule(self: Module, target: str, module: object, strict: object = False) -> None:
    """Replaces the submodule at a dotted path."""
    path, _, name = target.rpartition(".")
    owner = get_submodule(self, path)
    if not isinstance(owner, Module):
        raise Undecided("a submodule whose owner is not known")
    owner.add_module(name, module)


_OTHER_HOOKS = (
    "register_full_backward_hook", "register_full_backward_pre_hook", "register_backward_hook",
    "register_state_dict_pre_hook", "register_state_dict_post_hook", "register_load_state_dict_pre_hook",
    "register_load_state_dict_post_hook",
)  # fmt: skip


@op("torch.nn.Module.register_forward_hook")
def register_forward_hook(
    self: Module, hook: object, *, prepend: object = False, with_kwargs: object = False, always_call: object = False
) -> Any:
    """Runs the hook after the `forward` of the module, with what it was given and returns."""
    return Hook(self, hook, is_before=False, with_kwargs=with_kwargs is True, is_first=prepend is True)


@op("torch.nn.Module.register_forward_pre_hook")
def register_forward_pre_hook(self: Module, hook: object, *, prepend: object = False, with_kwargs: object = False) -> Any:
    """Runs the hook before the `forward` of the module, with what it is given."""
    return Hook(self, hook, is_before=True, with_kwargs=with_kwargs is True, is_first=prepend is True)


@op(*(f"torch.nn.Module.{name}" for name in _OTHER_HOOKS))
def register_other_hook(self: Module, hook: object, **options: object) -> Any:
    """A hook that changes no shape of the forward pass."""
    return Unknown("a handle of a hook")
