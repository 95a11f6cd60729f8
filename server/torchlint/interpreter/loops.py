"""Loops: over what is known they are unrolled; one of a symbolic length is run until shapes repeat, any other once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from torchlint.dims.expr import Size
from torchlint.dims.truth import Truth
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.machine import Machine, Site
from torchlint.interpreter.objects import ClassValue, FunctionValue, Instance, Raised
from torchlint.values.errors import MoreRounds, Undecided
from torchlint.values.module import Module, named_modules
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Rounds, Unknown

BREAK, CONTINUE, RETURN = "break", "continue", "return"
_SCRIPT_ITERATIONS = 2
_SHORT_LOOP = 4
_SHORT_LIST = 32
_MANY_YIELDS = 16
"""What a generator that has no end gives before the rest is taken to be like it."""
Snapshot = dict[str, tuple[Any, Any]]


class Loops(Machine):
    """The effects of `for` and `while`."""

    def exec_for(self, node: ast.For, frame: Frame) -> Any:
        iterable = self.evaluate(node.iter, frame)
        self.site = Site(frame, node.iter)
        if isinstance(iterable, Rounds):
            return self._loop_of(node, iterable, frame)
        rounds, repeats = 0, False
        is_script = not self.modules_running and not self.constructing and not _is_short(iterable)
        before: Snapshot = {}
        try:
            for value in self._iterate_at(Site(frame, node.iter), iterable):
                if repeats and rounds >= _SCRIPT_ITERATIONS:
                    self._forget_changes(before, frame)
                    break
                rounds += 1
                calls, built = len(self.trace.module_calls), self.modules_made
                if is_script:
                    before = _snapshot(frame)
                self.assign(node.target, value, frame)
                signal = self.execute(node.body, frame)
                if signal == BREAK:
                    return None
                if signal == RETURN:
                    return signal
                # A loop of a script that runs the model, and makes none, does the same in every round.
                runs_model = len(self.trace.module_calls) > calls and self.modules_made == built
                repeats = is_script and runs_model and not _is_code(value)
        except MoreRounds:
            self._forget_changes(before, frame)
        except Undecided as undecided:
            return self._loop_once(node, self.unknown(str(undecided)), frame)
        return self.execute(node.orelse, frame)

    def _iterate_at(self, site: Site, iterable: Any) -> Iterator[Any]:
        """Iterate over what a loop asks for: an `__iter__` of the program is called from there."""
        self.stack.append(site)
        try:
            return self.iterate(iterable)
        finally:
            self.stack.pop()
            self.site = site

    def _loop_once(self, node: ast.For | ast.While, element: Any, frame: Frame) -> Any:
        """A loop nobody knows the length of: one round, and then every name that it binds is Unknown unless it kept its
        value."""
        before, costs = _snapshot(frame), dict(self.trace.costs)
        signal = self._round(node, element, frame)
        self._forget_changes(before, frame)
        self.trace.uncounted.update(_difference(self.trace.costs, costs))
        return None if signal in (BREAK, CONTINUE) else signal

    def _round(self, node: ast.For | ast.While, element: Any, frame: Frame) -> Any:
        self.doubt(frame)
        if isinstance(node, ast.For):
            self.assign(node.target, element, frame)
        self.unknown_loops += 1
        try:
            return self.execute(node.body, frame)
        finally:
            self.unknown_loops -= 1

    def _loop_of(self, node: ast.For, rounds: Rounds, frame: Frame) -> Any:
        """A loop of as many rounds as a symbol says: one shows what the others leave if it changes no shape, else a second
        one does. Where the rounds may differ, it is a loop nobody knows the length of."""
        index = self.unknown("the number of a round is not known", is_plain=True)
        asked, start, before = self._conditions(), dict(self.trace.costs), _snapshot(frame)
        signal = self._round(node, index, frame)
        first = later = _difference(self.trace.costs, start)
        is_known = signal is None and self._conditions() == asked and (self.facts.bounds(rounds.count)[0] or 0) > 0
        if is_known and self._has_changed(before, frame):
            once, costs = _snapshot(frame), dict(self.trace.costs)
            is_known = self._repeats(node, index, frame) and not self._has_changed(once, frame)
            later = _difference(self.trace.costs, costs)
            before = once if is_known else before
        elif is_known:
            before = _snapshot(frame)  # nothing that was there before: what is new is the same after each round
        self._forget_changes(before, frame)
        if not is_known:
            self.trace.uncounted.update({**first, **later})
            return None if signal in (BREAK, CONTINUE) else signal
        for key in {**first, **later}:
            spent = first.get(key, 0) + (rounds.count - 1) * later.get(key, 0)
            self.trace.costs[key] = start.get(key, 0) + spent
        return self.execute(node.orelse, frame)

    def _repeats(self, node: ast.For, index: Unknown, frame: Frame) -> bool:
        """Run a round that the caller may not ask for, and say whether it went well with what was known before it."""
        failures, asked, assumed = len(self.trace.failures), self._conditions(), len(self.facts.assumed())
        with self.facts.trying():
            try:
                signal = self._round(node, index, frame)
            except Raised:
                return False
            finally:
                failed = len(self.trace.failures) > failures
                self.trace.forget(failures)
            added = self.facts.assumed()[assumed:]
        if failed or signal is not None or self._conditions() > asked:
            return False
        return all(self.facts.compare(*relation) is Truth.YES for relation, _ in added)

    def _conditions(self) -> int:
        """How many conditions were met that nobody can decide."""
        return sum(1 for question in self.answers.asked.values() if not question.is_input)

    def _has_changed(self, before: Snapshot, frame: Frame) -> bool:
        return any(
            name in frame.names and (not self._is_same(old, frame.names[name]) or parts != _parts(frame.names[name]))
            for name, (old, parts) in before.items()
        )

    def _forget_changes(self, before: Snapshot, frame: Frame) -> None:
        """Make Unknown what a round of a loop changed, where more rounds would change it further."""
        for name, value in list(frame.names.items()):
            old, length = before.get(name, (None, -1))
            if isinstance(value, Instance) and old is value:
                self._forget_attributes(value, length)
            elif isinstance(value, Module) and old is value:
                if length != _length(value):
                    vars(value)["open_ended"] = "a loop of unknown length adds layers"
            elif not self._is_same(old, value) or length != _length(value):
                frame.names[name] = self._changed(old)

    def _is_same(self, old: Any, new: Any) -> bool:
        """Whether a value that a loop rebinds stays what it was, as far as shapes go."""
        if isinstance(old, Tensor) and isinstance(new, Tensor):
            return old.dtype is new.dtype and self._resolved(old) == self._resolved(new)
        if isinstance(old, (str, int, float, type(None))):
            return type(old) is type(new) and bool(old == new)
        return old is new

    def _resolved(self, tensor: Tensor) -> tuple[Size, ...]:
        return tuple(self.facts.resolve(size) for size in tensor.shape)

    def _forget_attributes(self, instance: Instance, before: dict[str, tuple[Any, int]]) -> None:
        for name, value in list(instance.attributes.items()):
            old, length = before.get(name, (None, -1))
            if not isinstance(value, (Instance, Module)) and (not self._is_same(old, value) or length != _length(value)):
                instance.attributes[name] = self._changed(old)

    def _changed(self, old: Any) -> Unknown:
        is_plain = isinstance(old, (bool, int, float, str, Tensor)) or (isinstance(old, Unknown) and old.is_plain)
        return self.unknown("a loop of unknown length changes it", is_plain)

    def exec_while(self, node: ast.While, frame: Frame) -> Any:
        while True:
            self.budget.step()
            if frame.yields is not None and len(frame.yields) >= _MANY_YIELDS and isinstance(node.test, ast.Constant):
                frame.is_endless = True
                return RETURN
            test = self.evaluate(node.test, frame)
            if isinstance(test, Unknown):
                return self._loop_once(node, None, frame)
            if not self.truth(test):
                return self.execute(node.orelse, frame)
            signal = self.execute(node.body, frame)
            if signal == BREAK:
                return None
            if signal == RETURN:
                return signal


def _is_short(iterable: Any) -> bool:
    """Whether a loop of a script is so short that it is run to its end: numbers may count epochs, what is listed is listed
    because it differs."""
    if isinstance(iterable, (list, tuple)):
        return len(iterable) <= _SHORT_LIST
    return isinstance(iterable, range) and len(iterable) <= _SHORT_LOOP


def _is_code(value: Any) -> bool:
    """Whether a round of a loop is about a module or function of its own, alone or with its name or number."""
    if isinstance(value, tuple):
        return any(_is_code(part) for part in value)
    return isinstance(value, (Module, FunctionValue, ClassValue, Instance))


def _snapshot(frame: Frame) -> Snapshot:
    """The names of a frame with their values and, of lists, modules and the like, how many parts they have; of objects, the
    same of their attributes."""
    return {name: (value, _parts(value)) for name, value in frame.names.items()}


def _parts(value: Any) -> Any:
    if isinstance(value, Instance):
        return {name: (part, _length(part)) for name, part in value.attributes.items()}
    return _length(value)


def _length(value: Any) -> int:
    if isinstance(value, Module):
        return sum(1 for _ in named_modules(value))
    return len(value) if isinstance(value, (list, dict, set)) else -1


def _difference(costs: dict[int, Size], start: dict[int, Size]) -> dict[int, Size]:
    """What was spent since then."""
    spent = {key: cost - start.get(key, 0) for key, cost in costs.items()}
    return {key: cost for key, cost in spent.items() if cost != 0}
