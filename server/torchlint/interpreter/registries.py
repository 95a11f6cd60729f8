"""Registries: dictionaries and sets of modules that other modules fill while they are imported.

Modules are read when something of them is used, but Python runs them when they are imported. The difference shows where a
module registers what it defines: `@register_model def resnet50()` fills a dictionary of another module. So a look-up that
fails in a dictionary which was made empty by module-level code first reads the modules that were imported and not read yet
and that could have filled it: those that define something of the key's name or quote the key, and that use a name by which
the dictionary is reached: its own, or that of a function that writes to it (`_ways_to`).

A checked file runs on its own, while others import it as a module: of two that register the same, only one is seen. So what it
has put into the dictionaries of others as a module is taken out before it runs, and comes back when the next file is checked.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue, Instance, Namespace
from torchlint.source.document import DecodeError
from torchlint.source.finder import Finder, absolute_name
from torchlint.source.outline import Definition
from torchlint.source.texts import Texts

_IMPORT = re.compile(r"^(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]+)|import[ \t]+([^\n#]+))", re.MULTILINE)
_NAME = re.compile(r"\w+")
_ABSENT = object()


class Registries:
    """The dictionaries and sets that modules made empty, and the modules that were imported and may fill them.

    `read` reads a module by its path and dotted name, for the module at another path; those of the packages `unread` never are.
    """

    def __init__(self, finder: Finder, texts: Texts, read: Callable[[str, str, str], object], unread: frozenset[str]) -> None:
        self._finder = finder
        self._texts = texts
        self._read = read
        self.is_told = True  # False while imports are followed that Python does not run
        self._unread = unread
        self._holders: WeakValueDictionary[int, Namespace] = WeakValueDictionary()  # by the ids of their containers
        self._imported: dict[str, str] = {}  # path -> dotted name
        self._sources: dict[str, _Source] = {}
        self._fruitless: WeakKeyDictionary[Namespace, set[tuple[int, str, int]]] = WeakKeyDictionary()
        self._entries: WeakKeyDictionary[Namespace, dict[tuple[int, Any], str]] = WeakKeyDictionary()  # and who made them
        self._changed: list[tuple[dict[Any, Any], Any, Any]] = []  # by the checked file: entries, and what they were before
        self._main = ""

    def note_container(self, container: Any, holder: Namespace) -> None:
        """Module-level code has made an empty dictionary or set."""
        holder.made_empty[id(container)] = container
        self._holders[id(container)] = holder

    def begin(self, path: str) -> None:
        """The checked file runs: without what another one, or the same before, has left in the dictionaries of modules."""
        self._restore()
        self._main = os.path.realpath(path)
        for holder, entries in list(self._entries.items()):
            for (number, key), origin in entries.items():
                container = holder.made_empty.get(number)
                if origin == self._main and isinstance(container, dict) and key in container:
                    self._changed.append((container, key, container.pop(key)))

    def _restore(self) -> None:
        for container, key, before in reversed(self._changed):
            if before is _ABSENT:
                container.pop(key, None)
            else:
                container[key] = before
        self._changed.clear()

    @contextmanager
    def reading(self, path: str) -> Iterator[None]:
        """While a module is read: without what the checked file has registered, if it is the same file."""
        if os.path.realpath(path) != self._main:
            yield
            return
        registered = [(container, key, container[key]) for container, key, _ in self._changed if key in container]
        self._restore()
        try:
            yield
        finally:
            self.begin(self._main)
            for container, key, value in registered:
                self._changed.append((container, key, container.get(key, _ABSENT)))
                container[key] = value

    def note_entry(self, container: Any, key: Any, writer: Namespace) -> None:
        """The statements of a module are about to write to a dictionary."""
        holder = self._holders.get(id(container))
        if holder is None or holder is writer or not isinstance(container, dict):
            return
        if writer.name == "__main__":
            self._changed.append((container, key, container.get(key, _ABSENT)))
        elif writer.path is not None:
            self._entries.setdefault(holder, {})[id(container), key] = os.path.realpath(writer.path)

    def note_import(self, path: str, name: str) -> None:
        """A module was imported, and is not read before something of it is used."""
        if self.is_told:
            self._imported.setdefault(path, name)

    def has_imported(self, path: str) -> bool:
        """Whether an import statement that ran has named the module."""
        return path in self._imported

    def fill(self, container: Any, key: object) -> bool:
        """Read what could have registered `key` in the container; whether anything was read."""
        key = key.name if isinstance(key, (FunctionValue, ClassValue)) else key
        holder = self._holders.get(id(container))
        if holder is None or not isinstance(key, str) or not key:
            return False
        attempt, fruitless = (id(container), key, len(self._imported)), self._fruitless.setdefault(holder, set())
        if attempt in fruitless:
            return False
        ways = _ways_to(container, holder) | {holder.name.rpartition(".")[2]}
        every = [(path, name) for path, name in self._reachable(holder) if self._mentions(path, key, holder, ways)]
        found = [(path, name) for path, name in every if os.path.realpath(path) != self._main]
        if len(found) == len(every):  # nobody registers the key whenever it is looked for
            fruitless.add(attempt)
        for path, name in found:
            self._read(path, name, holder.path or "")
        return bool(found)

    def _mentions(self, path: str, key: str, holder: Namespace, ways: set[str]) -> bool:
        source = self._source(path)
        if source is None or path == holder.path or key not in source.text or not source.defines_or_quotes(key):
            return False
        return not source.names.isdisjoint(ways)

    def _reachable(self, holder: Namespace) -> Iterator[tuple[str, str]]:
        """The imported modules, and what those of the holder's own package import in turn."""
        package = holder.name.partition(".")[0]
        waiting = dict(self._imported)
        seen: set[str] = set()
        while waiting:
            path = next(iter(waiting))
            name = waiting.pop(path)
            seen.add(path)
            yield path, name
            source = self._source(path) if name.partition(".")[0] == package else None
            if source is not None:
                for found in source.imports(self._finder, path):
                    if found[0] not in seen and found[1].partition(".")[0] not in self._unread:
                        waiting.setdefault(*found)

    def _source(self, path: str) -> _Source | None:
        if path not in self._sources:
            try:
                self._sources[path] = _Source(self._texts.read(path).text)
            except (OSError, DecodeError):
                return None
        return self._sources[path]


