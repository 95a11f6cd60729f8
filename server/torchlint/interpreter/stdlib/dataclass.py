"""`dataclasses`: fields, the constructor that is made of them, and what asks for them. `InitVar` is not modelled."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import ClassValue, Field, GeneratedInit, Instance
from torchlint.interpreter.stdlib.copying import deep_copy, shallow_copy
from torchlint.values.signature import REQUIRED
from torchlint.values.unknown import Unknown


def _field(
    m: Any, *, default: Any = REQUIRED, default_factory: Any = REQUIRED, init: Any = True, kw_only: Any = False, **kwargs: Any
) -> Field:
    return Field("", default, default_factory, init is not False, kw_only is True)


def _dataclass(m: Any, cls: Any = None, *, init: Any = True, kw_only: Any = False, **kwargs: Any) -> Any:
    if cls is None:
        return HostFunction("dataclass", lambda m2, c: _dataclass(m2, c, init=init, kw_only=kw_only), takes_unknown=True)
    if isinstance(cls, ClassValue):
        cls.fields = _fields_of(cls, kw_only is True)
        if init is not False and "__init__" not in cls.namespace:
            m.set_attribute(cls, "__init__", GeneratedInit(cls))
    return cls


def _fields_of(cls: ClassValue, kw_only: bool) -> dict[str, Field]:
    """The fields of the class, those of its bases first."""
    found: dict[str, Field] = {}
    for base in reversed(cls.mro[1:]):
        if isinstance(base, ClassValue) and base.fields is not None:
            found.update(base.fields)
    for statement in cls.node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        name, annotation = statement.target.id, ast.unparse(statement.annotation)
        if "KW_ONLY" in annotation:
            kw_only = True
        elif "ClassVar" not in annotation:
            found[name] = _as_field(name, cls.namespace, kw_only, statement.annotation)
    return found


def _as_field(name: str, namespace: dict[str, Any], kw_only: bool, annotation: ast.expr) -> Field:
    """The field of an annotated name; the class keeps a default as an attribute, but not what `field` made."""
    given = namespace.get(name, REQUIRED)
    if not isinstance(given, Field):
        return Field(name, given, REQUIRED, True, kw_only, annotation)
    if given.default is REQUIRED:
        del namespace[name]
    else:
        namespace[name] = given.default
    return Field(name, given.default, given.default_factory, given.init, given.kw_only or kw_only, annotation)


def fields_of_value(value: Any) -> dict[str, Field] | None:
    """The fields of a dataclass or of an instance of one."""
    cls = value if isinstance(value, ClassValue) else getattr(value, "cls", None)
    if not isinstance(cls, ClassValue):
        return None
    return next((e.fields for e in cls.mro if isinstance(e, ClassValue) and e.fields is not None), None)


def _fields(m: Any, value: Any) -> Any:
    found = fields_of_value(value)
    return m.unknown("the fields of something that is no dataclass") if found is None else tuple(found.values())


def _is_dataclass(m: Any, value: Any) -> Any:
    return m.derived("is_dataclass", value) if isinstance(value, Unknown) else fields_of_value(value) is not None


def _asdict(m: Any, value: Any, **kwargs: Any) -> Any:
    found = fields_of_value(value)
    if found is None or not isinstance(value, Instance):
        return m.unknown("`asdict` of something that is no dataclass")
    return {name: _plain(m, m.get_attribute(value, name)) for name in found}


def _plain(m: Any, value: Any) -> Any:
    if isinstance(value, Instance) and fields_of_value(value) is not None:
        return _asdict(m, value)
    if type(value) in (list, tuple):
        return type(value)(_plain(m, v) for v in value)
    if isinstance(value, dict):
        return {k: _plain(m, v) for k, v in value.items()}
    return deep_copy(m, value)


def _replace(m: Any, value: Any, **changes: Any) -> Any:
    copied = shallow_copy(m, value)
    if isinstance(copied, Instance):
        copied.attributes.update(changes)
    return copied


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "dataclass": _dataclass, "field": _field, "fields": _fields, "is_dataclass": _is_dataclass, "asdict": _asdict,
    "replace": _replace,
}  # fmt: skip
DATACLASSES: dict[str, Any] = {n: HostFunction(n, function, takes_unknown=True) for n, function in _FUNCTIONS.items()}
DATACLASSES |= {"MISSING": REQUIRED, "KW_ONLY": None, "Field": Field}
