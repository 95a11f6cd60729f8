"""TL201."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Fix, Note
from torchlint.interpreter.places import Place, Unit
from torchlint.interpreter.trace import Construction
from torchlint.rules.context import CheckedFile
from torchlint.rules.hoisting import Text, around, hoisted
from torchlint.rules.registry import Finding, rule
from torchlint.values.module import Module

_KEPT = (ast.Attribute, ast.Subscript)


@rule("TL201", fix=Applicability.SAFE)
def layer_created_in_forward(construction: Construction, file: CheckedFile) -> Finding | None:
    """A layer with parameters is made while `forward` runs.

    ## Why is this bad?
    Each call of the model makes a new layer with new random weights, and the optimizer never sees it: that part of the model is
    noise and learns nothing. It runs without an error. A layer belongs into `__init__`; one that is made on the first call and
    kept on `self` under an `if` is left alone.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 10, 5)
            self.out = nn.Linear(50, 10)

        # torchlint: input x: [N, 1, 12, 12]
        def forward(self, x):
            x = torch.flatten(torch.relu(self.conv(x)), 1)
            return self.out(nn.Linear(x.shape[1], 50)(x))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 10, 5)
            self.out = nn.Linear(50, 10)
            self.fc1 = nn.Linear(640, 50)

        # torchlint: input x: [N, 1, 12, 12]
        def forward(self, x):
            x = torch.flatten(torch.relu(self.conv(x)), 1)
            return self.out(self.fc1(x))
    ```

    ## Fix safety
    Safe: the layer is made once, with the sizes that the dummy forward pass found. It is only offered where they are numbers.
    """
    place = construction.place
    node = place.node
    unit = next((u for u in file.units if u.unit is place.unit), None)
    if unit is None or not isinstance(node, ast.Call):
        return None
    parents = around(unit.tree, node)
    if _is_kept(parents) or any(map(_makes_once, construction.within)):
        return None
    name = construction.made.type_name if isinstance(construction.made, Module) else "Parameter"
    made = construction.made
    fix = _hoist(made, node, parents, unit.unit, file) if isinstance(made, Module) else None
    return Finding(
        f"`{ast.unparse(node.func)}` is made in `forward`: new random weights at every call, and none of them is trained",
        place,
        (Note(f"a `{name}` that is made in `__init__` is registered, saved and optimized"),),
        fix.message if fix is not None else None,
        fix,
    )


def _is_kept(parents: list[ast.AST]) -> bool:
    """Whether it is made on some calls only: assigned to an attribute under an `if`, or in a method called under one."""
    assigned = any(
        isinstance(p, ast.Assign) and any(isinstance(t, (ast.Attribute, ast.Subscript)) for t in p.targets) for p in parents
    )
    if not assigned or any(isinstance(p, ast.If) for p in parents):
        return assigned
    method = next((p.name for p in parents if isinstance(p, ast.FunctionDef)), None)
    tests = (node for p in parents if isinstance(p, ast.ClassDef) for node in ast.walk(p) if isinstance(node, ast.If))
    called = (c.func for test in tests for s in test.body for c in ast.walk(s) if isinstance(c, ast.Call))
    return any(isinstance(f, ast.Attribute) and f.attr == method for f in called)


def _makes_once(function: ast.AST) -> bool:
    """Whether a function, a decorator's perhaps, makes something under an `if` (or behind one that returns) and keeps it."""
    nodes = list(ast.walk(function))
    kept = [n.value for n in nodes if isinstance(n, ast.Assign) and any(isinstance(t, _KEPT) for t in n.targets)]
    kept += [n.args[2] for n in nodes if isinstance(n, ast.Call) and _is_setattr(n) and len(n.args) == 3]
    names = {n.id for n in kept if isinstance(n, ast.Name)}
    calls = [n for n in nodes if isinstance(n, ast.Assign) and isinstance(n.value, ast.Call)]
    made = {t.id for n in calls for t in n.targets if isinstance(t, ast.Name)}
    return bool(names & made) and any(isinstance(n, ast.If) for n in nodes)


def _is_setattr(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "setattr"


def _hoist(made: Module, node: ast.Call, parents: list[ast.AST], unit: Unit, file: CheckedFile) -> Fix | None:
    runs = [seen for one in file.main_passes for (seen_in, _), seen in one.trace.seen.items() if seen_in is unit]
    text = Text(file.document.lines, lambda inner: file.span(Place(unit, inner)), unit.source)
    moved = hoisted(node, made, parents, runs, text)
    if moved is None:
        return None
    return Fix(f"move it into `__init__` as `{moved.attribute} = {moved.construction}`", moved.edits, Applicability.SAFE)
