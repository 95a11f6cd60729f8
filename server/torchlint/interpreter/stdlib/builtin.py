"""Python's builtins. Each gets the machine first, and copes with symbolic sizes and Unknowns."""

from __future__ import annotations

import ast
import builtins
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from torchlint.dims.expr import Expr, Size, floordiv, maximum, minimum, of_atom
from torchlint.dims.real import Real
from torchlint.dims.truth import Truth
from torchlint.interpreter.arrays import class_of_scalar
from torchlint.interpreter.budget import MAX_COLLECTION, BudgetExhausted
from torchlint.interpreter.objects import (
    BoundMethod,
    ClassMethod,
    ClassValue,
    FunctionValue,
    HostFunction,
    Instance,
    Lazy,
    NamedTuple,
    NamedTupleType,
    Namespace,
    Partial,
    PropertyValue,
    StaticMethod,
    TensorType,
)  # fmt: skip
from torchlint.ops.coercion import type_name
from torchlint.ops.containers import Container
from torchlint.ops.registry import LAYER_OF_CLASS, OPERATIONS, LayerType, Operation
from torchlint.values.dtype import float64
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.rounds import Rounds, Series, backwards, has_rounds, length_of, round_number
from torchlint.values.scalar import Scalar
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Free, OpenArguments, Unknown

_REQUIRED = object()
_ITERATOR: type = type(iter([]))


def _sizes(values: list[Any]) -> bool:
    return any(isinstance(v, Expr) for v in values) and all(isinstance(v, (int, Expr)) for v in values)


def _collect(m: Any, value: Any) -> list[Any]:
    collected: list[Any] = []
    for item in m.iterate(value):
        collected.append(item)
        if len(collected) > MAX_COLLECTION:
            raise BudgetExhausted("collection size")
    return collected


def _range(m: Any, *args: Any) -> Any:
    if not args:
        raise m.raise_host(TypeError("range expected at least 1 argument, got 0"))
    sizes: list[Any] = [a.size if isinstance(a, Free) else m.facts.resolve(a) if isinstance(a, Expr) else a for a in args]
    sizes = [s.values[0] if isinstance(s, Tensor) and s.values is not None and len(s.values) == 1 else s for s in sizes]
    if any(isinstance(s, (Expr, Unknown, Tensor)) for s in sizes):
        unknown = next((s for s in sizes if isinstance(s, Unknown)), None)
        if unknown is not None or not all(isinstance(s, (int, Expr)) for s in sizes):
            return unknown or m.unknown("a loop has a symbolic length")
        return _symbolic_range(m, *sizes) if len(sizes) > 1 else _symbolic_range(m, 0, *sizes)
    return range(*sizes)


def _symbolic_range(m: Any, start: Size, stop: Size, step: Size = 1) -> Any:
    if not isinstance(step, int) or step == 0:
        return m.unknown("a loop has a symbolic length")
    distance = stop - start if step > 0 else start - stop
    count = m.count_of(floordiv(distance + (abs(step) - 1), abs(step)))
    number = round_number()
    return Series([Rounds(count, (start + of_atom(number) * step,), number)], range)


def _len(m: Any, value: Any) -> Any:
    if isinstance(value, Series) and value.length is not None:
        return value.length
    if isinstance(value, Unknown):
        return m.derived("len", value)
    if isinstance(value, Tensor):
        if value.ndim == 0:
            raise m.raise_host(TypeError("len() of a 0-d tensor"))
        return value.shape[0]
    method = m.find_method(value, "__len__")
    if method is not None:
        return m.call_value(method, (), {})
    if isinstance(value, Instance) and value.payload is not None:
        value = value.payload
    if isinstance(value, OpenArguments):
        return m.unknown("the caller may give more arguments")
    if isinstance(value, (list, tuple, dict, set, frozenset, str, bytes, range)):
        return len(value)
    if isinstance(value, ClassValue) and value.members is not None:
        return len(value.members)
    if isinstance(value, (Expr, int, float, FunctionValue, type(None))):
        raise m.raise_host(TypeError(f"object of type '{type_name(value)}' has no len()"))
    return m.unknown(f"the length of a {type(value).__name__} could not be followed")


