"""Classes: definition, instances, `super()`, dataclasses, enums and named tuples."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from torchlint.interpreter.budget import PartExhausted
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import BoundMethod, ClassMethod, FunctionValue, HostFunction, PropertyValue, StaticMethod
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import (  # fmt: skip
    ClassValue,
    Instance,
    NamedTuple,
    NamedTupleType,
    Raised,
    Super,
    lookup_in,
)
from torchlint.interpreter.stdlib.enums import ENUM_TYPES, EnumBase, MixedBase
from torchlint.interpreter.trace import Argument, Construction
from torchlint.ops.registry import LayerType
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module, named_parameters
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind, Signature
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_SAY = ("__new__", "__init__", "__call__", "__prepare__", "__getattr__", "__getattribute__")
_HOOK_STEPS = 5_000
_CONTAINER_BASES = (dict, list, tuple, set, str, int, float)
_IMMUTABLE = (tuple, str, int, float)
"""Those that are made of their first argument before `__init__` runs."""


class Classes(Machine):
    """Making classes and instances of them."""

    def make_class(self, node: ast.ClassDef, frame: Frame) -> Any:
        """The value of a class statement."""
        bases: list[Any] = []
        for base in node.bases:
            value = self.evaluate(base, frame)
            if isinstance(value, NamedTupleType) and value.name == "NamedTuple":
                return self._namedtuple_class(node, frame)
            bases.append(value)
        keywords = {k.arg: self.evaluate(k.value, frame) for k in node.keywords if k.arg}
        body = Frame(frame.unit, frame.module, frame if not frame.is_class else frame.enclosing)
        body.is_class = True
        if frame.function is not None:
            body.function = None
        self.execute(node.body, body)
        cls = ClassValue(node.name, bases, body.names, body, node)
        self._set_metaclass(cls, keywords.get("metaclass"))
        for value in (*body.methods, *body.names.values()):
            _own(value, cls)
        if any(isinstance(entry, type) and issubclass(entry, EnumBase) for entry in cls.mro):
            self._make_enum(cls)
        found, hook, where = lookup_in(cls.mro[1:], "__init_subclass__")
        if found and isinstance(where, ClassValue):
            function = hook.function if isinstance(hook, ClassMethod) else hook
            keywords.pop("metaclass", None)
            try:
                with self.budget.share(_HOOK_STEPS):
                    self.call_value(function, (cls,), keywords)
            except (Raised, Undecided, PartExhausted):
                cls.open_ended = "its `__init_subclass__` could not be followed"
        return cls

    def _set_metaclass(self, cls: ClassValue, metaclass: Any) -> None:
        inherited = next((e.metaclass for e in cls.mro if isinstance(e, ClassValue) and e.metaclass is not None), None)
        cls.metaclass = metaclass if isinstance(metaclass, ClassValue) else inherited
        if isinstance(metaclass, Unknown) or (cls.metaclass is not None and _takes_part(cls.metaclass)):
            cls.open_ended = "its metaclass could not be followed"

    def _make_enum(self, cls: ClassValue) -> None:
        members: dict[str, Any] = {}
        counter = 0
        is_mixed = any(entry in (str, int, float) or entry is MixedBase for entry in cls.mro)
        for name, value in list(cls.namespace.items()):
            is_own = name.startswith("__") or (name.startswith("_") and name.endswith("_"))
            if is_own or isinstance(value, (FunctionValue, StaticMethod, ClassMethod)) or _is_descriptor(value):
                continue
            counter += 1
            member = Instance(cls)
            if isinstance(value, HostFunction) or value is ENUM_TYPES.get("auto"):
                value = counter
            if is_mixed and isinstance(value, (str, int, float)):
                member.payload = value
            member.attributes.update(name=name, value=value, _value_=value, _name_=name)
            init = cls.namespace.get("__init__")
            if isinstance(init, FunctionValue):
                self.call_value(init, (member, *(value if isinstance(value, tuple) else (value,))), {})
            members[name] = member
            cls.namespace[name] = member
        cls.members = members

    def _namedtuple_class(self, node: ast.ClassDef, frame: Frame) -> NamedTupleType:
        fields: list[str] = []
        defaults: dict[str, Any] = {}
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                fields.append(statement.target.id)
                if statement.value is not None:
                    defaults[statement.target.id] = self.evaluate(statement.value, frame)
        return NamedTupleType(node.name, tuple(fields), defaults)

    def make_namedtuple(self, cls: NamedTupleType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        parameters = [Parameter(f, ParameterKind.POSITIONAL, cls.defaults.get(f, REQUIRED)) for f in cls.fields]
        try:
            bound = Signature(parameters).bind(args, kwargs)
        except ShapeError as error:
            return self.fail(error, cls.name, {})
        return NamedTuple(cls, cls.fields, tuple(bound.get(f, cls.defaults.get(f)) for f in cls.fields))

    # Instances.

    def instantiate(self, cls: ClassValue, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """`cls(*args, **kwargs)`."""
        if cls.members is not None:
            return self._enum_member(cls, args)
        new = cls.lookup("__new__")
        if new[0] and isinstance(new[1], (FunctionValue, StaticMethod, ClassMethod)):
            function = new[1] if isinstance(new[1], FunctionValue) else new[1].function
            given = (cls, cls, *args) if isinstance(new[1], ClassMethod) else (cls, *args)
            made = self.call_value(function, given, kwargs)
            own = made.interpreted_class if isinstance(made, Module) else getattr(made, "cls", None)
            if not isinstance(own, ClassValue) or cls not in own.mro:
                return made
            instance = made
        else:
            instance = self.allocate(cls, args)
            if isinstance(instance, Unknown):
                return instance
        self.constructing += 1
        try:
            self.initialize(instance, cls, args, kwargs)
        finally:
            self.constructing -= 1
        if isinstance(instance, Module):
            vars(instance)["is_bare"] = "_modules" not in vars(instance) and not self.may_hold_more(instance)
            self.note_construction(instance)
        return instance

    def allocate(self, cls: ClassValue, args: tuple[Any, ...] = ()) -> Any:
        """An instance whose `__init__` has not run."""
        if cls.is_module:
            instance: Any = object.__new__(cls.host_base)
            vars(instance).update(interpreted_class=cls, created=self.here(), open_ended=cls.open_ended)
            return instance
        base = next((e for e in cls.mro if isinstance(e, type) and issubclass(e, _CONTAINER_BASES)), None)
        payload: Any = base() if base is not None else None
        if issubclass(cls.host_base, PropertyValue):
            payload = PropertyValue(*(args[:2] or (None,)))
        if args and base in _IMMUTABLE:
            try:
                payload = tuple(self.iterate(args[0])) if base is tuple else base(args[0])
            except (Undecided, TypeError, ValueError):
                return self.unknown(f"what a `{cls.name}` is made of is not known")
        return Instance(cls, payload)

    def initialize(self, instance: Any, cls: ClassValue, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Run `__init__` as the class (or a dataclass, or a host base) defines it."""
        found, init, where = cls.lookup("__init__")
        if found and isinstance(where, ClassValue):
            returned = self.call_value(init, (instance, *args), kwargs)
            if isinstance(returned, Unknown) and isinstance(instance, Module):
                self._leave_half_made(instance, returned.reason)
        elif isinstance(instance, Module):
            self.init_layer(instance, cls.host_base, args, kwargs)
        elif isinstance(instance, Instance) and isinstance(instance.payload, dict):
            for value in args:
                if isinstance(value, dict):
                    instance.payload.update(value)
            instance.payload.update(kwargs)
        elif isinstance(instance, Instance) and isinstance(instance.payload, list):
            for value in args:
                instance.payload.extend(self.iterate(value))

    def generated_init(self, cls: ClassValue, instance: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """The constructor of a dataclass: a parameter for each field, then `__post_init__`."""
        fields = cls.fields or {}
        kinds = {False: ParameterKind.POSITIONAL, True: ParameterKind.KEYWORD_ONLY}
        ordered = sorted((f for f in fields.values() if f.init), key=lambda f: f.kw_only)
        parameters = [Parameter(f.name, kinds[f.kw_only], None if f.has_default else REQUIRED) for f in ordered]
        try:
            bound = Signature(parameters).bind(args, kwargs)
        except ShapeError as error:
            self.fail(error, cls.name, {})
            bound = {}
        for name, field in fields.items():
            if name in bound:
                value = bound[name]
            elif field.default_factory is not REQUIRED:
                value = self.call_value(field.default_factory, (), {})
            else:
                value = self.unknown("a field has no value") if field.default is REQUIRED else field.default
            self.set_attribute(instance, name, value)
        post = self.find_method(instance, "__post_init__")
        if post is not None:
            self.call_value(post, (), {})

    def _leave_half_made(self, instance: Module, reason: str) -> None:
        """A constructor that could not be called, or not to its end: nothing is said of what the instance lacks."""
        if "_modules" not in vars(instance):
            Module.__init__(instance)
        vars(instance)["open_ended"] = reason

    def _enum_member(self, cls: ClassValue, args: tuple[Any, ...]) -> Any:
        for member in (cls.members or {}).values():
            if args and (member is args[0] or member.attributes["value"] == args[0]):
                return member
        if args and isinstance(args[0], Unknown):
            return self.derived("enum", args[0])
        raise self.raise_host(ValueError(f"{args[0] if args else None!r} is not a valid {cls.name}"))

    # Layers of torch's own.

    def make_layer(self, layer: LayerType, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        instance: Module = layer.cls.__new__(layer.cls)
        vars(instance).update(created=self.here())
        ok = self.init_layer(instance, layer.cls, args, kwargs)
        if isinstance(ok, Unknown):
            return ok
        self.note_construction(instance)
        return instance

    def init_layer(self, instance: Module, cls: type, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Run a host layer's constructor on the instance; an Unknown says that it could not be."""
        self.modules_made += 1
        operation = self.constructor_of(cls)
        try:
            bound = operation.bind((instance, *args), kwargs)
        except ShapeError as error:
            return self._failed_layer(error, instance, operation, {})
        try:
            operation.run(bound)
        except ShapeError as error:
            return self._failed_layer(error, instance, operation, bound)
        except Undecided as undecided:
            if "_modules" not in vars(instance):
                Module.__init__(instance)
            instance.open_ended = str(undecided)
            vars(instance)["open_ended"] = str(undecided)
            return self.unknown(str(undecided))
        if self.site is not None and self.site.frame.unit.checked:
            self.trace.work(self.site.node, self.activation)
        return None

    def _failed_layer(self, error: ShapeError, instance: Module, operation: Any, bound: Mapping[str, Any]) -> Any:
        if "_modules" not in vars(instance):
            Module.__init__(instance)
        vars(instance)["open_ended"] = "its construction fails"
        node = self.site.node if self.site is not None else None
        nodes: dict[str, ast.AST] = {}
        if isinstance(node, ast.Call):
            positional = [p.name for p in operation.signature.positional][1:]
            nodes = {n: a for n, a in zip(positional, node.args) if not isinstance(a, ast.Starred)}
            nodes.update({k.arg: k.value for k in node.keywords if k.arg})
        arguments = {name: Argument(nodes.get(name), value) for name, value in bound.items() if name != "self"}
        callee = self.site.frame.unit.source(node.func) if isinstance(node, ast.Call) and self.site else operation.name
        self.fail(error, callee, arguments)
        return self.unknown("the construction of a layer fails")

    def note_construction(self, made: Module | Tensor) -> None:
        """Note a layer with parameters, or a Parameter, that is made while a `forward` runs."""
        if not self.forward_depth or self.constructing:
            return
        here = self.here()
        if here is not None and (isinstance(made, Tensor) or next(named_parameters(made), None) is not None):
            running = [site.frame.function for site in self.stack if site.frame.function is not None]
            last = max((i for i, function in enumerate(running) if function.name == "forward"), default=-1)
            self.trace.constructions.append(Construction(made, here, tuple(f.node for f in running[last + 1 :])))

    # super()

    def implicit_super(self, frame: Frame) -> Any:
        """Zero-argument `super()`."""
        method = frame.method_frame()
        owner = frame.owner
        if method is None or owner is None:
            return self.unknown("`super()` outside a method")
        return self.make_super(owner, method.receiver)

    def make_super(self, owner: Any, receiver: Any) -> Any:
        """`super(owner, receiver)`."""
        if isinstance(receiver, Module):
            receiver_class = receiver.interpreted_class
        elif isinstance(receiver, Instance):
            receiver_class = receiver.cls
        elif isinstance(receiver, ClassValue) and receiver.metaclass is not None and owner in receiver.metaclass.mro:
            receiver_class = receiver.metaclass
        else:
            receiver_class = receiver
        after = owner.cls if isinstance(owner, LayerType) else owner
        if not isinstance(after, (ClassValue, type)) or not isinstance(receiver_class, ClassValue):
            return self.unknown("`super()` could not be followed")
        return Super(after, receiver, receiver_class)


def _takes_part(metaclass: ClassValue) -> bool:
    """Whether it has a say in what its classes are or how they are made."""
    return any(isinstance(metaclass.lookup(name)[2], ClassValue) for name in _SAY)


def _own(value: Any, cls: ClassValue) -> None:
    """Tell the functions of a class body whose they are."""
    if isinstance(value, FunctionValue):
        if value.owner is None:
            value.owner = cls
    elif isinstance(value, (StaticMethod, ClassMethod, BoundMethod)):
        _own(value.function, cls)
    elif _is_descriptor(value):
        _own(value.getter, cls)
        _own(value.setter, cls)


def _is_descriptor(value: Any) -> bool:
    return hasattr(value, "getter") and hasattr(value, "setter")
