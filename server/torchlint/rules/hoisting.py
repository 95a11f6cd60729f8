"""Moving the construction of a layer from a method into `__init__`: its text with the sizes that were found, and the edits."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from torchlint.diagnostics import Edit, Position, Span
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.objects import ClassValue
from torchlint.interpreter.places import Place
from torchlint.values.module import Module
from torchlint.values.tensor import Tensor

_SHORT_NAMES = {
    "Linear": "fc", "LazyLinear": "fc", "Embedding": "embedding", "BatchNorm": "bn", "LayerNorm": "norm", "GroupNorm": "norm",
    "InstanceNorm": "norm", "Conv": "conv", "LSTM": "lstm", "GRU": "gru", "RNN": "rnn", "MultiheadAttention": "attention",
    "MaxPool": "pool", "AvgPool": "pool", "AdaptiveAvgPool": "pool", "AdaptiveMaxPool": "pool", "Sequential": "layers",
}  # fmt: skip
_REPEATED = (ast.For, ast.AsyncFor, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Seen = Mapping[ast.AST, Any]
"""What nodes were worth in one run of the method."""


class Text(NamedTuple):
    """The text that the edits are for: its lines, where nodes stand in it, and how they are written."""

    lines: Sequence[str]
    span: Callable[[ast.AST], Span]
    source: Callable[[ast.AST], str]


class Hoisted(NamedTuple):
    """A construction in `__init__`: `self.fc1`, `nn.Linear(640, 50)`, and the edits that put it there."""

    attribute: str
    construction: str
    edits: tuple[Edit, ...]


def hoisted(node: ast.Call, made: Module, parents: Sequence[ast.AST], runs: Sequence[Seen], text: Text) -> Hoisted | None:
    """The layer of a call made in `__init__`; None where it may be another one each time, or depends on more than sizes.

    `parents` are the nodes around the call, outermost first. What depends on the call of the method is written as the number
    that it was in all runs.
    """
    cls = next((p for p in parents if isinstance(p, ast.ClassDef)), None)
    functions = [p for p in parents if isinstance(p, Function)]
    if cls is None or len(functions) != 1 or functions[0] not in cls.body or any(isinstance(p, _REPEATED) for p in parents):
        return None
    method = functions[0]
    if not method.args.args or any(isinstance(d, ast.Name) and "method" in d.id for d in method.decorator_list):
        return None
    own = method.args.args[0].arg
    owner = next((seen[method.args].get(own) for seen in runs if method.args in seen), None)
    if not isinstance(owner, Module) or method.name == "__init__":
        return None
    construction = _Writing(cls, method, runs, text).construction(node)
    if construction is None:
        return None
    name = _free_name(made, cls, owner)
    insert = _insertions(cls, owner, name, construction, text)
    if insert is None:
        return None
    replace = Edit(text.span(node), f"{own}.{name}")
    return Hoisted(f"{own}.{name}", construction, tuple(sorted((replace, *insert), key=lambda edit: edit.span)))


class _Writing:
    """Writes expressions of a method so that they mean the same in `__init__`."""

    def __init__(self, cls: ast.ClassDef, method: Function, runs: Sequence[Seen], text: Text) -> None:
        self._text = text
        self._runs = [seen for seen in runs if method.args in seen]
        arguments = method.args
        self._own = arguments.args[0].arg
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        parameters = {a.arg for a in every if a is not None} - {self._own}
        self._local = parameters | {n.id for n in ast.walk(method) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._chosen = {name for name in parameters if not self._is_tensor(method, name)}
        self._late = _set_outside_of_init(cls)

    def _is_tensor(self, method: Function, name: str) -> bool:
        return all(isinstance(seen[method.args].get(name), Tensor) for seen in self._runs)

    def construction(self, node: ast.Call) -> str | None:
        """The text of a call that makes a module."""
        if self._depends(node.func):
            return None
        written = [
            *(("", argument) for argument in node.args),
            *((f"{k.arg}=" if k.arg else "**", k.value) for k in node.keywords),
        ]
        texts = [(prefix, self._expression(argument)) for prefix, argument in written]
        if any(text is None for _, text in texts):
            return None
        return f"{self._text.source(node.func)}({', '.join(f'{prefix}{text}' for prefix, text in texts)})"

    def _expression(self, node: ast.expr) -> str | None:
        if not self._depends(node):
            return self._text.source(node)
        number = self._number(node)
        if number is not None:
            return str(number)
        if isinstance(node, ast.Call) and any(_is_made_by(seen.get(node), node) for seen in self._runs):
            return self.construction(node)
        if isinstance(node, (ast.Tuple, ast.List)):
            texts = [self._expression(element) for element in node.elts]
            inner = ", ".join(text for text in texts if text is not None)
            if len(texts) == sum(text is not None for text in texts):
                return f"[{inner}]" if isinstance(node, ast.List) else f"({inner}{',' if len(texts) == 1 else ''})"
        return None

    def _depends(self, node: ast.AST) -> bool:
        """Whether it reads a local name of the method, or what only other methods set (other attributes of `self`, and globals,
        are there in `__init__` too)."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id in self._local:
                return True
            if isinstance(inner, ast.Attribute) and _is_name(inner.value, self._own) and inner.attr in self._late:
                return True
        return False

    def _number(self, node: ast.expr) -> int | None:
        """The number that it always was, if it was one and no caller may choose another."""
        if any(isinstance(inner, ast.Name) and inner.id in self._chosen for inner in ast.walk(node)):
            return None
        values = [seen[node] for seen in self._runs if node in seen]
        if values and all(type(value) is int and value == values[0] for value in values):
            return int(values[0])
        return None


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_made_by(value: Any, node: ast.Call) -> bool:
    """Whether it is a module that this call made."""
    return isinstance(value, Module) and isinstance(value.created, Place) and value.created.node is node