def _parts(m: Any, value: Any) -> list[Any] | None:
    """The parts of something that has Rounds among them; None for anything else."""
    if isinstance(value, Series):
        return value.parts
    if isinstance(value, (Container, Tensor)):
        parts = list(m.iterate_parts(value)) if isinstance(value, Container) or _is_symbolic(m, value) else []
        return parts if has_rounds(parts) else None
    return None


def _is_symbolic(m: Any, tensor: Tensor) -> bool:
    is_decided = not isinstance(tensor, InputTensor) or tensor.is_decided
    return is_decided and tensor.ndim > 0 and isinstance(m.facts.resolve(tensor.shape[0]), Expr)


def _enumerate(m: Any, iterable: Any, start: Any = 0) -> Any:
    parts = _parts(m, iterable)
    if parts is None:
        return zip(range(start, start + MAX_COLLECTION), m.iterate(iterable))
    return Series(_numbered(parts, start), _ITERATOR)


def _numbered(parts: list[Any], start: Size) -> Iterator[Any]:
    for part in parts:
        if isinstance(part, Rounds):
            first, width = of_atom(part.number) * part.width + start, part.width
            yield part.seen_as(tuple((first + place, part.items[place]) for place in range(width)))
        else:
            yield start, part
        start = start + length_of((part,))


def _zip(m: Any, *iterables: Any, strict: Any = False) -> Any:
    found = [_parts(m, i) for i in iterables]
    known = [parts for parts in found if parts is not None]
    if not known:
        return zip(*(m.iterate(i) for i in iterables))
    if len(known) < len(found):
        raise Undecided("a sequence whose length is a symbol is paired with another")
    return Series(_paired(m, known), _ITERATOR)


def _paired(m: Any, sequences: list[list[Any]]) -> Iterator[Any]:
    for together in zip(*sequences):
        first = together[0]
        if not has_rounds(together):
            yield together
            continue
        if not all(isinstance(part, Rounds) and part.width == first.width for part in together):
            raise Undecided("sequences are paired whose parts do not fit")
        if any(m.facts.same(part.count, first.count) is not Truth.YES for part in together):
            raise Undecided("sequences are paired whose lengths may differ")
        yield first.seen_as(tuple(zip(*(part.at(of_atom(first.number)) for part in together))), *together[1:])
    if len({len(parts) for parts in sequences}) > 1:
        raise Undecided("sequences are paired whose lengths differ")


def _map(m: Any, function: Any, *iterables: Any) -> Any:
    return (m.call_value(function, items, {}) for items in zip(*(m.iterate(i) for i in iterables)))


def _filter(m: Any, function: Any, iterable: Any) -> Any:
    kept = []
    for item in m.iterate(iterable):
        test = item if function is None else m.call_value(function, (item,), {})
        if isinstance(test, Unknown):
            raise Undecided(test.reason)
        if m.truth(test):
            kept.append(item)
    return iter(kept)


def _sum(m: Any, iterable: Any, start: Any = 0) -> Any:
    total = start
    for item in m.iterate(iterable):
        total = m.binary(ast.Add, total, item)
    return total


def _extremum(pick: Callable[..., Any], symbolic: Callable[..., Any]) -> Callable[..., Any]:
    def run(m: Any, *args: Any, key: Any = None, default: Any = _REQUIRED) -> Any:
        values = list(args) if len(args) > 1 else _collect(m, args[0])
        values = [v.size if isinstance(v, Free) else v for v in values]
        unknown = next((v for v in values if isinstance(v, Unknown)), None)
        if unknown is not None:
            return m.derived(pick.__name__, *values)
        if not values:
            if default is _REQUIRED:
                raise m.raise_host(ValueError("empty sequence"))
            return default
        if any(isinstance(v, Tensor) for v in values):
            return m.unknown("an extremum reads the elements of tensors")
        if key is not None:
            keyed = [(m.call_value(key, (v,), {}), v) for v in values]
            if any(not isinstance(k, (int, float, str, tuple)) for k, _ in keyed):
                return m.unknown("an extremum by a key that could not be followed")
            return pick(keyed, key=lambda pair: pair[0])[1]
        if _sizes(values):
            return symbolic(*values)
        if any(isinstance(v, (Expr, Real)) for v in values):
            return m.unknown("an extremum of symbolic numbers")
        return pick(values)

    return run


