"""What a rule may ask about the file that is being checked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from torchlint.diagnostics import Note, Span
from torchlint.dims.facts import Facts
from torchlint.dims.requirements import requirement
from torchlint.interpreter.activations import Activation
from torchlint.interpreter.believing import believed, survivors
from torchlint.interpreter.breaches import Breach, breach
from torchlint.interpreter.choices import Conditional
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.functions import FunctionValue, HostFunction
from torchlint.interpreter.holes import FilledHole, fill
from torchlint.interpreter.misuses import Misuse, misuse
from torchlint.interpreter.objects import ClassValue, Namespace
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place, Unit
from torchlint.interpreter.targets import loaded
from torchlint.interpreter.trace import Construction, Failure
from torchlint.ops.registry import LayerType, Operation
from torchlint.source.document import Document
from torchlint.source.neighbours import Neighbours
from torchlint.values.errors import ShapeError
from torchlint.values.module import Module, named_modules
from torchlint.values.signature import REQUIRED


class ParsedUnit(NamedTuple):
    """A definition of the file (or its loose statements) with its syntax tree."""

    unit: Unit
    tree: ast.Module


class BrokenDefinition(NamedTuple):
    """A definition that does not parse, and where."""

    message: str
    place: Place


class InternalError(NamedTuple):
    """A bug of ours, and the place that met it."""

    message: str
    place: Place


class WrongCall(NamedTuple):
    """A call that leads to a failure, where others of the same function lead to none."""

    call: Misuse
    failure: Failure


class CheckedFile:
    """A file with everything that the passes found out about it.

    `classes` holds each class on its own; `used` what became of those that fail under their defaults, when they were given
    other arguments as the file gives them; `factories` what functions build that the script does not call; `conditional` what
    fails with some choices of the caller of a class only. `is_whole` says that all of the file parses.
    """

    def __init__(
        self,
        document: Document,
        units: list[ParsedUnit],
        namespace: Namespace,
        script: Pass,
        classes: dict[str, Exploration],
        used: dict[str, list[Exploration]],
        factories: dict[str, Exploration],
        conditional: dict[str, list[Conditional]],
        neighbours: Neighbours,
        is_whole: bool,
    ) -> None:
        self.document = document
        self.units = units
        self.namespace = namespace
        self.script = script
        self.classes = classes
        self.used = used
        self.factories = factories
        self.conditional = conditional
        self.is_whole = is_whole
        self._neighbours = neighbours
        self._failures: list[Failure] | None = None
        self._wrong_calls: list[WrongCall] = []

    @property
    def passes(self) -> Iterator[Pass]:
        """Every pass, the script's first."""
        yield self.script
        for exploration in (*self.classes.values(), *self.factories.values()):
            yield from exploration.passes

    @property
    def main_passes(self) -> Iterator[Pass]:
        """The passes that show what happens: the script's, and the settled one of each class."""
        yield self.script
        for exploration in self.classes.values():
            yield exploration.main

    def here(self, place: Place) -> bool:
        """Whether the place is in this file."""
        return place.unit.path == self.document.path and place.unit.checked

    def failures(self) -> list[Failure]:
        """What fails whichever way the passes go: each mistake once. Asked for when all passes are done."""
        if self._failures is None:
            self._failures = self._find_failures()
        return self._failures

    def wrong_calls(self) -> list[WrongCall]:
        """The calls that lead to failures which `failures` leaves out: each call once."""
        self.failures()
        return self._wrong_calls

    def _find_failures(self) -> list[Failure]:
        found: dict[tuple[str, str, int, int], Failure] = {}
        calls: dict[ast.AST, WrongCall] = {}
        broken: set[Module] = set()  # what fails in them besides is their construction's fault as well
        wrong: set[Activation] = set()  # what fails in them besides may come of what they were given
        failures = [f for f in self.script.trace.failures if f.statement not in self.script.by_chance]
        for failure in (*failures, *self._failures_of_classes(), *self._failures_of_factories()):
            cause = breach(failure, self.pass_of(failure.error), self.classes)
            if cause is not None:
                broken.add(cause.module)
                failure = _at_construction(failure, cause)
            elif not broken.isdisjoint(failure.owners) or not wrong.isdisjoint(failure.runs):
                continue
            else:
                call = self._misuse(failure)
                if call is not None and self.here(call.place):
                    wrong.add(call.run)
                    calls.setdefault(call.place.node, WrongCall(call, failure))
                    continue
            found.setdefault(failure.key, failure)
        self._wrong_calls = list(calls.values())
        return [f for f in found.values() if self.here(f.place)]

    def _failures_of_classes(self) -> Iterator[Failure]:
        """What fails in classes on their own, and neither in the script nor with other arguments works.

        Where another class shows one at work and something fails in it there, only that counts.
        """
        script_ok = self.script.shown()
        alone = {name: believed(exploration) for name, exploration in self.classes.items()}
        for name, failures in alone.items():
            in_use = [{f.key for f in believed(other)} for other in self.used.get(name, [])]
            elsewhere = (f for other, found in alone.items() if other != name for f in found)
            in_others = {f.key for f in elsewhere if any(_is_of(module, name) for module in f.owners)}
            for failure in failures:
                call = self._misuse(failure)
                statement = failure.statement if call is None else call.run.statement
                is_shown = not in_others or failure.key in in_others
                if is_shown and statement not in script_ok and all(failure.key in keys for keys in in_use):
                    yield failure

    @cached_property
    def warnings(self) -> list[tuple[Conditional, Failure | WrongCall]]:
        """What fails with some choices of a caller only, or the call that leads there: each place once."""
        found: list[tuple[Conditional, Failure | WrongCall]] = []
        seen = {failure.key for failure in self.failures()}
        for conditional in (c for found in self.conditional.values() for c in found):
            failure = conditional.failure
            if failure.key not in seen and self.here(failure.place):
                seen.add(failure.key)
                call = self._misuse(failure)
                found.append((conditional, failure if call is None or not self.here(call.place) else WrongCall(call, failure)))
        return found

    def _misuse(self, failure: Failure) -> Misuse | None:
        return misuse(failure, self.pass_of(failure.error), self.passes)

    def _failures_of_factories(self) -> Iterator[Failure]:
        """What fails in everything that is built; where it works for others, the function that builds what fails.

        A class on its own is no witness where it requires arguments: the functions say what they are.
        """
        complete = [exploration for name, exploration in self.classes.items() if not self._requires_arguments(name)]
        others = [self.script, *(one for exploration in complete for one in exploration.passes)]
        for name, exploration in self.factories.items():
            rest = [one for other, e in self.factories.items() if other != name for one in e.passes]
            elsewhere = survivors([*others, *rest])
            here = [f for f in believed(exploration) if self.here(f.place)]
            certain = [f for f in here if f.statement not in elsewhere]
            yield from certain
            node = self._function(name)
            if here and not certain and not exploration.settled and node is not None:
                yield _built_wrongly(name, node, here[0])

    def _requires_arguments(self, name: str) -> bool:
        cls = loaded(self.namespace, name)
        init = cls.lookup("__init__")[1] if isinstance(cls, ClassValue) else None
        return isinstance(init, FunctionValue) and any(p.default is REQUIRED for p in init.signature.without_first().parameters)

    def _function(self, name: str) -> Place | None:
        for unit, tree in self.units:
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return Place(unit, node)
        return None

    def is_run_by_script(self, name: str) -> bool:
        """Whether the script calls the function."""
        place = self._function(name)
        body = getattr(place.node, "body", []) if place is not None else []
        return any(statement in self.script.trace.visited for statement in body)

    def pass_of(self, error: ShapeError) -> Pass:
        """The pass that met an error."""
        passes = (*self.passes, *(c.one for found in self.conditional.values() for c in found))
        return next((p for p in passes if any(f.error is error for f in p.trace.failures)), self.script)

    def is_of_class_alone(self, error: ShapeError) -> bool:
        """Whether a pass of a class on its own met the error."""
        alone = self.pass_of(error)
        return any(alone is one for exploration in self.classes.values() for one in exploration.passes)

    def facts_of(self, error: ShapeError) -> Facts:
        """What the pass that met the error found out about sizes."""
        return self.pass_of(error).facts

    def callee_of(self, failure: Failure) -> str:
        """How this file's class would name what was called, also where a library's code calls it by a name of its own."""
        model = self.pass_of(failure.error).model
        if failure.inside is None or not isinstance(model, Module):
            return failure.callee
        path = next((path for path, module in named_modules(model) if module is failure.module), "")
        return f"self.{path}" if path else failure.callee

    def constructions(self) -> list[Construction]:
        """Layers that a `forward` makes, each place once."""
        found: dict[int, Construction] = {}
        for one in self.main_passes:
            for construction in one.trace.constructions:
                if self.here(construction.place):
                    found.setdefault(id(construction.place.node), construction)
        return list(found.values())

    @cached_property
    def other_texts(self) -> list[bytes] | None:
        """The other files of the project; None where there are too many to say."""
        return self._neighbours.of(self.document.path)

    @property
    def looks_around(self) -> bool:
        """Whether what is found depends on the other files of the project, which it does where somebody asked for them."""
        return "other_texts" in vars(self)

    @cached_property
    def holes(self) -> list[FilledHole]:
        """What fits each `...` of this file."""
        passes = [self.script, *(exploration.symbolic for exploration in self.classes.values())]
        return [hole for hole in fill(passes) if self.here(hole.place)]

    def span(self, place: Place) -> Span:
        """The place in rows and columns of code points (of this file)."""
        unit = place.unit
        if unit.rows is None:
            return self.document.span(place.node, unit.first_row)
        start, end = Document(unit.path, unit.text).span(place.node)
        return Span(start._replace(row=unit.row(start.row)), end._replace(row=unit.row(end.row)))

    def note(self, message: str, place: Place | None) -> Note:
        """A note about a place in any file."""
        if place is None:
            return Note(message)
        if place.unit.path == self.document.path:
            return Note(message, place.unit.path, self.span(place))
        shadow = Document(place.unit.path, place.unit.text)
        span = shadow.span(place.node, 1)
        shift = place.unit.first_row - 1
        moved = Span(span.start._replace(row=span.start.row + shift), span.end._replace(row=span.end.row + shift))
        return Note(message, place.unit.path, moved)

    def value_of(self, node: ast.expr) -> Any:
        """What a (dotted) name means at module level, without running anything; None where that is not plain."""
        if isinstance(node, ast.Name):
            return loaded(self.namespace, node.id)
        if isinstance(node, ast.Attribute):
            owner = self.value_of(node.value)
            if isinstance(owner, Namespace):
                if node.attr in owner.members:
                    return owner.members[node.attr]
                return owner.resolve(node.attr) if owner.resolve is not None else None
        return None

    def qualified_name(self, node: ast.expr) -> str:
        """torch's dotted name of the operation or layer that a name means, or ""."""
        value = self.value_of(node)
        return value.name if isinstance(value, (Operation, LayerType, HostFunction)) else ""

    def module_classes(self) -> Iterator[ClassValue]:
        """The `nn.Module` classes that the file defines."""
        defined = {s.name for _, tree in self.units for s in tree.body if isinstance(s, ast.ClassDef)}
        members = self.namespace.members
        for name in list(members):
            value = loaded(self.namespace, name) if name in defined else members[name]
            if isinstance(value, ClassValue) and value.is_module and value.unit.path == self.document.path:
                yield value


def _is_of(module: Module, name: str) -> bool:
    return module.interpreted_class is not None and module.interpreted_class.name == name


def _at_construction(failure: Failure, cause: Breach) -> Failure:
    """The failure where a module is made against what its class requires."""
    given = " and ".join(f"`{name}` is {number}" for name, number in cause.arguments.items())
    message = f"`{cause.module.type_name}` requires {requirement(cause.required)}, but {given}"
    error = ShapeError("contract-violated", message, torch=failure.error.torch)
    inside = failure.inside or failure.place
    return failure._replace(error=error, place=cause.place, inside=inside, arguments={}, module=None)


def _built_wrongly(name: str, function: Place, failure: Failure) -> Failure:
    """That what the function builds cannot run, at the last thing that it returns."""
    returns = [n.value for n in ast.walk(function.node) if isinstance(n, ast.Return) and n.value is not None]
    place = Place(function.unit, returns[-1] if returns else function.node)
    error = ShapeError("contract-violated", f"what `{name}` builds fails with every input")
    return failure._replace(error=error, place=place, inside=failure.inside or failure.place, arguments={}, module=None)
