"""Attribute access on every kind of value, and what a missing attribute means."""

from __future__ import annotations

import re
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.arrays import class_of_scalar
from torchlint.interpreter.class_attributes import ClassAttributes, is_property
from torchlint.interpreter.frames import MISSING
from torchlint.interpreter.functions import (
    BoundMethod,
    FunctionValue,
    HostFunction,
    Managed,
    Partial,
    PropertyValue,
    TensorType,
)
from torchlint.interpreter.missing import open_reason, sets
from torchlint.interpreter.objects import (  # fmt: skip
    ClassValue,
    Field,
    Instance,
    Lazy,
    NamedTuple,
    NamedTupleType,
    Namespace,
    Raised,
    Super,
)
from torchlint.interpreter.standins import LAST_NAMES, STANDINS
from torchlint.interpreter.stdlib import regex
from torchlint.interpreter.stdlib.builtin import assign
from torchlint.interpreter.stdlib.inspecting import code_of
from torchlint.interpreter.stdlib.mappings import mapping_method
from torchlint.interpreter.stdlib.methods import HOST_METHODS
from torchlint.interpreter.stdlib.series import series_method
from torchlint.interpreter.stdlib.system import Environment
from torchlint.interpreter.torch_world import type_of_tensor
from torchlint.ops.registry import ATTRIBUTES, LAYER_OF_CLASS, OPERATIONS, LayerType, Operation
from torchlint.ops.tensor_names import WITHOUT_RULE
from torchlint.values.dtype import DType
from torchlint.values.module import HIDDEN, Hook, Module
from torchlint.values.rounds import Series
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free, Likely, SomeInteger, SomeNumber, Unknown, Unruled