def _abs(m: Any, value: Any) -> Any:
    if isinstance(value, Unknown):
        return m.derived("abs", value)
    if isinstance(value, Tensor):
        return m.call_value(OPERATIONS["torch.abs"], (value,), {})
    method = m.find_method(value, "__abs__")
    if method is not None:
        return m.call_value(method, (), {})
    return m.unknown("the absolute value of a symbolic number") if isinstance(value, (Expr, Real)) else abs(value)


def _round(m: Any, value: Any, digits: Any = None) -> Any:
    if isinstance(value, (Free, Expr)):
        return value.size if isinstance(value, Free) else value
    if isinstance(value, Unknown):
        return m.derived("round", value)
    if isinstance(value, Real):
        return m.unknown("a symbolic number is rounded")
    return round(value) if digits is None else round(value, digits)


def _int(m: Any, value: Any = 0, base: Any = None) -> Any:
    if isinstance(value, Free):
        return value.size
    if isinstance(value, Unknown):
        return m.derived("int", value)
    if isinstance(value, Expr):
        return value
    if isinstance(value, Real):
        return value.floor()
    if isinstance(value, Tensor):
        if value.values is not None and len(value.values) == 1:
            return int(value.values[0])
        return m.unknown("a number is read from the elements of a tensor")
    return int(value) if base is None else int(value, base)


def _float(m: Any, value: Any = 0.0) -> Any:
    if isinstance(value, Unknown):
        return m.derived("float", value)
    if isinstance(value, Expr):
        return Real(value, 1)
    if isinstance(value, Real):
        return value
    if isinstance(value, Tensor):
        if value.values is not None and len(value.values) == 1:
            return float(value.values[0])
        return m.unknown("a number is read from the elements of a tensor")
    return float(value)


def _str(m: Any, value: Any = "", *rest: Any) -> Any:
    if isinstance(value, Unknown):
        return m.derived("str", value)
    return str(value) if isinstance(value, (str, BaseException)) else _repr(m, value)


def _bool(m: Any, value: Any = False) -> Any:
    if isinstance(value, Unknown):
        return value
    return m.known_truth(value)


def _list(m: Any, value: Any = ()) -> Any:
    parts = _parts(m, value)
    return _collect(m, value) if parts is None else Series(parts)


def _tuple(m: Any, value: Any = ()) -> Any:
    parts = _parts(m, value)
    return tuple(_collect(m, value)) if parts is None else Series(parts, tuple)


def _set(m: Any, value: Any = ()) -> Any:
    return m.make_set(_collect(m, value))


def _frozenset(m: Any, value: Any = ()) -> Any:
    made = _set(m, value)
    return frozenset(made) if isinstance(made, set) else made


def _mapping(make: Callable[[], dict[Any, Any]]) -> Callable[..., Any]:
    def run(m: Any, value: Any = None, **kwargs: Any) -> Any:
        if isinstance(value, Unknown):
            return m.derived("dict", value)
        if isinstance(value, Instance) and isinstance(value.payload, dict):
            value = value.payload
        made = make()
        if isinstance(value, dict):
            made.update(value)
        elif value is not None:
            if m.find_method(value, "keys") is not None:
                raise Undecided("a mapping could not be followed")
            for pair in m.iterate(value):
                key, item = m.iterate(pair)
                made[key] = item
        made.update(kwargs)
        return made

    return run


def _sorted(m: Any, iterable: Any, key: Any = None, reverse: Any = False) -> Any:
    values = _collect(m, iterable)
    keys = [v if key is None else m.call_value(key, (v,), {}) for v in values]
    if any(isinstance(k, (Unknown, Expr, Tensor, Instance)) for k in keys):
        return m.unknown("a sort by values that are not known")
    order = sorted(range(len(values)), key=lambda i: keys[i], reverse=bool(reverse))
    return [values[i] for i in order]


def _reversed(m: Any, iterable: Any) -> Any:
    parts = _parts(m, iterable)
    if parts is not None:
        return Series(backwards(parts), _ITERATOR)
    return iter(_collect(m, iterable)[::-1])


def _any_all(stop: bool) -> Callable[..., Any]:
    def run(m: Any, iterable: Any) -> Any:
        pending: Unknown | None = None
        for value in m.iterate(iterable):
            if isinstance(value, Unknown):
                pending = pending or value
            elif m.known_truth(value) is stop:
                return stop
        return pending if pending is not None else not stop

    return run


