"""Modules of the standard library that model code uses to make sizes and classes. Everything else in them is Unknown."""

from __future__ import annotations

import ast
import itertools
import math
import os.path
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.real import Real
from torchlint.interpreter.budget import MAX_COLLECTION, MAX_INT_BITS, BudgetExhausted
from torchlint.interpreter.functions import BoundMethod, FunctionValue, HostFunction, Partial, PropertyValue
from torchlint.interpreter.objects import ClassValue, NamedTupleType, Namespace  # fmt: skip
from torchlint.interpreter.stdlib.argument_parser import ARGPARSE
from torchlint.interpreter.stdlib.array_tools import ARRAY_TOOLS
from torchlint.interpreter.stdlib.conversions import number_in
from torchlint.interpreter.stdlib.copying import deep_copy, shallow_copy
from torchlint.interpreter.stdlib.dataclass import DATACLASSES
from torchlint.interpreter.stdlib.enums import ENUM_TYPES
from torchlint.interpreter.stdlib.importing import IMPORTLIB
from torchlint.interpreter.stdlib.inspecting import FUNCTION_TYPE, INSPECT, type_hints
from torchlint.interpreter.stdlib.regex import REGEX
from torchlint.interpreter.stdlib.standin_tools import STANDIN_TOOLS
from torchlint.interpreter.stdlib.system import OS, SYS
from torchlint.ops.registry import LayerType, Operation
from torchlint.values.errors import MoreRounds
from torchlint.values.module import Module
from torchlint.values.signature import REQUIRED
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import SomeNumber, Unknown


class DefaultDict(dict[Any, Any]):
    """`collections.defaultdict`: the interpreter calls `default_factory`."""

    default_factory: Any = None


def _identity(m: Any, value: Any = None, *args: Any, **kwargs: Any) -> Any:
    return value


_DECORATED = (
    FunctionValue,
    ClassValue,
    BoundMethod,
    PropertyValue,
    Partial,
    HostFunction,
    Operation,
    LayerType,
    Module,
    Unknown,
)


def _decorator_with_arguments(m: Any, *args: Any, **kwargs: Any) -> Any:
    """A decorator that is used bare (`@d`), called (`@d(x=1)`) or both (`torch.compile(model, mode="default")`), and changes
    nothing."""
    if args and isinstance(args[0], _DECORATED):
        return args[0]
    return HostFunction("decorator", _identity, takes_unknown=True)


IDENTITY = HostFunction("identity", _identity, takes_unknown=True)
TYPE = HostFunction("type", _identity, takes_unknown=True)
"""A name of `typing`, which only annotations use."""
TRANSPARENT_DECORATOR = HostFunction("decorator", _decorator_with_arguments, takes_unknown=True)


def _nothing(m: Any, *args: Any, **kwargs: Any) -> None:
    return None


NOTHING = HostFunction("nothing", _nothing, takes_unknown=True)


# math


def _rounding(name: str) -> Callable[..., Any]:
    host = getattr(math, name)

    def run(m: Any, value: Any) -> Any:
        if isinstance(value, Unknown):
            return m.derived(name, value)
        if isinstance(value, Expr):
            return value
        if isinstance(value, Real):
            return value.ceil() if name == "ceil" else value.floor()
        if isinstance(value, Tensor):
            return m.unknown("a number is read from the elements of a tensor")
        return host(value)

    return run


_NOT_FLOAT = frozenset({"gcd", "lcm", "isqrt", "isclose", "isnan", "isinf", "isfinite", "comb"})


def _math_function(name: str) -> Callable[..., Any]:
    """A function of numbers; of one that is not known, some float (where its results are floats)."""
    host = getattr(math, name)

    def run(m: Any, *values: Any) -> Any:
        values = tuple(number_in(m, v) if isinstance(v, Tensor) else v for v in values)
        if not any(isinstance(v, (Unknown, Expr, Real)) for v in values):
            if name == "comb" and max(v for v in values if isinstance(v, int)) > MAX_INT_BITS:
                raise BudgetExhausted("integer magnitude")
            return host(*values)
        unknown = next((v for v in values if isinstance(v, Unknown)), None)
        made = m.derived(f"math.{name}", *values) if unknown is not None else m.unknown(f"`math.{name}` of a symbolic number")
        return made if name in _NOT_FLOAT else SomeNumber.of(made)

    return run


