"""From the words of a target to what it names: a class, a function, an alias or partial of one, or a module that was made.

A file runs as a script does; a module of a package is read as an import of it would be. What a name turns out to be when the
library computes it at run time (`getattr(module, text)`, entries of `sys.modules`) is as known as the interpreter knows it.
"""

from __future__ import annotations

import ast
import builtins
import os
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from torchlint.dims.expr import Size
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.functions import BoundMethod, ClassMethod, FunctionValue, HostFunction, Partial, StaticMethod
from torchlint.interpreter.interpreter import Interpreter, argument_text
from torchlint.interpreter.modules import World, read_pieces
from torchlint.interpreter.objects import ClassValue, Namespace, Raised
from torchlint.interpreter.passes import Pass, run_pass
from torchlint.interpreter.paths import Answers
from torchlint.interpreter.targets import explore_class, explore_target, loaded, run_script
from torchlint.ops.registry import LAYERS, OPERATIONS, LayerType
from torchlint.settings import near_miss
from torchlint.source.document import Document
from torchlint.summary import SummaryError, Target, Unfollowed
from torchlint.values.module import Module
from torchlint.values.unknown import Unknown

_SECONDS = 20.0
_CALLABLE = (ClassValue, FunctionValue, LayerType, BoundMethod, Partial, ClassMethod, StaticMethod, HostFunction)
_MISSING = object()
_MISSING_ARGUMENTS = re.compile(r"missing \d+ required")
_QUOTED = re.compile(r"'(\w+)'")


class Named(NamedTuple):
    """What a target names: the value, the dotted name, and the module whose names its arguments may use."""

    value: Any
    name: str
    namespace: Namespace


def find_named(target: Target, world: World) -> list[Named]:
    """The class, function or module that a target names, or the main classes of its file. Raises SummaryError."""
    if target.path is not None:
        document = Document.read(target.path)
        namespace, _ = run_script(world, document, read_pieces(document, checked=True), _SECONDS)
        name = target.name
    else:
        namespace, name = _module(target, world)
    where = str(target.path or target.module)
    if name:
        return [Named(_named(name, namespace, world, where), name, namespace)]
    classes = [Named(loaded(namespace, c), c, namespace) for c in main_classes(namespace)]
    if not classes:
        made = [n for n, v in namespace.members.items() if isinstance(v, Module)]
        hint = f"; name a class or a function, as {where}:{made[0]}" if made else ""
        raise SummaryError(f"no class in {where} derives from `nn.Module`{hint}")
    return classes


def _module(target: Target, world: World) -> tuple[Namespace, str | None]:
    """The module that a dotted name begins with, and the name in it that the rest is."""
    parts = (target.module or "").split(".")
    for length in range(len(parts), 0, -1):
        namespace = _imported(".".join(parts[:length]), world)
        if namespace is not None:
            rest = [*parts[length:], *([target.name] if target.name else [])]
            if length < len(parts) and _member(namespace, parts[length], world) is _MISSING:
                raise _no_module(target, parts[:length], namespace)
            return namespace, ".".join(rest) or None
    raise SummaryError(f"there is no module `{parts[0]}` in the project or in the environment's packages")


def _imported(name: str, world: World) -> Namespace | None:
    one = _run(world, lambda machine: machine.import_named(name))
    found = one.model
    if not isinstance(found, Namespace):
        return None
    has_parts = found.path is not None or any(known.startswith(f"{name}.") for known in (*LAYERS, *OPERATIONS))
    return found if has_parts else None


def _run(world: World, work: Any) -> Pass:
    def body(machine: Interpreter, result: Pass) -> None:
        result.model = work(machine)

    return run_pass(world, Answers(), _SECONDS, body)


def _no_module(target: Target, found: list[str], namespace: Namespace) -> SummaryError:
    word = (target.module or "").split(".")[len(found)]
    known = {*namespace.members}
    if namespace.path and namespace.path.endswith("__init__.py"):
        known |= {entry.partition(".")[0] for entry in os.listdir(os.path.dirname(namespace.path))}
    return SummaryError(f"there is no module `{word}` in `{'.'.join(found)}`{near_miss(word, known)}")


def _named(name: str, namespace: Namespace, world: World, where: str) -> Any:
    """The value of a dotted name. Raises SummaryError where it is no class, function or module."""
    value: Any = namespace
    for part in name.split("."):
        owner, value = value, _member(value, part, world)
        if value is _MISSING:
            kind = "attribute" if owner is not namespace else "class or function"
            inside = where if owner is namespace else f"`{name.rpartition('.' + part)[0]}`"
            raise SummaryError(f"there is no {kind} `{part}` in {inside}{near_miss(part, _names(owner))}")
        if isinstance(value, Unknown):
            raise Unfollowed(f"`{name}` in {where} could not be followed: {value.reason}")
    if isinstance(value, (*_CALLABLE, Module)) or _is_callable(value, world):
        return value
    kind = "a module of Python" if isinstance(value, Namespace) else f"of type {type(value).__name__}"
    raise SummaryError(f"`{name}` in {where} is {kind}: no class, no function and no `nn.Module`")


