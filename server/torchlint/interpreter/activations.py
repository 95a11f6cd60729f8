"""Runs of functions: which call of a checked file led to which, so that a failure in one can be held against others."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torchlint.interpreter.places import Place
from torchlint.values.module import Module


class Activation:
    """One run of a function of a checked file.

    `place` is the call in a checked file that led to it (None where no call of the program did), in `statement`; `caller` the
    run that the call stands in; `module` the module whose method it is. It `has_failed` once an operation has in it.
    """

    __slots__ = ("caller", "function", "has_failed", "module", "place", "statement")

    def __init__(
        self,
        function: ast.AST,
        caller: Activation | None,
        place: Place | None,
        statement: ast.stmt | None,
        module: Module | None,
    ) -> None:
        self.function = function
        self.caller = caller
        self.place = place
        self.statement = statement
        self.module = module
        self.has_failed = False

    def outwards(self) -> Iterator[Activation]:
        """The run and those that it came from, innermost first."""
        run: Activation | None = self
        while run is not None:
            yield run
            run = run.caller
