"""Findings as a person reads them: what, where in the source, why, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torchlint.cli.console import Console, cells, cut, visible, wrap
from torchlint.diagnostics import Diagnostic, Severity, Span
from torchlint.fixing import is_applicable
from torchlint.source.document import Document

_PLACE_COLUMN = 53  # where the places of notes start, so that they stand in one column across findings
_LONGEST_LINE = 240  # of source shown where the width is not known

Name = Callable[[str], str]
"""How the path of a file is shown."""


def concise(diagnostic: Diagnostic, name: Name, console: Console) -> str:
    """The finding in one line."""
    message = " ".join(visible(diagnostic.message).split("\n"))
    return _location(diagnostic, name, console) + message


def full(diagnostic: Diagnostic, document: Document | None, name: Name, console: Console) -> str:
    """The finding in a few lines: its message, the source line (of `document`, if given), notes and help."""
    prefix = _location(diagnostic, name, console)
    plain = _location(diagnostic, name, Console(console.stream))
    lines = _wrapped(prefix, cells(plain), diagnostic.message, console, indent=2)
    if document is not None:
        lines += _source(diagnostic, document, console)
    lines += _notes(diagnostic, name, console)
    helping = diagnostic.help or (diagnostic.fix.message if diagnostic.fix else None)
    if helping:
        lines += _wrapped(console.style("help:", "help") + " ", 6, helping, console, indent=6)
    return "\n".join(lines)


def _location(diagnostic: Diagnostic, name: Name, console: Console) -> str:
    row, column = diagnostic.span.start
    severity = diagnostic.severity.value
    place = console.style(visible(name(diagnostic.path)), "bold") + f":{row}:{column}: "
    return place + console.style(f"{severity}[{diagnostic.code} {diagnostic.name}]", severity) + " "


def _wrapped(prefix: str, taken: int, text: str, console: Console, indent: int) -> list[str]:
    """`text` after `prefix`, which takes `taken` cells; further lines are indented."""
    lines: list[str] = []
    for line in text.split("\n"):
        width = None if console.width is None else max(console.width - indent, 20)
        pieces = wrap(visible(line), width, max(taken - indent, 0) if not lines else 0)
        for piece in pieces:
            lines.append((" " * indent if lines else prefix) + piece)
    return [line.rstrip() for line in lines]


def _source(diagnostic: Diagnostic, document: Document, console: Console) -> list[str]:
    span = diagnostic.span
    row = span.start.row
    if row > len(document.lines):
        return []
    gutter = len(str(row))
    room = max((console.width or _LONGEST_LINE) - gutter - 3, 20)
    line, at, length = _excerpt(document.lines[row - 1], span, room, "…" if console.unicode else "...")
    severity = diagnostic.severity.value
    margin = f"{' ' * gutter} {console.style('|', 'gutter')} "
    numbered = f"{console.style(str(row), 'gutter')} {console.style('|', 'gutter')} {line}"
    carets = f"{margin}{' ' * at}{console.style('^' * length, severity)}"
    label = visible(diagnostic.label or "")
    lines = [margin.rstrip(), numbered.rstrip(), carets]
    if label and (console.width is None or at + length + 1 + cells(label) <= room):
        lines[-1] += " " + console.style(label, severity)
    elif label:
        lines += [margin + console.style(piece, severity) for piece in wrap(label, room)]
    return lines


def _excerpt(line: str, span: Span, room: int, dots: str) -> tuple[str, int, int]:
    """What is shown of a line, with the cell and the number of cells that are marked in it.

    A span of several lines is marked to the end of the first. A line that is too long is cut around the mark.
    """
    start = min(span.start.column - 1, len(line))
    end = min(span.end.column - 1, len(line)) if span.end.row == span.start.row else len(line.rstrip())
    before, marked, after = (
        visible(line[:start]),
        visible(line[start : max(start, end)]),
        visible(line[max(start, end) :]),
    )
    if cells(before + marked + after) > room:
        if cells(marked) > room // 2:
            marked = cut(marked, room // 2)
            after = dots
        lead = max(room - cells(marked) - min(cells(after), room // 4) - 2 * len(dots), room // 4)
        if cells(before) > lead:
            before = dots + cut(before[::-1], lead)[::-1]
        left = room - cells(before + marked)
        if cells(after) > left:
            after = cut(after, left, dots)
    return before + marked + after, cells(before), max(cells(marked), 1)


def _notes(diagnostic: Diagnostic, name: Name, console: Console) -> list[str]:
    """Each note with its place in a column to the right, where there is room for one."""
    places: list[str] = []
    for note in diagnostic.notes:
        path = note.path if note.path is not None else diagnostic.path
        places.append(visible(f"{name(path)}:{note.span.start.row}") if note.span else "")
    column = _PLACE_COLUMN
    for note, place in zip(diagnostic.notes, places):
        if place:
            column = max(column, cells("note: " + visible(note.message.split("\n")[0])) + 2)
    if console.width is not None:
        column = min(column, console.width - max(map(cells, places), default=0))
    lines: list[str] = []
    for note, place in zip(diagnostic.notes, places):
        first, *rest = _wrapped(console.style("note:", "note") + " ", 6, note.message, console, indent=6)
        if place:
            taken = cells(first) - (cells(console.style("note:", "note")) - 5)
            gap = column - taken if taken + 2 <= column else 2
            if console.width is None or rest or taken + gap + cells(place) <= console.width:
                first += " " * gap + console.style(place, "dim")
            else:
                rest = [" " * 6 + console.style(place, "dim")]
        lines += [first, *rest]
    return lines


def tally(diagnostics: Sequence[Diagnostic], files: int, unsafe: bool) -> str:
    """The closing line: what was found in `files` checked files, and how much of it can be fixed."""
    if not diagnostics:
        return f"All {files} files are clean." if files != 1 else "1 file is clean."
    counts = [
        counted(sum(d.severity is severity for d in diagnostics), noun)
        for severity, noun in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "hint"),
        )
        if any(d.severity is severity for d in diagnostics)
    ]
    found = " and ".join(filter(None, (", ".join(counts[:-1]), counts[-1])))
    line = f"Found {found} in {counted(len({d.path for d in diagnostics}), 'file')}."
    safe = sum(is_applicable(d, unsafe) for d in diagnostics)
    more = sum(d.fix is not None for d in diagnostics) - safe
    if safe:
        line += f" {safe} fixable with --fix" + (f", {more} more with --unsafe-fixes." if more else ".")
    elif more:
        line += f" {more} fixable with --fix --unsafe-fixes."
    return line


def counted(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
