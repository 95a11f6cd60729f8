"""`torchlint check`: find, analyse, fix and report."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from torchlint import fixing
from torchlint.analysis import analyze, internal_error
from torchlint.cli.console import Console
from torchlint.cli.errors import UsageError
from torchlint.cli.paths import Walk, files_of, shown
from torchlint.cli.progress import tracked
from torchlint.cli.render import json as json_output
from torchlint.cli.render import text as text_output
from torchlint.cli.render.table import Column, plain
from torchlint.cli.saving import save as save_file
from torchlint.cli.workspace import Workspace
from torchlint.diagnostics import Diagnostic, Severity
from torchlint.settings import Configuration, SettingsError
from torchlint.source.document import DecodeError, Document

_STDIN = "-"


@dataclass
class Report:
    """What a run has found: findings in order, the documents that they are in, and what went wrong."""

    files: int = 0
    diagnostics: list[Diagnostic] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    fixed: Counter[str] = field(default_factory=Counter)
    refused: list[fixing.Refusal] = field(default_factory=list)
    diffs: list[str] = field(default_factory=list)

    def add(self, document: Document, diagnostics: tuple[Diagnostic, ...]) -> None:
        """Take over the findings of a file."""
        self.files += 1
        self.diagnostics += diagnostics
        if diagnostics:
            self.documents[document.path] = document

    def status(self) -> int:
        """The exit status."""
        if self.problems or any(d.code == "TL903" for d in self.diagnostics):
            return 2
        failing = (Severity.ERROR, Severity.WARNING)
        return int(bool(self.diffs) or any(d.severity in failing for d in self.diagnostics))


def run(options: argparse.Namespace, walk: Walk | None) -> int:
    """The exit status: 0 for clean, 1 for errors or warnings found, 2 for what could not be done."""
    workspace = Workspace(options.select, options.extend_select, options.ignore)
    report = Report()
    if _STDIN in options.paths:
        if len(options.paths) > 1:
            raise UsageError("standard input (-) is checked alone, without other paths")
        _check_stdin(options, workspace, report)
    else:
        for path in tracked(files_of(options.paths, workspace, walk, report.problems), sys.stderr):
            _check_file(path, options, workspace, report)
    _show(report, options)
    status = report.status()
    return 0 if status == 1 and options.exit_zero else status


def _check_file(path: Path, options: argparse.Namespace, workspace: Workspace, report: Report) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        report.problems.append(f"{shown(str(path))}: {error.strerror}")
        return

    def save(fixed: bytes) -> None:
        save_file(path, data, fixed)
        workspace.forget()

    _check(data, str(path), workspace.configuration(path.parent), options, workspace, report, save)


def _check_stdin(options: argparse.Namespace, workspace: Workspace, report: Report) -> None:
    """As for a file; with --fix the result goes to standard output."""
    name = _STDIN if options.stdin_filename is None else os.path.abspath(options.stdin_filename)
    folder = Path.cwd() if options.stdin_filename is None else Path(name).parent
    texts = [sys.stdin.buffer.read()]
    _check(texts[0], name, workspace.configuration(folder), options, workspace, report, texts.append)
    if options.fix and not options.diff:
        sys.stdout.flush()
        sys.stdout.buffer.write(texts[-1])


def _check(
    data: bytes,
    name: str,
    configuration: Configuration,
    options: argparse.Namespace,
    workspace: Workspace,
    report: Report,
    save: Callable[[bytes], None],
) -> None:
    """Add the findings in `data` to the report; `save` the text after the fixes that are asked for."""
    try:
        document = Document.decode(data, name)
    except DecodeError as error:
        report.add(error.document, (_syntax_error(error),))
        return

    def found(document: Document) -> tuple[Diagnostic, ...]:
        try:
            return analyze(document, workspace.project(configuration), configuration.settings).diagnostics
        except SettingsError:
            raise
        except Exception as error:  # one file that we fail on must not hide the others
            return (internal_error(document, error),)

    if not (options.fix or options.diff):
        report.add(document, found(document))
        return
    result = fixing.fix(document, found, options.unsafe_fixes or configuration.settings.unsafe_fixes)
    report.refused += result.refused
    if result.applied and not options.diff:
        try:
            if document.encode() != data:
                raise OSError(f"its {document.encoding} text cannot be written back as it was")
            save(result.document.encode())
        except OSError as error:
            report.problems.append(f"{shown(name)}: not fixed: {error}")
            report.add(document, found(document))
            return
    elif result.applied:
        report.diffs.append(_diff(document, result.document))
    if result.applied:
        report.fixed[name] += len(result.applied)
    report.add(result.document, result.remaining)


def _syntax_error(error: DecodeError) -> Diagnostic:
    return Diagnostic("TL901", "syntax-error", Severity.ERROR, error.message, error.document.path, error.span)


def _diff(before: Document, after: Document) -> str:
    name = shown(before.path)
    lines = difflib.unified_diff(before.text.splitlines(keepends=True), after.text.splitlines(keepends=True), name, name)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _show(report: Report, options: argparse.Namespace) -> None:
    """Findings go to standard output, unless that is where the fixed text of standard input goes."""
    piped = options.fix and not options.diff and options.paths == [_STDIN]
    out = Console.of(sys.stderr if piped else sys.stdout, options.color)
    errors = Console.of(sys.stderr, options.color)
    for diagnostic, reason in report.refused:
        place = f"{shown(diagnostic.path)}:{diagnostic.span.start.row}"
        errors.print(f"{place}: the fix of {diagnostic.code} {diagnostic.name} was not applied: {reason}")
    if options.diff:
        for diff in report.diffs:
            out.stream.write(diff)
        errors.print(f"Would fix {_fixed(report)}." if report.fixed else "Nothing to fix.")
        if report.diagnostics:
            errors.print(text_output.tally(report.diagnostics, report.files, options.unsafe_fixes))
    else:
        _show_findings(report, options, out)
    for problem in report.problems:
        errors.print(f"{errors.style('torchlint: error:', 'error')} {problem}")


def _fixed(report: Report) -> str:
    findings = text_output.counted(sum(report.fixed.values()), "finding")
    return f"{findings} in {text_output.counted(len(report.fixed), 'file')}"


def _show_findings(report: Report, options: argparse.Namespace, out: Console) -> None:
    if options.statistics:
        _show_statistics(report, options, out)
        return
    if options.output_format == "json":
        out.print(json_output.findings(report.diagnostics, str))
        return
    for diagnostic in report.diagnostics:
        if options.output_format == "concise":
            out.print(text_output.concise(diagnostic, shown, out))
        else:
            out.print(text_output.full(diagnostic, report.documents.get(diagnostic.path), shown, out) + "\n")
    if report.fixed:
        out.print(f"Fixed {_fixed(report)}.")
    if report.files:
        out.print(text_output.tally(report.diagnostics, report.files, options.unsafe_fixes))


def _show_statistics(report: Report, options: argparse.Namespace, out: Console) -> None:
    counts = Counter((d.code, d.name, d.severity.value) for d in report.diagnostics)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if options.output_format == "json":
        rows = [{"code": c, "name": n, "severity": s, "count": k} for (c, n, s), k in ordered]
        out.print(json_output.dump(rows))
        return
    columns = [Column("Count", right=True), Column("Code"), Column("Name"), Column("Severity")]
    if ordered:
        for line in plain(columns, [(str(k), *key) for key, k in ordered], out):
            out.print(line)
        out.print()
    if report.files:
        out.print(text_output.tally(report.diagnostics, report.files, options.unsafe_fixes))
