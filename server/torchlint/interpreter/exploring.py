"""Exploration: one thing run again and again with other answers to the questions that nobody can decide."""

from __future__ import annotations

import ast
import heapq
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from torchlint.dims.contracts import contract
from torchlint.dims.expr import Expr, Kind, Size, Symbol, symbols_of
from torchlint.dims.facts import Fact
from torchlint.dims.printing import plain
from torchlint.interpreter.budget import now
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.paths import Answers, Question
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure, tensors_in
from torchlint.values.module import Module, counted, named_modules
from torchlint.values.tensor import InputTensor, Tensor
from torchlint.values.unknown import Unknown

_INPUT_PASSES = 20
_SILENT_PASSES = 3
_REFUSED_PASSES = 5
_PATHS_TO_MEND = 4
_PASSES_TO_JUDGE = 3  # in which a statement fails
_LEAST_SECONDS = 0.2
_CONDITIONS = 8  # of a forward, that are answered otherwise
_WANTED, _OTHER, _LATE = range(3)
"""When an input is tried of those that passes suggest that got equally far: first what is about the failure, and last what
gives a dtype up that is known to be needed."""


@dataclass(eq=False)
class Exploration:
    """Every pass of one thing; `main` is the one to show, `symbolic` the same without the numbers that its equations
    ask for in the place of sizes of its inputs. `settled` says that its input is one that works, or was given.

    `tried` are the passes that looked for an input; `is_exhaustive` says that every input that anybody suggested was tried,
    and every path where the main pass is not clean, so that what fails with each of them must fail.
    `by_chance` are statements that fail on some paths only, as far as there was time to tell.
    `doubt` is a condition that nobody can decide and that another number of parameters depends on, if there is one; `otherwise`
    are passes that answered one which `forward` asks the other way, each with its place.
    """

    main: Pass
    symbolic: Pass
    passes: list[Pass]
    settled: bool
    is_exhaustive: bool = True
    tried: tuple[Pass, ...] = ()
    doubt: Place | None = None
    by_chance: frozenset[ast.stmt] = frozenset()
    otherwise: tuple[tuple[Place | None, Pass], ...] = ()

    @cached_property
    def contract(self) -> list[Fact]:
        """What the code asks of what the caller of the class chooses."""
        return contract(self.symbolic.facts)


class Trial(NamedTuple):
    """What one pass is to do: the answers that are fixed, the sizes put in for axes of inputs, the seconds that it may take,
    and whether it stops when the module is built."""

    answers: Answers
    sizes: Mapping[tuple[str, int], int]
    seconds: float
    only_build: bool = False


Runner = Callable[[Trial], Pass]


