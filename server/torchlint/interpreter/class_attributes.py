"""Attributes of classes, of torch's layers as classes, and of what `super()` gives."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial
from typing import Any

from torchlint.interpreter.frames import MISSING
from torchlint.interpreter.functions import (
    BoundMethod,
    ClassMethod,
    FunctionValue,
    HostFunction,
    LayerInit,
    PropertyValue,
    StaticMethod,
)
from torchlint.interpreter.missing import Missing
from torchlint.interpreter.objects import ClassValue, GeneratedInit, Instance, Lazy, MroEntry, Super, lookup_in  # fmt: skip
from torchlint.interpreter.stdlib.autograd import AutogradFunction, apply_of
from torchlint.interpreter.stdlib.inspecting import annotations_of_class
from torchlint.interpreter.stdlib.mappings import mapping_method
from torchlint.ops.registry import LAYER_OF_CLASS, OPERATIONS, LayerType, Operation
from torchlint.values.module import Module
from torchlint.values.unknown import Likely, Unknown

_MODULE_INIT = Operation("torch.nn.Module", Module.__init__)
_OF_OBJECT: dict[str, Callable[[Module], HostFunction]] = {
    "__init__": lambda module: HostFunction("__init__", lambda m, *a, **k: None, True),
    "__setattr__": lambda module: HostFunction("__setattr__", lambda m, n, v: vars(module).update({n: v}), True),
}
"""What `super(nn.Module, module)` gives."""
_MODULE_METHODS = {"register_parameter", "register_buffer", "add_module", "extra_repr"}

_host_operations: dict[tuple[type, str], Operation] = {}


class ClassAttributes(Missing):
    """Names looked up on classes."""

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

    def _unset(self, name: str, where: ClassValue) -> Any:
        """What a class gives that says `mask: Tensor = None` of the name: most probably None, but something may set it."""
        if not any(map(partial(_promises, name), where.node.body)):
            return None
        return Likely(None, Unknown(f"`{where.name}.{name}` may be set elsewhere", self.here(), ("unset", where, name)))

    def _bind(self, member: Any, receiver: Any, where: MroEntry | None, name: str = "") -> Any:
        if member is None:
            return self._unset(name, where) if isinstance(where, ClassValue) else None
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

    def _class_attribute(self, cls: ClassValue, name: str) -> Any:
        found, member, where = cls.lookup(name)
        if found and isinstance(where, ClassValue):
            if isinstance(member, ClassMethod):
                return BoundMethod(member.function, cls)
            if isinstance(member, Instance) and member.cls.lookup("__get__")[0]:
                return self.call_value(member.cls.lookup("__get__")[1], (member, None, cls), {})
            if member is None:
                return self._unset(name, where)
            return member.function if isinstance(member, StaticMethod) else member
        if name in ("__name__", "__qualname__"):
            return cls.name
        if name == "__members__" and cls.members is not None:
            return dict(cls.members)
        if name == "__doc__":
            return self.unknown("the docstring of a class", is_plain=True)
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
        return MISSING

    def _super_attribute(self, value: Super, name: str) -> Any:
        found, member, where = lookup_in(value.rest, name)
        if found and isinstance(where, ClassValue):
            if isinstance(member, ClassMethod):
                return BoundMethod(member.function, value.receiver_class)
            return self._bind(member, value.receiver, where)
        receiver = value.receiver
        if isinstance(receiver, ClassValue) and name == "__setattr__":
            return HostFunction(name, lambda m, n, v: receiver.namespace.__setitem__(n, v), True)
        base = value.host_base
        if isinstance(receiver, Module) and not issubclass(base, Module):
            return _OF_OBJECT[name](receiver) if name in _OF_OBJECT else MISSING
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
                return self.find_attribute(receiver.payload, name)
            mixed_in = mapping_method(receiver, name)
            if mixed_in is not None:
                return mixed_in
        if name == "__new__":
            return HostFunction("__new__", lambda m, cls, *a, **k: m.allocate(cls, a), True)
        if name in ("__init__", "__init_subclass__", "__post_init__"):
            return HostFunction(name, lambda m, *a, **k: None, True)
        return MISSING

    def _open_super_init(self, receiver: Module) -> HostFunction:
        if "_modules" not in vars(receiver):
            Module.__init__(receiver)
        return HostFunction("__init__", lambda m, *a, **k: None, True)

    def registered(self, module: Module, name: str) -> Any:
        """`nn.Module.__getattr__`: parameters, buffers and submodules only."""
        own, attribute = module.own_attribute(name)
        return attribute if own else self.missing(module, name)

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
        return host if host is not None else MISSING

    def constructor_of(self, cls: type) -> Operation:
        """The nearest constructor of a host layer."""
        for entry in cls.__mro__:
            if entry is Module:
                break
            layer = LAYER_OF_CLASS.get(entry)
            if layer is not None:
                return layer.init
        return _MODULE_INIT


def _promises(name: str, statement: ast.stmt) -> bool:
    """Whether a statement of a class body says that the name is something that None is not."""
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name) or statement.target.id != name:
        return False
    return not any(word in ast.unparse(statement.annotation) for word in ("None", "Optional", "Any"))


def is_property(member: Any) -> bool:
    """Whether what a class has under a name comes before what an instance has."""
    return isinstance(member, PropertyValue) or (isinstance(member, Instance) and isinstance(member.payload, PropertyValue))


def host_operation(cls: type, name: str, function: Any) -> Operation:
    """A method of a host layer as an operation, made once."""
    key = (cls, name)
    if key not in _host_operations:
        _host_operations[key] = Operation(f"{cls.__name__}.{name}", function)
    return _host_operations[key]
