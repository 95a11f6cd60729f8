"""Lists, dicts, sets and half-made modules that something unknown has got hold of: it may have put more into them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from torchlint.interpreter.objects import Instance

CONTAINERS = (list, dict, set)
_DEPTH = 3
_MOST_PARTS = 64


class Escaped:
    """The containers and modules that were given to what could not be followed. What is known to be in them still is."""

    def __init__(self) -> None:
        self._held: dict[int, Any] = {}  # the container is kept, so that its id stays its own

    def __contains__(self, container: object) -> bool:
        return id(container) in self._held

    def add(self, values: Iterable[Any], kinds: tuple[type, ...] = CONTAINERS, depth: int = _DEPTH) -> None:
        """Note those of the kinds among the values, and those that they hold."""
        for value in values:
            parts: Iterable[Any] = ()
            if isinstance(value, Instance):
                parts = value.attributes.values()
            elif isinstance(value, (list, dict, set, tuple)):
                parts = value.values() if isinstance(value, dict) else value
            if isinstance(value, kinds):
                if value in self:
                    continue
                self._held[id(value)] = value
            if depth:
                self.add(islice(parts, _MOST_PARTS), kinds, depth - 1)
