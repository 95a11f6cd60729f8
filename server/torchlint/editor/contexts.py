"""The ways in which a definition runs: a class on its own and as the file builds it, other code as the passes run it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from torchlint.dims.expr import Expr
from torchlint.dims.facts import using
from torchlint.dims.printing import show
from torchlint.interpreter.exploring import Exploration
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place, Unit
from torchlint.interpreter.trace import ModuleCall
from torchlint.ops.registry import LayerType, Operation
from torchlint.rules.context import CheckedFile
from torchlint.source.outline import Definition
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor
from torchlint.values.unknown import Free

_LONGEST_CALL = 60
_ALONE = "on its own"


@dataclass(eq=False)
class Context:
    """A way in which a definition runs, in `one`.

    `module` is what was built of a class, `call` the number of the module call that ran it; both are None for code outside of
    modules. `key` tells the context from the others of its class, and stays the same while lines are added elsewhere.
    `exploration` is that of a class on its own, `read` what its nodes were worth when its text was read.
    """

    unit: Unit
    key: str
    label: str
    one: Pass
    read: Mapping[ast.AST, Any]
    module: Module | None = None
    call: int | None = None
    exploration: Exploration | None = None

    @cached_property
    def seen(self) -> Mapping[ast.AST, Any]:
        """What the nodes of the definition were worth, also those that ran when the class was read."""
        seen = self.one.trace.seen
        return {**self.read, **seen.get((self.unit, None), {}), **seen.get((self.unit, self.module), {})}

    @property
    def is_clean(self) -> bool:
        """Whether nothing fails in it."""
        if self.call is None:
            return self.one.is_clean
        return self.one.trace.module_calls[self.call].ended and not any(
            self.module in failure.owners for failure in self.one.trace.failures
        )

    def run(self) -> ModuleCall | None:
        """The call that ran the module."""
        return None if self.call is None else self.one.trace.module_calls[self.call]


class Contexts:
    """The contexts of the definitions of one file, after an analysis."""

    def __init__(self, file: CheckedFile, pieces: Sequence[tuple[Unit, Definition]]) -> None:
        self._file = file
        self._names = {unit: definition.name for unit, definition in pieces if definition.name}
        self._built: dict[tuple[Unit, str], list[tuple[Pass, int]]] = {}
        models = [e.main for e in (*file.classes.values(), *file.factories.values())]
        self._passes = [file.script, *models]
        for one in (*models, file.script):
            found: set[Module] = set()
            for index, call in enumerate(one.trace.module_calls[one.calls_to_build :], one.calls_to_build):
                cls = call.module.interpreted_class
                if isinstance(cls, ClassValue) and call.module not in found:
                    found.add(call.module)
                    for base in cls.mro:
                        if isinstance(base, ClassValue) and base.unit in self._names:
                            self._built.setdefault((base.unit, base.name), []).append((one, index))

    def of(self, unit: Unit, definition: Definition) -> list[Context]:
        """The contexts of a definition, the one to show unless another is chosen first; at least one."""
        exploration = self._file.classes.get(definition.name) if definition.kind == "class" else None
        found = [self._alone(unit, exploration)] if exploration is not None else []
        if definition.kind == "class":
            found += self._others(unit, definition.name, exploration)
        if not found:
            return [self._outside(unit, definition.name)]
        return sorted(found, key=lambda context: not context.is_clean)  # which keeps the order otherwise

    def _alone(self, unit: Unit, exploration: Exploration) -> Context:
        one = exploration.main
        model = one.model if isinstance(one.model, Module) else None
        calls = enumerate(one.trace.module_calls[one.calls_to_build :], one.calls_to_build)
        call = next((i for i, call in calls if call.module is model), None)
        label = f"`{self._names[unit]}` {_ALONE}"
        return Context(unit, "", label, one, self._read(unit), model, call, exploration)

    def _others(self, unit: Unit, name: str, alone: Exploration | None) -> Iterator[Context]:
        built = [
            (one, index, one.trace.module_calls[index].module)
            for one, index in self._built.get((unit, name), ())
            if alone is None or one.trace.module_calls[index].module is not alone.main.model
        ]
        by_site: dict[object, list[tuple[Pass, int, Module, tuple[str, ...]]]] = {}
        for one, index, module in built:
            arguments = _arguments(one, module)
            made = by_site.setdefault(_site(module), [])
            if all(arguments != other for *_, other in made):
                made.append((one, index, module, arguments))
        keys: dict[str, int] = {}
        for several in by_site.values():
            for one, index, module, arguments in several:
                maker, call = self._maker(module), _call(module, arguments, is_one_of_several=len(several) > 1)
                key = f"{maker}: {call}"
                keys[key] = keys.get(key, 0) + 1
                row = f" line {module.created.row}" if isinstance(module.created, Place) else ""
                label = f"{maker}{row}: `{call}`".strip() if row else f"{maker} {_ALONE}"
                number = f" {keys[key]}" if keys[key] > 1 else ""
                yield Context(unit, key + number, label, one, self._read(unit), module, index)

    def _read(self, unit: Unit) -> Mapping[ast.AST, Any]:
        return self._file.namespace.read.get(unit, {})

    def _maker(self, module: Module) -> str:
        """What constructs the module: the class or function of the file in whose text that stands."""
        place = module.created
        if not isinstance(place, Place):
            return f"`{module.type_name}`"
        name = self._names.get(place.unit, "")
        return f"`{name}`" if name else ""

    def _outside(self, unit: Unit, name: str) -> Context:
        """Code outside of modules, in the first pass that runs it."""
        exploration = self._file.factories.get(name)
        passes = self._passes if exploration is None else [exploration.main, *self._passes]
        one = next((p for p in passes if (unit, None) in p.trace.seen), passes[0])
        return Context(unit, "", "", one, self._read(unit), exploration=exploration)


def _site(module: Module) -> object:
    """Where the module is constructed; a module of which nobody knows that is alone."""
    return id(module.created.node) if isinstance(module.created, Place) else module


def _arguments(one: Pass, module: Module) -> tuple[str, ...]:
    """What the module was constructed with, in words."""
    with using(one.facts):
        given = {n: _text(v) for n, v in one.trace.built.get(module, {}).items() if v is not module}
    return tuple(given.values()) if len(given) == 1 else tuple(f"{name}={text}" for name, text in given.items())


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    if isinstance(value, (tuple, list)):
        texts = ", ".join(_text(v) for v in value[:_LONGEST_CALL])
        return f"[{texts}]" if isinstance(value, list) else f"({texts})"
    if isinstance(value, Expr):
        return show(value)
    if isinstance(value, (Free, ClassValue, FunctionValue)):
        return value.name
    if isinstance(value, (LayerType, Operation)):
        return value.name.removeprefix("torch.")
    return value.type_name if isinstance(value, Module) else "a tensor" if isinstance(value, Tensor) else "..."


def _call(module: Module, arguments: tuple[str, ...], is_one_of_several: bool) -> str:
    """The construction as it is written, if that says what the arguments are; else with their values."""
    place = module.created
    node = place.node if isinstance(place, Place) else None
    if isinstance(node, ast.Call) and isinstance(place, Place) and not is_one_of_several:
        values = [*node.args, *(k.value for k in node.keywords)]
        if all(isinstance(value, ast.Constant) for value in values):
            return " ".join(place.text.split())
    text = f"{module.type_name}({', '.join(arguments)})"
    return text if len(text) <= _LONGEST_CALL else f"{text[:_LONGEST_CALL]}..."
