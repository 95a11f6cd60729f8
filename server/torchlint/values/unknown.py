"""What cannot be known. An `Unknown` spreads through whatever uses it and is never reported; it remembers why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

from torchlint.dims.expr import Expr, Kind, symbol
from torchlint.values.dtype import DType


class Unknown:
    """A value about which nothing is known but why.

    `reason` completes the sentence "unknown since line 31: ..."; `place` is whatever the interpreter uses to point at source
    code; `key` identifies the opaque fact behind it: two unknowns with equal keys have equal values within one pass. One that
    `is_plain` is no module, and holds none: a number, a text, a tensor.
    """

    __slots__ = ("is_plain", "key", "place", "reason")

    def __init__(self, reason: str, place: object = None, key: object = None, is_plain: bool = False) -> None:
        self.reason = reason
        self.place = place
        self.key = key if key is not None else self
        self.is_plain = is_plain

    def __repr__(self) -> str:
        return f"Unknown({self.reason})"


class Unruled(Unknown):
    """A function of torch that has no rule, by its dotted name, or that method of `receiver`."""

    __slots__ = ("name", "receiver")

    def __init__(self, name: str, reason: str, place: object, key: object, is_plain: bool, receiver: object = None) -> None:
        super().__init__(reason, place, key, is_plain)
        self.name = name
        self.receiver = receiver


def negated(unknown: Unknown) -> Unknown:
    """`not unknown`."""
    return Unknown(unknown.reason, unknown.place, ("not", unknown.key), is_plain=True)


def same_among(values: Iterable[Any], unknown: Unknown) -> Unknown | None:
    """The one of the values that is the same unknown fact."""
    return next((v for v in values if isinstance(v, Unknown) and (v is unknown or v.key == unknown.key)), None)


class Derived:
    """The key of what an operation made of others, whose keys are among `parts`.

    A plain tuple would be hashed and compared as the tree that it spells out, which doubles with every value that is used
    twice; here each part is hashed once, and two keys that were found equal share their parts from then on. For the same reason
    it is known from the beginning whether the key `is_masked`.
    """

    __slots__ = ("_hash", "is_masked", "parts")

    def __init__(self, *parts: Hashable) -> None:
        self.parts = parts
        self.is_masked = any(is_masked(part) for part in parts)
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Derived) or self._hash != other._hash:
            return False
        if self.parts is not other.parts:
            if self.parts != other.parts:
                return False
            other.parts = self.parts
        return True


def is_masked(key: Hashable, depth: int = 16) -> bool:
    """Whether a key is that of what was computed from under a mask, whose shape would be known without it."""
    if isinstance(key, Derived):
        return key.is_masked
    if not isinstance(key, tuple) or not key:
        return False
    return key[0] == "masked" or (depth > 0 and any(is_masked(part, depth - 1) for part in key))


class SomeNumber(Unknown):
    """A float of which only that is known: `dim**-0.5`, `math.sqrt(d_k)`. A tensor that it scales keeps its shape. `dtype` is
    that of a scalar of numpy's, None for a float of Python's."""

    __slots__ = ("dtype",)

    dtype: DType | None

    @classmethod
    def of(cls, unknown: Unknown, dtype: DType | None = None) -> SomeNumber:
        """The same unknown value, now known to be a float."""
        made = cls(unknown.reason, unknown.place, unknown.key, is_plain=True)
        made.dtype = dtype
        return made


class SomeException(Unknown):
    """An exception of torch's: its class is known, what it says is not."""

    __slots__ = ("raises",)

    raises: type[Exception]

    @classmethod
    def of(cls, unknown: Unknown, kind: type[Exception]) -> SomeException:
        """The same unknown value, now known to be an exception of that class."""
        made = cls(unknown.reason, unknown.place, unknown.key, is_plain=True)
        made.raises = kind
        return made


class SomeInteger(Unknown):
    """A whole number of which only that is known: the class of a sample. `dtype` is as of `SomeNumber`."""

    __slots__ = ("dtype",)

    dtype: DType | None

    @classmethod
    def of(cls, unknown: Unknown, dtype: DType | None = None) -> SomeInteger:
        """The same unknown value, now known to be an int."""
        made = cls(unknown.reason, unknown.place, unknown.key, is_plain=True)
        made.dtype = dtype
        return made


class Given(Unknown):
    """An argument of which only that is known: it is not None."""

    __slots__ = ()


GIVEN = object()
"""Stands for anything but None, where a value of an argument is chosen."""


class Likely(Unknown):
    """What is not known but most probably is `value`: the default of an environment variable. Conditions on it are asked with
    that answer first."""

    __slots__ = ("value",)

    def __init__(self, value: Any, unknown: Unknown) -> None:
        super().__init__(unknown.reason, unknown.place, unknown.key, is_plain=True)
        self.value = value


