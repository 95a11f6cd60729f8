"""Single edits of a program, as slips of the hand and of the mind make them.

A mutation is a function from a syntax node to the edits that it allows there; `MUTATIONS` is the table. What a mutation chooses
freely (a number, a letter) it takes from the given random numbers, so that the same seed makes the same mutants.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple


class Edit(NamedTuple):
    """A stretch of the text, by offsets, and what takes its place."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """The text with the edit made."""
        return text[: self.start] + self.text + text[self.end :]


class Program:
    """A text with its syntax tree, and where nodes are in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = ast.parse(text)
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)  # type: ignore

    def _offset(self, row: int, column: int) -> int:
        return self._starts[row - 1] + len(self._lines[row - 1].encode()[:column].decode())

    def source(self, node: ast.AST) -> str:
        """How a node is written."""
        start, end = self.span(node)
        return self.text[start:end]

    def replace(self, node: ast.AST, text: str) -> Edit:
        """The edit that writes something else for a node."""
        return Edit(*self.span(node), text)


Mutation = Callable[[ast.AST, Program, "Scope", random.Random], Iterator[Edit]]


class Scope(NamedTuple):
    """The function that a node stands in: its own names, in order."""

    names: tuple[str, ...]


AXIS_METHODS = {"transpose", "permute", "flatten", "unsqueeze", "squeeze", "mean", "sum", "cat", "stack", "softmax", "chunk",
                "split", "roll", "movedim", "swapaxes", "unbind", "narrow", "select", "size", "amax", "argmax"}  # fmt: skip
SHAPING_METHODS = {"view", "reshape", "transpose", "permute", "flatten", "unsqueeze", "squeeze", "unflatten", "expand", "mean",
                   "repeat", "chunk", "t", "contiguous", "unbind", "split", "float", "long"}  # fmt: skip


