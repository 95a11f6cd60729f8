"""What one pass saw: the finished record that rules, summaries and editor answers read."""

from __future__ import annotations

import ast
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from torchlint.dims.expr import Expr, Size
from torchlint.interpreter.activations import Activation
from torchlint.interpreter.places import Place, Unit
from torchlint.values.errors import ShapeError, without_frames
from torchlint.values.module import Module
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Hole

if TYPE_CHECKING:
    from torchlint.interpreter.objects import ClassValue


_LONGEST_TUPLE = 8


class Argument(NamedTuple):
    """How an argument is written where the call stands, and its value."""

    node: ast.AST | None
    value: Any


class Failure(NamedTuple):
    """An operation for which torch would raise.

    `place` is the innermost call in a checked file; `inside` is where it really happens when that is elsewhere (an installed
    library, another file). `arguments` are by parameter name. `module` is the layer that was called, if one was.
    `in_forward` says that a `forward` was running, `is_certain` that no opaque condition was asked before,
    `asked` how many questions were. `owners` are the modules of checked files whose methods ran, outermost first, `run` is the
    function of a checked file that ran, `decided` how many conditions of checked files had been met.
    """

    error: ShapeError
    place: Place
    inside: Place | None
    callee: str
    arguments: dict[str, Argument]
    module: Module | None
    stack: tuple[Place, ...]
    statement: ast.stmt | None
    in_forward: bool
    is_certain: bool
    asked: int
    owners: tuple[Module, ...] = ()
    run: Activation | None = None
    decided: int = 0

    @property
    def runs(self) -> list[Activation]:
        """The functions of checked files that ran, innermost first."""
        return list(self.run.outwards()) if self.run is not None else []

    @property
    def key(self) -> tuple[str, str, int, int]:
        """What makes it the same mistake when another pass meets it."""
        node = self.place.node
        return self.error.rule, self.place.unit.path, self.place.row, int(getattr(node, "col_offset", 0))


class Gap(NamedTuple):
    """A step of a pass whose result is not known, while the `forward` of `module` runs (None: while none does).

    An operation or a call that was given tensors and gives Unknown, an operation that fails, what ends the forward early.
    """

    module: Module | None
    reason: str
    place: Place | None
    fails: bool = False


class ModuleCall(NamedTuple):
    """One call of a module: what went in, what came out, in the order of the calls' starts.

    `ended` says that its forward ran to the end, `operations` how many worked meanwhile. `gaps`, `noted` and `inner` are those
    of the trace's gaps, operations and module calls that were met meanwhile, in it and in the modules that it calls.
    """

    module: Module
    inputs: tuple[Any, ...]
    output: Any
    place: Place | None
    ended: bool = False
    operations: int = 0
    gaps: slice = slice(0, 0)
    before: int = 0
    noted: slice = slice(0, 0)
    inner: slice = slice(0, 0)


class Construction(NamedTuple):
    """A layer (or a bare Parameter) that is made while a `forward` runs; `within` are the functions that `forward` calls on the
    way there, outermost first."""

    made: Module | Tensor
    place: Place
    within: tuple[ast.AST, ...] = ()


class Mismatch(NamedTuple):
    """A tensor that is not what an annotation says: `what` ("`x` is [N, 3]"), at `place`."""

    what: str
    place: Place
    annotation: Place


class Rest(NamedTuple):
    """The last batch of an epoch, which is smaller than those before; `loader` is where the loader is made."""

    size: int
    loader: Place | None


class OperationCall(NamedTuple):
    """One call of an operation of torch that worked, with its arguments by parameter name."""

    name: str
    place: Place
    bound: dict[str, Any]
    result: Any


class Varied:
    """What a node is worth that was worth several things in one pass: the first and the last of them."""

    __slots__ = ("first", "last")

    def __init__(self, first: Any, last: Any) -> None:
        self.first = first
        self.last = last


class Mark(NamedTuple):
    """How far a record has come: the lengths of its lists, how many failures there were, and what was seen."""

    lengths: list[int]
    failures: int
    progress: int
    seen: list[tuple[dict[ast.AST, Any], dict[ast.AST, Any]]]


