"""Values that only the interpreter makes: classes, instances and modules of the checked program.

Everything else is represented by itself: numbers, strings, tuples, lists, dicts and sets are host objects (with checked values
inside), `int` and `ValueError` are the host's classes, an `nn.Linear` is a `LayerType`.
"""

from __future__ import annotations

import ast
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.places import Unit
from torchlint.ops.registry import LayerType
from torchlint.source.outline import Definition
from torchlint.values.code import Code
from torchlint.values.module import Module
from torchlint.values.signature import REQUIRED
from torchlint.values.unknown import Unknown

if TYPE_CHECKING:
    from torchlint.interpreter.frames import Frame

_COMPARED = (tuple, list, dict, set, str, int, float)


class Field:
    """A field of a dataclass; `default` and `default_factory` are REQUIRED where there is none."""

    __slots__ = ("annotation", "default", "default_factory", "init", "kw_only", "name")

    def __init__(
        self, name: str, default: Any, default_factory: Any, init: bool, kw_only: bool, annotation: ast.expr | None = None
    ) -> None:
        self.name = name
        self.annotation = annotation
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.kw_only = kw_only

    @property
    def has_default(self) -> bool:
        """Whether an instance can be made without it."""
        return self.default is not REQUIRED or self.default_factory is not REQUIRED


class GeneratedInit:
    """The constructor that `dataclass` makes for a class."""

    __slots__ = ("cls",)

    def __init__(self, cls: ClassValue) -> None:
        self.cls = cls


MroEntry = typing.Union["ClassValue", type]


class ClassValue(Code):
    """A class of the checked program.

    `mro` ends in host classes (`Module` and the layers below it, `dict`, `Exception`, ...; never `object`). `open_ended`
    says why
    it may have members that were not seen, or is None. `scope` is where its body ran.
    """

    python_type = "type"
    __slots__ = (
        "bases",
        "fields",
        "host_base",
        "members",
        "metaclass",
        "mro",
        "name",
        "namespace",
        "node",
        "open_ended",
        "scope",
        "unit",
    )

    def __init__(self, name: str, bases: list[Any], namespace: dict[str, Any], scope: Frame, node: ast.ClassDef) -> None:
        self.name = name
        self.bases = bases
        self.namespace = namespace
        self.scope = scope
        self.unit = scope.unit
        self.node = node
        self.open_ended: str | None = None
        self.fields: dict[str, Field] | None = None  # of a dataclass, inherited ones first
        self.members: dict[str, Any] | None = None  # of an enum
        self.metaclass: ClassValue | None = None
        self.mro: list[MroEntry] = _linearize(self, [base for base in bases if base is not object])
        self.host_base: type = object
        for entry in self.mro:
            if isinstance(entry, type):
                self.host_base = entry
                break
        for base in bases:
            if isinstance(base, Unknown):
                self.open_ended = base.reason
            elif isinstance(base, ClassValue) and base.open_ended:
                self.open_ended = base.open_ended
            elif isinstance(base, HostFunction) and base.name not in _TRANSPARENT_BASES:
                self.open_ended = f"its base `{base.name}` is not followed"

    @property
    def is_module(self) -> bool:
        """Whether it derives from `nn.Module`."""
        return issubclass(self.host_base, Module)

    def lookup(self, name: str) -> tuple[bool, Any, MroEntry | None]:
        """(found, value, where) along the method resolution order; host classes give their plain functions and values."""
        return lookup_in(self.mro, name)

    def __repr__(self) -> str:
        return f"<class {self.name}>"


_TRANSPARENT_BASES = {
    "Generic",
    "Protocol",
    "Callable",
    "Iterable",
    "MutableMapping",
    "Collection",
    "Container",
    "Generator",
    "Sequence",
    "Mapping",
    "Iterator",
    "Hashable",
    "Sized",
}