def int_changed(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`Linear(512, 10)` becomes `Linear(513, 10)`."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        others = {node.value + 1, node.value - 1, node.value * 2, node.value // 2} - {node.value}
        yield program.replace(node, str(random.choice(sorted(n for n in others if n >= 0))))


def arguments_swapped(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`Linear(512, 10)` becomes `Linear(10, 512)`."""
    if isinstance(node, ast.Call) and len(node.args) >= 2 and not any(isinstance(a, ast.Starred) for a in node.args):
        index = random.randrange(len(node.args) - 1)
        first, second = node.args[index], node.args[index + 1]
        start, end = program.span(first)[0], program.span(second)[1]
        between = program.text[program.span(first)[1] : program.span(second)[0]]
        if program.source(first) != program.source(second):
            yield Edit(start, end, program.source(second) + between + program.source(first))


def name_misspelt(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`self.fc(out)` becomes `self.fc(ot)`."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not hasattr(builtins, node.id):
        yield program.replace(node, _misspelt(node.id, random))


def name_exchanged(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`self.fc(out)` becomes `self.fc(x)`: another name of the same function."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in scope.names:
        others = [n for n in scope.names if n != node.id]
        if others:
            yield program.replace(node, random.choice(others))


def statement_dropped(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """A statement is left out."""
    simple = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return)
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, simple) and not is_text and not _is_super_init(node):
        yield program.replace(node, "pass")


def argument_dropped(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`Conv2d(3, 8, 3, padding=1)` becomes `Conv2d(3, 8, 3)`."""
    if isinstance(node, ast.Call) and (node.args or node.keywords):
        arguments = [*node.args, *node.keywords]
        if any(isinstance(a, ast.GeneratorExp) for a in arguments):
            return
        spans = sorted(program.span(a) for a in arguments)
        index = random.randrange(len(spans))
        if index + 1 < len(spans):
            yield Edit(spans[index][0], spans[index + 1][0], "")
        else:
            yield Edit(spans[index - 1][1] if index else spans[index][0], spans[index][1], "")


def shaping_dropped(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`x.view(n, -1)` becomes `x`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHAPING_METHODS:
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id in ("torch", "F", "nn")):
            yield program.replace(node, program.source(node.func.value))
        elif node.args:
            yield program.replace(node, program.source(node.args[0]))


def super_dropped(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`super().__init__()` is left out."""
    if _is_super_init(node):
        yield program.replace(node, "pass")


def axis_moved(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`x.flatten(1)` becomes `x.flatten(2)`, `dim=1` becomes `dim=0`."""
    if not isinstance(node, ast.Call):
        return
    axes = [k.value for k in node.keywords if k.arg in ("dim", "axis", "start_dim", "dims", "end_dim")]
    if isinstance(node.func, ast.Attribute) and node.func.attr in AXIS_METHODS:
        axes += node.args
    numbers = [a for a in axes if _integer(a) is not None]
    if numbers:
        chosen = random.choice(numbers)
        yield program.replace(chosen, str((_integer(chosen) or 0) + random.choice((-1, 1))))


def attribute_misspelt(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`self.conv1` becomes `self.cnv1`."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and not node.attr.startswith("__"):
        end = program.span(node)[1]
        yield Edit(end - len(node.attr), end, _misspelt(node.attr, random))


def attribute_set_misspelt(node: ast.AST, program: Program, scope: Scope, random: random.Random) -> Iterator[Edit]:
    """`self.conv1 = ...` becomes `self.cnv1 = ...`."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        end = program.span(node)[1]
        yield Edit(end - len(node.attr), end, _misspelt(node.attr, random))


MUTATIONS: dict[str, Mutation] = {
    function.__name__.replace("_", " "): function
    for function in (
        int_changed, arguments_swapped, name_misspelt, name_exchanged, statement_dropped, argument_dropped, shaping_dropped,
        super_dropped, axis_moved, attribute_misspelt, attribute_set_misspelt,
    )
}  # fmt: skip


def _integer(node: ast.AST) -> int | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node, sign = node.operand, -1
    return sign * node.value if isinstance(node, ast.Constant) and type(node.value) is int else None


def _is_super_init(node: ast.AST) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr != "__init__" or not isinstance(function.value, ast.Call):
        return False
    return isinstance(function.value.func, ast.Name) and function.value.func.id == "super"


def _misspelt(name: str, random: random.Random) -> str:
    """One letter dropped, doubled, or two swapped; never a word of Python."""
    while True:
        index = random.randrange(len(name))
        made = random.choice(
            (
                name[:index] + name[index + 1 :],
                name[: index + 1] + name[index:],
                name[:index] + name[index + 1 : index + 2] + name[index] + name[index + 2 :],
            )
        )
        if made.isidentifier() and made != name and not keyword.iskeyword(made) and not hasattr(builtins, made):
            return made


Span = tuple[tuple[int, int], tuple[int, int]]
"""Rows and columns (in bytes) at the start and the end."""


class Site(NamedTuple):
    """A node where a mutation is possible, and whether the statement that it stands in ran.

    `within` are the parts of the statement around it that run only sometimes: a branch of a conditional expression, the body of
    the function whose parameter has it as default.
    """

    node: ast.AST
    scope: Scope
    is_reached: bool
    within: tuple[Span, ...] = ()


def sites(program: Program, ran: frozenset[int]) -> Iterator[Site]:
    """Every node of the program's functions."""
    for node in program.tree.body:
        yield from _sites(node, Scope(()), True, ran, False, ())


def runs(spans: tuple[Span, ...], places: frozenset[tuple[int, int, int, int]]) -> bool:
    """Whether something ran in each of these spans, by where what ran starts and ends (Python 3.11 tells columns)."""
    told = [((a, b), (c, d)) for a, b, c, d in places if b >= 0]
    return not told or all(any(start <= first and last <= end for first, last in told) for start, end in spans)


def _span(first: ast.expr | ast.stmt, last: ast.expr | ast.stmt) -> Span:
    return (first.lineno, first.col_offset), (last.end_lineno or 0, last.end_col_offset or 0)


def _runs_sometimes(node: ast.AST, child: ast.AST) -> Span | None:
    """What must have run for a child of a node to matter, if the node alone does not say."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _span(node.body[0], node.body[-1]) if child is node.args else None
    if isinstance(node, ast.Lambda):
        return _span(node.body, node.body)
    sure = {ast.IfExp: "test", ast.BoolOp: "values", ast.ListComp: "generators", ast.SetComp: "generators"}.get(type(node))
    if sure is None or not isinstance(child, ast.expr):
        return None
    surely = getattr(node, sure)
    return None if child is (surely[0] if isinstance(surely, list) else surely) else _span(child, child)


def _sites(
    node: ast.AST, scope: Scope, is_reached: bool, ran: frozenset[int], inside: bool, within: tuple[Span, ...]
) -> Iterator[Site]:
    if isinstance(node, ast.stmt):
        within = ()
        children = [n for n in ast.iter_child_nodes(node) if isinstance(n, (ast.stmt, ast.ExceptHandler))]
        last = min([n.lineno for n in children], default=(node.end_lineno or 0) + 1)
        is_reached = any(row in ran for row in range(node.lineno, max(last, node.lineno + 1)))
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        inside = True
        names = [n.arg for n in ast.walk(node.args) if isinstance(n, ast.arg)]
        names += [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        scope = Scope(tuple(dict.fromkeys(names)))
    if inside:
        yield Site(node, scope, is_reached, within)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                part = _runs_sometimes(node, child)
                deeper = within if part is None else (*within, part)
                yield from _sites(child, scope, is_reached, ran, inside, deeper)