class Explorer:
    """Runs one thing again and again with other answers, within a budget."""

    def __init__(self, run: Runner, seconds: float, max_paths: int) -> None:
        self._run = run
        self._deadline = now() + seconds
        self._max_paths = max_paths

    def explore(self) -> Exploration:
        """Settle the input first, then follow the other paths with that input (only one path at most is wanted: the first)."""
        tried, is_exhaustive = self._settle()
        furthest = max((p.progress for p in tried if not p.is_clean and not _is_wrong_guess(p)), default=-1)
        believed = [p for p in tried if p.is_clean and p.is_plausible]
        believed = [p for p in believed if p.batchless_at is None or p.batchless_at > furthest]
        clean = next((p for p in believed if not isinstance(p.output, Unknown)), believed[0] if believed else None)
        main = clean or max([p for p in tried if not p.is_clean] or tried, key=_explains)
        input_answers = {k: q.taken for k, q in main.answers.asked.items() if q.is_input}
        passes = [main]
        if self._max_paths > 1 or not main.is_clean:
            passes, is_complete = self._follow_paths(main, input_answers)
            is_exhaustive = is_exhaustive and (main.is_clean or is_complete)
        if not main.is_clean:
            main = next((p for p in passes if p.is_clean and p.trace.exhausted is None), main)
        symbolic = main
        witnessed = self._with_witness(main) if main.is_clean else None
        if witnessed is not None:
            passes.insert(0, witnessed)
            main = witnessed
        doubt = self._doubt(main, only_varying=self._max_paths > 1)
        if main.trace.mixed and not self._costs_agree(main):
            main.trace.uncounted |= main.trace.mixed
        otherwise = tuple(self._otherwise(main)) if self._max_paths == 1 and main.is_clean else ()
        chance = frozenset() if self._max_paths == 1 else self.by_chance(passes)
        return Exploration(main, symbolic, passes, main.is_clean, is_exhaustive, tuple(tried), doubt, chance, otherwise)

    def by_chance(self, passes: list[Pass]) -> frozenset[ast.stmt]:
        """The statements that fail in some pass and that another answer to one of its earlier questions lets work, or for which
        there was no time to tell; the passes that show it are added."""
        found: set[ast.stmt] = set()
        judged = Counter({s: _PASSES_TO_JUDGE for one in passes for s in one.survivors()})
        for one in list(passes):
            failures = {f.statement: f for f in reversed(one.trace.failures) if not f.is_certain}
            for statement, failure in failures.items():
                if statement is not None and judged[statement] < _PASSES_TO_JUDGE:
                    judged[statement] += 1
                    if not self._stands(failure, statement, one, passes):
                        found.add(statement)
                        judged[statement] = _PASSES_TO_JUDGE
        return frozenset(found)

    def _stands(self, failure: Failure, statement: ast.stmt, one: Pass, passes: list[Pass]) -> bool:
        """Whether the statement fails as well, or is not reached, with the other answer to each question before it: for one
        about an input, also with another input beside it that what fails then depends on."""
        asked = list(one.answers.asked.items())[: failure.asked]
        fixed = {key: question.taken for key, question in asked}
        waiting = [(key, question, fixed) for key, question in reversed(asked)]
        while waiting:
            key, question, taken = waiting.pop(0)
            for option in range(len(question.options)):
                if option == question.taken:
                    continue
                if now() >= self._deadline:
                    return False
                other = self._run(Trial(Answers({**taken, key: option}), {}, self._left()))
                if statement in other.survivors() and (other.is_clean or not question.is_input):
                    passes.append(other)
                    return False
                if question.is_input and taken is fixed and not other.is_clean:
                    together = {**fixed, key: option}
                    # The program itself may refuse inputs that do not look alike.
                    wanted = _inputs_to_change(other) if other.trace.failures else set(filter(_is_rank, other.answers.asked))
                    also = [k for k in other.answers.asked if k in wanted and k != key]
                    waiting += [(k, other.answers.asked[k], together) for k in also]
        return True

    def _doubt(self, main: Pass, only_varying: bool) -> Place | None:
        """A condition asked while the module was built that makes other parts or another number of parameters when it is
        answered otherwise; one that rounds of a loop may answer differently, if only such are wanted."""
        if not isinstance(main.model, Module):
            return None
        asked = {k: q for k, q in main.answers.asked.items() if q.is_building and not q.is_input and not q.is_likely}
        asked = {k: q for k, q in asked.items() if q.is_varying or not only_varying}
        taken = {k: q.taken for k, q in main.answers.asked.items()}
        for place in dict.fromkeys(q.place for q in asked.values()):
            if now() >= self._deadline:
                return place  # nobody knows
            # A condition that every block asks is answered otherwise for all of them: one question, one run.
            otherwise = {k: 1 - q.taken for k, q in asked.items() if q.place == place}
            other = self._run(Trial(Answers({**taken, **otherwise}), {}, self._left(), only_build=True))
            is_made = other.raised is None and isinstance(other.model, Module)
            if _parts(other) != _parts(main) if is_made else any(asked[k].is_varying for k in otherwise):
                return place
        return None

    def _costs_agree(self, main: Pass) -> bool:
        """Whether conditions that rounds of a loop may answer differently make no difference to what the model costs."""
        asked = {k: q for k, q in main.answers.asked.items() if q.is_varying}
        taken = {k: q.taken for k, q in main.answers.asked.items()}
        places = list(dict.fromkeys(q.place for q in asked.values()))
        for place in places[:_CONDITIONS]:
            flipped = {k: 1 - q.taken for k, q in asked.items() if q.place == place}
            other = self._run(Trial(Answers({**taken, **flipped}), {}, self._left())) if now() < self._deadline else None
            if other is None or not other.is_clean or other.trace.uncounted or _cost(other) != _cost(main):
                return False
        return len(places) <= _CONDITIONS

    def _otherwise(self, main: Pass) -> Iterator[tuple[Place | None, Pass]]:
        """A pass for each condition that nobody can decide while `forward` runs, with the other answer."""
        asked = {k: q for k, q in main.answers.asked.items() if _is_open_in_forward(k, q)}
        taken = {k: q.taken for k, q in main.answers.asked.items()}
        for place in list(dict.fromkeys(q.place for q in asked.values()))[:_CONDITIONS]:
            if now() < self._deadline:
                flipped = {k: 1 - q.taken for k, q in asked.items() if q.place == place}
                yield place, self._run(Trial(Answers({**taken, **flipped}), {}, self._left()))

    def _left(self) -> float:
        return max(self._deadline - now(), _LEAST_SECONDS)

    def _settle(self) -> tuple[list[Pass], bool]:
        """Passes with other inputs until one works, and whether every input that anybody suggested was tried."""
        tried: list[Pass] = []
        waiting: list[tuple[int, int, int, dict[Hashable, int]]] = [(0, _WANTED, 0, {})]
        seen: set[frozenset[tuple[Hashable, int]]] = set()
        dtypes: dict[Hashable, int] = {}  # those that let a pass by where another dtype stopped it
        silent = refused = 0
        furthest = -1
        while waiting and len(tried) < _INPUT_PASSES and (not tried or now() < self._deadline):
            before, turn, number, fixed = heapq.heappop(waiting)
            changed = next(reversed(fixed), None)
            if turn != _LATE and not dtypes.items() <= fixed.items():
                heapq.heappush(waiting, (before, _LATE, number, fixed))
                fixed = {**fixed, **dtypes}
            mark = frozenset(fixed.items())
            if mark in seen:
                continue
            seen.add(mark)
            result = self._run(Trial(Answers(fixed), {}, self._left()))
            tried.append(result)
            if result.is_clean and result.is_plausible and result.batchless_at is None:
                if not isinstance(result.output, Unknown) or silent >= _SILENT_PASSES:
                    break
                silent += 1  # an input of another rank may say more
            if result.raised is not None and not result.trace.failures and result.progress <= furthest:
                refused += 1  # what the program itself raises rarely depends on a rank
                if refused == _REFUSED_PASSES:
                    break
            furthest = max(furthest, result.progress)
            if turn == _WANTED and _is_dtype(changed) and result.progress > -before:
                dtypes[changed] = fixed[changed]
            wanted = _inputs_to_change(result)
            # What was asked after a failure has no part in it.
            first = result.trace.failures[0].asked if result.trace.failures else None
            others = sorted(result.answers.alternatives(only_input=True, first=first), key=lambda o: _is_dtype(list(o)[-1]))
            for other in [*others, *_other_arguments(result)]:
                turn = _WANTED if list(other)[-1] in wanted else _OTHER
                order = (-result.progress, turn, len(seen) * _INPUT_PASSES + len(waiting))
                heapq.heappush(waiting, (*order, other))
        return tried, not waiting or _agree(tried)

    def _follow_paths(self, main: Pass, input_answers: dict[Hashable, int]) -> tuple[list[Pass], bool]:
        """Passes with other answers to what is no input's question, and whether there are no more of them."""
        passes, is_cut = [main], False
        seen: set[frozenset[tuple[Hashable, int]]] = set()
        queue = [{**input_answers, **other} for other in main.answers.alternatives(only_input=False)]
        while queue and len(passes) < max(self._max_paths, _PATHS_TO_MEND) and now() < self._deadline:
            if self._max_paths == 1 and passes[-1].is_clean:
                break
            fixed = queue.pop(0)
            mark = frozenset(fixed.items())
            if mark in seen:
                continue
            seen.add(mark)
            result = self._run(Trial(Answers(fixed), {}, self._left()))
            queue.extend(result.answers.alternatives(only_input=False))
            tried = result if result.is_clean else self._with_other_input(result)
            if tried is not None:
                passes.append(tried)
            is_cut = is_cut or tried is None
        return passes, not queue and not is_cut

    def _with_other_input(self, failed: Pass) -> Pass | None:
        """The same path with an input that it works for, or the pass as it is: the first path may not have asked for much.
        None where the time does not suffice to look for one."""
        taken = {k: q.taken for k, q in failed.answers.asked.items()}
        wanted = _inputs_to_change(failed)
        for key, question in failed.answers.asked.items():
            if question.is_input and (key in wanted or not wanted):
                for option in range(len(question.options)):
                    if option != question.taken:
                        if now() >= self._deadline:
                            return None
                        other = self._run(Trial(Answers({**taken, key: option}), {}, self._left()))
                        if other.is_clean or (not other.trace.failures and other.progress > failed.progress):
                            return other  # perhaps to where the program itself refuses the path
        return failed

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
        # How many samples there are is rarely what an equation is about: leave the first axis open where that works as well.
        samples_open = {(name, axis): size for (name, axis), size in sizes.items() if axis}
        for chosen in (samples_open, sizes):
            if chosen:
                result = self._run(Trial(Answers(fixed), chosen, self._left()))
                if result.is_clean:
                    return result
        return None


