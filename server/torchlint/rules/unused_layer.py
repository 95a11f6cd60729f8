"""TL207."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

from torchlint.diagnostics import Note, Severity
from torchlint.dims.printing import plain
from torchlint.interpreter.objects import ClassValue, Namespace
from torchlint.interpreter.passes import Pass
from torchlint.interpreter.places import Place
from torchlint.rules.context import CheckedFile
from torchlint.rules.reaching import classes_of, kin_of, names_it, names_its_own, uses_of
from torchlint.rules.registry import Finding, rule
from torchlint.values.module import Module, counted, entries, named_modules, named_parameters

_EXCUSE = re.compile(r"#.*\b(unused|not used|never (used|reads?)|checkpoints?|compatib\w*|state[ _]dict)\b", re.IGNORECASE)


@rule("TL207", severity=Severity.WARNING)
def unused_layer(node: ast.ClassDef, place: Place, file: CheckedFile) -> Iterator[Finding]:
    """A layer with parameters is made that nothing uses.

    ## Why is this bad?
    Mostly `forward` was meant to call it: a line is missing, or calls the layer before twice. The model runs without it and
    learns less than it could. At the least, the parameters take memory and go into every checkpoint, and
    `DistributedDataParallel` stops at the second step, because they get no gradient.
    A layer counts as used if anything in the project names it, be it for its weight only, by a string or in a subclass, or may
    reach every layer: `getattr` with a computed name, `self.children()`, a function that is given `self`.
    Nothing is said either where a comment there tells that the layer is not used, or that checkpoints have it.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(64, 64)
            self.fc2 = nn.Linear(64, 64)
            self.out = nn.Linear(64, 10)

        def forward(self, x):
            x = torch.relu(self.fc1(x))
            x = torch.relu(self.fc1(x))
            return self.out(x)
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(64, 64)
            self.fc2 = nn.Linear(64, 64)
            self.out = nn.Linear(64, 10)

        def forward(self, x):
            x = torch.relu(self.fc1(x))
            x = torch.relu(self.fc2(x))
            return self.out(x)
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html
    """
    main = _followed(node, place, file)
    if main is None:
        return
    read = uses_of(node).own.get(node.name, ())
    for name, target in _made(node).items():
        layer = vars(main.model).get("_modules", {}).get(name)
        if name in read or not isinstance(layer, Module) or not any(named_parameters(layer)):
            continue
        here = Place(place.unit, target)
        if not _is_idle(layer, name, main, file) or _is_excused(file.span(here).start.row, file.document.lines):
            continue
        if not _is_reachable(name, main.model.interpreted_class, file):
            yield Finding(f"`self.{name}` is never used", here, (_note(layer, main),))


def _followed(node: ast.ClassDef, place: Place, file: CheckedFile) -> Pass | None:
    """The pass of a class whose `forward` ran to its end, if all of its attributes are known and none was missed."""
    exploration = file.classes.get(node.name)
    model = exploration.main.model if exploration is not None else None
    if exploration is None or not isinstance(model, Module) or not file.is_whole:
        return None
    cls, main = model.interpreted_class, exploration.main
    if cls is None or cls.unit is not place.unit or cls.host_base is not Module or cls.open_ended or model.open_ended:
        return None
    if any(failure.error.rule == "undefined-attribute" for one in exploration.passes for failure in one.trace.failures):
        return None  # which may be what the layer was to be called
    has_ended = any(call.module is model and call.ended for call in main.trace.module_calls)
    return main if main.is_clean and has_ended else None


def _made(node: ast.ClassDef) -> dict[str, ast.Attribute]:
    """The attributes that methods of a class set to what a call gives, each where it is set first."""
    found: dict[str, ast.Attribute] = {}
    for statement in ast.walk(node):
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets, value = [statement.target], statement.value
        else:
            continue
        target = targets[0]
        is_own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"
        if len(targets) == 1 and is_own and isinstance(value, (ast.Call, ast.IfExp)):
            assert isinstance(target, ast.Attribute)
            found.setdefault(target.attr, target)
    return found


def _is_idle(layer: Module, name: str, one: Pass, file: CheckedFile) -> bool:
    """Whether nothing in a layer runs in any pass, stands in the model in a second place, or may know others of its layers."""
    inside = {module for _, module in named_modules(layer)}
    elsewhere = (child for other, child, _ in entries(one.model) if other != name and isinstance(child, Module))
    if any(module in inside for child in elsewhere for _, module in named_modules(child)):
        return False
    if any(call.module in inside for other in file.passes for call in other.trace.module_calls):
        return False
    given = (value for module in inside for value in one.trace.built.get(module, {}).values())
    return all(module in inside for value in given for module in _modules_in(value))


def _is_excused(row: int, lines: Sequence[str]) -> bool:
    """Whether a comment on the line, or above it as far as the next blank line, says that the author knows."""
    for line in reversed(lines[:row]):
        if not line.strip():
            return False
        if _EXCUSE.search(line):
            return True
    return False


def _modules_in(value: Any) -> Iterator[Module]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _modules_in(one)
    elif isinstance(value, Module):
        yield value


def _is_reachable(name: str, cls: ClassValue, file: CheckedFile) -> bool:
    """Whether anything in the project may read the attribute."""
    own = file.document.text.encode(errors="replace")
    bases = [entry for entry in cls.mro if isinstance(entry, ClassValue)]
    kin = {*kin_of(cls.name, [own]), *(base.name for base in bases)}
    read = [uses_of(tree) for _, tree in file.units] + [uses_of(base.node) for base in bases]
    if any(uses.reach(name, kin, lambda of: isinstance(file.value_of(of), Namespace)) for uses in read):
        return True
    others = file.other_texts
    if others is None or any(names_it(text, name) for text in others):
        return True
    owning = [text for text in others if names_its_own(text, name)]
    relations = kin_of(cls.name, [own, *others]) if owning else frozenset[str]()
    return any(not relations.isdisjoint(classes_of(text)) for text in owning)


def _note(layer: Module, one: Pass) -> Note:
    tensors = counted(layer, "_parameters", one.facts)
    if tensors is None:
        return Note("its parameters get no gradient")
    count = one.facts.resolve(sum(times * tensor.numel() for tensor, times in tensors))
    shown = f"{count:,}" if isinstance(count, int) else plain(count)
    return Note(f"it has {shown} parameters, which get no gradient")
