"""TL201."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torchlint.diagnostics import Applicability, Edit, Fix, Note, Position, Span
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Construction
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule
from torchlint.values.module import Module

_SHORT_NAMES = {
    "Linear": "fc", "LazyLinear": "fc", "Embedding": "embedding", "BatchNorm": "bn", "LayerNorm": "norm", "GroupNorm": "norm",
    "InstanceNorm": "norm", "Conv": "conv", "LSTM": "lstm", "GRU": "gru", "RNN": "rnn", "MultiheadAttention": "attention",
}  # fmt: skip


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
    parents = _parents(unit.tree, node)
    if _is_kept(parents):
        return None
    name = construction.made.type_name if isinstance(construction.made, Module) else "Parameter"
    fix = _hoist(construction, node, parents, file)
    return Finding(
        f"`{ast.unparse(node.func)}` is made in `forward`: new random weights at every call, and none of them is trained",
        place,
        (Note(f"a `{name}` that is made in `__init__` is registered, saved and optimized"),),
        fix.message if fix is not None else None,
        fix,
    )


def _parents(tree: ast.Module, target: ast.AST) -> list[ast.AST]:
    """The nodes around the target, outermost first."""

    def search(node: ast.AST, path: list[ast.AST]) -> list[ast.AST] | None:
        for child in ast.iter_child_nodes(node):
            if child is target:
                return [*path, node]
            found = search(child, [*path, node])
            if found is not None:
                return found
        return None

    return search(tree, []) or []


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


def _hoist(construction: Construction, node: ast.Call, parents: list[ast.AST], file: CheckedFile) -> Fix | None:
    cls = next((p for p in parents if isinstance(p, ast.ClassDef)), None)
    method = next((p for p in parents if isinstance(p, ast.FunctionDef)), None)
    owner = construction.owner
    if cls is None or method is None or owner is None or not construction.arguments or not method.args.args:
        return None
    if owner.interpreted_class is None or owner.interpreted_class.node is not cls:
        return None
    if any(isinstance(p, (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.Lambda)) for p in parents):
        return None
    text = _with_known_sizes(construction, node, method, file)
    if text is None:
        return None
    unit = construction.place.unit
    self_name = method.args.args[0].arg
    name = _free_name(construction.made, cls, owner)
    init = next((s for s in cls.body if isinstance(s, ast.FunctionDef) and s.name == "__init__"), None)
    replace = Edit(file.span(construction.place), f"{self_name}.{name}")
    if init is not None:
        last = init.body[-1]
        end = file.span(Place(unit, last)).end
        indent = " " * last.col_offset
        init_self = init.args.args[0].arg if init.args.args else "self"
        insert = Edit(Span(end, end), f"\n{indent}{init_self}.{name} = {text}")
    else:
        first = file.span(Place(unit, method)).start
        row = first.row - len(method.decorator_list)
        indent = " " * method.col_offset
        body = f"{indent}def __init__(self):\n{indent}    super().__init__()\n{indent}    self.{name} = {text}\n\n"
        insert = Edit(Span(Position(row, 1), Position(row, 1)), body)
    edits = sorted((replace, insert), key=lambda e: e.span.start)
    return Fix(f"move it into `__init__` as `self.{name} = {text}`", tuple(edits), Applicability.SAFE)


def _with_known_sizes(construction: Construction, node: ast.Call, method: ast.FunctionDef, file: CheckedFile) -> str | None:
    """The construction with every argument that depends on the call's locals replaced by the number that it had."""
    if any(isinstance(a, ast.Starred) for a in node.args) or any(k.arg is None for k in node.keywords):
        return None
    bound = dict(construction.arguments)
    bound.pop("self", None)
    names = list(bound)
    texts: list[str] = []
    written: Iterator[tuple[str, str, ast.expr]] = iter(
        [*((n, "", a) for n, a in zip(names, node.args)), *((k.arg or "", f"{k.arg}=", k.value) for k in node.keywords)]
    )
    for name, prefix, argument in written:
        source = construction.place.unit.source(argument)
        if not _depends_on_call(argument, method):
            texts.append(prefix + source)
        elif type(bound.get(name)) is int:
            texts.append(f"{prefix}{bound[name]}")
        else:
            return None
    if not _same_everywhere(construction, file):
        return None
    return f"{construction.place.unit.source(node.func)}({', '.join(texts)})"


def _depends_on_call(argument: ast.expr, method: ast.FunctionDef) -> bool:
    """Whether an argument reads a local name of the method (`self` and globals are there in `__init__` too)."""
    own = method.args.args[0].arg
    local = {a.arg for a in (*method.args.args, *method.args.kwonlyargs)} - {own}
    local |= {n.id for n in ast.walk(method) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return any(isinstance(n, ast.Name) and n.id in local for n in ast.walk(argument))


def _same_everywhere(construction: Construction, file: CheckedFile) -> bool:
    for one in file.main_passes:
        for other in one.trace.constructions:
            if other.place.node is construction.place.node and not _same_sizes(other.arguments, construction.arguments):
                return False
    return True


def _same_sizes(a: dict[str, object], b: dict[str, object]) -> bool:
    return {k: v for k, v in a.items() if k != "self"} == {k: v for k, v in b.items() if k != "self"}


def _free_name(made: object, cls: ast.ClassDef, owner: Module) -> str:
    kind = type(made).__name__
    base = next((short for prefix, short in _SHORT_NAMES.items() if kind.startswith(prefix)), kind.lower())
    taken = {n.attr for n in ast.walk(cls) if isinstance(n, ast.Attribute)}
    taken |= {s.name for s in cls.body if isinstance(s, (ast.FunctionDef, ast.ClassDef))}
    taken |= set(vars(owner).get("_modules", ())) | {n for n in vars(owner) if not n.startswith("_")}
    return next(f"{base}{i}" for i in range(1, 10_000) if f"{base}{i}" not in taken)
