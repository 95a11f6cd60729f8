"""Methods of lists whose length is a symbol. What is not listed here makes nothing known of the list any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.values.errors import Undecided
from torchlint.values.rounds import Series, item_of, without_first, without_last

_READ = {"index", "count"}


def _append(m: Any, parts: list[Any], item: Any) -> None:
    parts.append(item)


def _extend(m: Any, parts: list[Any], items: Any) -> None:
    parts.extend(m.iterate_parts(items))


def _insert(m: Any, parts: list[Any], index: Any, item: Any) -> None:
    if index != 0:
        raise Undecided("an element is put into a list at a place that is not known")
    parts.insert(0, item)


def _pop(m: Any, parts: list[Any], index: Any = -1) -> Any:
    if type(index) is not int or index not in (0, -1):
        raise Undecided("an element is taken from a list at a place that is not known")
    item = item_of(parts, index)
    parts[:] = without_first(parts, 1) if index == 0 else without_last(parts, 1)
    return item


_METHODS: dict[str, Callable[..., Any]] = {
    "append": _append, "extend": _extend, "insert": _insert, "pop": _pop, "clear": lambda m, parts: parts.clear(),
    "copy": lambda m, parts: Series(parts),
}  # fmt: skip


def series_method(series: Series, name: str) -> Any:
    """The method, bound; None for one that is not modelled."""
    if name in _READ or series.parts is None or (name.startswith("__") and name.endswith("__")):
        return None
    method = _METHODS.get(name)
    if method is None or series.kind is not list:
        series.spoil(f"`{name}` of a list whose length is a symbol")
        return None

    def run(m: Any, *args: Any, **kwargs: Any) -> Any:
        if series.parts is None:
            raise Undecided(series.reason)
        try:
            return method(m, series.parts, *args, **kwargs)
        except Undecided as undecided:
            series.spoil(str(undecided))
            raise

    return HostFunction(name, run, takes_unknown=True)