_NUMERIC: dict[type, tuple[type, ...]] = {int: (int, Expr), float: (float, Real)}


def is_instance(m: Any, value: Any, classes: Any) -> Any:
    """`isinstance`; Unknown where it cannot be known."""
    if isinstance(classes, tuple):
        results = [is_instance(m, value, c) for c in classes]
        return True if True in results else next((r for r in results if isinstance(r, Unknown)), False)
    if classes is None:  # of a union
        return value is None
    if isinstance(classes, (Tensor, Module, Expr, int, float, str, list, dict)):
        raise m.raise_host(TypeError("isinstance() arg 2 must be a type, a tuple of types, or a union"))
    if isinstance(value, Free):
        return _is_free(m, value, classes)
    if isinstance(value, Series) and value.parts is not None and value.kind is not _ITERATOR:
        value = () if value.kind is tuple else [] if value.kind is list else range(1)
    if isinstance(value, Unknown):
        return m.derived("isinstance", value, getattr(classes, "__name__", getattr(classes, "name", "")))
    if isinstance(classes, Unknown):
        if isinstance(value, (Tensor, int, float, str, list, tuple, dict, type(None), Expr)):
            return False  # classes of libraries that are not followed are no builtin types
        return m.derived("isinstance", classes)
    if isinstance(classes, ClassValue):
        return _instance_of_class(m, value, classes)
    if isinstance(classes, LayerType):
        if classes.name in _TENSOR_TYPES:
            return isinstance(value, Tensor) and (value.is_parameter or not classes.name.endswith("Parameter"))
        return isinstance(value, classes.cls)
    if isinstance(value, Scalar) and classes in (int, float):
        return classes is float and value.dtype is float64
    if classes in _NUMERIC:
        return isinstance(value, _NUMERIC[classes])
    if isinstance(classes, NamedTupleType):
        return isinstance(value, NamedTuple) and value.cls is classes
    if classes is bool:
        return isinstance(value, bool)
    if classes is type:
        return isinstance(value, (type, ClassValue, LayerType, TensorType))
    if classes is object:
        return True
    if isinstance(classes, type):
        if isinstance(value, Instance):
            return issubclass(value.cls.host_base, classes) or isinstance(value.payload, classes)
        if isinstance(value, _INTERNAL):
            return False
        return isinstance(value, classes)
    if isinstance(classes, HostFunction) and classes.name in _ABSTRACT:
        return _ABSTRACT[classes.name](m, value)
    return m.unknown("an isinstance test could not be followed")


def _is_free(m: Any, value: Free, classes: Any) -> Any:
    """What the caller chooses is taken for a size first, and for something else after that."""
    test = m.derived("isinstance", value, getattr(classes, "__name__", getattr(classes, "name", "")))
    if classes is int or getattr(classes, "name", "") in ("Number", "Integral", "Real"):
        return test
    return Unknown(test.reason, test.place, ("not", ("is not", test.key)))


_TENSOR_TYPES = {"torch.Tensor", "torch.nn.Parameter"}
_INTERNAL = (Tensor, Module, FunctionValue, Operation, HostFunction, ClassValue, LayerType, Namespace, BoundMethod, Partial)


def _is_callable(m: Any, value: Any) -> bool:
    if isinstance(value, (FunctionValue, Operation, HostFunction, ClassValue, LayerType, BoundMethod, Partial, type, Module)):
        return True
    return m.find_method(value, "__call__") is not None


_ABSTRACT: dict[str, Callable[[Any, Any], bool]] = {
    "Tensor": lambda m, v: isinstance(v, Tensor),
    "Parameter": lambda m, v: isinstance(v, Tensor) and v.is_parameter,
    "Callable": _is_callable,
    "partial": lambda m, v: isinstance(v, Partial),
    "FunctionType": lambda m, v: isinstance(v, (FunctionValue, Operation)),
    "BuiltinFunctionType": lambda m, v: isinstance(v, HostFunction),
    "MethodType": lambda m, v: isinstance(v, BoundMethod),
    "ModuleType": lambda m, v: isinstance(v, Namespace),
    "Iterable": lambda m, v: isinstance(v, (list, tuple, dict, set, str, range, Tensor)) or hasattr(v, "__next__"),
    "Sequence": lambda m, v: isinstance(v, (list, tuple, str, range)),
    "Mapping": lambda m, v: isinstance(v, dict),
    "MutableMapping": lambda m, v: isinstance(v, dict),
    "Number": lambda m, v: isinstance(v, (int, float, Expr, Real)),
    "Integral": lambda m, v: isinstance(v, (int, Expr)),
    "Real": lambda m, v: isinstance(v, (int, float, Expr, Real)),
}