def lookup_in(mro: list[MroEntry], name: str) -> tuple[bool, Any, MroEntry | None]:
    """Look a name up along (part of) a method resolution order."""
    for entry in mro:
        namespace: Mapping[str, Any] = entry.namespace if isinstance(entry, ClassValue) else vars(entry)
        if name in namespace:
            return True, namespace[name], entry
    return False, None, None


def _linearize(cls: ClassValue, bases: list[Any]) -> list[MroEntry]:
    """The C3 order; inconsistent hierarchies fall back to depth first."""
    sequences: list[list[MroEntry]] = []
    direct: list[MroEntry] = []
    for base in bases:
        if isinstance(base, ClassValue):
            sequences.append(list(base.mro))
            direct.append(base)
        elif isinstance(base, LayerType):
            sequences.append([c for c in base.cls.__mro__ if c is not object])
            direct.append(base.cls)
        elif isinstance(base, type):
            sequences.append([c for c in base.__mro__ if c is not object])
            direct.append(base)
    sequences.append(direct)
    order: list[MroEntry] = [cls]
    sequences = [s for s in sequences if s]
    while sequences:
        head = next((s[0] for s in sequences if not any(s[0] in other[1:] for other in sequences)), sequences[0][0])
        order.append(head)
        sequences = [[entry for entry in s if entry is not head] for s in sequences]
        sequences = [s for s in sequences if s]
    return order


class State(dict[str, Any]):
    """The attributes of an object, which is what its `__dict__` gives; `open_ended` says why there may be more, or is None."""

    open_ended: str | None = None


class Instance:
    """An object of a class of the checked program that is no module; `payload` is its host part (a dict for `class
    C(dict)`)."""

    __slots__ = ("attributes", "cls", "is_doubtful", "payload")

    def __init__(self, cls: ClassValue, payload: Any = None) -> None:
        self.is_doubtful = False  # something that nobody can decide took part in how it was made
        self.cls = cls
        self.attributes = State()
        self.payload = payload

    @property
    def open_ended(self) -> str | None:
        """Why it may have attributes that were not seen, or None."""
        return self.attributes.open_ended

    @open_ended.setter
    def open_ended(self, reason: str) -> None:
        self.attributes.open_ended = reason

    def __repr__(self) -> str:
        return f"<{self.cls.name} object>"


class Super:
    """What `super()` gives: look-ups that start behind `after` in the receiver's order."""

    __slots__ = ("after", "receiver", "receiver_class")

    def __init__(self, after: MroEntry, receiver: Any, receiver_class: ClassValue) -> None:
        self.after = after
        self.receiver = receiver
        self.receiver_class = receiver_class

    @property
    def rest(self) -> list[MroEntry]:
        """What comes after the class in the receiver's order."""
        mro = self.receiver_class.mro
        return mro[mro.index(self.after) + 1 :] if self.after in mro else []

    @property
    def host_base(self) -> type:
        """The class of torch's, or of Python's own, whose methods it gives."""
        if isinstance(self.after, ClassValue):
            return self.receiver_class.host_base
        return next((entry for entry in self.rest if isinstance(entry, type)), object)


