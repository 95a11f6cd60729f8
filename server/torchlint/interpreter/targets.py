"""What passes are made of: a class on its own, whatever a function returns, a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from torchlint.interpreter.budget import BudgetExhausted
from torchlint.interpreter.exploring import Exploration, Explorer, Runner, Trial
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.inputs import InputMaker, constructor_arguments, forward_arguments
from torchlint.interpreter.interpreter import Interpreter
from torchlint.interpreter.modules import Piece, World
from torchlint.interpreter.objects import ClassValue, Lazy, Namespace, Raised
from torchlint.interpreter.own_inputs import example_inputs, usual_inputs
from torchlint.interpreter.passes import Pass, run_pass
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.uncaught import note_uncaught
from torchlint.source.document import Document
from torchlint.values.errors import without_frames
from torchlint.values.module import Module, hooks_of, named_modules
from torchlint.values.tensor import Shape
from torchlint.values.unknown import OpenKeywords, Unknown


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
    arguments: Mapping[str, Any] | None = None,
) -> Exploration:
    """A class on its own: built with its defaults or other `arguments`, fed its declared (by name), given (in order) or
    inferred input."""
    construct = _constructor(cls, arguments or {})
    return _explore(world, construct, declared, given, seconds, max_paths)


def class_runner(
    world: World,
    cls: ClassValue,
    declared: Mapping[str, Shape],
    arguments: Mapping[str, Any],
    chosen: Mapping[str, Any],
) -> Runner:
    """Passes of a class on its own, built with `arguments` and fed what is `chosen` for parameters of its `forward`."""
    return _runner(world, _constructor(cls, arguments), declared, chosen=chosen)


def _constructor(cls: ClassValue, arguments: Mapping[str, Any]) -> Callable[[Interpreter], Any]:
    def construct(machine: Interpreter) -> Any:
        args, kwargs = constructor_arguments(machine, cls)
        kwargs.update(arguments)
        return machine.instantiate(cls, args, kwargs)

    return construct


def explore_factory(world: World, function: Any, seconds: float, max_paths: int) -> Exploration:
    """What a function makes when nothing is given to it; a module is fed an inferred input."""

    def construct(machine: Interpreter) -> Any:
        machine.supposes_none = True
        is_open = isinstance(function, FunctionValue) and function.signature.var_keyword is not None
        return machine.call_value(function, (), OpenKeywords(is_listed=True) if is_open else {})

    return _explore(world, construct, {}, (), seconds, max_paths)


def explore_target(
    world: World, construct: Callable[[Interpreter], Any], given: tuple[Shape, ...], seconds: float
) -> Exploration:
    """Whatever `construct` makes; a module is fed the given input, the one that it carries with it, or an inferred one."""
    usual = _explore(world, construct, {}, given, seconds, max_paths=1, is_usual=True)
    if given or usual.main.is_clean or not isinstance(usual.main.model, Module):
        return usual
    inferred = _explore(world, construct, {}, given, seconds, max_paths=1)  # `create_model(..., in_chans=1)`
    return inferred if inferred.main.is_clean else usual


def _explore(
    world: World,
    construct: Callable[[Interpreter], Any],
    declared: Mapping[str, Shape],
    given: tuple[Shape, ...],
    seconds: float,
    max_paths: int,
    is_usual: bool = False,
) -> Exploration:
    run = _runner(world, construct, declared, given, max_paths == 1, is_usual)
    return Explorer(run, seconds, max_paths).explore()


def _runner(
    world: World,
    construct: Callable[[Interpreter], Any],
    declared: Mapping[str, Shape],
    given: tuple[Shape, ...] = (),
    one_path: bool = False,
    is_usual: bool = False,
    chosen: Mapping[str, Any] = MappingProxyType({}),
) -> Runner:
    def run(trial: Trial) -> Pass:
        def body(machine: Interpreter, result: Pass) -> None:
            result.model = construct(machine)
            if isinstance(result.model, Module) and not trial.only_build:
                result.calls_to_build = len(result.trace.module_calls)
                result.trace.costs.clear()
                known = given or (() if declared else example_inputs(result.model))
                if is_usual and not known:
                    known = usual_inputs(machine, result.model)
                maker = InputMaker(machine, declared, known, trial.sizes, one_path, is_usual, chosen)
                dummies = forward_arguments(machine, result.model, maker)
                result.inputs = dummies.by_name
                dummies = dummies.by_position() if hooks_of(result.model) else dummies
                machine.site = None  # no line of the program makes this call
                result.output = machine.call_module(result.model, dummies.args, dummies.kwargs)
                _describe_parts(machine, result.model)

        return run_pass(world, trial.answers, trial.seconds, body)

    return run


def run_script(world: World, document: Document, pieces: list[Piece], seconds: float) -> tuple[Namespace, Pass]:
    """The module-level code of a checked file, with `main` and test functions that nothing calls."""
    namespace, script = _run_script(world, document, pieces, seconds, Answers())
    if not all(failure.is_certain for failure in script.trace.failures):

        def otherwise(trial: Trial) -> Pass:
            return _run_script(world, document, pieces, trial.seconds, trial.answers)[1]

        script.by_chance = Explorer(otherwise, seconds, max_paths=1).by_chance([script])
        world.main = namespace
    return namespace, script


def _run_script(
    world: World, document: Document, pieces: list[Piece], seconds: float, answers: Answers
) -> tuple[Namespace, Pass]:
    namespace = Namespace("__main__", {"__name__": "__main__", "__file__": document.path}, None, document.path)
    namespace.resolve = lambda attribute: world.resolve_star(namespace, attribute)
    world.main = namespace
    world.registries.begin(document.path)

    def body(machine: Interpreter, result: Pass) -> None:
        machine.trains = True
        world.run(pieces, namespace)
        for name in _entry_points(document, namespace):
            function = machine.get_attribute(namespace, name)
            if not isinstance(function, Unknown):
                try:
                    machine.call_value(function, (), {})
                except Raised as raised:
                    result.trace.raised.append(without_frames(raised))
                    note_uncaught(machine, raised, is_script=True)

    return namespace, run_pass(world, answers, seconds, body)


def _entry_points(document: Document, namespace: Namespace) -> list[str]:
    """`main` and `test_*` functions without required parameters that the module itself does not call."""
    names = [n for n in namespace.members if n == "main" or n.startswith("test_")]
    return [
        n for n in names if f"{n}(" in document.text and f"\n{n}()" not in document.text and f"    {n}()" not in document.text
    ]


def _describe_parts(machine: Interpreter, model: Module) -> None:
    """Keep what `extra_repr` of classes of the program says, for the text of `print(model)`."""
    for _, module in named_modules(model):
        cls = module.interpreted_class
        found, method, where = cls.lookup("extra_repr") if cls is not None else (False, None, None)
        if found and isinstance(where, ClassValue):
            text = machine.call_value(method, (module,), {})
            if isinstance(text, str):
                vars(module)["shown_extra"] = text