def _instance_of_class(m: Any, value: Any, cls: ClassValue) -> Any:
    if isinstance(value, Scalar):
        owner = class_of_scalar(m, value)
        return owner is not None and cls in owner.mro
    owner = value.interpreted_class if isinstance(value, Module) else value.cls if isinstance(value, Instance) else None
    return isinstance(owner, ClassValue) and cls in owner.mro


def _issubclass(m: Any, cls: Any, classes: Any) -> Any:
    if isinstance(classes, tuple):
        results = [_issubclass(m, cls, c) for c in classes]
        return True if True in results else next((r for r in results if isinstance(r, Unknown)), False)
    if isinstance(cls, Unknown) or isinstance(classes, Unknown):
        return m.derived("issubclass", cls, classes)
    if isinstance(cls, ClassValue):
        target = classes.cls if isinstance(classes, LayerType) else classes
        bases = [base for entry in cls.mro if isinstance(entry, ClassValue) for base in entry.bases]
        return target in cls.mro or (isinstance(classes, TensorType) and classes in bases)
    if isinstance(cls, TensorType):
        return cls is classes or (cls.name == "Parameter" and getattr(classes, "name", "") == "Tensor")
    if isinstance(cls, LayerType) and isinstance(classes, LayerType):
        return issubclass(cls.cls, classes.cls)
    if isinstance(cls, type) and isinstance(classes, type):
        return issubclass(cls, classes)
    return False


def _type(m: Any, value: Any, *rest: Any) -> Any:
    if rest:
        return m.unknown("a class made by `type` could not be followed")
    if isinstance(value, Series) and value.parts is not None:
        return value.kind
    if isinstance(value, Unknown):
        return m.derived("type", value)
    if isinstance(value, Module):
        return value.interpreted_class or LAYER_OF_CLASS.get(type(value)) or m.unknown("its class is not known")
    if isinstance(value, Instance):
        return value.cls
    if isinstance(value, Scalar):
        return class_of_scalar(m, value) or m.unknown("the class of a scalar")
    if isinstance(value, Expr):
        return int
    if isinstance(value, Real):
        return float
    if isinstance(value, Tensor):
        return m.get_attribute(value, "__class__")
    return m.unknown("its class is not known") if isinstance(value, _INTERNAL) else type(value)


def _getattr(m: Any, value: Any, name: Any, *default: Any) -> Any:
    if not isinstance(name, str):
        return m.derived("getattr", name, value)
    return m.attribute_or(value, name, default[0]) if default else m.get_attribute(value, name)


def _setattr(m: Any, value: Any, name: Any, new: Any) -> None:
    if isinstance(name, str):
        m.set_attribute(value, name, new)
    elif isinstance(name, (Module, Tensor, int, float)):
        raise m.raise_host(TypeError("attribute name must be string"))
    elif isinstance(value, Module):
        vars(value)["open_ended"] = "`setattr` with a name that is not known"
    elif isinstance(value, Instance):
        value.open_ended = "`setattr` with a name that is not known"


def _hasattr(m: Any, value: Any, name: Any) -> Any:
    found = m.has_attribute(value, name) if isinstance(name, str) else None
    if found is None:
        return m.derived(f"hasattr {name if isinstance(name, str) else ''}", value)
    return found


def _next(m: Any, iterator: Any, *default: Any) -> Any:
    if isinstance(iterator, Unknown):
        return m.derived("next", iterator)
    try:
        return next(iterator)
    except StopIteration as error:
        if default:
            return default[0]
        raise m.raise_host(error) from None


def _vars(m: Any, value: Any = None) -> Any:
    return m.get_attribute(value, "__dict__") if isinstance(value, Instance) else m.unknown("`vars()` is not followed")


def _locals(m: Any) -> Any:
    return dict(m.site.frame.names)


def _globals(m: Any) -> Any:
    return Globals(m.site.frame.module)