def _is_open_in_forward(key: Hashable, question: Question) -> bool:
    """Whether it is neither about an input or its sizes, nor whether the module is in training, which callers choose."""
    if question.is_input or question.is_building or question.is_likely or not isinstance(key, tuple) or key[0] != "truth":
        return False
    about = key[1]
    return about != "training" and not (isinstance(about, tuple) and about[:1] == ("size",))


def _explains(one: Pass) -> tuple[int, bool]:
    """How well a pass explains what is wrong: by how far it got, then by whether it is more than a wrong guess of a rank."""
    return one.progress, not (one.trace.failures and one.trace.failures[0].error.rule == "wrong-rank")


def _is_wrong_guess(one: Pass) -> bool:
    """Whether it fails by the rank or dtype that was guessed."""
    return bool(one.trace.failures) and one.trace.failures[0].error.rule in ("wrong-rank", "dtype-mismatch")


def _agree(tried: list[Pass]) -> bool:
    """Whether there is no point in trying more inputs: whatever they were, the same layer was given the same wrong number.

    Each rank and form of input that was asked about before was tried (a dtype changes no size), and no pass got by.
    """
    main = max(tried, key=_explains)
    if any(one.is_clean for one in tried) or not main.trace.failures:
        return False
    failure = main.trace.failures[0]
    firsts = [one.trace.failures[0] for one in tried if one.trace.failures]
    same = [f for f in firsts if f.statement is failure.statement]
    if not _NUMBERS.fullmatch(failure.error.message) or any(f.error.message != failure.error.message for f in same):
        return False
    asked = list(main.answers.asked.items())[: failure.asked]
    questions = [(key, question) for key, question in asked if not _is_dtype(key)]
    taken = {(key, question.taken) for one in tried for key, question in one.answers.asked.items()}
    return all((key, i) in taken for key, question in questions for i in range(len(question.options)))