class Namespace:
    """A Python module: `members` of its own, and `resolve` for names that are made when they are asked for.

    `typing_only` is what stands under `if TYPE_CHECKING`, `typed` the names that it makes once somebody asks. `pieces` are its
    text, if it was read, `waiting` those that have not run yet; `is_doubtful` says that something which nobody can decide
    took part in what it defines; `is_partial` that some of its code could not be run, which may define more.
    `made_empty` are dictionaries and sets that other modules may fill, by their ids; `read` is what the nodes of a checked
    definition were worth when it was read, which is done once, by the pass that first asks for it.
    """

    __slots__ = (
        "__weakref__", "is_doubtful", "is_partial", "made_empty", "members", "name", "path", "pieces", "read", "resolve",
        "typed", "typing_only", "waiting",
    )  # fmt: skip
    python_type = "module"

    def __init__(
        self, name: str, members: dict[str, Any], resolve: Callable[[str], Any] | None = None, path: str | None = None
    ) -> None:
        self.name = name
        self.members = members
        self.resolve = resolve
        self.path = path
        self.is_partial = False
        self.typing_only: list[tuple[Unit, list[ast.stmt]]] = []
        self.typed: Namespace | None = None
        self.pieces: Sequence[tuple[Unit, Definition]] = ()
        self.waiting: Sequence[tuple[Unit, Definition]] = ()
        self.is_doubtful = False
        self.made_empty: dict[int, Any] = {}
        self.read: dict[Unit, dict[ast.AST, Any]] = {}

    def names(self) -> set[str]:
        """Its names, with those that `from module import *` gives it."""
        found: set[str] = set()
        waiting, seen = [self], set[int]()
        while waiting:
            one = waiting.pop()
            if id(one) not in seen:
                seen.add(id(one))
                found.update(one.members)
                waiting += [m for star in one.members.get("__star__", ()) if isinstance(m := star.module(), Namespace)]
        return found - {"__star__"}

    def __repr__(self) -> str:
        return f"<module {self.name}>"


class NamedTuple(tuple[Any, ...]):
    """An instance of a namedtuple class; `fields` are the names."""

    fields: tuple[str, ...]
    cls: Any

    def __new__(cls, owner: Any, fields: tuple[str, ...], values: tuple[Any, ...]) -> NamedTuple:
        made = super().__new__(cls, values)
        made.fields = fields
        made.cls = owner
        return made


class Union(tuple[Any, ...]):
    """What `int | str` makes: the types, in order; None stands for its type."""


class NamedTupleType:
    """A class made by `collections.namedtuple` or `typing.NamedTuple`."""

    __slots__ = ("defaults", "fields", "name")

    def __init__(self, name: str, fields: tuple[str, ...], defaults: dict[str, Any]) -> None:
        self.name = name
        self.fields = fields
        self.defaults = defaults


class Lazy:
    """A definition or import that nobody has asked for yet."""

    __slots__ = ("_make", "is_loading")

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self.is_loading = False

    def load(self) -> Any:
        """The value, which may be lazy itself no longer; asked for while it is being made, it is Unknown."""
        if self.is_loading:
            return Unknown("a definition depends on itself")
        self.is_loading = True
        try:
            value = self._make()
            while isinstance(value, Lazy):
                value = value.load()
            return value
        finally:
            self.is_loading = False


class Raised(Exception):
    """The checked program raises: `value` is the exception object, `place` where, `steps` the calls on the way there, the last
    of which is the place itself. `is_stated` says that a `raise` or `assert` of the program raises it, not Python."""

    def __init__(
        self,
        value: Any,
        type_: Any,
        place: Any,
        certain_message: str = "",
        steps: tuple[Any, ...] = (),
        is_stated: bool = False,
    ) -> None:
        super().__init__(certain_message)
        self.value = value
        self.type = type_
        self.place = place
        self.message = certain_message
        self.steps = steps
        self.is_stated = is_stated

    @property
    def type_name(self) -> str:
        """The name of the exception's class."""
        return str(getattr(self.type, "__name__", None) or getattr(self.type, "name", "an exception"))


def host_part(value: Any) -> Any:
    """What a value compares by that has no methods for that: of an object of a class that derives from `tuple`, the tuple."""
    return value.payload if isinstance(value, Instance) and isinstance(value.payload, _COMPARED) else value


def equal_key(container: Iterable[Any], item: Any) -> Any:
    """The key of a dict or set that is equal to an item which only one of both is an object for: a member of an enumeration of
    texts is equal to its text. None if there is none."""
    is_object = isinstance(item, Instance)
    others = (key for key in container if isinstance(key, Instance) is not is_object)
    return next((key for key in others if host_part(key) == host_part(item)), None)