class Globals(dict[str, Any]):
    """`globals()`: the names of a module, whose definitions are read when they are used."""

    def __init__(self, module: Namespace) -> None:
        super().__init__(module.members)
        self._module = module

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Lazy):
            value = self._module.members[name] = value.load()
            super().__setitem__(name, value)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """The value of the name, or the default."""
        return self[name] if name in self.keys() else default

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        self._module.members[name] = value


def _print(m: Any, *args: Any, **kwargs: Any) -> None:
    return None


def _super(m: Any, *args: Any) -> Any:
    return m.make_super(*args)


def _property(m: Any, getter: Any = None, setter: Any = None, *rest: Any) -> Any:
    return PropertyValue(getter, setter)


def _divmod(m: Any, a: Any, b: Any) -> Any:
    return m.binary(ast.FloorDiv, a, b), m.binary(ast.Mod, a, b)


def _pow(m: Any, a: Any, b: Any, *rest: Any) -> Any:
    return m.binary(ast.Pow, a, b)


def _repr(m: Any, value: Any) -> Any:
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    if isinstance(value, ClassValue):
        return f"<class '{value.scope.module.name}.{value.name}'>"
    if isinstance(value, LayerType):
        return f"<class '{value.name}'>"
    if isinstance(value, TensorType):
        return f"<class '{_WHERE_TENSORS_ARE.get(value.name, 'torch')}.{value.name}'>"
    if isinstance(value, type) and value.__module__ == "builtins":
        return repr(value)
    if type(value) in (tuple, list):
        parts = [_repr(m, v) for v in value]
        unknown = next((p for p in parts if isinstance(p, Unknown)), None)
        if unknown is not None:
            return unknown
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(parts) == 1 else ")")
        return opening + ", ".join(parts) + closing
    return m.unknown("the text of an object is not modelled")


_WHERE_TENSORS_ARE = {"Parameter": "torch.nn.parameter", "Buffer": "torch.nn.parameter"}


def _object(m: Any) -> Any:
    return object()


def _iter(m: Any, value: Any) -> Any:
    parts = _parts(m, value)
    return m.iterate(value) if parts is None else Series(parts, _ITERATOR)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": _len, "enumerate": _enumerate, "zip": _zip, "map": _map, "filter": _filter, "sum": _sum,
    "min": _extremum(min, minimum), "max": _extremum(max, maximum), "abs": _abs, "round": _round, "sorted": _sorted,
    "reversed": _reversed, "any": _any_all(True), "all": _any_all(False), "isinstance": is_instance, "issubclass": _issubclass,
    "getattr": _getattr, "setattr": _setattr, "hasattr": _hasattr, "callable": _is_callable, "next": _next, "iter": _iter,
    "vars": _vars, "locals": _locals, "globals": _globals,
    "print": _print, "super": _super, "divmod": _divmod, "pow": _pow, "repr": _repr,
    "id": lambda m, v: id(v), "staticmethod": lambda m, f: StaticMethod(f),
    "classmethod": lambda m, f: ClassMethod(f),
}  # fmt: skip
_TYPES: dict[type, Callable[..., Any]] = {
    int: _int, float: _float, str: _str, bool: _bool, list: _list, tuple: _tuple, set: _set, frozenset: _frozenset,
    dict: _mapping(dict),
    OrderedDict: _mapping(OrderedDict),
    PropertyValue: _property, type: _type, object: _object, range: _range, slice: lambda m, *a: slice(*a),
    complex: lambda m, *a: complex(*a),
}  # fmt: skip

HOST_TYPES: dict[type, HostFunction] = {t: HostFunction(t.__name__, f, takes_unknown=True) for t, f in _TYPES.items()}
"""How the host's classes are called."""

BUILTINS: dict[str, Any] = {name: HostFunction(name, f, takes_unknown=True) for name, f in _FUNCTIONS.items()}
"""What a name means that nothing in the checked program defines."""
BUILTINS.update({t.__name__: t for t in _TYPES if t is not PropertyValue})
BUILTINS["property"] = PropertyValue
BUILTINS.update({"bytes": bytes, "Ellipsis": ..., "NotImplemented": NotImplemented})
BUILTINS["__debug__"] = False  # what libraries look into only then are elements, which nobody knows here
BUILTINS.update({n: v for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)})
for _name in ("chr", "ord", "hex", "bin", "format", "hash"):
    BUILTINS[_name] = HostFunction(_name, getattr(builtins, _name))
