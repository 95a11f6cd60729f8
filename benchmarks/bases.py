"""Working programs that mutants are made of: a model file that stands alone, and a script part that builds and calls it.

They are the examples and the test models of this repository, and copies of the model files of torchvision and timm with their
relative imports made absolute, each with the smallest of the models that it offers first and a call of it.
"""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from judge import MODES, Judge
from mutations import Program

ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = Path(sysconfig.get_path("purelib"))
_MOST_LINES = 900
_CANDIDATES = 3
_INPUTS = (
    *(f"torch.randn(2, 3, {side}, {side})" for side in (224, 256, 288, 384)),
    "torch.randn(1, 3, 16, 112, 112)",
    "torch.randn(1, 3, 16, 224, 224)",
    "torch.randn(1, 3, 128, 128), torch.randn(1, 3, 128, 128)",
)
_FORMS = ("{name}()", "{name}(weights_backbone=None)")


class Base(NamedTuple):
    """A program that runs: the definitions, then the script part. `places` are those that run, in the judge's `mode`."""

    name: str
    group: str
    definitions: str
    script: str
    mode: str
    places: frozenset[tuple[int, int, int, int]]

    @property
    def rows(self) -> frozenset[int]:
        """The rows that run."""
        return frozenset(row for row, column, _, _ in self.places if column < 0)

    @property
    def text(self) -> str:
        """The whole file."""
        return self.definitions + self.script


def bases(judge: Judge, jobs: int = 1) -> list[Base]:
    """Every program that runs, found by so many threads."""
    own = (*sorted((ROOT / "examples").glob("*.py")), *sorted((ROOT / "tests" / "models").glob("*.py")))
    files = [("own", path) for path in own]
    for package in ("torchvision", "timm"):
        for path in sorted((_PACKAGES / package / "models").rglob("*.py")):
            if "quantization" not in path.parts and not path.name.startswith("_"):
                files.append((package, path))

    def of_file(file: tuple[str, Path]) -> list[Base]:
        group, path = file
        return list(_from_library(path, group, judge) if group != "own" else _from_repository(path, judge))

    with ThreadPoolExecutor(jobs) as threads:
        return [base for several in threads.map(of_file, files) for base in several]


def _from_repository(path: Path, judge: Judge) -> Iterator[Base]:
    made = _from_marks(path)
    if made is not None:
        yield from _that_runs(path.name, "own", *made, judge)


def _that_runs(name: str, group: str, definitions: str, script: str, judge: Judge) -> Iterator[Base]:
    for mode in MODES[:2]:
        verdict = judge(definitions + script, mode, want_places=True)
        if verdict.outcome == "runs":
            yield Base(name, group, definitions, script, mode, frozenset(verdict.places))
            return


def _from_marks(path: Path) -> tuple[str, str] | None:
    """The right definitions of a marked file (`tests/marks.py`), and its `# run:` marks as a script."""
    text = path.read_text(encoding="utf-8")
    program = Program(text)
    lines = text.splitlines(keepends=True)
    wrong: set[str] = set()
    kept: list[str] = []
    for node in program.tree.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        source = "".join(lines[first - 1 : node.end_lineno])
        name = getattr(node, "name", "")
        uses = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        if "# expect:" in source or uses & wrong:
            wrong.add(name)
        elif _is_definition(node):
            kept.append(_without_marks(source))
    marks = [line.partition("# run:")[2].strip() for line in lines if line.lstrip().startswith("# run:")]
    runs = [_without_bare_names(run) for run in marks if run.partition("(")[0] not in wrong]
    if not runs:
        return None
    script = "".join(f"model = {_construction(run)}\nmodel{run[len(_construction(run)) :]}\n" for run in runs)
    imports = "" if any(line.strip() == "import torch" for line in "".join(kept).splitlines()) else "import torch\n"
    return imports + "\n\n".join(kept), "\n\n" + script


def _is_definition(node: ast.stmt) -> bool:
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        return not any(isinstance(n, ast.Call) for n in ast.walk(node))
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return node.name != "main" and not node.name.startswith("test_")
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _without_marks(source: str) -> str:
    """The text without comments that say what torchlint must find."""
    lines = [line.partition("  # ")[0].rstrip() if "  # " in line else line.rstrip("\n") for line in source.splitlines()]
    return "\n".join(line for line in lines if not line.lstrip().startswith("#")) + "\n"


