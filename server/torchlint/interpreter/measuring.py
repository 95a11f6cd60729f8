"""What is asked of the data of a pass when it is over: code of the program runs once more, and leaves no trace in the pass."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from torchlint.dims.facts import using
from torchlint.interpreter.budget import Budget, BudgetExhausted
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import ClassValue, Instance, Raised
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.standins import path_of
from torchlint.interpreter.trace import Trace
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.runtime import installed
from torchlint.values.unknown import Unknown

_SECONDS = 0.1  # for each question
_MODULE = "torch.utils.data"
M = TypeVar("M")


class Epoch(NamedTuple):
    """What a loader gives: `count` samples in `steps` batches of `size` (None: one by one), and `batch`, a whole one of them.

    Each may be Unknown. `drops` says whether a smaller last batch is left out.
    """

    count: Any
    size: Any
    drops: Any
    steps: Any
    batch: Any


class Samples(NamedTuple):
    """What a data set has: its length and one sample, each of which may be Unknown."""

    count: Any
    sample: Any


def is_loader(value: Instance) -> bool:
    """Whether it is a `DataLoader` of torch, or of a class that derives from it."""
    return _derives(value, "DataLoader")


def is_dataset(value: Instance) -> bool:
    """Whether it is a `Dataset` of torch, or of a class that derives from it."""
    return _derives(value, "Dataset")


def epoch_of(loader: Instance, one: Pass) -> Epoch:
    """What one epoch of a loader is; asked once in a pass."""
    return _once(one, loader, _epoch)


def samples_of(dataset: Instance, one: Pass) -> Samples:
    """How long a data set is, and what a sample of it is; asked once in a pass."""
    return _once(one, dataset, _samples)


def _once(one: Pass, value: Instance, measure: Callable[[Instance, Pass], M]) -> M:
    if id(value) not in one.measured:
        one.measured[id(value)] = (value, measure(value, one))
    found: M = one.measured[id(value)][1]
    return found


def _epoch(loader: Instance, one: Pass) -> Epoch:

    def ask(machine: Machine, name: str, *args: Any) -> Any:
        return machine.call_value(machine.get_attribute(loader, name), args, {})

    given = loader.attributes
    size = _afterwards(one, lambda machine: ask(machine, "_size"))
    count = _afterwards(one, lambda machine: ask(machine, "_count"))
    steps = _afterwards(one, lambda machine: ask(machine, "__len__"))
    batch = _afterwards(one, lambda machine: ask(machine, "_batch", size))
    return Epoch(count, size, given.get("drop_last"), steps, batch)


def _samples(dataset: Instance, one: Pass) -> Samples:
    def length(machine: Machine) -> Any:
        method = machine.find_method(dataset, "__len__")
        return machine.unknown("the data set has no `__len__`") if method is None else machine.call_value(method, (), {})

    def sample(machine: Machine) -> Any:
        if _derives(dataset, "IterableDataset"):
            return next(machine.iterate(dataset), None)
        return machine.get_item(dataset, 0)

    return Samples(_afterwards(one, length), _afterwards(one, sample))


def _derives(value: Instance, name: str) -> bool:
    bases = (base for base in value.cls.mro if isinstance(base, ClassValue))
    return any(base.name == name and base.unit.path == path_of(_MODULE) for base in bases)


def _afterwards(one: Pass, ask: Callable[[Machine], Any]) -> Any:
    """What `ask` finds; Unknown where the program raises, or takes too long."""
    machine: Machine = one.machine
    kept = machine.trace, machine.answers, machine.budget, machine.site, machine.stack
    machine.trace, machine.budget, machine.site, machine.stack = Trace(), Budget(seconds=_SECONDS), None, []
    machine.answers = Answers({key: question.taken for key, question in kept[1].asked.items()})
    try:
        with one.facts.trying(), using(one.facts), installed(machine):
            return ask(machine)
    except Raised as raised:
        return Unknown(f"the code raises {raised.type_name}")
    except BudgetExhausted as exhausted:
        return Unknown(f"the budget of {exhausted.resource} is used up")
    except (Undecided, ShapeError, RecursionError) as error:
        return Unknown(str(error) or "the code could not be followed")
    finally:
        machine.trace, machine.answers, machine.budget, machine.site, machine.stack = kept