def _prod(m: Any, iterable: Any, *, start: Any = 1) -> Any:
    total = start
    for value in m.iterate(iterable):
        total = m.binary(ast.Mult, total, value)
    return total


def _math() -> dict[str, Any]:
    members: dict[str, Any] = {n: getattr(math, n) for n in ("pi", "e", "inf", "nan", "tau")}
    for name in ("ceil", "floor", "trunc"):
        members[name] = HostFunction(f"math.{name}", _rounding(name), takes_unknown=True)
    members["prod"] = HostFunction("math.prod", _prod, takes_unknown=True)
    for name in (
        "sqrt", "log", "log2", "log10", "log1p", "exp", "expm1", "pow", "sin", "cos", "tan", "atan", "atan2", "tanh", "gcd",
        "lcm",
        "isqrt", "fabs", "isclose", "isnan", "isinf", "isfinite", "erf", "degrees", "radians", "hypot", "copysign", "fmod",
        "comb",
        "asin", "acos", "sinh", "cosh",
    ):  # fmt: skip
        members[name] = HostFunction(f"math.{name}", _math_function(name), takes_unknown=True)
    return members


# functools


def _partial(m: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    if isinstance(function, Partial):
        return Partial(function.function, (*function.args, *args), {**function.kwargs, **kwargs})
    return Partial(function, args, kwargs)


def _reduce(m: Any, function: Any, iterable: Any, *initial: Any) -> Any:
    iterator = m.iterate(iterable)
    total = initial[0] if initial else next(iterator)
    for value in iterator:
        total = m.call_value(function, (total, value), {})
    return total


def _wraps(m: Any, wrapped: Any, *args: Any, **kwargs: Any) -> Any:
    def decorate(m2: Any, wrapper: Any) -> Any:
        if isinstance(wrapper, FunctionValue):
            wrapper.attributes.update(__wrapped__=wrapped, __name__=m2.attribute_or(wrapped, "__name__", wrapper.name))
        return wrapper

    return HostFunction("wraps", decorate, takes_unknown=True)


def _remember(m: Any, *args: Any, **kwargs: Any) -> Any:
    """`lru_cache`, used bare or called; `cache`."""
    if len(args) == 1 and isinstance(args[0], FunctionValue):
        args[0].results = {}
        return args[0]
    return HostFunction("lru_cache", _remember_in, takes_unknown=True)


def _remember_in(m: Any, function: Any) -> Any:
    if isinstance(function, FunctionValue):
        function.results = {}
    return function


def _cached_property(m: Any, getter: Any) -> Any:
    return PropertyValue(getter)


# itertools


def _bounded(iterator: Iterator[Any]) -> Iterator[Any]:
    for count, value in enumerate(iterator):
        if count > MAX_COLLECTION:
            raise BudgetExhausted("collection size")
        yield value


def _cycle(m: Any, iterable: Any) -> Iterator[Any]:
    """Again and again what was seen of it, where that stands for more."""
    seen: list[Any] = []
    try:
        for value in m.iterate(iterable):
            seen.append(value)
            yield value
    except MoreRounds:
        pass
    while seen:
        yield from seen


def _itertools() -> dict[str, Any]:
    def over_iterables(name: str) -> HostFunction:
        function = getattr(itertools, name)

        def run(m: Any, *iterables: Any, **kwargs: Any) -> Any:
            return _bounded(function(*(m.iterate(i) for i in iterables), **kwargs))

        return HostFunction(f"itertools.{name}", run, takes_unknown=True)

    def over_first(name: str) -> HostFunction:
        function = getattr(itertools, name)

        def run(m: Any, iterable: Any, *args: Any, **kwargs: Any) -> Any:
            return _bounded(function(m.iterate(iterable), *args, **kwargs))

        return HostFunction(f"itertools.{name}", run, takes_unknown=True)

    members: dict[str, Any] = {n: over_iterables(n) for n in ("chain", "product", "zip_longest", "pairwise")}
    members.update({n: over_first(n) for n in ("combinations", "permutations", "islice", "accumulate")})
    members["cycle"] = HostFunction("itertools.cycle", lambda m, i: _bounded(_cycle(m, i)), takes_unknown=True)
    members["count"] = HostFunction("itertools.count", lambda *a: _bounded(itertools.count(*a)))
    members["repeat"] = HostFunction("itertools.repeat", lambda m, *a: _bounded(itertools.repeat(*a)), takes_unknown=True)
    return members


# collections


def _defaultdict(m: Any, factory: Any = None, *rest: Any) -> Any:
    made = DefaultDict()
    made.default_factory = factory
    if rest and isinstance(rest[0], dict):
        made.update(rest[0])
    return made


def _namedtuple(m: Any, typename: Any, field_names: Any, *, defaults: Any = None, **kwargs: Any) -> Any:
    is_text = isinstance(field_names, str)
    names: list[Any] = field_names.replace(",", " ").split() if is_text else list(m.iterate(field_names))
    if isinstance(names and names[0], tuple):
        names = [n for n, _ in names]
    values = list(m.iterate(defaults)) if defaults is not None else []
    return NamedTupleType(str(typename), tuple(names), dict(zip(names[len(names) - len(values) :], values)))


def _context_variable(m: Any, name: Any, *, default: Any = REQUIRED) -> Any:
    """`contextvars.ContextVar`, in the one context that there is."""
    held = [default]

    def get(m2: Any, *given: Any) -> Any:
        if held[0] is not REQUIRED:
            return held[0]
        if given:
            return given[0]
        raise m2.raise_host(LookupError(name))

    def put(m2: Any, value: Any) -> Namespace:
        token = Namespace("Token", {"old_value": held[0]})
        held[0] = value
        return token

    def reset(m2: Any, token: Any) -> None:
        if isinstance(token, Namespace):
            held[0] = token.members["old_value"]

    return Namespace("ContextVar", {"name": name, **_takes(get=get, set=put, reset=reset)})


def _attrgetter(m: Any, name: Any) -> Any:
    return HostFunction("attrgetter", lambda m2, value: m2.get_attribute(value, name), takes_unknown=True)


def _itemgetter(m: Any, *keys: Any) -> Any:
    def run(m2: Any, value: Any) -> Any:
        items = tuple(m2.get_item(value, key) for key in keys)
        return items[0] if len(items) == 1 else items

    return HostFunction("itemgetter", run, takes_unknown=True)


def _binary(node: type[ast.operator]) -> HostFunction:
    return HostFunction(node.__name__, lambda m, a, b: m.binary(node, a, b), takes_unknown=True)


def _takes(**functions: Callable[..., Any]) -> dict[str, Any]:
    return {name: HostFunction(name, function, takes_unknown=True) for name, function in functions.items()}


_ABSTRACT_TYPES = (
    "Callable",
    "Iterable",
    "Sequence",
    "Mapping",
    "MutableMapping",
    "Iterator",
    "Hashable",
    "Sized",
    "Container",
)
_TYPING = {
    name: HostFunction(name, _identity, takes_unknown=True)
    for name in (
        *_ABSTRACT_TYPES, "Any", "Optional", "Union", "Literal", "Final", "ClassVar", "Generic", "Protocol", "Type", "NoReturn",
        "Annotated", "Self", "TypeAlias", "Generator", "IO", "Awaitable", "Collection", "Concatenate", "SupportsInt", "AnyStr",
    )
}  # fmt: skip


def _cast(m: Any, type_: Any, value: Any) -> Any:
    return value


def _type_variable(m: Any, *args: Any, **kwargs: Any) -> Any:
    return object


LOGGER = Namespace("logger", {}, lambda name: NOTHING)
LOGGING: dict[str, Any] = {
    "getLogger": HostFunction("getLogger", lambda m, *a: LOGGER, takes_unknown=True),
    **dict.fromkeys(("debug", "info", "warning", "error", "exception", "critical", "basicConfig"), NOTHING),
    **{name: value for value, name in enumerate(("NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))},
}

LIBRARY: dict[str, dict[str, Any]] = {
    "math": _math(),
    "functools": {
        **_takes(partial=_partial, reduce=_reduce, wraps=_wraps, cached_property=_cached_property, partialmethod=_partial),
        **_takes(lru_cache=_remember, cache=_remember_in), "singledispatch": IDENTITY, "total_ordering": IDENTITY,
        "update_wrapper": IDENTITY,
    },
    "itertools": _itertools(),
    "collections": {
        **_takes(defaultdict=_defaultdict, namedtuple=_namedtuple, deque=lambda m, v=(), *a, **k: list(m.iterate(v))),
        "OrderedDict": OrderedDict,
    },
    "collections.abc": {n: _TYPING[n] for n in _ABSTRACT_TYPES},
    "copy": _takes(copy=shallow_copy, deepcopy=deep_copy),
    "typing": {
        **_TYPING, **_takes(cast=_cast, TypeVar=_type_variable, NewType=_type_variable, ParamSpec=_type_variable),
        "List": list, "Dict": dict, "Tuple": tuple, "Set": set, "FrozenSet": frozenset, "Text": str, "TYPE_CHECKING": False,
        "NamedTuple": NamedTupleType("NamedTuple", (), {}), "overload": IDENTITY, "final": IDENTITY,
        "runtime_checkable": IDENTITY, "OrderedDict": OrderedDict, "TypedDict": dict, "override": IDENTITY,
        **_takes(get_type_hints=type_hints), "dataclass_transform": TRANSPARENT_DECORATOR,
    },
    "dataclasses": DATACLASSES,
    "enum": ENUM_TYPES | {"unique": IDENTITY},
    "abc": {"ABC": object, "abstractmethod": IDENTITY, "abstractproperty": PropertyValue,
            "ABCMeta": type},
    "warnings": {"warn": NOTHING, "filterwarnings": NOTHING, "simplefilter": NOTHING},
    "contextlib": {},
    "operator": {
        **_takes(attrgetter=_attrgetter, itemgetter=_itemgetter, index=_identity),
        "add": _binary(ast.Add), "mul": _binary(ast.Mult), "sub": _binary(ast.Sub), "floordiv": _binary(ast.FloorDiv),
        "matmul": _binary(ast.MatMult), "truediv": _binary(ast.Div),
    },
    "os.path": {
        name: HostFunction(f"os.path.{name}", getattr(os.path, name)) for name in ("join", "basename", "dirname", "splitext")
    },
    "re": REGEX,
    "argparse": ARGPARSE,
    "_torchlint": STANDIN_TOOLS | ARRAY_TOOLS,
    "numbers": {n: HostFunction(n, _identity, takes_unknown=True) for n in ("Number", "Integral", "Real")},
    "types": {
        **_takes(ModuleType=_identity, MethodType=lambda m, function, receiver: BoundMethod(function, receiver)),
        "FunctionType": FUNCTION_TYPE, "LambdaType": FUNCTION_TYPE,
    },
    "logging": LOGGING, "random": {}, "sys": SYS, "os": OS, "time": {}, "json": {}, "pathlib": {}, "inspect": INSPECT,
    "string": {}, "datetime": {}, "glob": {}, "shutil": {}, "pickle": {}, "io": {}, "tempfile": {}, "subprocess": {},
    "urllib": {}, "hashlib": {}, "gc": {}, "threading": {}, "multiprocessing": {}, "traceback": {}, "textwrap": {}, "csv": {},
    "__future__": {"annotations": None}, "builtins": {}, "uuid": {}, "zipfile": {}, "tarfile": {}, "struct": {}, "array": {},
    "weakref": {}, "bisect": {}, "heapq": {}, "fractions": {}, "decimal": {}, "statistics": {}, "platform": {},
    "signal": {}, "socket": {}, "asyncio": {}, "concurrent": {}, "unittest": {}, "pprint": {}, "getpass": {}, "base64": {},
    "secrets": {}, "queue": {}, "atexit": {}, "configparser": {}, "fnmatch": {}, "ast": {},
    "contextvars": _takes(ContextVar=_context_variable),
}  # fmt: skip
LIBRARY.update(IMPORTLIB)
LIBRARY["importlib_metadata"] = LIBRARY["importlib.metadata"]
LIBRARY["typing_extensions"] = LIBRARY["typing"]
LIBRARY["six"] = {}