def _without_bare_names(run: str) -> str:
    """`randn(2)` of a mark is `torch.randn(2)`."""
    tree = ast.parse(run, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("randn", "randint", "rand", "ones", "zeros", "arange", "long"):
            node.id = f"torch.{node.id}"
    return ast.unparse(tree)


def _construction(run: str) -> str:
    """`Net(4)` of `Net(4)(torch.randn(2, 3))`; a function is called as it is."""
    call = ast.parse(run, mode="eval").body
    return ast.unparse(call.func) if isinstance(call, ast.Call) else run


def _from_library(path: Path, package: str, judge: Judge) -> Iterator[Base]:
    text = path.read_text(encoding="utf-8")
    offered = [
        node.name
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and any("register_model" in ast.dump(d) for d in node.decorator_list)
    ]
    if not offered or len(text.splitlines()) > _MOST_LINES:
        return
    definitions = _standing_alone(text, path, package)
    name = f"{package}/{path.relative_to(_PACKAGES / package / 'models')}"
    found: list[tuple[int, str, Base]] = []
    for function in offered[:_CANDIDATES]:
        found += [(len(b.rows), function, b) for b in _with_some_input(name, package, definitions, function, judge)]
    if found:
        _, function, base = min(found, key=lambda entry: entry[0])
        alone = list(_that_runs(name, package, _with_one_model(definitions, offered, function), base.script, judge))
        yield from alone or [base]


def _with_one_model(definitions: str, offered: list[str], kept: str) -> str:
    """The text without the other models that it offers, as in a project's own file of one model."""
    program = Program(definitions)
    entries = {n.name: n for n in program.tree.body if isinstance(n, ast.FunctionDef) and n.name in offered}
    others = [node for node in program.tree.body if node not in entries.values()]
    used = {kept}
    waiting: list[ast.AST] = [entries[kept], *others]
    while waiting:
        names = {n.id for n in ast.walk(waiting.pop()) if isinstance(n, ast.Name)} & entries.keys() - used
        used |= names
        waiting += [entries[name] for name in names]
    for name, node in reversed(entries.items()):
        if name not in used:
            start = min([program.span(node)[0], *(program.span(d)[0] - 1 for d in node.decorator_list)])
            definitions = definitions[:start] + definitions[program.span(node)[1] :].lstrip("\n")
    return definitions


def _with_some_input(name: str, package: str, definitions: str, function: str, judge: Judge) -> list[Base]:
    for form in _FORMS:
        built = f"\n\nmodel = {form.format(name=function)}\n"
        if not any(_that_runs(name, package, definitions, built, judge)):
            continue
        for inputs in _INPUTS:
            found = list(_that_runs(name, package, definitions, f"{built}model({inputs})\n", judge))
            if found:
                return found
    return []


def _standing_alone(text: str, path: Path, package: str) -> str:
    """The text with absolute imports; torchvision's models are not registered under their names a second time."""
    program = Program(text)
    edits: list[tuple[int, int, str]] = []
    parents = [package, *path.relative_to(_PACKAGES / package).parent.parts]
    for node in ast.walk(program.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            start, end = program.span(node)
            module = ".".join([*parents[: len(parents) - node.level + 1], *([node.module] if node.module else [])])
            imported = text[start:end].partition(" import ")[2]
            edits.append((start, end, f"from {module} import {imported}"))
        elif isinstance(node, ast.FunctionDef) and package == "torchvision":
            for decorator in node.decorator_list:
                if "register_model" in ast.dump(decorator):
                    start, end = program.span(decorator)
                    edits.append((start - 1, end + 1, ""))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    imports = "import torch\n"
    return text if any(line == "import torch" for line in text.splitlines()) else _after_future(text, imports)


def _after_future(text: str, imports: str) -> str:
    """The text with more imports, behind its docstring and `from __future__`."""
    last = 0
    for node in ast.parse(text).body:
        is_first = isinstance(node, ast.Expr) or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        if not is_first:
            break
        last = node.end_lineno or 0
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:last], imports, *lines[last:]])
