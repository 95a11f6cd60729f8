"""What running scopes lead to, as it was at one moment: names, attributes, lists, dictionaries and the parts of modules.

Functions and classes are not looked into, nor are the modules of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import BoundMethod, Partial
from torchlint.interpreter.objects import Instance
from torchlint.ops.containers import Container
from torchlint.values.errors import Undecided
from torchlint.values.module import HIDDEN, Module
from torchlint.values.rounds import Rounds, Series

ABSENT = object()
_MOST = 50_000


class Change(NamedTuple):
    """An entry of a table that is no longer what it was; `owner` is the module or object whose it is, or the scope."""

    table: dict[Any, Any]
    name: Any
    old: Any
    new: Any
    owner: Any


class Growth(NamedTuple):
    """What was appended to a sequence that had `before`: a Container or the parts of a Series, or a list that is not open yet
    for parts which are Rounds."""

    sequence: Any
    before: list[Any]
    added: list[Any]
    is_open: bool


class Heap:
    """A copy of every table and list that can be reached from scopes or other values; the values themselves are not copied.

    `became` has the series that stand in the places of lists since something of a symbolic length was appended to them, by the
    ids of the lists.
    """

    def __init__(self, roots: Iterable[Any], became: Mapping[int, Series]) -> None:
        self._became = became
        self.tables: dict[int, tuple[dict[Any, Any], dict[Any, Any], Any]] = {}
        self.lists: dict[int, tuple[list[Any], list[Any]]] = {}
        self.sets: dict[int, tuple[set[Any], set[Any]]] = {}
        self.containers: dict[int, tuple[Container, list[Any]]] = {}
        self.series: dict[int, Series] = {}  # by the id of their parts
        self._seen: dict[int, Any] = {}
        waiting = list(roots)
        while waiting:
            value = waiting.pop()
            if id(value) not in self._seen:
                waiting.extend(self._note(value))
                if len(self._seen) > _MOST:
                    raise Undecided("a loop has too much before it")

    def __contains__(self, value: object) -> bool:
        return id(value) in self._seen

    def _note(self, value: Any) -> Iterable[Any]:
        if isinstance(value, Frame):
            self._seen[id(value)] = value
            return (*self._table(value.names, value), *(() if value.yields is None else (value.yields,)))
        if isinstance(value, Module):
            self._seen[id(value)] = value
            if isinstance(value, Container) and "_modules" in vars(value):
                self._seen[id(value._modules)] = value._modules
                self.containers[id(value)] = (value, value.parts)
                return (*value.parts, *self._table(vars(value), value))
            return self._table(vars(value), value)
        if isinstance(value, Instance):
            self._seen[id(value)] = value
            return (*self._table(value.attributes, value), value.payload)
        if isinstance(value, (dict, list, set, tuple, Series, Rounds, BoundMethod, Partial)):
            return self._parts(value)
        return ()

    def _parts(self, value: Any) -> Iterable[Any]:
        self._seen[id(value)] = value
        if isinstance(value, dict):
            return self._table(value, None)
        if isinstance(value, list):
            self.lists[id(value)] = (value, list(value))
            return value
        if isinstance(value, set):
            self.sets[id(value)] = (value, set(value))
            return value
        if isinstance(value, Series):
            if value.parts is None:
                return ()
            self.series[id(value.parts)] = value
            return (value.parts,)
        if isinstance(value, Rounds):
            return value.items
        if isinstance(value, BoundMethod):
            return (value.receiver,)
        return (value.args, value.kwargs) if isinstance(value, Partial) else tuple(value)

    def _table(self, table: dict[Any, Any], owner: Any) -> Iterable[Any]:
        self.tables[id(table)] = (table, dict(table), owner)
        parts = list(table.values())
        if isinstance(owner, Module):  # its registries are its own
            for name in ("_parameters", "_buffers", "_modules"):
                registry = table.get(name)
                if isinstance(registry, dict) and id(registry) not in self._seen:
                    self._seen[id(registry)] = registry
                    parts.extend(self._table(registry, owner))
        return parts

    def changes(self) -> Iterator[Change]:
        """The entries of tables that are other than they were, with new and lost ones."""
        for table, before, owner in self.tables.values():
            if len(table) == len(before) and all(table.get(name, ABSENT) is old for name, old in before.items()):
                continue
            for name in [*before, *(name for name in table if name not in before)]:
                old, new = before.get(name, ABSENT), table.get(name, ABSENT)
                if old is new or (isinstance(owner, Module) and name in HIDDEN) or self._became.get(id(old)) is new:
                    continue
                yield Change(table, name, old, new, owner)

    def growths(self) -> list[Growth] | None:
        """What was appended to sequences; None where one was changed otherwise, or a set."""
        found: list[Growth] = []
        for sequence, now, before in self._sequences():
            if len(now) < len(before) or any(a is not b for a, b in zip(now, before)):
                return None
            if len(now) > len(before):
                is_open = sequence is not now or id(now) in self.series
                found.append(Growth(sequence, before, now[len(before) :], is_open))
        return None if any(now != before for now, before in self.sets.values()) else found

    def _sequences(self) -> Iterator[tuple[Any, list[Any], list[Any]]]:
        for values, before in self.lists.values():
            series = self._became.get(id(values))
            if series is not None and series.parts is not None:
                self.series[id(series.parts)] = series
                yield series.parts, series.parts, before
            else:
                yield values, values, before
        yield from ((container, container.parts, before) for container, before in self.containers.values())

    def _changed(self) -> Iterator[Any]:
        for sequence, now, before in self._sequences():
            if len(now) != len(before) or any(a is not b for a, b in zip(now, before)):
                yield sequence

    def changed_lists(self) -> list[list[Any]]:
        """The lists that have other elements than they had."""
        return [values for values in self._changed() if isinstance(values, list) and id(values) not in self.series]

    def changed_series(self) -> list[Series]:
        """The series that have other parts than they had."""
        return [self.series[id(values)] for values in self._changed() if id(values) in self.series]

    def changed_containers(self) -> list[Container]:
        """The containers that have other children than they had."""
        return [container for container in self._changed() if isinstance(container, Container)]

    def restore(self) -> None:
        """Make everything what it was."""
        for table, entries, _ in self.tables.values():
            if len(table) != len(entries) or any(table.get(name, ABSENT) is not old for name, old in entries.items()):
                table.clear()
                table.update(entries)
        for values, before in self.lists.values():
            values[:] = before
        for members, kept in self.sets.values():
            members.clear()
            members.update(kept)
        for container, parts in self.containers.values():
            if len(container.parts) != len(parts) or any(a is not b for a, b in zip(container.parts, parts)):
                container.fill(parts)

    def put(self, old: Any, new: Any) -> None:
        """Put a value in the place of another wherever that stands."""
        for table, _, _ in self.tables.values():
            for name, value in table.items():
                if value is old:
                    table[name] = new
        for values, _ in self.lists.values():
            for index, value in enumerate(values):
                if value is old:
                    values[index] = new
        for frame in self._seen.values():
            if isinstance(frame, Frame) and frame.yields is old:
                frame.yields = new
