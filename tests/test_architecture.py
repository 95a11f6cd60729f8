"""Who may import whom, as CONTRIBUTING.md draws it, and what a command loads."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

from torchlint.interpreter.standins import STANDINS

_ROOT = Path(__file__).resolve().parent.parent
_SERVER = _ROOT / "server"
_PACKAGE = _SERVER / "torchlint"
_STANDINS = _PACKAGE / "standins"
"""What stands for libraries: it is read like a program of a user, and is no part of the program that reads it."""

_PLAIN = {"diagnostics", "settings", "summary", "summary_text"}
_ROOMS = {  # a folder or file of the package, and those it may import besides itself
    "__init__": set[str](),
    "dims": set[str](),
    "diagnostics": set[str](),
    "settings": set[str](),
    "torch_runtime": {"dims", "values"},
    "summary": {"dims"},
    "summary_text": {"dims", "summary"},
    "values": {"dims"},
    "ops": {"dims", "values"},
    "source": {"diagnostics"},
    "interpreter": {"dims", "values", "ops", "source", "torch_runtime"},
    "accepting": {"dims", "values", "interpreter", "summary"},
    "graphing": {"dims", "values", "interpreter", "summary"},
    "summarizing": {"accepting", "graphing", "dims", "values", "ops", "interpreter", "summary"},
    "declarations": {"dims", "values", "interpreter", "settings"},
    "targeting": {"dims", "values", "ops", "source", "interpreter", "settings", "summary"},
    "rules": {"dims", "values", "ops", "source", "interpreter", "diagnostics"},
    "coverage": {"values", "source", "interpreter", "declarations", "settings"},
    "execution": {"dims", "source", "summarizing", "diagnostics", "summary"},
    "fixing": {"source", "diagnostics"},
    "remembering": {"source", "interpreter", "diagnostics"},
    "analysis": {"source", "interpreter", "declarations", "targeting", "summarizing", "remembering", "rules", *_PLAIN},
    "editor": {
        *("__init__", "dims", "values", "ops", "source", "interpreter", "rules", "summarizing", "remembering", "analysis"),
        *_PLAIN,
    },
    "lsp": {"__init__", "interpreter", "fixing", "remembering", "source", "rules", "analysis", "editor", *_PLAIN},
    "cli": {"__init__", "fixing", "dims", "source", "rules", "analysis", "coverage", "execution", *_PLAIN},
    "__main__": {"source", "cli", "lsp", *_PLAIN},
}
_TRACE = {
    f"torchlint.interpreter.{name}"
    for name in (
        "activations",
        "believing",
        "breaches",
        "choices",
        "exploring",
        "holes",
        "misuses",
        "functions",
        "objects",
        "passes",
        "places",
        "targets",
        "trace",
    )
}
_RULE_TOOLS = {
    f"torchlint.rules.{name}" for name in ("conditions", "context", "explain", "hoisting", "reaching", "registry", "why")
}
_ONLY_IN = {  # packages that are not always needed, and the rooms that may import them
    "torch": {"torch_runtime"},
    "pygls": {"lsp"},
    "lsprotocol": {"lsp"},
    "attrs": {"lsp"},
    "rich": {"cli"},
    "pathspec": {"source"},
    "tomli": {"settings"},
}
_WORKER = {f"torchlint.execution.{name}" for name in ("worker", "dummy_pass", "record")}
"""Files that run in the user's interpreter as a program of their own, not as a part of this package."""
_MAY_IMPORT_INSIDE_FUNCTIONS = {"__main__", "torch_runtime"}


class Import(NamedTuple):
    """An import statement: the module it names, where it stands, and whether it does so when the file is imported."""

    module: str
    where: str
    in_function: bool
    for_types: bool


def _name(path: Path) -> str:
    parts = path.relative_to(_SERVER).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@cache
def _files() -> dict[str, Path]:
    return {_name(path): path for path in sorted(_PACKAGE.rglob("*.py")) if path.parent != _STANDINS}


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(_files()[module].read_text(encoding="utf-8"))


@cache
def _imports(module: str) -> tuple[Import, ...]:
    return tuple(_imports_in(_tree(module), module, in_function=False, for_types=False))


def _imports_in(node: ast.AST, module: str, *, in_function: bool, for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        where = f"{_files()[module].relative_to(_ROOT)}:{getattr(child, 'lineno', 0)}"
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, where, in_function, for_types) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{where}: imports are absolute"
            for alias in child.names:
                inner = f"{child.module}.{alias.name}"
                yield Import(inner if inner in _files() else child.module or "", where, in_function, for_types)
        yield from _imports_in(
            child,
            module,
            in_function=in_function or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)),
            for_types=for_types or (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"),
        )