_NUMBERS = re.compile(r"[^A-Z]* takes \d+ [^A-Z]* has \d+")


def _inputs_to_change(one: Pass) -> set[Hashable]:
    """The questions about inputs that the first failure's operands came from, the one that it speaks of."""
    if not one.trace.failures or _lacks_arguments(one):
        return {key for key in one.answers.asked if _is_optional(key)}
    failure = one.trace.failures[0]
    about = "dtype" if failure.error.rule == "dtype-mismatch" else "rank"
    made_of = {id(t) for argument in failure.arguments.values() for t in _ancestors(argument.value)}
    return {(about, name) for name, value in one.inputs.items() if id(value) in made_of}


def _other_arguments(one: Pass) -> list[dict[Hashable, int]]:
    """Where the program refuses its arguments or finds None for one of them: others of its optional ones."""
    if not _lacks_arguments(one):
        return []
    taken = {key: question.taken for key, question in one.answers.asked.items()}
    return [{**{k: t for k, t in taken.items() if k != key}, key: 1 - taken[key]} for key in taken if _is_optional(key)]


def _lacks_arguments(one: Pass) -> bool:
    if not one.trace.failures:
        return one.raised is not None
    return any(argument.value is None for argument in one.trace.failures[0].arguments.values())


def _is_optional(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == "optional"


def _is_rank(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == "rank"


def _is_dtype(key: Hashable) -> bool:
    return isinstance(key, tuple) and key[0] == "dtype"


def _ancestors(value: object) -> Iterator[Tensor]:
    """The tensors of an argument and those that they were computed from."""
    waiting = list(tensors_in(value))
    seen: set[int] = set()
    while waiting:
        tensor = waiting.pop()
        if id(tensor) not in seen:
            seen.add(id(tensor))
            yield tensor
            if tensor.origin is not None:
                waiting.extend(tensor.origin.inputs)


def _parts(one: Pass) -> tuple[list[str], str, str]:
    """The paths of modules that a loop of a symbolic length makes, and the number of parameters and of those that are trained,
    as far as they were seen; as texts, since each pass has symbols of its own."""
    paths = [path for path, _ in named_modules(one.model) if "[" in path]
    tensors = counted(one.model, "_parameters", one.facts) or []
    total: Size = 0
    trained: Size = 0
    for tensor, times in tensors:
        count = one.facts.resolve(times * tensor.numel())
        total, trained = total + count, trained + (count if tensor.requires_grad else 0)
    return paths, plain(total), plain(trained)


def _cost(one: Pass) -> str:
    total: Size = 0
    for cost in one.trace.costs.values():
        total = total + cost
    return plain(one.facts.resolve(total))


def _single_symbol(size: Size) -> Symbol | None:
    if isinstance(size, Expr) and len(size.terms) == 1:
        found = symbols_of(size)
        if len(found) == 1 and size.terms[0][1] == 1:
            return next(iter(found))
    return None
