"""What the protocol's structures have in common: made from their fields, read from JSON and written to it.

Their fields are annotations, which are only looked at when a structure is read; so a hundred classes load in no time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from typing_extensions import dataclass_transform
else:

    def dataclass_transform(**_: bool) -> Any:
        return lambda cls: cls


_HUMP = re.compile(r"_(\w)")
T = TypeVar("T")


@dataclass_transform(eq_default=False)
class Structure:
    """An object of the protocol. A field that is None is left out of the JSON."""

    _fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._fields = (*cls._fields, *cls.__annotations__)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        vars(self).update(zip(self._fields, args), **kwargs)
        for name in self._fields:
            if not hasattr(self, name):
                raise TypeError(f"{type(self).__name__} needs `{name}`")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


@cache
def json_name(name: str) -> str:
    """A field as the protocol writes it: `textDocument`; a word of Python has a line behind it here (`from_`)."""
    return _HUMP.sub(lambda found: found[1].upper(), name.rstrip("_"))


def written(value: Any) -> Any:
    """As JSON."""
    if isinstance(value, Structure):
        fields = ((name, getattr(value, name)) for name in value._fields)
        return {json_name(name): written(field) for name, field in fields if field is not None}
    if isinstance(value, dict):
        return {name: written(field) for name, field in value.items()}
    if isinstance(value, (list, tuple)):
        return [written(item) for item in value]
    return value


def read(kind: type[T], value: Any) -> T:
    """A structure from JSON. Raises TypeError where something is missing or of another kind."""
    found: T = _read(kind, value)
    return found


def _read(kind: Any, value: Any) -> Any:
    if kind is Any:
        return value
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        kinds = get_args(kind)
        if value is None and NoneType in kinds:
            return None
        first = next(k for k in kinds if k is not NoneType)
        return _read(first, value) if len(kinds) - (NoneType in kinds) == 1 else value
    if origin is Sequence:
        if not isinstance(value, list):
            raise TypeError(f"a list is expected, not {value!r}")
        (inner,) = get_args(kind)
        return [_read(inner, item) for item in value]
    if isinstance(kind, type) and issubclass(kind, Structure):
        if not isinstance(value, dict):
            raise TypeError(f"a {kind.__name__} is expected, not {value!r}")
        structure: Any = kind
        given = ((name, hint, value.get(key)) for name, key, hint in _hints(structure))
        return kind(**{name: _read(hint, field) for name, hint, field in given if field is not None})
    if kind in (str, int, bool) and not isinstance(value, kind):
        raise TypeError(f"a value of type {kind.__name__} is expected, not {value!r}")
    return value


@cache
def _hints(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((name, json_name(name), hints[name]) for name in kind._fields)
