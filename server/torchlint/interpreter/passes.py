"""Dummy forward passes: of a class on its own, of a script, with every choice that nobody has made explored by replay."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from torchlint.dims.expr import Expr, Kind, Size, Symbol, symbols_of
from torchlint.dims.facts import Facts, using
from torchlint.interpreter.budget import Budget, BudgetExhausted
from torchlint.interpreter.inputs import InputMaker, constructor_arguments, forward_arguments
from torchlint.interpreter.interpreter import Interpreter
from torchlint.interpreter.modules import Piece, World
from torchlint.interpreter.objects import ClassValue, Lazy, Namespace, Raised
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Trace
from torchlint.source.document import Document
from torchlint.values.dtype import int64
from torchlint.values.module import Module, named_modules
from torchlint.values.runtime import installed
from torchlint.values.tensor import InputTensor, Shape, Tensor
from torchlint.values.unknown import Unknown

_INPUT_PASSES = 16
_PATH_PASSES = 16
_PATHS_TO_MEND = 4
_LEAST_SECONDS = 0.2
_LOADING_SECONDS = 2.0


@dataclass(eq=False)
class Pass:
    """One finished pass. `raised` is what the program raised, if it did; `inputs` are by parameter name of `forward`."""

    trace: Trace
    answers: Answers
    facts: Facts
    model: Any = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    output: Any = None
    raised: Raised | None = None

    @property
    def is_clean(self) -> bool:
        """Whether nothing failed."""
        return not self.trace.failures and self.raised is None

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
    def progress(self) -> int:
        """How many operations worked before the first that did not."""
        before = self.trace.steps_before_failure
        return self.trace.progress if before is None else before


@dataclass(eq=False)
class Exploration:
    """Every pass of one thing; `main` is the one to show. `settled` says that its input is one that works, or was given."""

    main: Pass
    passes: list[Pass]
    settled: bool


Runner = Callable[[Answers, dict[tuple[str, int], int], float], Pass]
"""Runs one pass with the given answers, the sizes put in for axes of inputs, and the seconds that are left."""


class Explorer:
    """Runs one thing again and again with other answers, within a budget."""

    def __init__(self, run: Runner, seconds: float, max_paths: int) -> None:
        self._run = run
        self._deadline = time.monotonic() + seconds
        self._max_paths = min(max_paths, _PATH_PASSES)

    def explore(self) -> Exploration:
        """Settle the input first, then follow the other paths with that input (only one path at most is wanted: the first)."""
        tried = self._settle()
        clean = next((p for p in tried if p.is_clean and p.is_plausible), None)
        main = clean or max([p for p in tried if not p.is_clean] or tried, key=lambda p: p.progress)
        input_answers = {k: q.taken for k, q in main.answers.asked.items() if q.is_input}
        passes = self._follow_paths(main, input_answers) if self._max_paths > 1 or not main.is_clean else [main]
        if not main.is_clean:
            main = next((p for p in passes if p.is_clean), main)
        witnessed = self._with_witness(main) if main.is_clean else None
        if witnessed is not None:
            passes.insert(0, witnessed)
            main = witnessed
        return Exploration(main, passes, main.is_clean)

    def _left(self) -> float:
        return max(self._deadline - time.monotonic(), _LEAST_SECONDS)

    def _settle(self) -> list[Pass]:
        tried: list[Pass] = []
        queue: list[dict[Hashable, int]] = [{}]
        seen: set[frozenset[tuple[Hashable, int]]] = set()
        while queue and len(tried) < _INPUT_PASSES and (not tried or time.monotonic() < self._deadline):
            fixed = queue.pop(0)
            mark = frozenset(fixed.items())
            if mark in seen:
                continue
            seen.add(mark)
            result = self._run(Answers(fixed), {}, self._left())
            tried.append(result)
            if result.is_clean and result.is_plausible:
                break
            about_dtype = bool(result.trace.failures) and result.trace.failures[0].error.rule == "dtype-mismatch"
            others = result.answers.alternatives(only_input=True)
            others.sort(key=lambda o: (str(list(o)[-1]).startswith("('dtype") is not about_dtype))
            queue.extend(others)
        return tried

    def _follow_paths(self, main: Pass, input_answers: dict[Hashable, int]) -> list[Pass]:
        passes = [main]
        seen: set[frozenset[tuple[Hashable, int]]] = set()
        queue = [{**input_answers, **other} for other in main.answers.alternatives(only_input=False)]
        while queue and len(passes) < max(self._max_paths, _PATHS_TO_MEND) and time.monotonic() < self._deadline:
            if self._max_paths == 1 and passes[-1].is_clean:
                break
            fixed = queue.pop(0)
            mark = frozenset(fixed.items())
            if mark in seen:
                continue
            seen.add(mark)
            result = self._run(Answers(fixed), {}, self._left())
            passes.append(result)
            queue.extend(result.answers.alternatives(only_input=False))
        return passes

    def _with_witness(self, main: Pass) -> Pass | None:
        """The same pass with the sizes that its equations ask for."""
        wanted = main.facts.witness()
        for relation in main.facts.relations():  # what the class's parameters decide as well is left open
            if relation.involves(Kind.PARAMETER):
                wanted = {s: n for s, n in wanted.items() if s not in relation.symbols()}
        sizes: dict[tuple[str, int], int] = {}
        for name, value in main.inputs.items():
            if isinstance(value, Tensor) and not (isinstance(value, InputTensor) and not value.is_decided):
                for axis, size in enumerate(value.shape):
                    only = _single_symbol(size)
                    if only is not None and only in wanted and only.kind is not Kind.BATCH:
                        sizes[name, axis] = wanted[only]
        if not sizes:
            return None
        fixed = {k: q.taken for k, q in main.answers.asked.items()}
        result = self._run(Answers(fixed), sizes, self._left())
        return result if result.is_clean else None


def _single_symbol(size: Size) -> Symbol | None:
    if isinstance(size, Expr) and len(size.terms) == 1:
        found = symbols_of(size)
        if len(found) == 1 and size.terms[0][1] == 1:
            return next(iter(found))
    return None


def _describe_parts(machine: Interpreter, model: Module) -> None:
    """Keep what `extra_repr` of classes of the program says, for the text of `print(model)`."""
    for _, module in named_modules(model):
        cls = module.interpreted_class
        found, method, where = cls.lookup("extra_repr") if cls is not None else (False, None, None)
        if found and isinstance(where, ClassValue):
            text = machine.call_value(method, (module,), {})
            if isinstance(text, str):
                vars(module)["extra"] = text


def run_pass(world: World, answers: Answers, seconds: float, body: Callable[[Interpreter, Pass], None]) -> Pass:
    """One pass: `body` does the work; budgets and what the program raises end it, and are noted."""
    trace, facts = Trace(), Facts()
    machine = Interpreter(world, answers, Budget(seconds=seconds), trace, facts)
    result = Pass(trace, answers, facts)
    with using(facts), installed(machine):
        try:
            body(machine, result)
        except Raised as raised:
            result.raised = raised
        except BudgetExhausted as exhausted:
            trace.exhausted, trace.exhausted_at = exhausted.resource, _checked_place(machine)
        except RecursionError:
            trace.exhausted, trace.exhausted_at = "recursion depth", _checked_place(machine)
    machine.budget = Budget(seconds=_LOADING_SECONDS)  # for definitions that are first asked for after the pass
    return result


def _checked_place(machine: Interpreter) -> Place | None:
    """Where the program was, in a checked file."""
    sites = [*machine.stack, *([machine.site] if machine.site is not None else [])]
    return next((Place(s.frame.unit, s.node) for s in reversed(sites) if s.frame.unit.checked), None)


def loaded(namespace: Namespace, name: str) -> Any:
    """A name of a module, read now if no pass has asked for it; None where there is none or it takes too long."""
    value = namespace.members.get(name)
    if isinstance(value, Lazy):
        try:
            value = namespace.members[name] = value.load()
        except (BudgetExhausted, Raised):
            return None
    return value


def explore_class(
    world: World,
    cls: ClassValue,
    declared: Mapping[str, Shape],
    seconds: float,
    max_paths: int,
    given: tuple[Shape, ...] = (),
) -> Exploration:
    """A class on its own: built with its defaults, fed its declared (by name), given (in order) or inferred input."""

    def construct(machine: Interpreter) -> Any:
        args, kwargs = constructor_arguments(machine, cls)
        return machine.instantiate(cls, args, kwargs)

    return _explore(world, construct, declared, given, seconds, max_paths)


def explore_target(
    world: World, construct: Callable[[Interpreter], Any], given: tuple[Shape, ...], seconds: float
) -> Exploration:
    """Whatever `construct` makes; a module is fed the given or an inferred input."""
    return _explore(world, construct, {}, given, seconds, max_paths=1)


def _explore(
    world: World,
    construct: Callable[[Interpreter], Any],
    declared: Mapping[str, Shape],
    given: tuple[Shape, ...],
    seconds: float,
    max_paths: int,
) -> Exploration:

    def run(answers: Answers, sizes: dict[tuple[str, int], int], left: float) -> Pass:
        def body(machine: Interpreter, result: Pass) -> None:
            result.model = construct(machine)
            if isinstance(result.model, Module):
                maker = InputMaker(machine, declared, given, sizes)
                result.inputs = forward_arguments(machine, result.model, maker)
                result.output = machine.call_module(result.model, (), dict(result.inputs))
                _describe_parts(machine, result.model)

        return run_pass(world, answers, left, body)

    return Explorer(run, seconds, max_paths).explore()


def run_script(world: World, document: Document, pieces: list[Piece], seconds: float) -> tuple[Namespace, Pass]:
    """The module-level code of a checked file, with `main` and test functions that nothing calls."""
    namespace = Namespace("__main__", {"__name__": "__main__", "__file__": document.path}, None, document.path)
    namespace.resolve = lambda attribute: world.resolve_star(namespace, attribute)

    def body(machine: Interpreter, result: Pass) -> None:
        world.run(pieces, namespace)
        for name in _entry_points(document, namespace):
            function = machine.get_attribute(namespace, name)
            if not isinstance(function, Unknown):
                try:
                    machine.call_value(function, (), {})
                except Raised as raised:
                    result.trace.raised.append(raised)

    return namespace, run_pass(world, Answers(), seconds, body)


def _entry_points(document: Document, namespace: Namespace) -> list[str]:
    """`main` and `test_*` functions without required parameters that the module itself does not call."""
    names = [n for n in namespace.members if n == "main" or n.startswith("test_")]
    return [n for n in names if f"{n}(" in document.text and f"\n{n}()" not in document.text and f"    {n}()" not in document.text]