def _member(owner: Any, name: str, world: World) -> Any:
    """An attribute, or `_MISSING`; what raises or takes too long is unknown."""

    def find(machine: Interpreter) -> Any:
        if isinstance(owner, Namespace):
            value = loaded(owner, name)
            if value is None and owner.resolve is not None:
                value = owner.resolve(name)
            return _MISSING if value is None else value
        if isinstance(owner, ClassValue) and owner.open_ended and not owner.lookup(name)[0]:
            return Unknown(owner.open_ended)
        return _MISSING if machine.has_attribute(owner, name) is False else machine.get_attribute(owner, name)

    one = _run(world, find)
    return Unknown("reading it takes too long or raises") if one.model is None else one.model


def _names(owner: Any) -> Iterable[str]:
    if isinstance(owner, Namespace):
        return owner.names()
    return owner.namespace if isinstance(owner, ClassValue) else ()


def _is_callable(value: Any, world: World) -> bool:
    return bool(_run(world, lambda machine: machine.find_method(value, "__call__") is not None).model)


def main_classes(namespace: Namespace) -> list[str]:
    """The module classes that the file defines and no other class of it uses; all of them if each is used."""
    classes = module_classes(namespace)
    runnable = [c for c in classes if c.lookup("forward")[0]]
    used = {node.id for cls in classes for node in ast.walk(cls.node) if isinstance(node, ast.Name) and node.id != cls.name}
    return [c.name for c in runnable if c.name not in used] or [c.name for c in runnable]


def module_classes(namespace: Namespace) -> list[ClassValue]:
    """The classes below `nn.Module` that a file defines."""
    values = [loaded(namespace, name) for name in list(namespace.members)]
    return [v for v in values if isinstance(v, ClassValue) and v.is_module and v.unit.path == namespace.path]


def explore_named(named: Named, target: Target, declared: dict[str, tuple[Size, ...]], world: World) -> Exploration:
    """Build what is named with the target's arguments, and feed it the given, declared or an inferred input.

    Raises SummaryError where no module comes out.
    """
    value, name, namespace = named
    if isinstance(value, Module) and target.args:
        raise SummaryError(f"`{name}` is a module that was made already; --args say how to make one")
    names = _names_of_arguments(target.args, namespace, world)
    if isinstance(value, ClassValue) and not target.args:
        given = target.inputs
        exploration = explore_class(world, value, {} if given else declared, _SECONDS, 1, given=given)
    else:

        def construct(machine: Interpreter) -> Any:
            made = value if isinstance(value, Module) else machine.call_with_text(value, target.args, namespace, names)
            return _only_module(made)

        exploration = explore_target(world, construct, target.inputs, _SECONDS)
    _check_call(name, target, exploration)
    if not isinstance(exploration.main.model, Module):
        raise _why_no_model(name, exploration.main)
    return exploration


def _names_of_arguments(arguments: str, namespace: Namespace, world: World) -> dict[str, Any]:
    """What names in the arguments mean that the module does not have: packages (`torchvision.ops.Permute`), and `nn`."""
    names: dict[str, Any] = {}
    for name in _free_names(arguments):
        value = _member(namespace, name, world)
        if value is _MISSING or (namespace.path is None and isinstance(value, Unknown)):
            names[name] = _imported("torch.nn" if name == "nn" else name, world)
            if names[name] is None:
                known = near_miss(name, namespace.names())
                raise SummaryError(f"--args: there is no `{name}` in {namespace.path or namespace.name}{known}")
    return names


def _free_names(arguments: str) -> list[str]:
    """The names that the arguments read and do not bind themselves, in the order of their first use."""
    nodes = list(ast.walk(ast.parse(argument_text(arguments), mode="eval")))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {n.arg for n in nodes if isinstance(n, ast.arg)} | {"target", *vars(builtins)}
    return [name for name in dict.fromkeys(n.id for n in nodes if isinstance(n, ast.Name)) if name not in bound]


def _only_module(made: Any) -> Any:
    """The module among what a factory returns (`model, preprocess = create(...)`), or all that it returns."""
    if isinstance(made, (tuple, list)):
        modules = [v for v in made if isinstance(v, Module)]
        return modules[0] if len(modules) == 1 else made
    return made


def _check_call(name: str, target: Target, exploration: Exploration) -> None:
    """Raises SummaryError where the call with the given arguments is what fails."""
    for failure in exploration.main.trace.failures:
        if not failure.in_forward and failure.place.unit.text == argument_text(target.args):
            said = failure.error.torch or failure.error.message
            missing = _MISSING_ARGUMENTS.match(said)
            hint = ", ".join(f"{word}=..." for word in _QUOTED.findall(said)) if missing else ""
            given = f'; give it with --args "{hint}"' if hint else ""
            raise SummaryError(f"`{name}({target.args})` cannot be built: {said}{given}")


def _why_no_model(name: str, one: Pass) -> SummaryError:
    if isinstance(one.raised, Raised):
        return Unfollowed(f"`{name}` raises {one.raised.type_name}{': ' + one.raised.message if one.raised.message else ''}")
    if one.trace.failures:
        error = one.trace.failures[0].error
        return SummaryError(f"`{name}` cannot be built: {error.torch or error.message}")
    if one.trace.exhausted is not None:
        return Unfollowed(f"`{name}` could not be followed to its end: the budget of {one.trace.exhausted} is used up")
    if isinstance(one.model, Unknown):
        return Unfollowed(f"`{name}` gives no module that is known: {one.model.reason}")
    return SummaryError(f"`{name}` gives {_kind(one.model)}, not a module")


def _kind(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        modules = sum(isinstance(v, Module) for v in value)
        return f"a {type(value).__name__} with {modules} modules"
    return "None" if value is None else f"a value of type {getattr(type(value), '__name__', 'object')}"
