"""Attribute access on every kind of value, and what a missing attribute means."""

from __future__ import annotations

import re
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.missing import HIDDEN, Missing, open_reason
from torchlint.interpreter.objects import (
    BoundMethod,
    ClassMethod,
    ClassValue,
    Field,
    FunctionValue,
    GeneratedInit,
    HostFunction,
    Instance,
    LayerInit,
    Lazy,
    MroEntry,
    NamedTuple,
    NamedTupleType,
    Namespace,
    Partial,
    PropertyValue,
    Raised,
    StaticMethod,
    Super,
    TensorType,
    lookup_in,
)  # fmt: skip
from torchlint.interpreter.standins import LAST_NAMES, STANDINS
from torchlint.interpreter.stdlib import regex
from torchlint.interpreter.stdlib.autograd import AutogradFunction, apply_of
from torchlint.interpreter.stdlib.inspecting import annotations_of_class, code_of
from torchlint.interpreter.stdlib.mappings import mapping_method
from torchlint.interpreter.stdlib.methods import HOST_METHODS
from torchlint.interpreter.stdlib.system import Environment
from torchlint.interpreter.torch_world import type_of_tensor
from torchlint.ops.registry import ATTRIBUTES, LAYER_OF_CLASS, OPERATIONS, LayerType, Operation
from torchlint.ops.tensor_names import WITHOUT_RULE
from torchlint.values.dtype import DType
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free, Likely, Unknown, Unruled

_MISSING = object()
_host_operations: dict[tuple[type, str], Operation] = {}


