"""Scopes: where a name is looked up while a function, a class body or a module runs."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torchlint.interpreter.annotations import Sizes
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue, Lazy, Namespace
from torchlint.interpreter.places import Unit

MISSING = object()


class Frame:
    """One running scope.

    `enclosing` is the scope that names are looked up in next (class bodies are skipped, as Python does). `receiver` is the
    first argument of a method, for `super()`. `seen` is where the trace notes what the nodes that run here are worth.
    """

    __slots__ = (
        "annotated_sizes",
        "declared_global",
        "enclosing",
        "function",
        "is_class",
        "is_doubtful",
        "is_endless",
        "lacks_argument",
        "methods",
        "module",
        "names",
        "on_yield",
        "receiver",
        "result",
        "seen",
        "statement",
        "unit",
        "yields",
    )

    def __init__(
        self,
        unit: Unit,
        module: Namespace,
        enclosing: Frame | None = None,
        function: FunctionValue | None = None,
        names: dict[str, Any] | None = None,
    ) -> None:
        self.unit = unit
        self.module = module
        self.enclosing = enclosing
        self.function = function
        self.names: dict[str, Any] = {} if names is None else names
        self.is_class = False
        self.methods: list[FunctionValue] = []  # that the body of a class defines, whatever decorators make of them
        self.lacks_argument = False  # one of the function's arguments was None
        self.is_doubtful = False  # something that nobody can decide took part in how it came here
        self.receiver: Any = None
        self.result: Any = None
        self.seen: dict[ast.AST, Any] | None = enclosing.seen if enclosing is not None else None
        self.yields: Any = None  # so far, of a generator: a list, or a Series
        self.on_yield: Callable[[Any], None] | None = None  # of a context: runs the block that it is around
        self.is_endless = False  # the generator was left in a loop without an end
        self.annotated_sizes: Sizes | None = None  # what names in the annotations of the function stand for
        self.statement: ast.stmt | None = None  # the one that runs
        self.declared_global: dict[str, dict[str, Any]] | None = None  # name -> the names it is written to

    @property
    def owner(self) -> ClassValue | None:
        """The class whose method runs here (or around here), for zero-argument `super()`."""
        frame: Frame | None = self
        while frame is not None:
            if frame.function is not None and frame.function.owner is not None:
                return frame.function.owner
            frame = frame.enclosing
        return None

    def method_frame(self) -> Frame | None:
        """The nearest frame, from here outwards, that runs a method."""
        frame: Frame | None = self
        while frame is not None:
            if frame.function is not None and frame.function.owner is not None:
                return frame
            frame = frame.enclosing
        return None

    def lookup(self, name: str) -> Any:
        """The value, or MISSING; a `Lazy` definition is loaded and kept."""
        frame: Frame | None = self
        while frame is not None:
            names = frame.names
            if name in names:
                value = names[name]
                if isinstance(value, Lazy):
                    value = value.load()
                    names[name] = value
                return value
            frame = frame.enclosing
        members = self.module.members
        if name in members:
            value = members[name]
            if isinstance(value, Lazy):
                value = value.load()
                members[name] = value
            return value
        if "__star__" in members and self.module.resolve is not None:
            found = self.module.resolve(name)
            if found is not None:
                members[name] = found
                return found
        return MISSING

    def visible_names(self) -> list[str]:
        """The names that can be used here, the nearest first."""
        found: list[str] = []
        frame: Frame | None = self
        while frame is not None:
            found += frame.names
            frame = frame.enclosing
        return [*found, *(name for name in self.module.members if not name.startswith("__"))]

    def doubt(self) -> None:
        """Note that what has run here depends on something that nobody can decide."""
        frame: Frame | None = self
        while frame is not None and frame.function is self.function:
            frame.is_doubtful = True
            frame = frame.enclosing

    def store(self, name: str, value: Any) -> None:
        """Bind the name here, or where `global` or `nonlocal` said."""
        if self.declared_global is not None and name in self.declared_global:
            self.declared_global[name][name] = value
        else:
            self.names[name] = value

    def declare(self, names: list[str], everywhere: bool) -> None:
        """A `global` (everywhere) or `nonlocal` statement."""
        targets = self.declared_global = self.declared_global or {}
        for name in names:
            target = self.module.members
            frame = None if everywhere else self.enclosing
            while frame is not None:
                if name in frame.names:
                    target = frame.names
                    break
                frame = frame.enclosing
            targets[name] = target
