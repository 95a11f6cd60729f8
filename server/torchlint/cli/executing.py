"""`torchlint summary --execute` and `--compare`: the model is imported and run, in a process of its own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from torchlint.analysis import Project, Reading, read_target, summarize
from torchlint.cli.console import Console
from torchlint.cli.errors import UsageError
from torchlint.cli.paths import shown
from torchlint.cli.render import comparison
from torchlint.cli.render import summary as render
from torchlint.cli.render.json import dump, finding
from torchlint.cli.render.text import full
from torchlint.diagnostics import Diagnostic
from torchlint.execution.comparison import differences
from torchlint.execution.outcome import Outcome, execute
from torchlint.execution.process import ExecutionError, Worker
from torchlint.execution.requesting import request_for
from torchlint.settings import Settings
from torchlint.source.document import DecodeError, Document
from torchlint.source.finder import interpreter
from torchlint.summary import Summary, SummaryError, Target
from torchlint.summary_text import as_json


def run(target: Target, options: argparse.Namespace, project: Project, settings: Settings, console: Console) -> int:
    """Print what running the target gives. The exit status is 1 where it raises, or disagrees with what reading gives."""
    errors = Console.of(sys.stderr, options.color)
    readings = read_target(target, project, settings)
    python = interpreter(settings.python or None, project.root)
    what = shown(str(target.path)) if target.path else f"`{target.module}`"
    errors.print(f"{errors.style('note:', 'note')} {what} is imported and run by {shown(python)}")
    errors.stream.flush()
    status = 0
    outcomes: list[tuple[Reading, Outcome]] = []
    with Worker(python) as worker:
        for reading in readings:
            request = request_for(target, reading.module, reading.name, reading.inputs, project.root)
            try:
                outcomes.append((reading, execute(worker, request, target, project.root)))
            except ExecutionError as error:
                raise UsageError(f"{error} ({reading.problem})" if reading.problem else str(error)) from None
    if options.compare:
        return _compare(outcomes, target, options, project, settings, console)
    for _, outcome in outcomes:
        if outcome.diagnostic is not None:
            status = 1
    if options.format == "json":
        console.print(dump(_one_or_all([_as_json(outcome) for _, outcome in outcomes])))
        return status
    for index, (_, outcome) in enumerate(outcomes):
        if index:
            console.print()
        if outcome.summary is not None:
            render.print_all([outcome.summary], options, console)
        if outcome.diagnostic is not None:
            if outcome.summary is not None:
                console.print()
            console.print(full(outcome.diagnostic, _document(outcome.diagnostic), shown, console))
    return status


def _compare(
    outcomes: list[tuple[Reading, Outcome]],
    target: Target,
    options: argparse.Namespace,
    project: Project,
    settings: Settings,
    console: Console,
) -> int:
    """Read again with the very inputs that were run, and print both."""
    status = 0
    for index, (reading, outcome) in enumerate(outcomes):
        read = _read_again(reading, outcome, target, project, settings)
        found = differences(read, outcome) if read is not None else []
        if index:
            console.print()
        console.print("\n".join(comparison.as_text(read, reading.problem, outcome, found, console)))
        if outcome.diagnostic is not None:
            console.print("\n" + full(outcome.diagnostic, _document(outcome.diagnostic), shown, console))
        status = max(status, int(bool(found)))
    return status


def _read_again(reading: Reading, outcome: Outcome, target: Target, project: Project, settings: Settings) -> Summary | None:
    if outcome.summary is None or reading.summary is None:
        return reading.summary
    try:
        exact = target._replace(name=reading.name, inputs=outcome.summary.input)
        return summarize(exact, project, settings)[0]
    except SummaryError:
        return reading.summary


def _as_json(outcome: Outcome) -> dict[str, object]:
    made = as_json(outcome.summary) if outcome.summary is not None else {}
    error = finding(outcome.diagnostic, str) if outcome.diagnostic is not None else None
    return {**made, "error": error, "output": outcome.output}


def _one_or_all(values: list[dict[str, object]]) -> object:
    return values[0] if len(values) == 1 else values


def _document(diagnostic: Diagnostic) -> Document | None:
    try:
        return Document.read(Path(diagnostic.path))
    except (OSError, DecodeError):
        return None