def _ways_to(container: Any, holder: Namespace) -> set[str]:
    """Names of the module through which another one can write to the container: its own, that of an object or class which
    holds it, that of such an object's class, and functions that speak of one of these; all of them if it has no name."""
    names: set[str] = set()
    for name, value in holder.members.items():
        if value is container or any(part is container for part in _parts(value)):
            names.add(name)
            names.update([value.cls.name] if isinstance(value, Instance) else [])
    if not names:
        return set(holder.members)
    spoken = re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")
    for _, definition in holder.pieces:
        runs_when_used = definition.kind == "function" or "__init_subclass__" in definition.text
        if definition.name and runs_when_used and spoken.search(_written(definition)):
            names.add(definition.name)
    return names


def _written(definition: Definition) -> str:
    """The part of a definition that may run while other modules are imported: a function, or a class's `__init_subclass__`."""
    if definition.kind == "function":
        return definition.text
    hook = re.search(r"^(\s*)def __init_subclass__.*?(?=^\1\S|\Z)", definition.text, re.MULTILINE | re.DOTALL)
    return hook[0] if hook else ""


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Instance):
        return value.attributes.values()
    return value.namespace.values() if isinstance(value, ClassValue) else ()


class _Source:
    """The text of a module, the names in it, and the modules that it imports."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._names: set[str] | None = None
        self._imports: list[tuple[str, str]] | None = None

    @property
    def names(self) -> set[str]:
        if self._names is None:
            self._names = set(_NAME.findall(self.text))
        return self._names

    def defines_or_quotes(self, key: str) -> bool:
        """Whether the text has a function or class of that name, or the name between quotes."""
        word = re.escape(key)
        return re.search(rf"[\"']{word}[\"']|\b(?:def|class)[ \t]+{word}\b", self.text) is not None

    def imports(self, finder: Finder, path: str) -> list[tuple[str, str]]:
        """Paths and dotted names of the modules that the text imports, as far as they are found.

        Indented imports belong to functions, to type checkers or to a choice.
        """
        if self._imports is None:
            names: dict[str, None] = {}
            for source, parts, plain in _IMPORT.findall(self.text):
                if plain:
                    names.update(dict.fromkeys(part.split()[0] for part in plain.split(",") if part.strip()))
                    continue
                base = absolute_name(source, path)
                if base is None:
                    continue
                names[base] = None
                names.update({f"{base}.{part}": None for part in _NAME.findall(parts)})
            found = ((finder.find(name, path), name) for name in names)
            self._imports = [(where, name) for where, name in found if where is not None]
        return self._imports
