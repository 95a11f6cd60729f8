"""`torchlint coverage`: how many modules can be followed to the end, and why not the others."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from torchlint.cli.console import Console
from torchlint.cli.paths import Walk, files_of, shown
from torchlint.cli.progress import tracked
from torchlint.cli.render.json import dump
from torchlint.cli.render.table import Column, plain
from torchlint.cli.render.text import counted
from torchlint.cli.workspace import Workspace
from torchlint.coverage import Coverage, Survey
from torchlint.settings import SettingsError
from torchlint.source.document import DecodeError, Document

_COLUMNS = [Column("Modules", right=True), Column("First place"), Column("Why it is not followed to its end")]
_REASONS = 20
_BAR = 30


def run(options: argparse.Namespace, walk: Walk | None) -> int:
    """Print the coverage. The exit status is 0, or 2 if a file could not be read."""
    workspace, survey = Workspace(), Survey()
    problems: list[str] = []
    paths = files_of(options.paths, workspace, walk, problems)
    for path in tracked(paths, sys.stderr):
        configuration = workspace.configuration(path.parent)
        try:
            survey.add(Document.read(path), workspace.project(configuration).world, configuration.settings)
        except DecodeError as error:
            problems.append(f"{shown(str(path))}: {error}")
        except OSError as error:
            problems.append(f"{shown(str(path))}: {error.strerror}")
        except SettingsError:
            raise
        except Exception as error:  # one file that we fail on must not hide the others
            problems.append(f"{shown(str(path))}: torchlint failed on this file: {type(error).__name__}: {error}")
    console, errors = Console.of(sys.stdout, options.color), Console.of(sys.stderr, options.color)
    coverage = survey.result()
    if options.format == "json":
        reasons = [{"reason": r.reason, "count": r.count, "example": r.example} for r in coverage.reasons]
        found = {"modules": coverage.modules, "followed": coverage.followed, "partly": coverage.partly, "reasons": reasons}
        console.print(dump(found))
    else:
        console.print("\n".join(_text(coverage, len(paths), console)))
    for problem in problems:
        errors.print(f"{errors.style('torchlint: error:', 'error')} {problem}")
    return 2 if problems else 0


def _text(coverage: Coverage, files: int, console: Console) -> list[str]:
    """The shares, and the most frequent reasons."""
    title = f"Coverage of {counted(coverage.modules, 'module')} in {counted(files, 'file')}"
    lines = [console.style(title, "bold")]
    if not coverage.modules:
        return lines
    rest = coverage.modules - coverage.followed - coverage.partly
    parts = [("Followed", coverage.followed, "help"), ("In part", coverage.partly, "warning"), ("Not", rest, "error")]
    lines += ["", *(_share(name, count, coverage.modules, style, console) for name, count, style in parts)]
    if coverage.reasons:
        rows = [(f"{r.count:,}", _short(r.example), r.reason) for r in coverage.reasons[:_REASONS]]
        lines += ["", *plain(_COLUMNS, rows, console)]
        more = coverage.reasons[_REASONS:]
        if more:
            modules = counted(sum(r.count for r in more), "module")
            lines.append(f"{counted(len(more), 'more reason')} for {modules}: --format json has them all.")
        lines += ["", f"{console.style('help:', 'help')} torchlint summary FILE:CLASS says more of one module"]
    return lines


def _share(name: str, count: int, whole: int, style: str, console: Console) -> str:
    filled = round(_BAR * count / whole)
    full, empty = ("█", "░") if console.unicode else ("#", ".")
    bar = console.style(full * filled, style) + console.style(empty * (_BAR - filled), "dim")
    return f"{name:10}{count:>7,}  {count / whole:>6.1%}  {bar}"


def _short(place: str) -> str:
    """A place as people know it: a module of an installed package by its path there."""
    _, found, inside = place.rpartition(f"site-packages{os.sep}")
    return inside if found else shown(str(Path(place)))