class Free(Unknown):
    """An argument that a caller of the class chooses and that has no default; what it is shows only when it is used.

    Used as a size it is one symbol of kind PARAMETER, the same each time; an attribute of it (`cfg.hidden`) or an element
    (`layers[0]`) is Free again; used as anything else it is Unknown.
    """

    __slots__ = ("_attributes", "_items", "_size", "is_called", "name")

    def __init__(self, name: str, place: object = None, key: object = None) -> None:
        super().__init__(f"`{name}` is chosen by the caller", place, ("argument", name) if key is None else key)
        self.name = name
        self.is_called = False
        self._size: Expr | None = None
        self._attributes: dict[str, Free] = {}
        self._items: dict[int, Free] = {}

    @property
    def size(self) -> Expr:
        """The size that it stands for."""
        if self._size is None:
            self._size = symbol(self.name, Kind.PARAMETER)
        return self._size

    def size_for(self, parameter: str) -> Expr:
        """The size that it stands for, where an operation's parameter asks for one."""
        return self.size

    @property
    def is_size(self) -> bool:
        """Whether it was used as one."""
        return self._size is not None

    def attribute(self, name: str) -> Free:
        """What `self.name` reads: the same value each time."""
        if name not in self._attributes:
            self._attributes[name] = Free(f"{self.name}.{name}", self.place)
        return self._attributes[name]

    def item(self, index: int) -> Free:
        """What `self[index]` reads: the same value each time."""
        if index not in self._items:
            self._items[index] = Free(f"{self.name}[{index}]", self.place)
        return self._items[index]


class Hole(Free):
    """`...` where a size belongs: the number that fits is to be found. Read as anything but a size it is Python's Ellipsis.

    Its size is one symbol of kind HOLE wherever the value goes; the first parameter that asks for it names it. `names` counts
    the names that holes of the pass have.
    """

    __slots__ = ("_names",)

    def __init__(self, place: object, names: Counter[str]) -> None:
        super().__init__("...", place, object())
        self.reason = "`...` stands for a size"
        self._names = names

    @property
    def found(self) -> Expr | None:
        """The size, if anything asked for it."""
        return self._size

    @property
    def size(self) -> Expr:
        return self.size_for("size")

    def size_for(self, parameter: str) -> Expr:
        if self._size is None:
            self._names[parameter] += 1
            self.name = parameter if self._names[parameter] == 1 else f"{parameter}_{self._names[parameter]}"
            self._size = symbol(self.name, Kind.HOLE, minimum=0 if "padding" in parameter else 1)
        return self._size


def without_holes(index: Any) -> Any:
    """An index with Ellipsis where `...` is written."""
    if isinstance(index, tuple):
        return tuple(... if isinstance(part, Hole) else part for part in index)
    return ... if isinstance(index, Hole) else index


class Chosen(dict[str, Unknown]):
    """What the caller of a call that nobody wrote chooses for what is required, the same each time: a size, perhaps, where
    a module is made; an input where `is_input`, which is more often a tensor."""

    def __init__(self, is_input: bool = False) -> None:
        super().__init__()
        self.is_input = is_input

    def __missing__(self, name: str) -> Unknown:
        made = Unknown(f"`{name}` is given by the caller", None, ("input", name)) if self.is_input else Free(name)
        return self.setdefault(name, made)


class OpenKeywords(dict[str, Any]):
    """The `**kwargs` of a call that nobody wrote: it may hold more than was seen.

    What a callee requires of it is the caller's free choice; what has a default keeps it. One that `is_listed` seems to hold no
    more to whom lists it: a function that makes a model of its defaults.
    """

    def __init__(self, chosen: Chosen | None = None, is_listed: bool = False) -> None:
        super().__init__()
        self.chosen = Chosen() if chosen is None else chosen
        self.is_listed = is_listed

    def others(self) -> OpenKeywords:
        """An empty one, to which the same may be added."""
        return OpenKeywords(self.chosen, self.is_listed)

    def __missing__(self, name: str) -> Unknown:
        return self.chosen[name]

    def pop(self, name: str, *default: Any) -> Any:
        """As of a dict, but what is missing and has no default is chosen."""
        return super().pop(name, *default) if name in self or default else self[name]


class OpenArguments(tuple[Any, ...]):
    """The `*args` of a call that nobody wrote: it may hold more than was seen. `chosen` is as of `OpenKeywords`."""

    chosen: Chosen

    def __new__(cls, values: tuple[Any, ...], chosen: Chosen) -> OpenArguments:
        made = super().__new__(cls, values)
        made.chosen = chosen
        return made