class Attributes(Missing):
    """Reading, writing and deleting attributes."""

    def get_attribute(self, value: Any, name: str) -> Any:
        found = self.find_attribute(value, name)
        if found is _MISSING:
            return self.missing(value, name)
        return found

    def member_of(self, module: Any, name: str) -> Any:
        """What `from module import name` gives, asked for when the name is used: what is not there is Unknown."""
        found = self.find_attribute(module, name)
        return self.unknown(f"`{name}` could not be imported") if found is _MISSING else found

    def has_attribute(self, value: Any, name: str) -> bool | None:
        """`hasattr`; None where it cannot be known."""
        if isinstance(value, Unknown):
            return None
        if self._find_or_missing(value, name) is not _MISSING:
            return True
        return False if open_reason(value) is None else None

    def attribute_or(self, value: Any, name: str, default: Any) -> Any:
        """`getattr(value, name, default)`."""
        found = self._find_or_missing(value, name)
        if found is not _MISSING:
            return found
        reason = open_reason(value)
        return self.unknown(reason) if reason is not None else default

    def _find_or_missing(self, value: Any, name: str) -> Any:
        """The attribute, or `_MISSING`, also where a property or a hook raises AttributeError."""
        if not isinstance(value, (Instance, Module)):
            return self.find_attribute(value, name)
        self.handlers.append((AttributeError,))
        try:
            return self.find_attribute(value, name)
        except Raised as raised:
            if isinstance(raised.type, type) and issubclass(raised.type, AttributeError):
                return _MISSING
            raise
        finally:
            self.handlers.pop()

    def find_attribute(self, value: Any, name: str) -> Any:
        """The attribute, or `_MISSING`."""
        if isinstance(value, Tensor):
            return self._tensor_attribute(value, name)
        if isinstance(value, Module):
            return self._module_attribute(value, name)
        if isinstance(value, Likely):
            return self._likely_attribute(value, name)
        if isinstance(value, Unknown):
            return value.attribute(name) if isinstance(value, Free) else self.derived(f".{name}", value)
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
            return _MISSING
        unknown = self.unknown(f"`Tensor.{name}` has no rule")
        return Unruled(qualified, unknown.reason, unknown.place, unknown.key, unknown.is_plain, value)

    def _module_attribute(self, module: Module, name: str) -> Any:
        cls: ClassValue | None = module.interpreted_class
        found, member, where = cls.lookup(name) if cls is not None else (False, None, None)
        if _is_property(member):
            return self._bind(member, module, where)
        own, attribute = module.own_attribute(name)
        if own and name not in HIDDEN:
            return attribute
        if found and isinstance(where, ClassValue):
            return self._bind(member, module, where)
        host = self._host_method(type(module), name)
        if host is not None:
            return BoundMethod(host, module) if isinstance(host, (Operation, FunctionValue)) else host
        if name == "__class__":
            return cls if cls is not None else LAYER_OF_CLASS.get(type(module), _MISSING)
        if name == "__dict__":
            return ModuleState(module, {n: v for n, v in vars(module).items() if n not in HIDDEN})
        if cls is not None and name == "__module__":
            return self._class_attribute(cls, name)
        if cls is not None:
            fallback = cls.lookup("__getattr__")
            if fallback[0] and isinstance(fallback[2], ClassValue):
                return self.call_value(fallback[1], (module, name), {})
        return _MISSING

    def _host_method(self, cls: type, name: str) -> Any:
        """A method that a layer of torch's own, or every module, has; the program may have put it there."""
        patched = self.patched()
        for entry in cls.__mro__:
            if (entry, name) in patched:
                return patched[entry, name]
            if entry is Module or entry is object:
                break
            layer = LAYER_OF_CLASS.get(entry)
            if name == "forward" and layer is not None and layer.forward is not None:
                return layer.forward
            member = vars(entry).get(name)
            if isinstance(member, staticmethod):
                return StaticMethod(host_operation(entry, name, member.__func__))
            if callable(member) and (not name.startswith("_") or name.startswith("__")):
                return host_operation(entry, name, member)
            if isinstance(member, classmethod):
                return BoundMethod(host_operation(entry, name, member.__func__), LAYER_OF_CLASS.get(entry))
        return OPERATIONS.get(f"torch.nn.Module.{name}") or (
            host_operation(Module, name, vars(Module)[name]) if name in _MODULE_METHODS else None
        )

    def _bind(self, member: Any, receiver: Any, where: MroEntry | None) -> Any:
        if isinstance(member, (FunctionValue, GeneratedInit)):
            return BoundMethod(member, receiver)
        if isinstance(member, StaticMethod):
            return member.function
        if isinstance(member, ClassMethod):
            cls = receiver.interpreted_class if isinstance(receiver, Module) else getattr(receiver, "cls", receiver)
            return BoundMethod(member.function, cls)
        if isinstance(member, PropertyValue):
            return self.call_value(member.getter, (receiver,), {})
        if isinstance(member, Instance) and member.cls.lookup("__get__")[0]:
            cls = receiver.interpreted_class if isinstance(receiver, Module) else getattr(receiver, "cls", receiver)
            return self.call_value(member.cls.lookup("__get__")[1], (member, receiver, cls), {})
        if isinstance(member, Instance) and isinstance(member.payload, PropertyValue):
            return self.call_value(member.payload.getter, (receiver,), {})
        if isinstance(member, Lazy):
            return member.load()
        if isinstance(where, type) and callable(member):
            return BoundMethod(host_operation(where, getattr(member, "__name__", "call"), member), receiver)
        return member

    def _instance_attribute(self, value: Instance, name: str) -> Any:
        found, hook, where = value.cls.lookup("__getattribute__")
        if found and isinstance(where, ClassValue):
            return self.call_value(hook, (value, name), {})
        return self._object_attribute(value, name)

    def _object_attribute(self, value: Instance, name: str) -> Any:
        """What `object.__getattribute__` finds, or `__getattr__` of the class."""
        found, member, where = value.cls.lookup(name)
        if _is_property(member):
            return self._bind(member, value, where)
        if name in value.attributes:
            return value.attributes[name]
        if found and isinstance(where, ClassValue):
            return self._bind(member, value, where)
        if value.payload is not None:
            host = self._host_attribute(value.payload, name)
            if host is not _MISSING:
                return host
        mixed_in = mapping_method(value, name)
        if mixed_in is not None:
            return mixed_in
        if name == "__class__":
            return value.cls
        if name == "__dict__":
            return value.attributes
        if value.cls.members is not None and name == "value":
            return value.attributes.get("value", _MISSING)
        fallback = value.cls.lookup("__getattr__")
        if fallback[0] and isinstance(fallback[2], ClassValue):
            return self.call_value(fallback[1], (value, name), {})
        return _MISSING

    def _class_attribute(self, cls: ClassValue, name: str) -> Any:
        found, member, where = cls.lookup(name)
        if found and isinstance(where, ClassValue):
            if isinstance(member, ClassMethod):
                return BoundMethod(member.function, cls)
            if isinstance(member, Instance) and member.cls.lookup("__get__")[0]:
                return self.call_value(member.cls.lookup("__get__")[1], (member, None, cls), {})
            return member.function if isinstance(member, StaticMethod) else member
        if name in ("__name__", "__qualname__"):
            return cls.name
        if name == "__members__" and cls.members is not None:
            return dict(cls.members)
        if name == "__doc__":
            return None
        if name == "__module__":
            return cls.scope.module.name
        if name == "__dict__":
            return cls.namespace
        if name == "__annotations__":
            return annotations_of_class(self, cls)
        if name == "__mro__":
            return tuple(cls.mro)
        if name == "apply" and AutogradFunction in cls.mro:
            return apply_of(cls)
        if name == "__bases__":
            return tuple(cls.bases) or (object,)
        if cls.is_module:
            host = self._host_method(cls.host_base, name)
            if name == "__init__":
                return HostFunction("__init__", lambda m, self_, *a, **k: m.init_layer(self_, cls.host_base, a, k), True)
            if isinstance(host, BoundMethod):
                return BoundMethod(host.function, cls)
            if host is not None:
                return host
        return _MISSING

    def _super_attribute(self, value: Super, name: str) -> Any:
        found, member, where = lookup_in(value.rest, name)
        if found and isinstance(where, ClassValue):
            if isinstance(member, ClassMethod):
                return BoundMethod(member.function, value.receiver_class)
            return self._bind(member, value.receiver, where)
        receiver = value.receiver
        if isinstance(receiver, ClassValue) and name == "__setattr__":
            return HostFunction(name, lambda m, n, v: receiver.namespace.__setitem__(n, v), True)
        base = value.receiver_class.host_base
        if isinstance(receiver, Module):
            if name == "__init__":
                init = LayerInit(receiver, base)
                return init if not value.receiver_class.open_ended else self._open_super_init(receiver)
            if name == "__setattr__":
                return HostFunction("__setattr__", lambda m, n, v: m.set_plain(receiver, n, v), True)
            if name == "__getattr__":
                return HostFunction("__getattr__", lambda m, n: m.registered(receiver, n), True)
            host = self._host_method(base, name)
            if host is not None:
                return BoundMethod(host, receiver) if isinstance(host, Operation) else host
        if value.receiver_class.open_ended:
            return self.unknown(value.receiver_class.open_ended)
        if isinstance(receiver, Instance):
            if name == "__init__":
                return HostFunction("__init__", lambda m, *a, **k: m.init_payload(receiver, a, k), True)
            if name == "__setattr__":
                return HostFunction(name, lambda m, n, v: m.set_object_attribute(receiver, n, v), True)
            if name == "__getattribute__":
                return HostFunction(name, lambda m, n: m.object_attribute(receiver, n), True)
            if receiver.payload is not None:
                return self._host_attribute(receiver.payload, name)
            mixed_in = mapping_method(receiver, name)
            if mixed_in is not None:
                return mixed_in
        if name == "__new__":
            return HostFunction("__new__", lambda m, cls, *a, **k: m.allocate(cls, a), True)
        if name in ("__init__", "__init_subclass__", "__post_init__"):
            return HostFunction(name, lambda m, *a, **k: None, True)
        return _MISSING

    def _open_super_init(self, receiver: Module) -> HostFunction:
        if "_modules" not in vars(receiver):
            Module.__init__(receiver)
        return HostFunction("__init__", lambda m, *a, **k: None, True)

    def registered(self, module: Module, name: str) -> Any:
        """`nn.Module.__getattr__`: parameters, buffers and submodules only."""
        own, attribute = module.own_attribute(name)
        return attribute if own else self.missing(module, name)

    def object_attribute(self, instance: Instance, name: Any) -> Any:
        """`object.__getattribute__`."""
        if not isinstance(name, str):
            return self.derived("getattr", name)
        found = self._object_attribute(instance, name)
        return self.missing(instance, name) if found is _MISSING else found

    def set_object_attribute(self, instance: Instance, name: Any, new: Any) -> None:
        """`object.__setattr__`."""
        found, member, _ = instance.cls.lookup(name) if isinstance(name, str) else (False, None, None)
        if found and isinstance(member, PropertyValue) and member.setter is not None:
            self.call_value(member.setter, (instance, new), {})
        elif isinstance(name, str):
            instance.attributes[name] = new

    def init_payload(self, instance: Instance, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """The constructor of a host base (`dict`, `list`) of an instance."""
        if isinstance(instance.payload, dict):
            for value in args:
                if isinstance(value, dict):
                    instance.payload.update(value)
            instance.payload.update(kwargs)
        elif isinstance(instance.payload, list) and args:
            instance.payload.extend(self.iterate(args[0]))

    def _layer_attribute(self, value: LayerType, name: str) -> Any:
        if name in ("__name__", "__qualname__"):
            return value.cls.__name__
        if name == "__init__":
            return HostFunction("__init__", lambda m, self_, *a, **k: m.init_layer(self_, value.cls, a, k), True)
        for entry in value.cls.__mro__:
            member = vars(entry).get(name)
            if isinstance(member, classmethod):
                return BoundMethod(host_operation(entry, name, member.__func__), value)
        host = self._host_method(value.cls, name)
        return host if host is not None else _MISSING

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
        return _MISSING if self.is_whole(value) or self.lacks_member(value, name) else self.unfollowed(value, name)

    def _torch_version(self) -> Any:
        return self.installed_version("torch") or self.unknown("torch is not installed")

    def _host_attribute(self, value: Any, name: str) -> Any:
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
            return value.attributes.get(name, None if name == "__doc__" else _MISSING)
        if isinstance(value, TensorType) and name == "__mro__":
            return (value, object)
        if isinstance(value, (Operation, HostFunction)) and name == "__name__":
            return value.name.rsplit(".", 1)[-1]
        if isinstance(value, Partial):
            return {"func": value.function, "args": value.args, "keywords": value.kwargs}.get(name, _MISSING)
        if isinstance(value, NamedTupleType):
            return {"_fields": value.fields, "__name__": value.name}.get(name, _MISSING)
        if isinstance(value, BoundMethod):
            if name == "__self__":
                return value.receiver
            if name == "__func__":
                return value.function
            return self.find_attribute(value.function, name)
        if isinstance(value, type) and name in ("__name__", "__qualname__"):
            return value.__name__
        if isinstance(value, Field):
            return {n: getattr(value, n) for n in Field.__slots__}.get(name, {} if name == "metadata" else _MISSING)
        if isinstance(value, DType):
            return getattr(value, name, _MISSING) if name in ("is_floating_point", "is_complex", "itemsize") else _MISSING
        if isinstance(value, Real) or (isinstance(value, Expr) and hasattr(int, name)):
            return self.unknown("a method of a symbolic number")
        if isinstance(value, Environment) and name == "get":
            return value.get
        if isinstance(value, BaseException) and name == "args":
            return value.args
        if isinstance(value, (re.Pattern, re.Match)):
            found = regex.method(value, name)
            return _MISSING if found is None and not hasattr(value, name) else found
        method = HOST_METHODS.lookup(value, name)
        return method if method is not None else _MISSING

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

    def constructor_of(self, cls: type) -> Operation:
        """The nearest constructor of a host layer."""
        for entry in cls.__mro__:
            if entry is Module:
                break
            layer = LAYER_OF_CLASS.get(entry)
            if layer is not None:
                return layer.init
        return _MODULE_INIT


def _has_no_rule(value: Any) -> bool:
    """Whether it stands for something of torch's that is not modelled, or that is not there."""
    return isinstance(value, Unruled) and value.receiver is None


def _is_property(member: Any) -> bool:
    """Whether what a class has under a name comes before what an instance has."""
    return isinstance(member, PropertyValue) or (isinstance(member, Instance) and isinstance(member.payload, PropertyValue))


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


_MODULE_INIT = Operation("torch.nn.Module", Module.__init__)
_MODULE_METHODS = {"register_parameter", "register_buffer", "add_module", "extra_repr"}


def host_operation(cls: type, name: str, function: Any) -> Operation:
    """A method of a host layer as an operation, made once."""
    key = (cls, name)
    if key not in _host_operations:
        _host_operations[key] = Operation(f"{cls.__name__}.{name}", function)
    return _host_operations[key]
