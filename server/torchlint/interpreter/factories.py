"""Functions of a file that build its models: a caller may use a class in no other way than through them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from torchlint.interpreter.modules import Piece
from torchlint.source.outline import parse


def factories(pieces: list[Piece]) -> Iterator[tuple[str, set[str]]]:
    """The functions of a file that can be called without arguments, each with the names that it reaches through others."""
    trees = {definition.name: parse(definition) for _, definition in pieces if definition.kind == "function"}
    nodes = {name: tree.body[0] for name, tree in trees.items() if isinstance(tree, ast.Module) and tree.body}
    direct = {name: {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} for name, node in nodes.items()}
    for name, node in nodes.items():
        if isinstance(node, ast.FunctionDef) and _needs_nothing(node.args) and not _is_run_by_script(name):
            yield name, _reachable(name, direct)


def _needs_nothing(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args)
    return positional == len(arguments.defaults) and None not in arguments.kw_defaults


def _is_run_by_script(name: str) -> bool:
    return name == "main" or name.startswith("test_")


def _reachable(name: str, direct: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = direct.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
