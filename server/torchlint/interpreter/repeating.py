"""Rounds of a loop whose length is a symbol: one is run, and more until one leaves everything like the one before it.

What a round appends to a list or a container stands there as often as there are rounds. What rounds change otherwise is Unknown
where they may differ in more than numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from typing import Any, NamedTuple

from torchlint.dims.expr import Kind, Size, Symbol, maximum, of_atom, substitute, symbol
from torchlint.dims.facts import Facts
from torchlint.dims.truth import Truth
from torchlint.interpreter.alike import Likeness
from torchlint.interpreter.budget import Budget
from torchlint.interpreter.conditions import SizeCondition
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.heap import ABSENT, Change, Growth, Heap
from torchlint.interpreter.machine import Machine
from torchlint.interpreter.objects import Instance, Raised
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.trace import Trace
from torchlint.ops.containers import Container
from torchlint.values.module import Module, changed_in_single, is_uniform, is_whole, named_modules, settle
from torchlint.values.rounds import Rounds, Series, mentions, round_number
from torchlint.values.tensor import Shape, Tensor, tensors_made
from torchlint.values.unknown import Unknown

BREAK, CONTINUE, RETURN = "break", "continue", "return"
COLLECTED = ""
"""The name, which no program can write, of the list that a comprehension fills."""
_MOST_ROUNDS = 3
_CHANGED = "a loop of unknown length changes it"
_PLAIN = (bool, int, float, str, type(None))
Body = Callable[[tuple[Any, ...]], Any]
"""Runs a round with the items that stand in it; gives the signal that ended it."""
_Costs = dict[int, Size]


class _Round(NamedTuple):
    """What a round did: its signal, what it changed and appended (None: it changed a sequence otherwise), what it cost.

    `number` is the symbol for its number, `since` a serial before those of its tensors; `is_sure` says that no condition was
    met that other rounds may answer differently.
    """

    signal: Any
    changes: list[Change]
    growths: list[Growth] | None
    costs: _Costs
    number: Symbol
    since: int
    is_sure: bool


class Repeating(Machine):
    """Loops of as many rounds as a symbol says. `loops` are those that run, by the symbols for the numbers of their rounds."""

    def __init__(self, answers: Answers, budget: Budget, trace: Trace, facts: Facts) -> None:
        super().__init__(answers, budget, trace, facts)
        self.loops: dict[Symbol, _Loop] = {}
        self.became: dict[int, Series] = {}  # the series that lists are now, by the ids of the lists
        self._kept: list[list[Any]] = []  # these lists: no other object gets their ids

    def repeat(self, rounds: Rounds, value: Any, step: Callable[[Any, Any], Any]) -> Any:
        site = self.site
        if site is None:
            return self.unknown(rounds.reason)
        frame = Frame(site.frame.unit, site.frame.module, names={"input": value})

        def body(items: tuple[Any, ...]) -> None:
            for item in items:
                self.site = site
                frame.names["input"] = step(item, frame.names["input"])

        self.run_rounds(rounds, frame, body)
        self.site = site
        return frame.names["input"]

    def count_of(self, size: Size) -> Size:
        """How many rounds there are of which a size says how many, if it is no less than 0."""
        count = self.facts.resolve(size)
        low, high = self.facts.bounds(count)
        return 0 if high is not None and high <= 0 else count if low is not None and low >= 0 else maximum(count, 0)

    def opened(self, values: list[Any]) -> Series:
        """The series that a list becomes, wherever it stands: something of a symbolic length is appended to it."""
        frames = [site.frame for site in (*self.stack, *([self.site] if self.site is not None else []))]
        return self.open_in(Heap(_with_enclosing(frames), self.became), values, "its length is a symbol")

    def open_in(self, heap: Heap, values: list[Any], reason: str) -> Series:
        """Put a series in the place of a list wherever that stands in what a heap has seen."""
        series = self.became[id(values)] = Series(values)
        self._kept.append(values)
        heap.put(values, series)
        values.append(self.unknown(reason))  # for who reaches it otherwise
        return series

    def run_rounds(self, rounds: Rounds, frame: Frame, body: Body) -> Any:
        """Run what a loop does with the items of each round: the signal that may end the function, if a round gives one."""
        if not self.rounds_running:
            self.unknowns_before_rounds = len(self.trace.unknowns)
        return _Loop(self, rounds, frame, body).run()

    def truth_in_rounds(self, condition: SizeCondition) -> bool | None:
        """Whether a condition holds in the rounds that run; where the first or the last one answers it alone, that is apart
        from then on. None where nobody knows."""
        numbers = [n for n in self.rounds_running if mentions(condition.left, (n,)) or mentions(condition.right, (n,))]
        if len(numbers) != 1 or numbers[0] not in self.loops:
            return None
        number, loop = numbers[0], self.loops[numbers[0]]
        last, some = self.rounds_running[number] - 1, symbol("m", Kind.DATA, minimum=0)

        def holds(value: Size) -> Truth:
            sides = (substitute(size, {number: value}) for size in (condition.left, condition.right))
            left, right = sides
            return self.facts.compare(left, condition.relation, right)

        everywhere = holds(last - some)
        if everywhere is not Truth.UNKNOWN:
            return everywhere is Truth.YES
        if number.minimum == 0 and loop.least > 0:
            alone, others = holds(0), holds(1 + some)
            if Truth.UNKNOWN not in (alone, others):
                loop.first_is_apart = True
                return alone is Truth.YES
        alone, others = holds(last), holds(last - 1 - some)
        if Truth.UNKNOWN not in (alone, others) and loop.set_last_apart():
            self.rounds_running[number] = loop.count
            return others is Truth.YES
        return None


class _Loop:
    """One loop while it is run. `opened` are the series that lists became which it appends to.

    `first_is_apart` says that the first round answers a condition otherwise than all others. Where the last one does, `count`
    and `least` (the least that it may be) are about those before it. `sources` are the rounds of which more can be said when
    it has run; `is_uniform` says that no single one got or lost a part before.
    """

    def __init__(self, machine: Repeating, rounds: Rounds, frame: Frame, body: Body) -> None:
        self.machine = machine
        self.rounds = rounds
        self.frame = frame
        self.body = body
        self.start = self._heap()
        self.costs = dict(machine.trace.costs)
        self.count = rounds.count
        self.least = machine.facts.bounds(rounds.count)[0] or 0
        self.first_is_apart = self.last_is_apart = False
        self.sources = [s for s in (rounds, *rounds.sources) if s.attributes is None or is_whole(s)]
        self.is_uniform = all(map(is_uniform, (rounds, *rounds.sources)))
        self._forget_single_changes()
        self.inside = {id(part) for item in rounds.items for part in _parts_of(item)}
        self.opened: list[Series] = []

    def run(self) -> Any:
        if self.least < 1:
            self.machine.doubt(self.frame)
        since = tensors_made()
        same: list[tuple[Tensor, Shape]] = []
        # What rounds ask of sizes that need not run is not asked by all who call the code.
        with self.machine.facts.trying() if self.least < 1 else nullcontext():
            first = self._first_round()
            is_settled = self.is_uniform and first.signal in (None, CONTINUE) and self._is_settled(first)
            if self.least < 1:
                same = [(c.new, c.old.shape) for c in self.start.changes() if isinstance(c.old, Tensor) and c.new is not ABSENT]
        if not is_settled:
            return self._give_up(first.signal)
        for tensor, shape in same:
            if isinstance(tensor, Tensor):
                tensor.shape = shape
        for source in self.sources:
            settle(source, since)
            source.is_mixed = source.is_mixed or not first.is_sure
        if self.rounds.is_part:
            self._open_changed(self.start, "a loop over some of the modules changes it")
        return self._run_last() if self.last_is_apart else None

    def _first_round(self) -> _Round:
        """The first round; what raises after a condition that other rounds may answer otherwise need not be raised."""
        varying, since, number = self.machine.varying(), tensors_made(), round_number()
        try:
            return self._round(self.start, number)
        except Raised:
            if self.machine.varying() == varying:
                raise
            return _Round(None, list(self.start.changes()), None, {}, number, since, is_sure=False)

    def _forget_single_changes(self) -> None:
        """Make Unknown what was set on a module of one round: the others may have something else."""
        for source in (self.rounds, *self.rounds.sources):
            for owner, name in list(changed_in_single(source)):
                is_plain = isinstance(vars(owner)[name], (*_PLAIN, Tensor))
                vars(owner)[name] = self.machine.unknown("it was set on one of several modules that are alike", is_plain)

    def _open_changed(self, before: Heap, reason: str) -> None:
        """Say of the modules of the rounds that were changed since then that not all are like that."""
        for change in before.changes():
            if id(change.owner) in self.inside and isinstance(change.owner, Module):
                vars(change.owner)["open_ended"] = reason
                self.machine.trace.uncounted.add(id(change.owner))

    def set_last_apart(self) -> bool:
        """Say that the last round answers a condition otherwise than all others; whether there surely is one, and it is not
        the first."""
        if not self.last_is_apart and self.least > self.first_is_apart:
            self.last_is_apart = True
            self.count, self.least = self.count - 1, self.least - 1
            return True
        return False

    def _run_last(self) -> Any:
        """The last round, after which everything is as it leaves it."""
        machine = self.machine
        before, costs, varying = self._heap(), dict(machine.trace.costs), machine.varying()
        machine.last_rounds += 1
        try:
            signal = self.body(self.rounds.at(self.count))
        finally:
            machine.last_rounds -= 1
        if machine.varying() > varying:  # it may be the first round too
            machine.trace.mixed.update(difference(machine.trace.costs, costs))
        self._open_changed(before, "the last round of a loop changes it")
        return None if signal == CONTINUE else signal

    def _is_settled(self, first: _Round) -> bool:
        """Run more rounds if need be; whether it is known what all of them leave."""
        changes = self._of_state(first.changes)
        if first.growths is None or (not first.is_sure and self.machine.modules_running and (changes or first.growths)):
            return False
        if self.first_is_apart and any(id(change.owner) in self.inside for change in first.changes):
            return False
        collected = self.frame.names.get(COLLECTED)
        if not changes and not self.first_is_apart and all(_is_collected(growth, collected) for growth in first.growths):
            return self._finish([first], first.growths, first.costs)
        return (self.least > 0 or not changes) and self._run_more(first, first.growths)

    def _heap(self) -> Heap:
        scopes = _with_enclosing([self.frame, *(site.frame for site in self.machine.stack)])
        return Heap(scopes, self.machine.became)

    def _round(self, before: Heap, number: Symbol, at: Size | None = None) -> _Round:
        machine, trace = self.machine, self.machine.trace
        costs, varying, since = dict(trace.costs), machine.varying(), tensors_made()
        machine.unknown_loops += 1
        machine.rounds_running[number] = self.count
        machine.loops[number] = self
        try:
            signal = self.body(self.rounds.at(of_atom(number) if at is None else at))
        finally:
            machine.unknown_loops -= 1
            del machine.rounds_running[number], machine.loops[number]
        changes, spent = list(before.changes()), difference(trace.costs, costs)
        return _Round(signal, changes, before.growths(), spent, number, since, machine.varying() == varying)

    def _of_state(self, changes: Iterable[Change]) -> list[Change]:
        """The changes that another round might see: not those in what only this round is given, nor names that are new."""
        found = [c for c in changes if id(c.owner) not in self.inside]
        found = [c for c in found if not (c.old is ABSENT and isinstance(c.owner, Frame))]
        return [c for c in found if not self._is_same(c.old, c.new)]

    def _is_same(self, old: Any, new: Any) -> bool:
        """Whether a value that is bound anew stays what it was, as far as shapes go."""
        if isinstance(old, Tensor) and isinstance(new, Tensor):
            return not new.is_parameter and old.dtype is new.dtype and self._resolved(old) == self._resolved(new)
        return old is new or (isinstance(old, _PLAIN) and type(old) is type(new) and bool(old == new))

    def _resolved(self, tensor: Tensor) -> list[Size]:
        return [self.machine.facts.resolve(size) for size in tensor.shape]

    def _run_more(self, first: _Round, growths: list[Growth]) -> bool:
        """Run rounds until one does what the one before it did; whether one does."""
        ran = [first]
        grown = [self._open(growth) for growth in growths]
        while len(ran) < _MOST_ROUNDS and self.least >= len(ran) - 1:
            for growth in grown:
                some = Rounds(symbol("k", Kind.DATA), tuple(growth.added), ran[-1].number)
                settle(some, ran[-1].since)
                _fill(growth.sequence, [*growth.before, some])
            now, mark = self._heap(), self.machine.trace.mark()
            following = self._try_round(now)
            if following is None or following.growths is None:
                return False
            added = {id(growth.sequence): growth.added for growth in following.growths}
            if added.keys() != {id(growth.sequence) for growth in grown}:
                return False
            likeness = Likeness(ran[-1].number, following.number)
            if any(id(c.owner) in self.inside and not likeness.holds(c.old, c.new) for c in following.changes):
                return False
            is_like = [likeness.holds(growth.added, added[id(growth.sequence)]) for growth in grown]
            is_settled = all(likeness.holds(c.old, c.new) for c in self._of_state(following.changes))
            if all(is_like) and is_settled:
                now.restore()
                if not self.first_is_apart:
                    self.machine.trace.cut(mark)
                return self._finish(ran, grown, following.costs)
            if not is_settled and self.least <= len(ran):
                return False  # where there is no such round, what it changes is as it was
            for index, growth in enumerate(grown):
                before = [*growth.before, *growth.added]
                grown[index] = growth._replace(before=before, added=added[id(growth.sequence)])
            ran.append(following)
        return False

    def _try_round(self, before: Heap, is_last: bool = False) -> _Round | None:
        """Run a round that the caller may not ask for; None if it did not go well with what was known before it."""
        machine = self.machine
        failures, assumed = len(machine.trace.failures), len(machine.facts.assumed())
        with machine.facts.trying():
            try:
                found = self._round(before, round_number(1), self.count if is_last else None)
            except Raised:
                return None
            finally:
                failed = len(machine.trace.failures) > failures
                machine.trace.forget(failures)
            added = machine.facts.assumed()[assumed:]
        if failed or found.signal not in (None, CONTINUE) or not found.is_sure:
            return None
        return found if all(machine.facts.compare(*relation) is Truth.YES for relation, _ in added) else None

    def _open(self, growth: Growth) -> Growth:
        """Make a list that is appended to a series, wherever it stands."""
        if growth.is_open:
            return growth
        values = growth.sequence
        values[:] = growth.before
        series = self.machine.open_in(self.start, values, _CHANGED)
        self.opened.append(series)
        return growth._replace(sequence=series.parts, is_open=True)

    def _finish(self, ran: list[_Round], growths: list[Growth], each: _Costs) -> bool:
        """Say what all rounds leave, of which the last that ran stands for those that did not; whether that can be said.

        `each` is what another round costs.
        """
        numbers, last = [one.number for one in ran], ran[-1]
        if any(_speaks_of(item, numbers) for growth in growths for item in growth.added):
            return False
        count = self.count - (len(ran) - 1)
        made: list[Rounds] = []
        for growth in map(self._open, growths):
            one = Rounds(count, tuple(growth.added), last.number)
            settle(one, last.since)
            one.is_mixed = self.rounds.is_mixed or not all(one.is_sure for one in ran)
            made.append(one)
            _fill(growth.sequence, [*growth.before, one])
        if any(self._is_of_some_round(tensor, ran) for one in made for tensor in one.tensors):
            return False
        self._forget_single(numbers, made)
        self._charge([one.costs for one in ran], each)
        if self.rounds.is_mixed or not all(one.is_sure for one in ran):
            self.machine.trace.mixed.update(each)
        return True

    def _is_of_some_round(self, tensor: Tensor, ran: list[_Round]) -> bool:
        """Whether a round before the last one has made it, which then is in this one too, and nobody knows in which others."""
        return ran[0].since <= tensor.serial < ran[-1].since

    def _charge(self, costs: list[_Costs], each: _Costs) -> None:
        total = self.machine.trace.costs
        left = self.count - len(costs)
        for key in {key for one in (*costs, each) for key in one}:
            spent = sum((one.get(key, 0) for one in costs), left * each.get(key, 0))
            total[key] = self.costs.get(key, 0) + spent

    def _forget_single(self, numbers: list[Symbol], made: list[Rounds]) -> None:
        """Make Unknown what the last round leaves that no other leaves, and what speaks of a round's number."""
        kept = {id(tensor) for one in made for tensor in one.tensors}
        for change in self.start.changes():
            if id(change.owner) in self.inside or change.new is ABSENT:
                continue
            new = change.new
            if isinstance(new, Module) and isinstance(change.owner, Module):
                if any(id(tensor) in kept for tensor in _tensors(new)):
                    vars(change.owner)["open_ended"] = "a loop keeps one of the modules that it makes"
            elif not self._is_lasting(new, numbers):
                change.table[change.name] = self._changed(change.old)

    def _is_lasting(self, value: Any, numbers: list[Symbol]) -> bool:
        if isinstance(value, tuple):
            return all(self._is_lasting(part, numbers) for part in value)
        if isinstance(value, (Module, Instance, list, dict, set, Series)):
            return value in self.start or (isinstance(value, Series) and value in self.opened)
        return not mentions(value, numbers)

    def _changed(self, old: Any) -> Unknown:
        is_plain = isinstance(old, (bool, int, float, str, Tensor)) or (isinstance(old, Unknown) and old.is_plain)
        return self.machine.unknown(_CHANGED, is_plain)

    def _give_up(self, signal: Any) -> Any:
        """Make Unknown what rounds change: those that ran, one after them, and the last."""
        machine = self.machine
        machine.doubt(self.frame)
        self._forget_all()
        mark, gaps = machine.trace.mark(), len(machine.trace.gaps)
        self._try_round(self._heap())
        if self.last_is_apart:
            self._try_round(self._heap(), is_last=True)
        if len(machine.trace.gaps) > gaps and machine.modules_running:
            machine.trace.uncounted.add(id(machine.modules_running[-1]))
        machine.trace.cut(mark)
        self._forget_all()
        machine.trace.uncounted.update(difference(machine.trace.costs, self.costs))
        return signal if signal in (BREAK, RETURN) else None

    def _forget_all(self) -> None:
        machine = self.machine
        for series in (*self.opened, *self.start.changed_series()):
            series.spoil(_CHANGED)
        for values in self.start.changed_lists():
            unknown = machine.unknown(_CHANGED)
            self.start.put(values, unknown)
            values.append(unknown)  # for who reaches it otherwise
        for container in self.start.changed_containers():
            vars(container)["open_ended"] = "a loop of unknown length adds layers"
        for change in list(self.start.changes()):
            if self._is_same(change.old, change.new) or change.new is ABSENT:
                continue
            if isinstance(change.owner, Module) and change.table is not vars(change.owner):
                if not isinstance(change.new, Module) or type(change.old) is not type(change.new):
                    vars(change.owner)["open_ended"] = "a loop of unknown length adds layers"
            elif change.new not in self.opened:
                change.table[change.name] = self._changed(change.old)