def _set_outside_of_init(cls: ast.ClassDef) -> set[str]:
    """The attributes that methods set, but not `__init__`."""

    def stored(nodes: Iterator[ast.stmt]) -> set[str]:
        every = (inner for node in nodes for inner in ast.walk(node))
        return {n.attr for n in every if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}

    init = stored(s for s in cls.body if isinstance(s, Function) and s.name == "__init__")
    return stored(s for s in cls.body if isinstance(s, Function) and s.name != "__init__") - init


def _free_name(made: Module, cls: ast.ClassDef, owner: Module) -> str:
    kind = made.type_name
    base = next((short for prefix, short in _SHORT_NAMES.items() if kind.startswith(prefix)), kind.lower())
    taken = {n.attr for n in ast.walk(cls) if isinstance(n, ast.Attribute)}
    taken |= {s.name for s in cls.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    bases = owner.interpreted_class.mro if isinstance(owner.interpreted_class, ClassValue) else ()
    taken.update(*(base.namespace if isinstance(base, ClassValue) else vars(base) for base in bases))
    state = vars(owner)
    taken.update(state, *(state.get(registry, ()) for registry in ("_modules", "_parameters", "_buffers")))
    return next(f"{base}{i}" for i in range(1, 10_000) if f"{base}{i}" not in taken)


def _insertions(cls: ast.ClassDef, owner: Module, name: str, construction: str, text: Text) -> list[Edit] | None:
    """The edits that make the attribute in `__init__`, which is written where there is none."""
    init = next((s for s in cls.body if isinstance(s, Function) and s.name == "__init__"), None)
    if init is None:
        return [_new_init(cls, owner, f"self.{name} = {construction}", text)]
    if init.body[0].lineno == init.lineno or not init.args.args:
        return None
    edits = [] if _calls_init(init) else [_super_call(init, text)]
    last = init.body[-1]
    line = f"{init.args.args[0].arg}.{name} = {construction}"
    indent = " " * last.col_offset
    if isinstance(last, (ast.Return, ast.Raise)):
        start = Position(text.span(last).start.row, 1)
        return [*edits, Edit(Span(start, start), f"{indent}{line}\n")]
    row = text.span(last).end.row
    end = Position(row, len(text.lines[row - 1]) + 1)  # behind a comment
    return [*edits, Edit(Span(end, end), f"\n{indent}{line}")]


def _calls_init(init: Function) -> bool:
    """Whether it calls the `__init__` of a base."""
    return any(
        isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "__init__" for n in ast.walk(init)
    )


def _super_call(init: Function, text: Text) -> Edit:
    is_documented = isinstance(init.body[0], ast.Expr) and isinstance(init.body[0].value, ast.Constant) and len(init.body) > 1
    first = init.body[int(is_documented)]
    start = Position(text.span(first).start.row, 1)
    return Edit(Span(start, start), f"{' ' * first.col_offset}super().__init__()\n")


def _new_init(cls: ast.ClassDef, owner: Module, line: str, text: Text) -> Edit:
    """`__init__` above the first method and the comments on it, with the arguments of the one that is inherited."""
    method = next(s for s in cls.body if isinstance(s, Function))
    row = min(text.span(node).start.row for node in (method, *method.decorator_list))
    while row > 1 and text.lines[row - 2].lstrip().startswith("#"):
        row -= 1
    inherited = owner.interpreted_class.lookup("__init__")[1] if isinstance(owner.interpreted_class, ClassValue) else None
    handed_on = "*args, **kwargs" if isinstance(inherited, FunctionValue) else ""
    indent = " " * method.col_offset
    signature = f"self, {handed_on}" if handed_on else "self"
    body = f"{indent}def __init__({signature}):\n{indent}    super().__init__({handed_on})\n{indent}    {line}\n\n"
    start = Position(row, 1)
    return Edit(Span(start, start), body)


def around(tree: ast.Module, target: ast.AST) -> list[ast.AST]:
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
