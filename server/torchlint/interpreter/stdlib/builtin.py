"""Python's builtins. Each gets the machine first, and copes with symbolic sizes and Unknowns."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

from torchlint.interpreter.functions import ClassMethod, HostFunction, PropertyValue, StaticMethod
from torchlint.interpreter.objects import Instance, Lazy, Namespace  # fmt: skip
from torchlint.interpreter.stdlib import conversions, iterating, kinds
from torchlint.ops.coercion import python_type_name
from torchlint.values.module import Module
from torchlint.values.unknown import Unknown


def _require_name(m: Any, name: Any) -> None:
    if not isinstance(name, (str, Unknown)):
        raise m.raise_host(TypeError(f"attribute name must be string, not '{python_type_name(name)}'"))


def _getattr(m: Any, value: Any, name: Any, *default: Any) -> Any:
    _require_name(m, name)
    if not isinstance(name, str):
        return m.derived("getattr", name, value)
    return m.attribute_or(value, name, default[0]) if default else m.get_attribute(value, name)


def assign(m: Any, value: Any, name: Any, new: Any) -> None:
    """`setattr`; a name that is not known may be any."""
    _require_name(m, name)
    if isinstance(name, str):
        m.set_attribute(value, name, new)
    elif isinstance(value, Module):
        vars(value)["open_ended"] = "`setattr` with a name that is not known"
    elif isinstance(value, Instance):
        value.open_ended = "`setattr` with a name that is not known"


def _hasattr(m: Any, value: Any, name: Any) -> Any:
    _require_name(m, name)
    found = m.has_attribute(value, name) if isinstance(name, str) else None
    if found is None:
        return m.derived(f"hasattr {name if isinstance(name, str) else ''}", value)
    return found


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

    def update(self, *others: Any, **values: Any) -> None:
        """As of a dict."""
        for name, value in dict(*others, **values).items():
            self[name] = value


def _print(m: Any, *args: Any, **kwargs: Any) -> None:
    return None


def _super(m: Any, *args: Any) -> Any:
    return m.make_super(*args)


def _property(m: Any, getter: Any = None, setter: Any = None, *rest: Any) -> Any:
    return PropertyValue(getter, setter)


def _object(m: Any) -> Any:
    return object()


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    **iterating.FUNCTIONS, **kinds.FUNCTIONS, **conversions.FUNCTIONS,
    "getattr": _getattr, "setattr": assign, "hasattr": _hasattr, "vars": _vars, "locals": _locals, "globals": _globals,
    "print": _print, "super": _super, "id": lambda m, v: id(v), "staticmethod": lambda m, f: StaticMethod(f),
    "classmethod": lambda m, f: ClassMethod(f),
}  # fmt: skip
_TYPES: dict[type, Callable[..., Any]] = {
    **iterating.TYPES, **kinds.TYPES, **conversions.TYPES, PropertyValue: _property, object: _object,
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
