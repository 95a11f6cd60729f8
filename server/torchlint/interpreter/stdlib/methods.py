"""Methods of strings, lists, dicts and sets: the host's own, kept from growing without bound."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from torchlint.dims.expr import Expr, Size, product
from torchlint.interpreter.budget import MAX_COLLECTION, MAX_STRING, BudgetExhausted, check_width, extend
from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import State
from torchlint.interpreter.stdlib.builtin import Globals
from torchlint.interpreter.stdlib.mappings import Keys
from torchlint.values.errors import Undecided
from torchlint.values.rounds import has_rounds
from torchlint.values.tensor import Tensor, TorchSize
from torchlint.values.unknown import OpenKeywords, Unknown

_SPEC = re.compile(r"\{[^{}]*:([^{}]*)")
_STR = {
    "capitalize", "casefold", "count", "endswith", "find", "format", "index", "isalnum", "isalpha", "isdigit", "islower",
    "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace", "rfind", "rpartition", "rsplit",
    "rstrip", "split", "splitlines", "startswith", "strip", "title", "upper", "zfill", "isidentifier", "isnumeric", "swapcase",
}  # fmt: skip


def _append(m: Any, values: list[Any], item: Any) -> None:
    if len(values) >= MAX_COLLECTION:
        raise BudgetExhausted("collection size")
    values.append(item)


def _extend(m: Any, values: list[Any], items: Any) -> None:
    try:
        parts = list(islice(m.iterate_parts(items), MAX_COLLECTION + 1))
    except Undecided as undecided:
        values.append(m.unknown(str(undecided)))
        raise
    if has_rounds(parts):
        m.opened(values).extend(parts)
    else:
        extend(values, iter(parts))


def _insert(m: Any, values: list[Any], index: Any, item: Any) -> None:
    if isinstance(index, int):
        values.insert(index, item)


def _list_pop(m: Any, values: list[Any], index: Any = -1) -> Any:
    if not isinstance(index, int):
        return m.derived("pop", index)
    if not values and m.may_hold_more(values):
        return m.unknown("something unknown may have put more into it")
    try:
        return values.pop(index)
    except IndexError as error:
        raise m.raise_host(error) from None


def _sort(m: Any, values: list[Any], key: Any = None, reverse: Any = False) -> None:
    ordered = m.call_value(m.builtin("sorted"), (values,), {"key": key, "reverse": reverse})
    if isinstance(ordered, list):
        values[:] = ordered


def _remove(m: Any, values: list[Any], item: Any) -> None:
    for index, value in enumerate(values):
        if value is item or (not isinstance(value, (Unknown, Expr)) and value == item):
            del values[index]
            return
    raise m.raise_host(ValueError("list.remove(x): x not in list"))


def _index(m: Any, values: Any, item: Any, *bounds: Any) -> Any:
    for position, value in enumerate(values):
        if value is item or (not isinstance(value, Unknown) and value == item):
            return position
    if isinstance(item, (Unknown, Expr, Tensor)) or any(isinstance(v, (Unknown, Expr)) for v in values):
        return m.unknown("a list is searched for something unknown, or holds it")
    if m.may_hold_more(values):
        return m.unknown("something unknown may have put more into it")
    raise m.raise_host(ValueError("is not in list"))


def _get(m: Any, values: dict[Any, Any], key: Any, default: Any = None) -> Any:
    if isinstance(key, Unknown):
        return m.derived("get", key)
    if key not in values:
        m.filled(values, key)
    if key not in values and m.may_hold_more(values):
        return m.unknown("something unknown may have put it there")
    return values.get(key, default)


def _setdefault(m: Any, values: dict[Any, Any], key: Any, default: Any = None) -> Any:
    return m.derived("setdefault", key) if isinstance(key, Unknown) else values.setdefault(key, default)


def _update(m: Any, values: Any, *others: Any, **kwargs: Any) -> None:
    for other in others:
        if isinstance(other, Unknown):
            m.escape(values)
            if isinstance(values, State):
                values.open_ended = other.reason
            elif isinstance(values, dict):
                for key, value in list(values.items()):
                    if _is_replaceable(values, value):
                        values[key] = m.derived("item", other, key)
            continue
        other = getattr(other, "payload", other)
        if isinstance(other, (dict, set)) and isinstance(values, type(other)):
            values.update(other)
        elif isinstance(values, dict):
            values.update(dict(tuple(m.iterate(pair)) for pair in m.iterate(other)))
        else:
            values.update(m.iterate(other))
    if kwargs:
        values.update(kwargs)


def _is_replaceable(holder: dict[Any, Any], value: Any) -> bool:
    """Whether what is written to a dict from something unknown may come in the place of a value: to the names of a module,
    rarely in that of a function or a class."""
    return not isinstance(holder, Globals) or isinstance(value, (int, float, str, type(None)))


def _dict_pop(m: Any, values: dict[Any, Any], key: Any, *default: Any) -> Any:
    if isinstance(key, Unknown):
        return m.derived("pop", key)
    if isinstance(values, OpenKeywords):
        return values.pop(key, *default)
    if key not in values and not default and not (m.filled(values, key) and key in values):
        if m.may_hold_more(values):
            return m.unknown("something unknown may have put it there")
        raise m.raise_host(KeyError(key))
    return values.pop(key, *default)


def _fromkeys(m: Any, values: dict[Any, Any], keys: Any, value: Any = None) -> Any:
    return dict.fromkeys(m.iterate(keys), value)


def _all_of(view: Callable[[dict[Any, Any]], Any]) -> Callable[..., Any]:
    """A view of a dict, of which more than is known may be there where a caller may add to it."""

    def run(m: Any, values: dict[Any, Any]) -> Any:
        is_open = isinstance(values, OpenKeywords) and not values.is_listed
        if is_open:
            return m.unknown("the caller may give more arguments")
        seen = view(values)
        if m.may_hold_more(values):
            m.escape(seen)
        return seen

    return run


def _copy(m: Any, values: dict[Any, Any]) -> Any:
    if not isinstance(values, OpenKeywords):
        return values.copy()
    copied = values.others()
    copied.update(values)
    return copied


_SPECIAL: dict[str, Callable[..., Any]] = {
    "__getitem__": lambda m, v, key: m.get_item(v, key), "__setitem__": lambda m, v, key, new: m.set_item(v, key, new),
    "__delitem__": lambda m, v, key: m.delete_item(v, key), "__contains__": lambda m, v, item: m.compare(ast.In, item, v),
    "__len__": lambda m, v: len(v), "__iter__": lambda m, v: m.iterate(v),
}  # fmt: skip
"""What a subclass of a container asks of `super()`."""


def _join(m: Any, separator: str, parts: Any) -> Any:
    collected = list(m.iterate(parts))
    if any(not isinstance(p, str) for p in collected):
        return m.unknown("text is joined of something that is not known")
    if sum(map(len, collected)) + len(separator) * len(collected) > MAX_STRING:
        raise BudgetExhausted("text length")
    return separator.join(collected)


def _add(m: Any, values: set[Any], item: Any) -> None:
    if not isinstance(item, Unknown):
        values.add(item)


def _set_pop(m: Any, values: set[Any]) -> Any:
    """The only element; of several nobody knows which."""
    return values.pop() if len(values) < 2 else m.unknown("an element of a set is taken")


def _numel(m: Any, values: tuple[Size, ...]) -> Any:
    return product(values)


_LIST: dict[str, Callable[..., Any]] = {
    "append": _append, "extend": _extend, "insert": _insert, "pop": _list_pop, "sort": _sort, "remove": _remove,
    "index": _index, "copy": lambda m, v: list(v), "clear": lambda m, v: v.clear(), "reverse": lambda m, v: v.reverse(),
    "count": lambda m, v, x: v.count(x), "appendleft": lambda m, v, x: v.insert(0, x), "popleft": lambda m, v: v.pop(0),
}  # fmt: skip
_DICT: dict[str, Callable[..., Any]] = {
    "get": _get, "setdefault": _setdefault, "update": _update, "pop": _dict_pop, "keys": _all_of(Keys),
    "values": _all_of(lambda v: list(v.values())), "items": _all_of(lambda v: list(v.items())), "copy": _copy,
    "clear": lambda m, v: v.clear(), "popitem": lambda m, v, last=True: v.popitem(),
    "move_to_end": lambda m, v, k, last=True: None, "fromkeys": _fromkeys,
}  # fmt: skip


def _with_sets(name: str) -> Callable[..., Any]:
    """A method of sets that takes any iterables; nothing is known of the result if an element is unknown."""

    def run(m: Any, values: Any, *others: Any) -> Any:
        sets = [o if isinstance(o, (set, frozenset)) else m.make_set(list(m.iterate(o))) for o in others]
        unknown = next((s for s in sets if isinstance(s, Unknown)), None)
        return unknown if unknown is not None else getattr(values, name)(*sets)

    return run


_SET: dict[str, Callable[..., Any]] = {
    "add": _add, "update": _update, "copy": lambda m, v: v.copy(), "discard": lambda m, v, x: v.discard(x),
    "remove": lambda m, v, x: v.discard(x), "clear": lambda m, v: v.clear(), "pop": _set_pop,
}  # fmt: skip
for _name in (
    "union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint",
    "intersection_update", "difference_update",
):  # fmt: skip
    _SET[_name] = _with_sets(_name)
_TUPLE: dict[str, Callable[..., Any]] = {"index": _index, "count": lambda m, v, x: v.count(x)}
_NUMBER: dict[str, Callable[..., Any]] = {
    "is_integer": lambda m, v: float(v).is_integer(), "bit_length": lambda m, v: int(v).bit_length(),
}  # fmt: skip


def _text_method(text: str, name: str) -> Callable[..., Any]:
    """The method, unless its result would be too long."""
    method: Callable[..., Any] = getattr(text, name)
    if name == "format":
        for spec in _SPEC.findall(text):
            check_width(spec)
        return method

    def bounded(*args: Any) -> Any:
        grown = 0
        if name == "zfill":
            grown = args[0]
        elif name == "replace":
            grown = text.count(args[0]) * len(args[1])
        if grown > MAX_STRING:
            raise BudgetExhausted("text length")
        return method(*args)

    return bounded


class _HostMethods:
    """Looks methods of host values up."""

    def lookup(self, value: Any, name: str) -> HostFunction | None:
        """The bound method, or None."""
        if isinstance(value, str):
            if name == "join":
                return HostFunction(name, lambda m, parts: _join(m, value, parts), takes_unknown=True)
            return HostFunction(name, _text_method(value, name)) if name in _STR else None
        function = self._table(value).get(name)
        if function is None and isinstance(value, (list, dict, set)):
            function = _SPECIAL.get(name)
        if function is None:
            return None

        def bound(m: Any, *args: Any, **kwargs: Any) -> Any:
            return function(m, value, *args, **kwargs)

        bound.__wrapped__ = function  # type: ignore[attr-defined]
        return HostFunction(name, bound, takes_unknown=True)

    def _table(self, value: Any) -> dict[str, Callable[..., Any]]:
        if isinstance(value, list):
            return _LIST
        if isinstance(value, dict):
            return _DICT
        if isinstance(value, TorchSize):
            return {**_TUPLE, "numel": _numel}
        if isinstance(value, tuple):
            return _TUPLE
        if isinstance(value, (set, frozenset)):
            return _SET
        return _NUMBER if isinstance(value, (int, float)) else {}


HOST_METHODS = _HostMethods()