def _with_enclosing(frames: Iterable[Frame]) -> Iterator[Frame]:
    seen: set[int] = set()
    for frame in frames:
        around: Frame | None = frame
        while around is not None and id(around) not in seen:
            seen.add(id(around))
            yield around
            around = around.enclosing


def difference(costs: _Costs, start: _Costs) -> _Costs:
    """What was spent since then."""
    spent = {key: cost - start.get(key, 0) for key, cost in costs.items()}
    return {key: cost for key, cost in spent.items() if cost != 0}


def _parts_of(item: Any) -> Iterator[Any]:
    """The modules and objects that an item of a round consists of."""
    if isinstance(item, Module):
        yield from (part for _, part in named_modules(item))
    elif isinstance(item, Instance):
        yield item
    elif isinstance(item, tuple):
        for part in item:
            yield from _parts_of(part)


def _tensors(module: Module) -> Iterator[Tensor]:
    for _, part in named_modules(module):
        for name in ("_parameters", "_buffers"):
            yield from (tensor for tensor in vars(part).get(name, {}).values() if tensor is not None)


def _speaks_of(item: Any, numbers: list[Symbol]) -> bool:
    """Whether a tensor of an item has a size that depends on the number of the round."""
    if isinstance(item, (tuple, list)):
        return any(_speaks_of(part, numbers) for part in item)
    if isinstance(item, Module):
        return any(mentions(tensor, numbers) for tensor in _tensors(item))
    return isinstance(item, Tensor) and mentions(item, numbers)


def _is_collected(growth: Growth, collected: Any) -> bool:
    """Whether only a comprehension can see what grows."""
    return collected is not None and growth.sequence is (collected.parts if isinstance(collected, Series) else collected)


def _fill(sequence: list[Any] | Container, parts: list[Any]) -> None:
    if isinstance(sequence, Container):
        sequence.fill(parts)
    else:
        sequence[:] = parts
