"""What an attribute that is not found means: an error where the value is known well enough, and Unknown elsewhere."""

from __future__ import annotations

import ast
import difflib
from collections import deque
from collections.abc import Iterable
from enum import Enum
from typing import Any

from torchlint.dims.expr import Expr, Kind, symbols_of
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import ClassValue, Instance, Namespace
from torchlint.interpreter.standins import is_standin
from torchlint.ops.registry import ATTRIBUTES, LAYER_OF_CLASS, OPERATIONS
from torchlint.values.errors import ShapeError
from torchlint.values.module import HIDDEN, Module
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Unknown

_OTHER_INPUTS = (dict, list, str)
"""What a `forward` may be given instead of a tensor, as an attribute that only these have says."""
_LOOK_ALIKE: dict[type, tuple[type, ...]] = {
    list: (list, deque, type({}.keys()), type({}.values()), type({}.items())), tuple: (tuple, deque), type(None): (type(None),),
    **{kind: (kind,) for kind in (int, float, str, bool, dict, set)},
}  # fmt: skip
"""The kinds of Python values that a value of the host may stand for."""


class Missing(Machine):
    """The consequences of an attribute that is not there."""

    def missing(self, value: Any, name: str) -> Any:
        """What reading the attribute gives, which was not found."""
        reason = open_reason(value)
        if reason is not None:
            return self.unknown(reason)
        if isinstance(value, Module) and self.may_hold_more(value):
            return self.unknown("something unknown may have given it attributes")
        if self.is_supposed_kind(value):
            return self.unknown("it is taken to be of a class that is not known")
        if any(issubclass(AttributeError, t) for types in self.handlers for t in types):
            raise self.raise_host(AttributeError(name))
        if isinstance(value, Namespace) and not self.lacks_member(value, name):
            return self.unfollowed(value, name)
        error = self._missing_error(value, name)
        if error is None:
            return self.unknown(f"the attribute `{name}` could not be followed")
        site = self.site
        source = site.frame.unit.source(site.node) if site is not None else ""
        return self.fail(error, source, self.argument_of_site(value), value if isinstance(value, Module) else None)

    def unfollowed(self, module: Namespace, name: str) -> Unknown:
        """What stands for a name of a module that was not read, or not to its end."""
        is_library = module.path is None and not module.name.startswith("torch")
        return self.unknown(f"`{module.name}.{name}` could not be followed", is_plain=is_library)

    def _may_have_run(self) -> bool:
        """Whether another call of the `forward` that runs may have come before, and gone another way."""
        return bool(self.modules_running) and any(not question.is_input for question in self.answers.asked.values())

    def _missing_error(self, value: Any, name: str) -> ShapeError | None:
        if isinstance(value, Module):
            if name in OF_EVERY_MODULE | HIDDEN or not self._is_fully_modelled(value, name):
                return None
            if vars(value).get("is_doubtful") and sets(value.interpreted_class, name):
                return None
            if self._may_have_run() and sets(value.interpreted_class, name, besides="__init__"):
                return None
            if self.gives_optional and sets(value.interpreted_class, name):
                return None  # who gives that input builds the module for it
            return _undefined(f"`{value.type_name}`", f"'{value.type_name}' object", name, _names_of(value))
        if isinstance(value, Instance):
            if name.startswith("__") or value.cls.host_base is not object or _is_sketched(value.cls):
                return None
            if value.is_doubtful and sets(value.cls, name):
                return None
            known = [*value.attributes, *_class_names(value.cls)]
            return _undefined(f"`{value.cls.name}`", f"'{value.cls.name}' object", name, known)
        if isinstance(value, ClassValue):
            return self._of_class(value, name)
        if isinstance(value, Namespace):
            known = [n for n in value.members if not n.startswith("__")]
            error = _undefined(f"`{value.name}`", f"module '{value.name}'", name, known)
            error.always = True
            return error
        if isinstance(value, Tensor):
            if isinstance(value, InputTensor) and value.is_inferred and any(hasattr(kind, name) for kind in _OTHER_INPUTS):
                return None
            if name in self.tensor_names or not self.torch_lacks(name, "tensors"):
                return None
            public = [
                n.rsplit(".", 1)[-1] for table in (OPERATIONS, ATTRIBUTES) for n in table if n.startswith("torch.Tensor.")
            ]
            return _undefined("a tensor", "'Tensor' object", name, public)
        return self._of_host(value, name)

    def _of_class(self, cls: ClassValue, name: str) -> ShapeError | None:
        is_enum = cls.members is not None and not hasattr(Enum, name)
        is_layer = cls.host_base in LAYER_OF_CLASS and self.torch_lacks(name, "layers")
        is_known = cls.host_base in (object, Module) or is_layer
        is_plain = is_known and cls.metaclass is None and name not in OF_EVERY_MODULE
        if name.startswith("__") or not (is_enum or is_plain) or sets(cls, name):
            return None
        return _undefined(f"`{cls.name}`", f"type object '{cls.name}'", name, _class_names(cls))

    def _of_host(self, value: Any, name: str) -> ShapeError | None:
        if isinstance(value, Expr) and any(size.kind is Kind.PARAMETER for size in symbols_of(value)):
            return None  # what it is computed from need not be numbers
        kind = int if isinstance(value, Expr) else type(value)
        if issubclass(kind, tuple) and hasattr(kind, "_fields"):
            kind = tuple  # the values and indices that `max` and its like return
        if kind not in _LOOK_ALIKE or any(hasattr(other, name) for other in _LOOK_ALIKE[kind]):
            return None
        qualified = f"torch.Tensor.{name}"
        if kind in (tuple, list) and (qualified in OPERATIONS or qualified in ATTRIBUTES):
            return ShapeError(
                "unpack-mismatch",
                f"{{input}} is a {kind.__name__} of {len(value)}, not a tensor: it has no `{name}`",
                torch=f"'{kind.__name__}' object has no attribute '{name}'",
                blame="input",
            )
        if value is None and self.supposes_none:
            return None
        return _undefined("None" if value is None else f"`{kind.__name__}`", f"'{kind.__name__}' object", name, dir(kind))

    def _is_fully_modelled(self, module: Module, name: str) -> bool:
        """Whether an attribute that is not found is missing in torch too: layers of torch's own have some that are not
        modelled."""
        layers = [LAYER_OF_CLASS[entry].name for entry in type(module).__mro__ if entry in LAYER_OF_CLASS]
        if all(not n.startswith("torch.") or n.rsplit(".", 1)[-1] in _CONTAINERS for n in layers):
            return True
        return self.torch_lacks(name, "layers")

    def lacks_member(self, module: Namespace, name: str) -> bool:
        """Whether one of torch's modules cannot have the name."""
        return module.name in _TORCH_MODULES and module.path is None and self.torch_lacks(name)


