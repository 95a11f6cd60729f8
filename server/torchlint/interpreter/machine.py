"""The state of one pass, and what every part of the interpreter does with it: Unknown, truth, steps, failures."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, NamedTuple

from torchlint.dims.expr import Expr, Size
from torchlint.dims.facts import Contradiction, Facts
from torchlint.dims.real import Real
from torchlint.dims.truth import Truth
from torchlint.interpreter.activations import Activation
from torchlint.interpreter.budget import Budget
from torchlint.interpreter.conditions import SizeCondition
from torchlint.interpreter.doors import Doors
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.keys import Keys
from torchlint.interpreter.narrowing import implied
from torchlint.interpreter.objects import Instance, Namespace, Raised
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Argument, Failure, Gap, Rest, Trace
from torchlint.ops.registry import OPERATIONS
from torchlint.values.errors import ShapeError, TooFewValues, without_frames
from torchlint.values.module import Module
from torchlint.values.rounds import Series, mentions
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Derived, Free, Likely, SomeException, Unknown


class Site(NamedTuple):
    """Where something is being evaluated."""

    frame: Frame
    node: ast.AST


class Step(NamedTuple):
    """One of the places that a program is at, from the outermost call to what is being evaluated; `is_doubtful` says that
    something which nobody can decide took part in how its function came there, `in_forward` that a `forward` runs, `is_sure`
    that its function always comes there, `lacks_argument` that one of its function's arguments is None."""

    place: Place
    statement: ast.stmt | None
    is_doubtful: bool
    in_forward: bool
    is_sure: bool
    lacks_argument: bool


