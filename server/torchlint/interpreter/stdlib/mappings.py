"""Views of dictionaries, and the methods that `collections.abc` adds to a class that is a mapping."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import Instance, Raised
from torchlint.values.unknown import Unknown


class Keys(list[Any]):
    """What `keys()` gives, as of when it was asked for: a list that can be combined as a set."""

    def __or__(self, other: Iterable[Any]) -> set[Any]:
        return set(self) | set(other)

    def __and__(self, other: Iterable[Any]) -> set[Any]:
        return set(self) & set(other)

    def __sub__(self, other: Iterable[Any]) -> set[Any]:
        return set(self) - set(other)

    def __xor__(self, other: Iterable[Any]) -> set[Any]:
        return set(self) ^ set(other)

    __ror__, __rand__, __rxor__ = __or__, __and__, __xor__

    def __rsub__(self, other: Iterable[Any]) -> set[Any]:
        return set(other) - set(self)


def _get(m: Any, self: Instance, key: Any, default: Any = None) -> Any:
    try:
        return m.get_item(self, key)
    except Raised as raised:
        if raised.type is KeyError:
            return default
        raise


def _contains(m: Any, self: Instance, key: Any) -> Any:
    found = _get(m, self, key, _contains)
    return found if isinstance(found, Unknown) else found is not _contains


def _items(m: Any, self: Instance) -> list[Any]:
    return [(key, m.get_item(self, key)) for key in m.iterate(self)]


def _pop(m: Any, self: Instance, key: Any, *default: Any) -> Any:
    found = _get(m, self, key, *default) if default else m.get_item(self, key)
    if _contains(m, self, key) is True:
        m.delete_item(self, key)
    return found


def _setdefault(m: Any, self: Instance, key: Any, default: Any = None) -> Any:
    if _contains(m, self, key) is False:
        m.set_item(self, key, default)
    return m.get_item(self, key)


def _update(m: Any, self: Instance, other: Any = (), **more: Any) -> None:
    keys = m.find_method(other, "keys")
    pairs = other.items() if isinstance(other, dict) else _items(m, other) if keys is not None else m.iterate(other)
    for pair in (*pairs, *more.items()):
        key, value = m.iterate(pair)
        m.set_item(self, key, value)


_MAPPING: dict[str, Callable[..., Any]] = {
    "keys": lambda m, self: Keys(m.iterate(self)), "values": lambda m, self: [value for _, value in _items(m, self)],
    "items": _items, "get": _get, "__contains__": _contains, "pop": _pop, "setdefault": _setdefault, "update": _update,
}  # fmt: skip
_CHANGING = ("pop", "setdefault", "update")


def mapping_method(value: Instance, name: str) -> HostFunction | None:
    """A method that a class has because it derives from `Mapping` or `MutableMapping`, bound; None where there is none."""
    function = _MAPPING.get(name)
    bases = {"MutableMapping"} if name in _CHANGING else {"Mapping", "MutableMapping"}
    if function is None or not any(
        isinstance(base, HostFunction) and base.name in bases for cls in value.cls.mro for base in getattr(cls, "bases", ())
    ):
        return None
    return HostFunction(name, lambda m, *a, **k: function(m, value, *a, **k), takes_unknown=True)
