"""The interpreter: the parts put together."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from torchlint.dims.facts import Facts
from torchlint.interpreter.arrays import ARRAYS
from torchlint.interpreter.attributes import Attributes
from torchlint.interpreter.budget import Budget
from torchlint.interpreter.calls import Calls
from torchlint.interpreter.classes import Classes
from torchlint.interpreter.expressions import Expressions
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.items import Items
from torchlint.interpreter.modules import Modules, World
from torchlint.interpreter.objects import Lazy, Namespace, Raised
from torchlint.interpreter.operators import Operators
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.places import Unit
from torchlint.interpreter.statements import Statements
from torchlint.interpreter.stdlib.builtin import BUILTINS
from torchlint.interpreter.stdlib.library import LIBRARY
from torchlint.interpreter.trace import Trace
from torchlint.source.torch_words import lacks_public, layers_lack, tensors_lack


def argument_text(arguments: str) -> str:
    """The source of the call that `Interpreter.call_with_text` makes."""
    return f"target({arguments})"


class Interpreter(Attributes, Operators, Items, Classes, Calls, Expressions, Statements, Modules):
    """Runs the checked program on symbolic values; one instance is one pass."""

    def __init__(self, world: World, answers: Answers, budget: Budget, trace: Trace, facts: Facts) -> None:
        super().__init__(answers, budget, trace, facts)
        self.world = world
        world.machine = self

    def read_on(self, module: Namespace) -> bool:
        return self.world.read_on(module)

    def standin(self, name: str) -> Namespace:
        """What stands for a module that is not read."""
        return self.world.standin(name)

    def knows_arrays(self) -> bool:
        return ARRAYS in self.world.namespaces

    def patched(self) -> dict[tuple[type, str], Any]:
        return self.world.patched

    def is_installed(self, name: str) -> bool | None:
        """Whether a module of that name can be imported; None where nobody knows."""
        if name.split(".")[0] in LIBRARY:
            return True
        return self.world.finder.is_installed(name)

    def asks_torch(self) -> bool:
        """Whether torch may be asked what a function without a rule gives."""
        return self.world.asks_torch

    def installed_version(self, distribution: str) -> str | None:
        """The version of what is installed under that name, or ""; None where nobody knows."""
        return self.world.finder.version(distribution)

    def torch_lacks(self, name: str, where: str = "") -> bool:
        path = self.world.finder.find("torch")
        if path is None or not path.endswith("__init__.py"):
            return False
        folder = path.removesuffix("__init__.py")
        lack = {"layers": layers_lack, "tensors": tensors_lack}.get(where, lacks_public)
        return lack(folder, name)

    def evaluate_annotation(self, node: ast.expr, frame: Frame) -> Any:
        """The value of an annotation, quotes taken off; Unknown where it says nothing."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                node = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                return self.unknown("an annotation does not parse")
        was_quiet, self.is_quiet = self.is_quiet, True
        try:
            return self.evaluate(node, frame)
        except Raised:
            return self.unknown("an annotation could not be read")
        finally:
            self.is_quiet = was_quiet

    def import_named(self, name: str) -> Any:
        """The module of an absolute dotted name, or something else where there is none."""
        module = self.import_module(name, Frame(Unit("", name, 1, False), Namespace("", {})))
        return module.load() if isinstance(module, Lazy) else module

    def call_with_text(self, callee: Any, arguments: str, namespace: Namespace, names: Mapping[str, Any]) -> Any:
        """Call a value with arguments given as source text, read in a module's scope and with the given names besides."""
        text = argument_text(arguments)
        unit = Unit(namespace.path or namespace.name, text, 1, False)
        node = ast.parse(text, mode="eval").body
        return self.evaluate(node, Frame(unit, namespace, names={**names, "target": callee}))

    def builtin(self, name: str) -> Any:
        return BUILTINS[name]
