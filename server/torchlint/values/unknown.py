"""What cannot be known. An `Unknown` spreads through whatever uses it and is never reported; it remembers why."""

from __future__ import annotations

from torchlint.dims.expr import Expr, Kind, symbol


class Unknown:
    """A value about which nothing is known but why.

    `reason` completes the sentence "unknown since line 31: ..."; `place` is whatever the interpreter uses to point at source
    code; `key` identifies the opaque fact behind it: two unknowns with equal keys have equal values within one pass.
    """

    __slots__ = ("key", "place", "reason")

    def __init__(self, reason: str, place: object = None, key: object = None) -> None:
        self.reason = reason
        self.place = place
        self.key = key if key is not None else self

    def __repr__(self) -> str:
        return f"Unknown({self.reason})"


class Free(Unknown):
    """An argument that a caller of the class chooses and that has no default; what it is shows only when it is used.

    Used as a size it is one symbol of kind PARAMETER, the same each time; an attribute of it is Free again (`cfg.hidden`);
    used as anything else it is Unknown.
    """

    __slots__ = ("_attributes", "_size", "name")

    def __init__(self, name: str, place: object = None) -> None:
        super().__init__(f"`{name}` is chosen by the caller", place)
        self.name = name
        self._size: Expr | None = None
        self._attributes: dict[str, Free] = {}

    @property
    def size(self) -> Expr:
        """The size that it stands for."""
        if self._size is None:
            self._size = symbol(self.name, Kind.PARAMETER)
        return self._size

    def attribute(self, name: str) -> Free:
        """What `self.name` reads: the same value each time."""
        if name not in self._attributes:
            self._attributes[name] = Free(f"{self.name}.{name}", self.place)
        return self._attributes[name]
