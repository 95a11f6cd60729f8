"""One dummy forward pass: what it is given, what it saw, and the budget that ends it."""

from __future__ import annotations

import ast
import copy
import re
import sys
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from torchlint.dims.facts import Facts, using
from torchlint.interpreter.budget import Budget, BudgetExhausted
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.interpreter import Interpreter
from torchlint.interpreter.modules import World
from torchlint.interpreter.objects import Raised
from torchlint.interpreter.paths import Answers, Question
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import ModuleCall, Trace
from torchlint.interpreter.uncaught import note_uncaught
from torchlint.values.dtype import int64
from torchlint.values.errors import without_frames
from torchlint.values.module import Module
from torchlint.values.runtime import installed
from torchlint.values.tensor import InputTensor, Tensor

_SPATIAL = re.compile(r"(?:Conv|ConvTranspose|Pool)([123])d$")
_LOADING_SECONDS = 2.0
_RECURSION_LIMIT = 5_000
"""Frames of the host: a call of the program takes about ten, and `budget.MAX_DEPTH` ends the program first."""


@dataclass(eq=False)
class Pass:
    """One finished pass. `raised` is what the program raised, if it did; `inputs` are by parameter name of `forward`.

    `calls_to_build` are the first of the trace's module calls: those that the constructor made (to see what a backbone gives).
    `by_chance` are the statements of a script that fail on some of its paths only. `machine` is what ran it, for questions that
    are asked of its values afterwards, `measured` what these found.
    """

    trace: Trace
    answers: Answers
    facts: Facts
    model: Any = None
    inputs: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    calls_to_build: int = 0
    raised: Raised | None = None
    by_chance: frozenset[ast.stmt] = frozenset()
    machine: Any = None
    measured: dict[int, Any] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed."""
        return not self.trace.failures and self.raised is None

    def survivors(self) -> set[ast.stmt]:
        """The statements that ran without a failure in them.

        Where an optional input was given of which nothing is known, what was computed from under it, a mask, shows nothing.
        """
        ran = self.trace.visited - {f.statement for f in self.trace.failures if f.statement is not None}
        given = any(_is_given(key, question) for key, question in self.answers.asked.items())
        return ran - self.trace.unjudged if given else ran

    def shown(self) -> set[ast.stmt]:
        """The survivors that show something: those that ran with what is known."""
        return self.survivors() - (self.trace.blind - self.trace.sighted)

    @property
    def is_plausible(self) -> bool:
        """Whether people have such inputs: ids (of words, of users) come in any number, so nothing may fix how many."""
        for value in self.inputs.values():
            if isinstance(value, InputTensor) and value.is_decided and value.dtype is int64 and value.shape:
                number = self.facts.resolve(value.shape[0])
                if value.is_inferred and isinstance(number, int) and number != 1:
                    return False
        return True

    @property
    def batchless_at(self) -> int | None:
        """How many operations worked before a layer got a single sample, which it takes but models feed with batches."""
        if not any(isinstance(v, InputTensor) and v.is_inferred for v in self.inputs.values()):
            return None
        return next((call.before for call in self.trace.module_calls if _lacks_batch(call)), None)

    @property
    def progress(self) -> int:
        """How many operations worked before the first that did not."""
        before = self.trace.steps_before_failure
        return self.trace.progress if before is None else before


def run_pass(world: World, answers: Answers, seconds: float, body: Callable[[Interpreter, Pass], None]) -> Pass:
    """One pass: `body` does the work; budgets and what the program raises end it, and are noted."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION_LIMIT))
    trace, facts = Trace(), Facts()
    machine = Interpreter(world, answers, Budget(seconds=seconds), trace, facts)
    facts.source = machine.here
    result = Pass(trace, answers, facts, machine=machine)
    with using(facts), installed(machine):
        try:
            body(machine, result)
        except Raised as raised:
            result.raised = without_frames(raised)
            note_uncaught(machine, raised, is_script=False)
        except BudgetExhausted as exhausted:
            trace.exhausted, trace.exhausted_at = exhausted.resource, _checked_place(machine)
        except RecursionError:
            trace.exhausted, trace.exhausted_at = "recursion depth", _checked_place(machine)
    facts.source = None  # nothing is assumed any more, and it would hold the machine, which holds the facts
    machine.budget = Budget(seconds=_LOADING_SECONDS)  # for definitions that are first asked for after the pass
    return result


def part_of(one: Pass, call: int) -> Pass:
    """What a pass saw of one of its module calls, as the pass of that module."""
    trace = copy.copy(one.trace)
    ran = trace.module_calls[call]
    module = ran.module
    inside = {id(inner.module) for inner in (ran, *trace.module_calls[ran.inner])}
    trace.costs = {key: cost for key, cost in trace.costs.items() if key in inside}
    trace.gaps = trace.gaps[ran.gaps]
    trace.failures = [failure for failure in trace.failures if module in failure.owners]
    raised = None if ran.ended else one.raised
    return Pass(
        trace,
        one.answers,
        one.facts,
        module,
        _arguments(one, module),
        ran.output,
        call,
        raised,
        machine=one.machine,
        measured=one.measured,
    )


def _arguments(one: Pass, module: Module) -> dict[str, Any]:
    """What the `forward` of a module of the program was given last, by parameter name."""
    found, forward, _ = module.interpreted_class.lookup("forward")
    if not found or not isinstance(forward, FunctionValue):
        return {}
    given = one.trace.seen.get((forward.unit, module), {}).get(forward.node.args, {})
    return {name: value for name, value in given.items() if value is not module}


def _is_given(key: Hashable, question: Question) -> bool:
    return isinstance(key, tuple) and key[0] == "optional" and question.options[question.taken] == "given"


def _lacks_batch(call: ModuleCall) -> bool:
    if call.module.interpreted_class is not None or not call.inputs or not isinstance(call.inputs[0], Tensor):
        return False
    spatial = _SPATIAL.search(call.module.type_name)
    if spatial is not None:
        return call.inputs[0].ndim == int(spatial[1]) + 1
    return getattr(call.module, "batch_first", False) is True and call.inputs[0].ndim == 2


def _checked_place(machine: Interpreter) -> Place | None:
    """Where the program was, in a checked file."""
    sites = [*machine.stack, *([machine.site] if machine.site is not None else [])]
    return next((Place(s.frame.unit, s.node) for s in reversed(sites) if s.frame.unit.checked), None)
