"""Which construction of a module breaks what the code of its class requires, where that is why an operation fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from torchlint.dims.expr import evaluate
from torchlint.dims.relation import Relation, holds
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.values.module import Module
from torchlint.values.signature import REQUIRED


class Breach(NamedTuple):
    """The call `place` that makes the module with these arguments, against what the code of its class requires."""

    place: Place
    module: Module
    required: Relation
    arguments: dict[str, int]


def breach(failure: Failure, one: Pass, alone: Mapping[str, Exploration]) -> Breach | None:
    """The outermost construction that breaks, where the operation fails, a condition that its class alone asks for there.

    A class tells its conditions by the pass in which the caller chooses what has no default; so nothing is said where the
    construction replaces a default.
    """
    if failure.error.rule == "contract-violated":
        return None
    for module in failure.owners:
        cls, built = module.interpreted_class, one.trace.built.get(module)
        exploration = alone.get(cls.name) if cls is not None else None
        if cls is None or built is None or exploration is None or not isinstance(module.created, Place):
            continue
        tells = exploration.symbolic
        model = tells.model
        if not tells.is_clean or not isinstance(model, Module) or model.interpreted_class is not cls or _asks(tells):
            continue
        _, init, _ = cls.lookup("__init__")
        if not isinstance(init, FunctionValue) or _replaces_default(init, built):
            continue
        numbers = {name: value for name, value in built.items() if type(value) is int}
        for required, source in exploration.contract:
            names = {symbol: symbol.name for symbol in required.symbols()}
            if not _is_there(source, failure) or not numbers.keys() >= set(names.values()):
                continue
            values = {symbol: numbers[name] for symbol, name in names.items()}
            if not holds(evaluate(required.left, values), required.op, evaluate(required.right, values)):
                given = {name: number for name, number in numbers.items() if name in names.values()}
                return Breach(module.created, module, required, given)
    return None


def _asks(one: Pass) -> bool:
    return any(not question.is_input for question in one.answers.asked.values())


def _replaces_default(init: FunctionValue, given: Mapping[str, object]) -> bool:
    parameters = init.signature.without_first().parameters
    defaults = {p.name: p.default for p in parameters if p.default is not REQUIRED}
    return any(name in given and given[name] is not default for name, default in defaults.items())


def _is_there(source: object, failure: Failure) -> bool:
    """Whether the condition is asked for by the line that fails."""
    return isinstance(source, Place) and source.unit == failure.place.unit and source.row == failure.place.row
