"""What a caller is free to choose: the flags and modes of a class, and what fails with some of them only.

A class that nobody in the file constructs is run once more with each value that its code tells apart, given for real: `True`
and `False` of a flag, the texts that a mode is compared with, None and anything else of what may be left out. So what the code
itself refuses is refused, and what is chosen is the same wherever it is read.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from torchlint.interpreter.believing import believed
from torchlint.interpreter.budget import now
from torchlint.interpreter.exploring import Exploration, Explorer, Runner, Trial
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.inputs import annotations_of
from torchlint.interpreter.modules import World
from torchlint.interpreter.narrowing import Test
from torchlint.interpreter.objects import ClassValue
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.paths import Answers, Question
from torchlint.interpreter.places import Place
from torchlint.interpreter.targets import class_runner
from torchlint.interpreter.trace import Failure
from torchlint.values.signature import REQUIRED, Parameter, ParameterKind
from torchlint.values.tensor import Shape
from torchlint.values.unknown import GIVEN, Free, Likely, Unknown

_MOST_CHOICES = 16
_MOST_TOGETHER = 2
_NO_TEXT = "\0"
_CALLS_OF_PYTHON = ("undefined-attribute", "undefined-name", "invalid-operation")
"""Rules about what is no operation of torch: a statement that runs did what it was to do."""
_OF_CODE = ("contract-violated",)
"""What the code itself refuses."""


class Choice(NamedTuple):
    """A value of a parameter: of `forward`, or of the constructor."""

    name: str
    value: Any
    parameter: Place
    in_forward: bool

    @property
    def subject(self) -> Hashable:
        """The key of what a parameter is given while nobody knows what."""
        return ("input" if self.in_forward else "argument", self.name)


class Decided(NamedTuple):
    """A choice that a failure depends on, and the last condition before it that it decides, if it decides one."""

    choice: Choice
    condition: Place | None


class Conditional(NamedTuple):
    """What fails in a pass of a class with some choices of its caller, and would not with any one of them changed."""

    failure: Failure
    one: Pass
    decided: tuple[Decided, ...]
    owner: ClassValue


def conditional_failures(
    world: World, cls: ClassValue, declared: Mapping[str, Shape], base: Exploration, seconds: float, max_paths: int
) -> list[Conditional]:
    """What fails only with some choices of who constructs or calls the class, which works with others: `base`."""
    return list(_Search(world, cls, declared, base, seconds, max_paths).found()) if base.main.is_clean else []


class _Search:
    def __init__(
        self, world: World, cls: ClassValue, declared: Mapping[str, Shape], base: Exploration, seconds: float, max_paths: int
    ) -> None:
        self._world = world
        self._cls = cls
        self._declared = declared
        self._base = base
        self._deadline = now() + seconds
        self._max_paths = max_paths
        self._refused = {failure.key for failure in believed(base)}
        self._parameters = [*_parameters(cls, "__init__"), *_parameters(cls, "forward")]
        asked = [*base.passes, *self._open_passes()]
        self._choices = [c for p in self._parameters for c in p.choices(asked)][:_MOST_CHOICES]

    def found(self) -> Iterator[Conditional]:
        """Each failure with the first choices that it is found for."""
        seen: set[ast.stmt] = set()
        for choices in self._candidates():
            if now() >= self._deadline:
                return
            conditional = self._judged(choices, seen)
            if conditional is not None:
                assert conditional.failure.statement is not None
                seen.add(conditional.failure.statement)
                yield conditional

    def _candidates(self) -> Iterator[tuple[Choice, ...]]:
        """Each choice that the base does not make, then pairs of those that it leaves open."""
        for choice in self._choices:
            yield (choice,)
        required = [c for c in self._choices if self._default(c) is REQUIRED]
        failing = [one for one in self._base.passes if one.trace.failures]
        for pair in combinations(required, _MOST_TOGETHER):
            if pair[0].name != pair[1].name and any(_agrees(one, pair) for one in failing):
                yield pair

    def _judged(self, choices: tuple[Choice, ...], seen: set[ast.stmt]) -> Conditional | None:
        """The first failure that these choices bring about, whatever else is chosen."""
        if not self._once(choices).trace.failures:
            return None
        exploration = self._explore(choices)
        failure = next((f for f in believed(exploration) if self._is_news(f, seen)), None)
        if failure is None:
            return None
        one = next(p for p in (*exploration.passes, *exploration.tried) if any(f is failure for f in p.trace.failures))
        counterparts = {choice: self._counterpart(choices, choice) for choice in choices}
        if any(_is_mended(failure, self._explore(choices, others)) for others in self._loosened(choices)):
            return None
        for choice in self._choices:
            default = self._default(choice)
            if default is REQUIRED or choice.subject in {c.subject for c in choices}:
                continue
            other = next((p for p in self._explore((*choices, choice)).passes if _works(failure, p)), None)
            if other is not None:
                counterparts.setdefault(choice._replace(value=default), other)
        together = {choice.in_forward for choice in counterparts}
        if len(counterparts) > _MOST_TOGETHER or len(together) > 1 or now() >= self._deadline:
            return None
        decided = (Decided(choice, _condition(failure, one, other)) for choice, other in counterparts.items())
        return Conditional(failure, one, tuple(decided), self._cls)

    def _is_news(self, failure: Failure, seen: set[ast.stmt]) -> bool:
        """Whether it may be reported, is no error of the class, and where it stands the class works otherwise."""
        statement, error = failure.statement, failure.error
        if statement is None or statement in seen or failure.key in self._refused or error.rule in _OF_CODE:
            return False
        blamed = failure.arguments.get(error.blame or "")
        if failure.inside is not None or not failure.place.unit.checked or (blamed is not None and blamed.value is None):
            return False
        return _is_mended(failure, self._base)

    def _counterpart(self, choices: tuple[Choice, ...], choice: Choice) -> Pass:
        """A pass that differs in one of the choices."""
        rest = tuple(c for c in choices if c is not choice)
        others = [c for c in self._choices if c.subject == choice.subject and c.value != choice.value]
        if self._default(choice) is not REQUIRED:
            return self._once(rest) if rest else self._base.main
        return self._once((*rest, others[0])) if others else self._base.main

    def _loosened(self, choices: tuple[Choice, ...]) -> Iterator[dict[str, Any]]:
        """Other arguments for the parameters of the constructor that are not chosen: any sizes for all that are sizes, then
        anything for each that may be left out."""
        chosen = {choice.name for choice in choices if not choice.in_forward}
        rest = [p for p in self._parameters if not p.in_forward and p.name not in chosen]
        sizes = {p.name: _any_size(p.name, p.default) for p in rest}
        sizes = {name: size for name, size in sizes.items() if size is not None}
        if sizes:
            yield sizes
        for parameter in rest:
            if parameter.default is None:
                yield {parameter.name: Free(parameter.name)}

    def _default(self, choice: Choice) -> Any:
        return next(p.default for p in self._parameters if (p.name, p.in_forward) == (choice.name, choice.in_forward))

    # Passes.

    def _open_passes(self) -> Iterator[Pass]:
        """Passes that show which conditions ask for parameters whose default is None, or a text: one that is no text that the
        code knows meets all that it is compared with."""
        absent = {p.name: p.likely(None) for p in self._parameters if p.default is None and not p.in_forward}
        if absent:
            yield self._run(class_runner(self._world, self._cls, self._declared, absent, {}))
        texts = [p for p in self._parameters if isinstance(p.default, str)]
        if texts:
            built, fed = ({p.name: p.likely(_NO_TEXT) for p in texts if p.in_forward is which} for which in (False, True))
            yield self._run(class_runner(self._world, self._cls, self._declared, built, fed))

    def _runner(self, choices: Iterable[Choice], arguments: Mapping[str, Any]) -> Runner:
        built = {c.name: Free(c.name) if c.value is GIVEN else c.value for c in choices if not c.in_forward}
        fed = {c.name: c.value for c in choices if c.in_forward}
        return class_runner(self._world, self._cls, self._declared, {**arguments, **built}, fed)

    def _once(self, choices: tuple[Choice, ...]) -> Pass:
        """One pass with the inputs of the base."""
        return self._run(self._runner(choices, {}))

    def _run(self, runner: Runner) -> Pass:
        inputs = {key: question.taken for key, question in self._base.main.answers.asked.items() if question.is_input}
        return runner(Trial(Answers(inputs), {}, self._left()))

    def _explore(self, choices: tuple[Choice, ...], arguments: Mapping[str, Any] | None = None) -> Exploration:
        return Explorer(self._runner(choices, arguments or {}), self._left(), self._max_paths).explore()

    def _left(self) -> float:
        return max(self._deadline - now(), 0.0)


class _Chosen(NamedTuple):
    """A parameter of the constructor or of `forward`: one that `is_flag` is true or false, one that `is_other` never."""

    name: str
    default: Any
    place: Place
    in_forward: bool
    is_flag: bool
    is_other: bool

    def choices(self, passes: Iterable[Pass]) -> Iterator[Choice]:
        """The values that the code tells apart, but the default: as the questions of passes show that know none."""
        if self.default is REQUIRED and self.in_forward:
            return
        values: list[Any] = []
        if self.is_flag:
            values = [True, False]
        else:
            for one in passes:
                values += self._told_apart(one)
        known: list[Any] = [] if self.default is REQUIRED else [self.default]
        for value in values:
            if not any(type(value) is type(other) and value == other for other in known):
                known.append(value)
                yield Choice(self.name, value, self.place, self.in_forward)

    def _told_apart(self, one: Pass) -> Iterator[Any]:
        subject = ("input" if self.in_forward else "argument", self.name)
        for key, question in one.answers.asked.items():
            if key == ("optional", self.name) and self.in_forward:
                yield None if question.options[0] == "given" else GIVEN
            test = _test_of(key)
            if test is None or test.subject != subject:
                continue
            if test.constants is None and self.default is REQUIRED:
                yield from () if self.is_other or self._is_number(one) else (True, False)
            elif test.constants is None or ("NoneType", None) in test.constants:
                yield from () if isinstance(self.default, str) else (GIVEN,)
            else:
                yield from sorted(value for kind, value in test.constants if kind == "str")  # type: ignore[type-var]

    def _is_number(self, one: Pass) -> bool:
        """Whether a pass uses what it is given as a size."""
        given = one.trace.built.get(one.model, {}).get(self.name)
        return isinstance(given, Free) and given.is_size

    def likely(self, value: Any) -> Likely:
        """A value, as one that is not known for certain."""
        kind = "input" if self.in_forward else "argument"
        return Likely(value, Unknown(f"`{self.name}` is chosen by the caller", None, (kind, self.name)))


def _parameters(cls: ClassValue, method: str) -> Iterator[_Chosen]:
    _, function, where = cls.lookup(method)
    if not isinstance(function, FunctionValue) or not isinstance(where, ClassValue) or not function.unit.checked:
        return
    annotations, nodes = annotations_of(function), _nodes(function)
    for parameter in function.signature.without_first().parameters:
        if parameter.kind in (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY):
            annotation = annotations.get(parameter.name)
            place = Place(function.unit, nodes[parameter.name])
            flags = _is_flag(parameter, annotation), annotation is not None and not _may_be_flag(annotation)
            yield _Chosen(parameter.name, parameter.default, place, method == "forward", *flags)


def _nodes(function: FunctionValue) -> dict[str, ast.arg]:
    arguments = function.node.args
    return {a.arg: a for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


def _is_flag(parameter: Parameter, annotation: ast.expr | None) -> bool:
    if parameter.default is REQUIRED:
        return isinstance(annotation, ast.Name) and annotation.id == "bool"
    return type(parameter.default) is bool


def _may_be_flag(annotation: ast.expr) -> bool:
    if isinstance(annotation, ast.BinOp):
        return _may_be_flag(annotation.left) or _may_be_flag(annotation.right)
    if isinstance(annotation, ast.Subscript):
        if not ast.unparse(annotation.value).endswith(("Optional", "Union", "Literal", "Annotated")):
            return False  # a container
        annotation = annotation.slice
    return any(word in ast.unparse(annotation) for word in ("bool", "int", "Any", "object"))


def _any_size(name: str, default: Any) -> Any:
    """Any sizes in the place of a default that is one, or several; None for another."""
    if type(default) is int:
        return Free(name)
    if isinstance(default, (tuple, list)) and default and all(type(v) is int for v in default):
        return type(default)(Free(f"{name}[{index}]") for index in range(len(default)))
    return None


def _test_of(key: Hashable) -> Test | None:
    return Test.of(key[1]) if isinstance(key, tuple) and len(key) == 2 and key[0] == "truth" else None


def _agrees(one: Pass, choices: Iterable[Choice]) -> bool:
    """Whether a pass that leaves the choices open answered as they do."""
    return all(any(_says(key, question, choice) for key, question in one.answers.asked.items()) for choice in choices)


def _says(key: Hashable, question: Question, choice: Choice) -> bool:
    test = _test_of(key)
    if test is None or test.subject != choice.subject:
        return False
    answer = bool(question.options[question.taken])
    if test.constants is None:
        return answer is bool(choice.value)
    return answer is ((type(choice.value).__name__, choice.value) in test.constants)


def _is_mended(failure: Failure, exploration: Exploration) -> bool:
    """Whether a pass does what fails, or needs it not and gets to its end."""
    return any(_gets_by(failure, one) for one in exploration.passes)


def _gets_by(failure: Failure, one: Pass) -> bool:
    is_reached = failure.statement in one.trace.visited
    return _works(failure, one) if is_reached else one.is_clean and not isinstance(one.output, Unknown)


def _works(failure: Failure, one: Pass) -> bool:
    """Whether a pass does what fails, with what is known."""
    if failure.error.rule in _CALLS_OF_PYTHON:
        return failure.statement in one.survivors()
    return failure.place.node in one.trace.worked


def _condition(failure: Failure, one: Pass, other: Pass) -> Place | None:
    """The last condition before a failure that another pass found to be something else."""
    met = list(one.trace.decided.items())[: failure.decided]
    for node, (unit, answers) in reversed(met):
        found = other.trace.decided.get(node)
        if found is not None and found[1] != answers:
            return Place(unit, node)
    return None
