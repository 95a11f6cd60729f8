"""Loops: over what is known they are unrolled; one of a symbolic length is run until shapes repeat, any other once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import Any

from torchlint.dims.expr import Size
from torchlint.interpreter.bindings import changed_containers
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.machine import Site
from torchlint.interpreter.objects import ClassValue, Instance, Raised
from torchlint.interpreter.repeating import BREAK, CONTINUE, RETURN, Repeating, difference
from torchlint.values.errors import MoreRounds, Undecided
from torchlint.values.module import Module, named_modules
from torchlint.values.rounds import Rounds
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Unknown

_SCRIPT_ITERATIONS = 2
_SHORT_LOOP = 4
_SHORT_LIST = 32
_MANY_YIELDS = 16
"""What a generator that has no end gives before the rest is taken to be like it."""
Snapshot = dict[str, tuple[Any, Any]]


class Loops(Repeating):
    """The effects of `for` and `while`."""

    def exec_for(self, node: ast.For, frame: Frame) -> Any:
        iterable = self.evaluate(node.iter, frame)
        self.site = Site(frame, node.iter)
        rounds, repeats = 0, False
        is_script = not self.modules_running and not self.constructing and not _is_short(iterable)
        before: Snapshot = {}
        try:
            for value in self._iterate_at(Site(frame, node.iter), iterable):
                if isinstance(value, Rounds):
                    signal = self.run_rounds(value, frame, partial(self._round_of, node, frame))
                    if signal is not None:
                        return signal if signal == RETURN else None
                    continue
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
            return self.iterate_parts(iterable)
        finally:
            self.stack.pop()
            self.site = site

    def _round_of(self, node: ast.For, frame: Frame, items: tuple[Any, ...]) -> Any:
        """One round of a symbolic loop, in which the body runs for each of the items."""
        for item in items:
            if isinstance(item, Rounds):
                signal = self.run_rounds(item, frame, partial(self._round_of, node, frame))
            else:
                self.assign(node.target, item, frame)
                signal = self.execute(node.body, frame)
            if signal in (BREAK, RETURN):
                return signal
        return None

    def _loop_once(self, node: ast.For | ast.While, element: Any, frame: Frame) -> Any:
        """A loop nobody knows the length of: one round, and then every name that it binds is Unknown unless it kept its
        value."""
        before, costs, doubts = _snapshot(frame), dict(self.trace.costs), self.doubts
        signal = self._round(node, element, frame)
        self._forget_changes(before, frame)
        if self.doubts > doubts:  # other rounds may go other ways
            for container in changed_containers(node):
                self.forget_container(container, frame)
        self.trace.uncounted.update(difference(self.trace.costs, costs))
        return None if signal in (BREAK, CONTINUE) else signal

    def _round(self, node: ast.For | ast.While, element: Any, frame: Frame) -> Any:
        self.doubt(frame)
        if isinstance(node, ast.For):
            self.assign(node.target, element, frame)
        self.unknown_loops += 1
        doubts = self.doubts
        try:
            return self.execute(node.body, frame)
        except Raised as raised:
            if raised.is_stated or self.doubts == doubts:
                raise
            return CONTINUE  # rounds before this one may have gone another way
        finally:
            self.unknown_loops -= 1

    def _forget_changes(self, before: Snapshot, frame: Frame) -> None:
        """Make Unknown what a round of a loop changed, where more rounds would change it further."""
        for name, value in list(frame.names.items()):
            old, length = before.get(name, (None, -1))
            if isinstance(value, Instance) and old is value:
                self._forget_attributes(value, length)
            elif isinstance(value, Module) and old is value:
                if length != _length(value):
                    self.trace.uncounted.add(id(value))
                    for _, part in named_modules(value):
                        if part is value or length.get(id(part), _children(part)) != _children(part):
                            vars(part)["open_ended"] = "a loop of unknown length adds layers"
            elif not self._is_same(old, value) or length != _length(value):
                frame.names[name] = self._changed(old)

    def forget_container(self, node: ast.expr, frame: Frame) -> None:
        """Make Unknown a list, dict or set that a name or an attribute stands for: it may be changed."""
        if isinstance(node, ast.Name):
            value = frame.lookup(node.id)
            if isinstance(value, (list, dict, set)):
                frame.store(node.id, self._changed(value))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = frame.lookup(node.value.id)
            own = owner.attributes if isinstance(owner, Instance) else vars(owner) if isinstance(owner, Module) else {}
            value = own.get(node.attr)
            if isinstance(value, (list, dict, set)):
                self.set_attribute(owner, node.attr, self._changed(value))

    def forget_elements(self, node: ast.expr, frame: Frame) -> None:
        """Make Unknown the lists and dicts that a list or dict holds: one of them, nobody knows which, is changed."""
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, (ast.Name, ast.Attribute)):
            return
        holder = self.evaluate(node.value, frame)
        if isinstance(holder, (list, dict)):
            for key, value in list(enumerate(holder) if isinstance(holder, list) else holder.items()):
                if isinstance(value, (list, dict, set, Instance)):
                    holder[key] = self.unknown("one of several elements is changed, and it is not known which")

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
            if isinstance(frame.yields, list) and len(frame.yields) >= _MANY_YIELDS and isinstance(node.test, ast.Constant):
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


def _children(module: Module) -> int:
    return len(vars(module).get("_modules", ()))


def _length(value: Any) -> Any:
    if isinstance(value, Module):
        return {id(part): _children(part) for _, part in named_modules(value)}
    return len(value) if isinstance(value, (list, dict, set)) else -1