class Machine(Doors):
    """The state that the parts of the interpreter share."""

    def __init__(self, answers: Answers, budget: Budget, trace: Trace, facts: Facts) -> None:
        super().__init__()
        self.answers = answers
        self.budget = budget
        self.trace = trace
        self.facts = facts
        self.site: Site | None = None
        self.stack: list[Site] = []
        self.modules_running: list[Module] = []
        self.callee_path: list[tuple[Module, Module]] = []  # from what the source calls to the child that runs
        self.forward_depth = 0
        self.constructing = 0
        self.modules_made = 0
        self.functions_running: list[FunctionValue] = []
        self.activation: Activation | None = None  # of the function of a checked file that runs
        self.unknown_loops = 0  # that run, of unknown length
        self.last_rounds = 0  # of such loops that run, of which nobody knows whether they are the first too
        self.unknowns_before_rounds = 0  # how many were met before the outermost loop of a symbolic length
        self.handlers: list[tuple[type, ...]] = []
        self._keys = Keys()
        self.tensor_names: set[str] = set()  # attributes that the program sets on tensors
        self.doubts = 0  # how often something was asked that nobody can decide
        self.is_quiet = False  # while annotations are read, which Python may never evaluate
        self.gives_optional = False  # whether `forward` is supposed to be given an optional input
        self.loading: Namespace | None = None  # the module whose own statements run
        self._supposed: dict[Any, bool] = {}  # what was answered while a library was imported
        self._kinds: dict[int, tuple[Any, list[Unknown]]] = {}  # tests whether an object is of an unknown class, by its id
        self.running_operation = ""
        self.is_blind = False  # in a module that was given something, but nothing that is known
        self.running_layer: Module | None = None

    def call_special(self, method: Any, *args: Any) -> Any:
        """Call the method behind an operator or a subscript, from where that stands."""
        site = self.site
        if site is None:
            return self.call_value(method, args, {})
        self.stack.append(site)
        try:
            return self.call_value(method, args, {})
        finally:
            self.stack.pop()
            self.site = site

    def unknown(self, reason: str, is_plain: bool = False) -> Unknown:
        """An Unknown that starts here; `is_plain` says that it is no module."""
        place = self.here()
        key: object = reason
        if place is not None:
            key = _key_of(reason, place)
            self.trace.unknowns.append((reason, place))
        return Unknown(reason, place, key, is_plain)

    def note_gap(self, reason: str, place: Any, fails: bool = False) -> None:
        """Note that the result of a step on tensors is not known."""
        module = self.modules_running[-1] if self.modules_running else None
        self.trace.gaps.append(Gap(module, reason, place, fails))

    def derived(self, kind: str, *values: Any) -> Unknown:
        """What an operation makes of Unknowns: the reason of the first, and a key by which equal ones are recognised."""
        first = next((v for v in values if isinstance(v, Unknown)), None)
        keys = map(self._keys.of, values)
        is_plain = all(_is_plain(v) for v in values) if kind in _HANDED_ON or kind.startswith(".") else True
        return Unknown(first.reason if first else kind, first.place if first else self.here(), Derived(kind, *keys), is_plain)

    def likely(self, kind: str, compute: Callable[..., Any], *values: Any) -> Unknown:
        """What `compute` makes of values some of which are only likely; Unknown if another of them is."""
        unknown = self.derived(kind, *values)
        if any(isinstance(v, Unknown) and not isinstance(v, Likely) for v in values):
            return unknown
        try:
            value = compute(*(v.value if isinstance(v, Likely) else v for v in values))
        except Raised:
            return unknown
        return value if isinstance(value, Unknown) else Likely(value, unknown)

    def here(self) -> Place | None:
        """The place that is being evaluated."""
        return None if self.site is None else Place(self.site.frame.unit, self.site.node)

    def argument_of_site(self, value: Any) -> dict[str, Argument]:
        """The object whose attribute or item is being read, as the argument `input` of a failure."""
        node = self.site.node if self.site is not None else None
        return {"input": Argument(node.value if isinstance(node, (ast.Attribute, ast.Subscript)) else None, value)}

    def truth(self, value: Any, prefer: bool = True) -> bool:
        """Python's truth of a value; an opaque one is a question, answered `prefer` first."""
        site = self.site
        answer = self._truth(value, prefer)
        if site is not None and site.frame.unit.checked:
            self.trace.decide(site.frame.unit, site.node, answer)
        return answer

    def _truth(self, value: Any, prefer: bool) -> bool:
        if isinstance(value, SizeCondition):
            return self._size_truth(value, prefer)
        if isinstance(value, Series) and value.length is not None:
            return self.known_truth(value.length)
        if isinstance(value, Unknown):
            if value.key == "training":
                prefer = False
            is_likely = isinstance(value, Likely)
            if isinstance(value, Likely):
                prefer = self.known_truth(value.value)
            key = value.key
            is_varying = bool(self.rounds_running) and not self._is_lasting(key)
            if isinstance(key, tuple) and key and key[0] == "not" and len(key) == 2:
                return not self._ask_truth(key[1], not prefer, is_likely, is_varying)
            return self._ask_truth(key, prefer, is_likely, is_varying)
        return self.known_truth(value)

    def suppose_kind(self, value: Any, test: Unknown) -> Unknown:
        """A test whether an object is of a class that is not known, noted: where it is taken to be, it may have anything."""
        self._kinds.setdefault(id(value), (value, []))[1].append(test)
        return test

    def is_supposed_kind(self, value: Any) -> bool:
        """Whether an object was taken to be of a class that is not known."""
        _, tests = self._kinds.get(id(value), (None, []))
        asked = (self.answers.asked.get(("truth", test.key)) for test in tests)
        return any(question is not None and question.options[question.taken] for question in asked)

    def varying(self) -> int:
        """How many conditions were met that the rounds of a loop may answer differently."""
        return sum(question.is_varying for question in self.answers.asked.values())

    def _is_lasting(self, key: Any) -> bool:
        """Whether what the key speaks of was there before the loop whose rounds run, and so is the same in each round."""
        if isinstance(key, Unknown):
            return isinstance(key, Free)
        made = self.trace.unknowns[self.unknowns_before_rounds :]
        if any(key == _key_of(reason, place) for reason, place in made):
            return False
        parts = key.parts if isinstance(key, Derived) else key if isinstance(key, tuple) else ()
        if isinstance(key, Derived) and isinstance(parts[0], str) and parts[0] in OPERATIONS:
            return False  # the elements of a tensor: it may be another one in each round
        return all(map(self._is_lasting, parts))

    def known_truth(self, value: Any) -> bool:
        """The truth of a value that is not Unknown."""
        raise NotImplementedError

    def _ask_truth(self, key: Any, prefer: bool, is_likely: bool = False, is_varying: bool = False) -> bool:
        self.doubts += 1
        if self.site is not None:
            self.doubt(self.site.frame)
        is_importing = self.loading is not None and self.loading.name != "__main__"
        if is_importing and self.site is not None and not self.site.frame.unit.checked:
            # An imported module runs once: no pass can run it again with another answer.
            return self._supposed.setdefault(key, prefer)
        if ("truth", key) not in self.answers.asked:
            known = implied(key, self.answers.asked)
            if known is not None:
                return known
        options = (prefer, not prefer)
        flags = {"is_building": not self.modules_running, "is_likely": is_likely, "is_varying": is_varying}
        return bool(self.answers.ask(("truth", key), options, self.here(), **flags))

    def _size_truth(self, condition: SizeCondition, prefer: bool) -> bool:
        known = self.facts.compare(condition.left, condition.relation, condition.right)
        if known is not Truth.UNKNOWN:
            return known is Truth.YES
        for_number = self.truth_in_rounds(condition) if self.rounds_running else None
        if for_number is not None:
            return for_number
        is_varying = self.last_rounds > 0 or any(mentions(s, self.rounds_running) for s in (condition.left, condition.right))
        answer = self._ask_truth(condition.key, prefer, is_varying=is_varying)
        taken = condition if answer else condition.negated()
        if is_varying:
            return answer  # other rounds are otherwise
        try:
            self.facts.assume(taken.left, taken.relation, taken.right)
        except Contradiction:
            answer = not answer
        return answer

    def doubt(self, frame: Frame) -> None:
        """Note that what runs in the frame depends on something that nobody can decide; so may what an object gets there that
        is being made."""
        frame.doubt()
        if self.constructing and isinstance(frame.receiver, Module):
            vars(frame.receiver)["is_doubtful"] = True
        elif self.constructing and isinstance(frame.receiver, Instance):
            frame.receiver.is_doubtful = True

    def step(self) -> None:
        self.budget.step()

    def spend(self, multiply_adds: Size) -> None:
        module = self.modules_running[-1] if self.modules_running else None
        self.trace.spend(module, multiply_adds)

    def raise_host(self, exception: BaseException) -> Raised:
        """The checked program raises a host exception here."""
        return Raised(without_frames(exception), type(exception), self.here(), str(exception), self.steps())

    def raise_stated(self, exception: BaseException) -> Raised:
        """The call that runs raises an exception because the program says so."""
        steps = self.steps()[:-1]
        return Raised(without_frames(exception), type(exception), self.here(), str(exception), steps, is_stated=True)

    def steps(self) -> tuple[Step, ...]:
        """The calls that run, outermost first, then what is being evaluated."""
        sites = [*self.stack, *([self.site] if self.site is not None else [])]
        forward = bool(self.modules_running)
        return tuple(_step(site, forward) for site in sites)

    def fail(self, error: ShapeError, callee: str, arguments: dict[str, Argument], module: Module | None = None) -> Any:
        """torch would raise here: hand it to a `try` of the program that catches it, or note it and go on with the result of
        the repaired operation."""
        if self.is_quiet:
            return Unknown("nothing is said of it", self.here())
        exception = _EXCEPTIONS.get(error.rule, RuntimeError)
        if any(issubclass(exception, caught) for types in self.handlers for caught in types):
            said = SomeException.of(self.unknown("what torch says of a failure"), exception)
            raise Raised(said, exception, self.here(), error.message, self.steps())
        here, loader = self.here(), None
        if self.trace.rest is not None:
            error, loader = _in_last_batch(error, self.trace.rest)
        self.note_gap(error_found(error), here, fails=True)
        if here is not None:
            place, inside = here, None
            if loader is not None:
                place, inside = loader, here
            stack = tuple(Place(s.frame.unit, s.node) for s in self.stack)
            if not here.unit.checked and loader is None:
                inside = here
                place = next((p for p in reversed(stack) if p.unit.checked), here)
            statement = self.site.frame.statement if self.site is not None else None
            running = bool(self.modules_running)
            certain = all(question.is_input for question in self.answers.asked.values())
            asked = len(self.answers.asked)
            self.trace.fail(
                Failure(
                    error,
                    place,
                    inside,
                    callee,
                    arguments,
                    module,
                    stack,
                    statement,
                    running,
                    certain,
                    asked,
                    self._owners(),
                    self.activation,
                    len(self.trace.decided),
                )
            )
        # What would be of the size of a whole batch goes no better with the rest of this one.
        if error.result is not None and self.trace.rest is None:
            return error.result
        return Unknown("an operation before fails", here, ("failed", error.rule, str(here and here.row)))

    def _owners(self) -> tuple[Module, ...]:
        """The modules of checked files whose methods run, outermost first."""
        frames = [site.frame for site in (*self.stack, *([self.site] if self.site is not None else []))]
        return tuple(dict.fromkeys(f.receiver for f in frames if f.unit.checked and isinstance(f.receiver, Module)))