def _every_import() -> Iterator[tuple[str, Import]]:
    return ((module, one) for module in _files() for one in _imports(module))


def _ours(module: str) -> bool:
    return module.split(".")[0] == "torchlint"


def test_every_folder_has_its_place() -> None:
    """A new folder or file at the top of the package says in the table above whom it may import."""
    assert {_room(module) for module in _files()} <= _ROOMS.keys()


def test_rooms_import_only_what_the_house_allows() -> None:
    """dims -> values -> ops -> interpreter -> rules -> analysis -> editor -> lsp and cli; nothing against the arrows."""
    wrong = [
        f"{one.where}: `{_room(module)}` imports {one.module}"
        for module, one in _every_import()
        if _ours(one.module) and _room(one.module) not in _ROOMS[_room(module)] | {_room(module)}
    ]
    assert not wrong, "\n".join(wrong)


def test_rules_read_the_finished_trace_and_never_each_other() -> None:
    """A rule knows what happened, not how it was found out; and it can be deleted without touching another."""
    wrong = [
        f"{one.where}: {one.module}"
        for module, one in _every_import()
        if _room(module) == "rules"
        and module != "torchlint.rules"
        and (
            (one.module.startswith("torchlint.interpreter") and one.module not in _TRACE)
            or (one.module.startswith("torchlint.rules") and one.module not in _RULE_TOOLS)
        )
    ]
    assert not wrong, "\n".join(wrong)


def test_no_cycles() -> None:
    """Files import each other in one direction; what is imported only for its types does not count."""
    graph = {
        module: {one.module for one in _imports(module) if _ours(one.module) and not one.for_types and not one.in_function}
        for module in _files()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_imports_stand_at_the_top() -> None:
    """No import inside a function, but where a command is chosen or torch is loaded."""
    wrong = [
        one.where for module, one in _every_import() if one.in_function and _room(module) not in _MAY_IMPORT_INSIDE_FUNCTIONS
    ]
    assert not wrong, "\n".join(wrong)


def test_other_packages_have_one_door() -> None:
    """What is not in the standard library is imported in one room; so `dims`, `values` and `ops` need nothing else."""
    wrong = [
        f"{one.where}: {one.module}"
        for module, one in _every_import()
        if not _ours(one.module)
        and not (module in _WORKER and one.module.split(".")[0] == "torch")
        and (package := one.module.split(".")[0]) not in sys.stdlib_module_names
        and _room(module) not in _ONLY_IN.get(package, set())
    ]
    assert not wrong, "\n".join(wrong)


def test_standins_are_read_and_never_imported() -> None:
    """They are Python about other libraries; each of them has a name that programs know it by."""
    assert {path.name for path in _STANDINS.iterdir() if path.suffix == ".py"} == set(STANDINS.values())
    assert not [one.where for _, one in _every_import() if one.module.startswith("torchlint.standins")]


def test_the_worker_stands_alone() -> None:
    """What runs in the user's interpreter imports nothing of the package, and nothing of the package imports it."""
    wrong = [
        f"{one.where}: {one.module}"
        for module, one in _every_import()
        if (module in _WORKER and _ours(one.module)) or one.module in _WORKER
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_command_line_prints() -> None:
    """`print` and the standard streams belong to `cli` and `__main__`: in an editor they are the protocol's."""
    wrong = [
        f"{_files()[module].relative_to(_ROOT)}:{node.lineno}"
        for module in _files()
        if _room(module) not in ("cli", "__main__") and module not in _WORKER
        for node in ast.walk(_tree(module))
        if (isinstance(node, ast.Name) and node.id == "print" and isinstance(node.ctx, ast.Load))
        or (isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr"))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("command", ["check", "summary"])
def test_a_command_does_not_load_what_it_does_not_need(command: str) -> None:
    """Neither torch nor numpy is loaded, nor rich or an editor's protocol while the output goes to a pipe."""
    code = "import sys; from torchlint.__main__ import main; main(sys.argv[1:]); sys.stderr.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code, command, "examples/lenet.py"],
        cwd=_ROOT,
        env=os.environ | {"PYTHONPATH": str(_SERVER)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    assert "torchlint.analysis" in done.stderr
    loaded = {module.split(".")[0] for module in done.stderr.split()}
    assert not loaded & {"torch", "torchvision", "numpy", "rich", "pygls", "lsprotocol"}
