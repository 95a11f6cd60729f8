"""The interpreter: the parts put together."""

from __future__ import annotations

from typing import Any

from torchlint.dims.facts import Facts
from torchlint.interpreter.attributes import Attributes
from torchlint.interpreter.budget import Budget
from torchlint.interpreter.calls import Calls
from torchlint.interpreter.classes import Classes
from torchlint.interpreter.expressions import Expressions
from torchlint.interpreter.items import Items
from torchlint.interpreter.modules import Modules, World
from torchlint.interpreter.operators import Operators
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.statements import Statements
from torchlint.interpreter.stdlib.builtin import BUILTINS
from torchlint.interpreter.trace import Trace


class Interpreter(Attributes, Operators, Items, Classes, Calls, Expressions, Statements, Modules):
    """Runs the checked program on symbolic values; one instance is one pass."""

    def __init__(self, world: World, answers: Answers, budget: Budget, trace: Trace, facts: Facts) -> None:
        super().__init__(answers, budget, trace, facts)
        self.world = world
        world.machine = self

    def builtin(self, name: str) -> Any:
        """A builtin function, for those that build on another."""
        return BUILTINS[name]