def _in_last_batch(error: ShapeError, rest: Rest) -> tuple[ShapeError, Place | None]:
    """An error of the last batch of an epoch, and the place of the loader where that is what is wrong."""
    if rest.size == 1 and isinstance(error, TooFewValues):
        message = "the last batch of an epoch has 1 sample, and {callee} needs more than one value per channel in training"
        return ShapeError("last-batch-of-one", message, torch=error.torch, result=error.result), rest.loader
    samples = f"{rest.size} sample{'s are' if rest.size != 1 else ' is'}"
    error.notes = (*error.notes, f"this is the last batch of an epoch: {samples} left for it")
    return error, None


_EXCEPTIONS: dict[str, type[Exception]] = {
    "bad-call": TypeError, "undefined-attribute": AttributeError, "dim-out-of-range": IndexError, "unpack-mismatch": ValueError,
    "missing-super-init": AttributeError, "undefined-name": NameError,
}  # fmt: skip


def _step(site: Site, in_forward: bool) -> Step:
    frame = site.frame
    is_doubtful, is_sure = _is_doubtful(frame), _is_sure(frame)
    return Step(Place(frame.unit, site.node), frame.statement, is_doubtful, in_forward, is_sure, frame.lacks_argument)


def _is_sure(frame: Frame) -> bool:
    """Whether the statement that runs is one of the function's own, under no condition."""
    body = frame.function.node.body if frame.function is not None else None
    return isinstance(body, list) and any(statement is frame.statement for statement in body)


def _is_doubtful(frame: Frame) -> bool:
    return frame.is_doubtful or (frame.module.is_doubtful and not frame.unit.checked)


def error_found(error: ShapeError) -> str:
    """Why what comes after a failure is not known."""
    return f"an error is found: {error.rule}"


_HANDED_ON = {
    "item", "getattr", "next", "pop", "get", "setdefault", "dict", "set", "call", "call copy", "call deepcopy", "call getattr",
    "call next", "call identity", "call decorator", "call reduce", "call min", "call max",
}  # fmt: skip
"""What may give one of the values that it is given, or anything; other operations make numbers, texts and tensors."""


def _is_plain(value: Any) -> bool:
    """Whether a value is no module, and holds none."""
    if isinstance(value, Unknown):
        return value.is_plain
    if isinstance(value, (list, tuple, set, dict)):
        return len(value) < 64 and all(_is_plain(v) for v in (value.values() if isinstance(value, dict) else value))
    return value is None or isinstance(value, (bool, int, float, str, bytes, slice, Tensor, Expr, Real))


def _key_of(reason: str, place: Place) -> object:
    return place.unit.path, place.row, getattr(place.node, "col_offset", 0), reason
