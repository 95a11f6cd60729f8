"""`torchlint summary`: the layers of a model with their shapes and counts."""

from __future__ import annotations

import argparse
import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import NoneType

from torchlint.analysis import summarize
from torchlint.cli import executing
from torchlint.cli.console import Console
from torchlint.cli.errors import UsageError
from torchlint.cli.render import summary as render
from torchlint.cli.workspace import Workspace
from torchlint.dims.expr import Size, Symbol
from torchlint.dims.parsing import parse_shape
from torchlint.execution.requesting import attempts_at
from torchlint.settings import near_miss
from torchlint.source.document import DecodeError
from torchlint.summary import Shape, Summary, SummaryError, Target
from torchlint.summary_text import is_open


def run(options: argparse.Namespace) -> int:
    """Print the summaries of the target. Raises UsageError, SettingsError and SummaryError."""
    inputs, args = _shapes(options.inputs), _arguments(options.args)
    target = parse_target(options.target)._replace(inputs=inputs, args=args)
    folder = target.path.parent if target.path else Path.cwd()
    workspace = Workspace()
    configuration = workspace.configuration(folder)
    console = Console.of(sys.stdout, options.color)
    project = workspace.project(configuration)
    try:
        if options.execute or options.compare:
            return executing.run(target, options, project, configuration.settings, console)
        summaries = summarize(target, project, configuration.settings)
    except DecodeError as error:
        raise UsageError(f"{options.target}: {error}") from None
    except OSError as error:
        raise UsageError(f"{options.target}: {error.strerror}") from None
    except SummaryError as error:
        raise type(error)(f"{error}{_HINT if error.is_unfollowed else ''}") from None
    render.print_all(summaries, options, console)
    if options.format == "text" and options.style == "table":
        for help_ in _help(summaries):
            console.print(f"{console.style('help:', 'help')} {help_}")
    return 0


def _help(summaries: list[Summary]) -> Iterator[str]:
    """What to do about what is unknown, and about formulas."""
    if any(is_open(s) for s in summaries):
        yield "--execute imports the code and runs it on tensors without data, which may show what reading could not follow"
    if len(summaries) == 1 and not isinstance(summaries[0].total_mult_adds, (int, NoneType)):
        attempts = attempts_at(summaries[0].inputs)
        if attempts:
            shapes = " ".join(f"--input {','.join(map(str, i['shape']))}" for i in attempts[0])
            yield f"with numbers for the sizes of the input the counts are numbers, as with {shapes}"


_HINT = "; --execute would import and run it"


def parse_target(text: str) -> Target:
    """`FILE`, `FILE:CLASS`, `module` or `module:name`; raises UsageError for a file that does not exist."""
    path, name = _split(text)
    if os.path.isdir(path) and not name:
        raise UsageError(f"{path} is a folder; name a file in it, as {os.path.join(path, 'model.py')}")
    if os.path.isfile(path):
        return Target(path=Path(os.path.abspath(path)), name=name or None)
    if all(part.isidentifier() for part in path.split(".")) and not path.endswith(".py"):
        return Target(module=path, name=name or None)
    folder = os.path.dirname(path) or "."
    names = os.listdir(folder) if os.path.isdir(folder) else []
    raise UsageError(f"{path}: no such file{near_miss(os.path.basename(path), names)}")


def _split(text: str) -> tuple[str, str]:
    """The part before the last colon and the name after it; a drive letter's colon (`C:\\`) is none."""
    left, colon, name = text.rpartition(":")
    if not colon or os.path.exists(text) or any(c in name for c in "/\\"):
        return text, ""
    if not all(part.isidentifier() for part in name.split(".")):
        raise UsageError(f"{text}: `{name}` is no name of a class or function")
    return left, name


def _shapes(texts: list[str]) -> tuple[Shape, ...]:
    scope: dict[str, Symbol | Size] = {}  # a name means the same size in every input
    shapes: list[Shape] = []
    for text in texts:
        try:
            shapes.append(parse_shape(text, scope))
        except ValueError as error:
            raise UsageError(f"--input {text}: {error}") from None
    return tuple(shapes)


def _arguments(text: str) -> str:
    try:
        call = ast.parse(f"f({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        call = None
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
        return text
    raise UsageError(f'--args "{text}": not the arguments of a call, as "10, hidden=64"')