class Trace:
    """The record of one pass. Everything is in the order of execution.

    `constructed` says of each `__init__` of the checked file what it was given last, by parameter name, `built` what each
    module was given; `supposed` are the classes whose defaults were taken for arguments of the class on its own, by parameter
    name. `costs` are the multiply-adds of each module by its id, `uncounted` those of whom it is not known how often they ran,
    `mixed` those that ran in rounds of a loop which may differ: they are counted if it costs the same either way.

    `seen` is what the nodes of each definition were worth last, by the module whose methods ran (None: outside of modules):
    expressions, names that were bound, what a `return` returned, and the arguments of a function at its `ast.arguments`.

    `rest` is the batch that runs, if it is the last and smaller one of an epoch. `visited` are the statements that ran, `blind`
    those among them that ran in a module that was given nothing known, `sighted` those that ran otherwise; `unjudged` are
    statements that computed with what lies under a mask of which nothing is known. `worked` are the runs of functions of
    checked files in which the operation of a node gave what is known, before anything failed in them. `decided` are the
    conditions of checked files, in the order in which they were first met, with what they were found to be.
    """

    def __init__(self) -> None:
        self.failures: list[Failure] = []
        self.module_calls: list[ModuleCall] = []
        self.constructions: list[Construction] = []
        self.operations: list[OperationCall] = []
        self.mismatches: list[Mismatch] = []
        self.seen: dict[tuple[Unit, Module | None], dict[ast.AST, Any]] = {}
        self.costs: dict[int, Size] = {}
        self.uncounted: set[int] = set()
        self.mixed: set[int] = set()
        self.visited: set[ast.stmt] = set()
        self.blind: set[ast.stmt] = set()
        self.sighted: set[ast.stmt] = set()
        self.unjudged: set[ast.stmt] = set()
        self.decided: dict[ast.AST, tuple[Unit, set[bool]]] = {}
        self.worked: dict[ast.AST, list[Activation]] = {}
        self.supposed: dict[str, ClassValue] = {}
        self.constructed: dict[ast.AST, dict[str, Any]] = {}
        self.built: dict[Module, dict[str, Any]] = {}
        self.unknowns: list[tuple[str, Place]] = []
        self.gaps: list[Gap] = []
        self.internal_errors: list[tuple[str, Place | None]] = []
        self.raised: list[Any] = []
        self.holes: dict[Place, Hole] = {}
        self.exhausted: str | None = None
        self.exhausted_at: Place | None = None
        self._hole_names: Counter[str] = Counter()
        self.steps_before_failure: int | None = None
        self.progress = 0
        self.rest: Rest | None = None

    def hole(self, place: Place) -> Hole:
        """The hole at a place: one value, however often the place is passed."""
        if place not in self.holes:
            self.holes[place] = Hole(place, self._hole_names)
        return self.holes[place]

    def seen_in(self, unit: Unit, module: Module | None) -> dict[ast.AST, Any] | None:
        """Where to note what is seen while a method of the module runs; None for a definition that nobody looks at."""
        return self.seen.setdefault((unit, module), {}) if unit.checked else None

    def see(self, seen: dict[ast.AST, Any], node: ast.AST, value: Any) -> None:
        """Note what a node is worth; what the last batch of an epoch makes of it is not shown if one before made something of
        it."""
        known = seen.get(node, value)
        if known is value:
            seen[node] = value
        elif self.rest is None:
            last = known.last if isinstance(known, Varied) else known
            is_other = isinstance(known, Varied) or _differ(last, value)
            seen[node] = Varied(known.first if isinstance(known, Varied) else known, value) if is_other else value

    def fail(self, failure: Failure) -> None:
        """Note a failure, and how far the pass had come before the first one."""
        if self.steps_before_failure is None:
            self.steps_before_failure = self.progress
        without_frames(failure.error)
        self.failures.append(failure)
        for run in failure.runs:
            run.has_failed = True

    def mark(self) -> Mark:
        """How far the record has come, for `cut`."""
        seen = [(table, dict(table)) for table in self.seen.values()]
        return Mark([len(record) for record in self._records()], len(self.failures), self.progress, seen)

    def cut(self, mark: Mark) -> None:
        """Forget what was recorded since then, as if it had not been run."""
        self.forget(mark.failures)
        self.progress = mark.progress
        for record, length in zip(self._records(), mark.lengths):
            del record[length:]
        for table, before in mark.seen:
            table.clear()
            table.update(before)

    def _records(self) -> tuple[list[Any], ...]:
        return self.module_calls, self.operations, self.constructions, self.mismatches, self.gaps

    def forget(self, count: int) -> None:
        """Forget all failures but the first `count`."""
        del self.failures[count:]
        if not count:
            self.steps_before_failure = None

    def decide(self, unit: Unit, condition: ast.AST, answer: bool) -> None:
        """Note what a condition was found to be."""
        self.decided.setdefault(condition, (unit, set()))[1].add(answer)

    def work(self, node: ast.AST, run: Activation | None) -> None:
        """Note that the operation of a node worked in a run of a function."""
        if run is not None and not run.has_failed:
            runs = self.worked.setdefault(node, [])
            if not runs or runs[-1] is not run:
                runs.append(run)

    def spend(self, module: Module | None, multiply_adds: Size) -> None:
        """Charge a cost to the module that runs."""
        key = id(module)
        self.costs[key] = self.costs.get(key, 0) + multiply_adds


def _differ(first: Any, second: Any, depth: int = 2) -> bool:
    """Whether two values are shown differently: tensors of other shapes, other numbers or texts, also in tuples of tuples."""
    if isinstance(first, InputTensor) or isinstance(second, InputTensor):
        return False
    if isinstance(first, Tensor):
        return isinstance(second, Tensor) and first.shape != second.shape
    if isinstance(first, (bool, int, float, str, Expr)):
        return isinstance(second, (bool, int, float, str, Expr)) and first != second
    if depth and isinstance(first, tuple) and isinstance(second, tuple) and len(first) < _LONGEST_TUPLE:
        return len(first) == len(second) and any(_differ(a, b, depth - 1) for a, b in zip(first, second))
    return False


def tensors_in(value: Any) -> tuple[Tensor, ...]:
    """The tensors of an argument, looking into tuples and lists."""
    if isinstance(value, Tensor):
        return (value,)
    if isinstance(value, (list, tuple)):
        return tuple(t for v in value for t in tensors_in(v))
    return ()