class Attributes(ClassAttributes):
    """Reading, writing and deleting attributes."""

    def get_attribute(self, value: Any, name: str) -> Any:
        found = self.find_attribute(value, name)
        if found is MISSING:
            return self.missing(value, name)
        return found

    def member_of(self, module: Any, name: str) -> Any:
        """What `from module import name` gives, asked for when the name is used: what is not there is Unknown."""
        found = self.find_attribute(module, name)
        return self.unknown(f"`{name}` could not be imported") if found is MISSING else found

    def has_attribute(self, value: Any, name: str) -> bool | None:
        """`hasattr`; None where it cannot be known."""
        if isinstance(value, Unknown):
            return None
        if self._find_or_missing(value, name) is not MISSING:
            return True
        return False if open_reason(value) is None else None

    def attribute_or(self, value: Any, name: str, default: Any) -> Any:
        """`getattr(value, name, default)`."""
        found = self._find_or_missing(value, name)
        if found is not MISSING:
            return found
        reason = open_reason(value)
        return self.unknown(reason) if reason is not None else default

    def _find_or_missing(self, value: Any, name: str) -> Any:
        """The attribute, or `MISSING`, also where a property or a hook raises AttributeError."""
        if not isinstance(value, (Instance, Module)):
            return self.find_attribute(value, name)
        self.handlers.append((AttributeError,))
        try:
            return self.find_attribute(value, name)
        except Raised as raised:
            if isinstance(raised.type, type) and issubclass(raised.type, AttributeError):
                return MISSING
            raise
        finally:
            self.handlers.pop()

    def find_attribute(self, value: Any, name: str) -> Any:
        """The attribute, or `MISSING`."""
        if isinstance(value, Tensor):
            return self._tensor_attribute(value, name)
        if isinstance(value, Module):
            return self._module_attribute(value, name)
        if isinstance(value, Likely):
            return self._likely_attribute(value, name)
        if isinstance(value, (SomeNumber, SomeInteger)) and value.dtype is not None:
            cls = class_of_scalar(self, value)
            return self.derived(f".{name}", value) if cls is None else self._scalar_attribute(value, cls, name)
        if isinstance(value, Unknown):
            return self._unknown_attribute(value, name)
        if isinstance(value, Namespace):
            return self._namespace_attribute(value, name)
        if isinstance(value, Instance):
            return self._instance_attribute(value, name)
        if isinstance(value, ClassValue):
            return self._class_attribute(value, name)
        if isinstance(value, Super):
            return self._super_attribute(value, name)
        if isinstance(value, LayerType):
            return self._layer_attribute(value, name)
        return self._host_attribute(value, name)

    def _unknown_attribute(self, value: Unknown, name: str) -> Any:
        if isinstance(value, Free):
            return value.attribute(name)
        if isinstance(value, Hook) and name == "remove":
            return HostFunction(name, value.remove)
        method = series_method(value, name) if isinstance(value, Series) else None
        return self.derived(f".{name}", value) if method is None else method

    def _likely_attribute(self, value: Likely, name: str) -> Any:
        """A method of what is only likely: its result is only likely too."""
        method = self.find_attribute(value.value, name)
        if not isinstance(method, HostFunction):
            return self.derived(f".{name}", value)
        return HostFunction(
            name, lambda m, *a, **k: m.likely(f".{name}", lambda *_: m.call_host(method, a, k), value, *a), True
        )

    def _tensor_attribute(self, value: Tensor, name: str) -> Any:
        if name == "__class__":
            return type_of_tensor(value)
        qualified = f"torch.Tensor.{name}"
        operation = ATTRIBUTES.get(qualified)
        if operation is not None:
            return self.run_operation(operation, operation.bind((value,), {}), None)
        operation = OPERATIONS.get(qualified)
        if operation is not None:
            return BoundMethod(operation, value)
        if value.extras is not None and name in value.extras:
            return value.extras[name]
        if not name.startswith("__") and name not in WITHOUT_RULE:
            return MISSING
        unknown = self.unknown(f"`Tensor.{name}` has no rule")
        return Unruled(qualified, unknown.reason, unknown.place, unknown.key, unknown.is_plain, value)

    def _module_attribute(self, module: Module, name: str) -> Any:
        cls: ClassValue | None = module.interpreted_class
        found, member, where = cls.lookup(name) if cls is not None else (False, None, None)
        if is_property(member):
            return self._bind(member, module, where)
        own, attribute = module.own_attribute(name)
        if own and name not in HIDDEN:
            if isinstance(attribute, Tensor) and 0 in attribute.shape and sets(cls, name, besides="__init__"):
                return self.unknown(f"`{name}` is empty until a method sets it")
            return attribute
        if found and isinstance(where, ClassValue):
            return self._bind(member, module, where, name)
        host = self._host_method(type(module), name)
        if host is not None:
            return BoundMethod(host, module) if isinstance(host, (Operation, FunctionValue)) else host
        if name == "__class__":
            return cls if cls is not None else LAYER_OF_CLASS.get(type(module), MISSING)
        if name == "__dict__":
            return ModuleState(module, {n: v for n, v in vars(module).items() if n not in HIDDEN})
        if name == "__setattr__":
            return HostFunction(name, lambda m, n, v: assign(m, module, n, v), True)
        if cls is not None and name == "__module__":
            return self._class_attribute(cls, name)
        return MISSING if cls is None else self._fallback(module, cls, name)

    def _fallback(self, value: Module | Instance, cls: ClassValue, name: str) -> Any:
        """What `__getattr__` of the class gives for what was not found; what every object has is never asked of it."""
        found, hook, where = cls.lookup("__getattr__")
        if not found or not isinstance(where, ClassValue):
            return MISSING
        if not hasattr(object, name):
            return self.call_value(hook, (value, name), {})
        if name == "__getattribute__" and isinstance(value, Instance):
            return HostFunction(name, lambda m, n: m.object_attribute(value, n), True)
        return self.unknown(f"`{name}` of an object", is_plain=True)

    def _instance_attribute(self, value: Instance, name: str) -> Any:
        found, hook, where = value.cls.lookup("__getattribute__")
        if found and isinstance(where, ClassValue):
            return self.call_value(hook, (value, name), {})
        own = self._own_attribute(value, name)
        return self._fallback(value, value.cls, name) if own is MISSING else own

    def _own_attribute(self, value: Instance, name: str) -> Any:
        """What `object.__getattribute__` finds."""
        found, member, where = value.cls.lookup(name)
        if is_property(member):
            return self._bind(member, value, where)
        if name in value.attributes:
            return value.attributes[name]
        if found and isinstance(where, ClassValue):
            return self._bind(member, value, where, name)
        if value.payload is not None:
            host = self._host_attribute(value.payload, name)
            if host is not MISSING:
                return host
        mixed_in = mapping_method(value, name)
        if mixed_in is not None:
            return mixed_in
        if name == "__class__":
            return value.cls
        if name == "__dict__":
            return value.attributes
        if name == "__setattr__":
            return HostFunction(name, lambda m, n, v: assign(m, value, n, v), True)
        if value.cls.members is not None and name == "value":
            return value.attributes.get("value", MISSING)
        return MISSING

    def object_attribute(self, instance: Instance, name: Any) -> Any:
        """`object.__getattribute__`; where the class has its own, which calls this, `__getattr__` gives the rest."""
        if not isinstance(name, str):
            return self.derived("getattr", name)
        found = self._own_attribute(instance, name)
        if found is MISSING and isinstance(instance.cls.lookup("__getattribute__")[2], ClassValue):
            found = self._fallback(instance, instance.cls, name)
        return self.missing(instance, name) if found is MISSING else found

    def set_object_attribute(self, instance: Instance, name: Any, new: Any) -> None:
        """`object.__setattr__`."""
        found, member, _ = instance.cls.lookup(name) if isinstance(name, str) else (False, None, None)
        if found and isinstance(member, PropertyValue) and member.setter is not None:
            self.call_value(member.setter, (instance, new), {})
        elif isinstance(name, str):
            instance.attributes[name] = new

    def _namespace_attribute(self, value: Namespace, name: str) -> Any:
        if name == "__version__" and value.name == "torch":
            return self._torch_version()
        if name in LAST_NAMES and f"{value.name}.{name}" in STANDINS:
            return self.standin(f"{value.name}.{name}")
        if name in value.members:
            member = value.members[name]
            if not isinstance(member, Lazy):
                return member
            if not member.is_loading:  # else: a package imports its own submodule under that name
                loaded = value.members[name] = member.load()
                return loaded
        part = self.read_part(f"{value.name}.{name}") if value.path is None else None
        if part is not None:
            return part.load()
        if value.resolve is not None:
            resolved = value.resolve(name)
            if resolved is not None and not (_has_no_rule(resolved) and self.lacks_member(value, name)):
                return resolved
        if name == "__name__":
            return value.name
        if name == "__dict__" and self.is_whole(value):
            return {key: self._namespace_attribute(value, key) for key in sorted(value.names()) if key != "__star__"}
        return MISSING if self.is_whole(value) or self.lacks_member(value, name) else self.unfollowed(value, name)

    def _torch_version(self) -> Any:
        return self.installed_version("torch") or self.unknown("torch is not installed")

    def _host_attribute(self, value: Any, name: str) -> Any:
        if isinstance(value, Managed):
            return self.unknown("a part of a context could not be followed")
        if isinstance(value, NamedTuple) and name in value.fields:
            return value[value.fields.index(name)]
        if isinstance(value, tuple) and name in getattr(value, "_fields", ()):  # of a result such as `max`'s
            return getattr(value, name)
        if isinstance(value, NamedTuple) and name == "_asdict":
            return HostFunction("_asdict", lambda m: dict(zip(value.fields, value)), True)
        if isinstance(value, PropertyValue) and name in ("fget", "fset"):
            return value.getter if name == "fget" else value.setter
        if isinstance(value, PropertyValue) and name in ("setter", "getter", "deleter"):
            return HostFunction("setter", lambda m, f: PropertyValue(value.getter, f), True)
        if isinstance(value, FunctionValue):
            if name == "__name__" and name not in value.attributes:
                return value.name
            if name == "__qualname__" and name not in value.attributes:
                return f"{value.owner.name}.{value.name}" if value.owner is not None else value.name
            if name == "__dict__":
                return value.attributes
            if name == "__code__":
                return code_of(value)
            if name == "__module__" and name not in value.attributes:
                return value.closure.module.name
            if name == "__doc__" and name not in value.attributes:
                return value.doc
            return value.attributes.get(name, MISSING)
        if isinstance(value, TensorType) and name == "__mro__":
            return (value, object)
        if isinstance(value, (Operation, HostFunction)) and name == "__name__":
            return value.name.rsplit(".", 1)[-1]
        if isinstance(value, Partial):
            return {"func": value.function, "args": value.args, "keywords": value.kwargs}.get(name, MISSING)
        if isinstance(value, NamedTupleType):
            return {"_fields": value.fields, "__name__": value.name}.get(name, MISSING)
        if isinstance(value, BoundMethod):
            if name == "__self__":
                return value.receiver
            if name == "__func__":
                return value.function
            return self.find_attribute(value.function, name)
        if isinstance(value, type) and name in ("__name__", "__qualname__"):
            return value.__name__
        if isinstance(value, Field):
            return {n: getattr(value, n) for n in Field.__slots__}.get(name, {} if name == "metadata" else MISSING)
        if isinstance(value, DType):
            return getattr(value, name, MISSING) if name in ("is_floating_point", "is_complex", "itemsize") else MISSING
        if isinstance(value, Real) or (isinstance(value, Expr) and hasattr(int, name)):
            return self.unknown("a method of a symbolic number")
        if isinstance(value, Environment) and name == "get":
            return value.get
        if isinstance(value, BaseException) and name == "args":
            return value.args
        if isinstance(value, (re.Pattern, re.Match)):
            found = regex.method(value, name)
            return MISSING if found is None and not hasattr(value, name) else found
        method = HOST_METHODS.lookup(value, name)
        if method is not None:
            return method
        cls = class_of_scalar(self, value)
        return MISSING if cls is None else self._scalar_attribute(value, cls, name)

    def _scalar_attribute(self, value: Any, cls: ClassValue, name: str) -> Any:
        """What numpy's numbers have besides what Python's have."""
        found, member, where = cls.lookup(name)
        if found:
            return self._bind(member, value, where)
        return self.unknown("a part of a scalar of numpy's")

    def set_attribute(self, value: Any, name: str, new: Any) -> None:
        if isinstance(value, Module):
            self._set_module_attribute(value, name, new)
        elif isinstance(value, Instance):
            hook = value.cls.lookup("__setattr__")
            if hook[0] and isinstance(hook[2], ClassValue):
                self.call_value(hook[1], (value, name, new), {})
                return
            self.set_object_attribute(value, name, new)
        elif isinstance(value, ClassValue):
            set_hook = value.metaclass.lookup("__setattr__") if value.metaclass is not None else (False, None, None)
            if set_hook[0] and isinstance(set_hook[2], ClassValue):
                self.call_value(set_hook[1], (value, name, new), {})
            else:
                value.namespace[name] = new
        elif isinstance(value, LayerType):
            self.patched()[value.cls, name] = new
        elif isinstance(value, FunctionValue):
            value.attributes[name] = new
        elif isinstance(value, Namespace):
            value.members[name] = new
        elif isinstance(value, Tensor) and name == "requires_grad":
            value.requires_grad = new if isinstance(new, bool) else value.requires_grad
        elif isinstance(value, Tensor) and name not in ("data", "grad"):
            self.tensor_names.add(name)
            value.extras = {**(value.extras or {}), name: new}
        elif value is None or isinstance(value, (int, float, str, tuple, list, dict, set, Expr)):
            self.missing(value, name)
        elif isinstance(value, Unknown):
            self.escape(new)
            if not value.is_plain and not isinstance(value, Free) and _may_count(new):
                self.open_up(f"`{name}` is set on something unknown: {value.reason}")

    def open_up(self, reason: str) -> None:
        """Any module at hand may have got or lost a layer."""
        for site in (*self.stack, *([self.site] if self.site is not None else [])):
            for module in (site.frame.receiver, *site.frame.names.values()):
                if isinstance(module, Module):
                    vars(module)["open_ended"] = module.open_ended or reason
                    self.trace.uncounted.add(id(module))

    def _set_module_attribute(self, module: Module, name: str, new: Any) -> None:
        cls: ClassValue | None = module.interpreted_class
        if cls is not None:
            found, member, _ = cls.lookup(name)
            if found and isinstance(member, PropertyValue) and member.setter is not None:
                self.call_value(member.setter, (module, new), {})
                return
            hook = cls.lookup("__setattr__")
            if hook[0] and isinstance(hook[2], ClassValue):
                self.call_value(hook[1], (module, name, new), {})
                return
        self.set_plain(module, name, new)

    def set_plain(self, module: Module, name: str, new: Any) -> None:
        """`nn.Module.__setattr__`."""
        if name not in HIDDEN:
            setattr(module, name, new)

    def find_method(self, value: Any, name: str) -> Any:
        """The bound special method, or None."""
        if isinstance(value, Module):
            own, attribute = value.own_attribute(name)
            if own and name == "forward":
                return attribute
            cls: ClassValue | None = value.interpreted_class
            if cls is not None:
                found, member, where = cls.lookup(name)
                if found and isinstance(where, ClassValue):
                    return self._bind(member, value, where)
            host = self._host_method(type(value), name)
            return BoundMethod(host, value) if isinstance(host, (Operation, FunctionValue)) else None
        if isinstance(value, Instance):
            found, member, where = value.cls.lookup(name)
            if found and isinstance(where, ClassValue):
                return self._bind(member, value, where)
            return mapping_method(value, name)
        return None


def _has_no_rule(value: Any) -> bool:
    """Whether it stands for something of torch's that is not modelled, or that is not there."""
    return isinstance(value, Unruled) and value.receiver is None


def _may_count(value: Any) -> bool:
    """Whether a module to which it is assigned may have other parameters than before."""
    if isinstance(value, Unknown):
        return not value.is_plain
    return value is None or isinstance(value, (Module, Tensor))


class ModuleState(dict[str, Any]):
    """`module.__dict__`: what is written to it, the module has."""

    def __init__(self, module: Module, state: dict[str, Any]) -> None:
        super().__init__(state)
        self._module = module

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        vars(self._module)[name] = value

    def update(self, *others: Any, **values: Any) -> None:
        """As of a dict."""
        for name, value in dict(*others, **values).items():
            self[name] = value