def _is_sketched(cls: ClassValue) -> bool:
    """Whether a stand-in tells of it, or of a class that it derives from, without all that the library's has."""
    classes = (entry for entry in cls.mro if isinstance(entry, ClassValue))
    return any(is_standin(entry.unit.path) and not entry.name.endswith(_WHOLE) for entry in classes)


_WHOLE = ("Dataset", "ndarray")
"""How the classes end that a stand-in tells of with all that they have."""


def _undefined(what: str, owner: str, name: str, known: Iterable[str]) -> ShapeError:
    near = difflib.get_close_matches(name, [n for n in known if not n.startswith("_")], n=1)
    repair = {"rename": (name, near[0])} if near else None
    said = f"{owner} has no attribute '{name}'"
    return ShapeError("undefined-attribute", f"{what} has no attribute `{name}`", torch=said, repair=repair)


def _names_of(module: Module) -> list[str]:
    state = vars(module)
    names = [n for r in ("_modules", "_parameters", "_buffers") for n in state.get(r, ())]
    names += [n for n in state if n not in HIDDEN]
    return names + _class_names(module.interpreted_class)


def _class_names(cls: ClassValue | None) -> list[str]:
    return [n for e in cls.mro if isinstance(e, ClassValue) for n in e.namespace] if cls is not None else []


def sets(cls: ClassValue | None, name: str, besides: str = "") -> bool:
    """Whether the text of the class sets the attribute somewhere, on a way that may have been missed."""
    entries = [entry for entry in cls.mro if isinstance(entry, ClassValue)] if cls is not None else []
    parts = (part for entry in entries if name in entry.unit.text for part in entry.node.body)
    return any(
        (isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.Constant) and node.value == name)
        for part in parts
        if getattr(part, "name", None) != besides
        for node in ast.walk(part)
    )


def open_reason(value: Any) -> str | None:
    """Why the value may have attributes that were not seen."""
    if isinstance(value, Module):
        cls = value.interpreted_class
        return vars(value).get("open_ended") or (cls.open_ended if cls is not None else None)
    if isinstance(value, Instance):
        return value.open_ended or value.cls.open_ended
    if isinstance(value, ClassValue):
        return value.open_ended
    if isinstance(value, InputTensor) and value.is_inferred and not value.is_decided:
        return f"`{value.name}` may be no tensor"
    return None


_CONTAINERS = {"Sequential", "ModuleList", "ModuleDict"}
_TORCH_MODULES = {
    "torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.linalg", "torch.fft", "torch.special",
}  # fmt: skip
OF_EVERY_MODULE = {
    "T_destination", "_apply", "_backward_hooks", "_backward_pre_hooks", "_call_impl", "_compiled_call_impl", "_forward_hooks",
    "_forward_hooks_always_called", "_forward_hooks_with_kwargs", "_forward_pre_hooks", "_forward_pre_hooks_with_kwargs",
    "_get_backward_hooks", "_get_backward_pre_hooks", "_is_full_backward_hook", "_load_from_state_dict",
    "_load_state_dict_post_hooks", "_load_state_dict_pre_hooks", "_maybe_warn_non_full_backward_hook", "_named_members",
    "_non_persistent_buffers_set", "_register_load_state_dict_pre_hook", "_register_state_dict_hook",
    "_replicate_for_data_parallel", "_save_to_state_dict", "_slow_forward", "_state_dict_hooks", "_state_dict_pre_hooks",
    "_version", "_wrapped_call_impl", "_get_item_by_idx", "_get_abs_string_index", "call_super_init", "dump_patches", "forward",
    "get_extra_state", "set_extra_state", "training", "__dict__", "__class__", "__module__", "__doc__", "__annotations__",
    "__weakref__", "__name__", "__constants__", "__jit_unused_properties__", "__hash__", "__repr__", "__init__", "__call__",
    "__dir__", "__setstate__", "__getstate__", "__sizeof__", "__reduce__", "__reduce_ex__", "__setattr__", "__getattr__",
    "__delattr__", "__str__", "__eq__", "__ne__", "__subclasshook__", "__new__", "__format__", "__getattribute__",
}  # fmt: skip
"""What every module has in torch and is not modelled: reading it is no mistake."""
