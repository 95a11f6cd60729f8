"""Lists, dicts and sets that something unknown has got hold of: it may have put more into them than was seen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from torchlint.interpreter.objects import Instance

_DEPTH = 3
_MOST_PARTS = 64


class Escaped:
    """The containers that were given to what could not be followed. What is known to be in them still is."""

    def __init__(self) -> None:
        self._held: dict[int, Any] = {}  # the container is kept, so that its id stays its own

    def __contains__(self, container: object) -> bool:
        return id(container) in self._held

    def add(self, values: Iterable[Any], depth: int = _DEPTH) -> None:
        """Note the containers among the values, and those that they hold."""
        for value in values:
            parts: Iterable[Any] = ()
            if isinstance(value, Instance):
                parts = value.attributes.values()
            elif isinstance(value, (list, dict, set, tuple)):
                parts = value.values() if isinstance(value, dict) else value
            if isinstance(value, (list, dict, set)):
                if value in self:
                    continue
                self._held[id(value)] = value
            if depth:
                self.add(islice(parts, _MOST_PARTS), depth - 1)
