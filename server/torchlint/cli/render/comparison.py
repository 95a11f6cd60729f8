"""What reading and running a model give, side by side."""

from __future__ import annotations

from torchlint.cli.console import Console
from torchlint.cli.paths import shown
from torchlint.cli.render.summary import tree
from torchlint.cli.render.table import Column, plain
from torchlint.cli.render.text import counted
from torchlint.dims.printing import show_shape
from torchlint.execution.comparison import Difference
from torchlint.execution.outcome import Outcome
from torchlint.summary import Summary, SummaryRow
from torchlint.summary_text import shape_text, size_text

_COLUMNS = [
    Column("Layer"),
    Column("Type"),
    Column("Output shape"),
    Column("Parameters", right=True),
    Column("Mult-adds", right=True),
    Column("Read and run agree"),
]
_LISTED = 10
_UNKNOWN = "?"


def as_text(read: Summary | None, problem: str, run: Outcome, found: list[Difference], console: Console) -> list[str]:
    """A table with both (`read | run` where one is unknown, `read ≠ run` where they differ), and the verdict."""
    lines: list[str] = []
    if run.summary is not None:
        shapes = ", ".join(show_shape(shape) for shape in run.summary.input)
        title = f"{run.summary.class_name} of {shapes}" if shapes else run.summary.class_name
        lines += [console.style(f"{title}, read and run by {run.summary.runner}", "bold"), ""]
        table = plain(_COLUMNS, _rows(read, run.summary, found, console), console)
        lines += [*table, table[1]]
        lines += [f"{console.style('note:', 'note')} {note}" for note in run.summary.notes]
    if read is None:
        return [*lines, f"{console.style('Reading gives nothing to compare:', 'warning')} {problem}"]
    if not found:
        known = "" if read.total_params is not None and read.total_mult_adds is not None else " in what reading knows"
        return [*lines, console.style(f"Reading and running agree{known}.", "help")]
    lines.append(console.style(f"Reading and running disagree in {counted(len(found), 'place')}:", "error"))
    lines += [f"  {_spoken(difference)}" for difference in found[:_LISTED]]
    if len(found) > _LISTED:
        lines.append(f"  and {len(found) - _LISTED} more")
    return lines


def _rows(read: Summary | None, run: Summary, found: list[Difference], console: Console) -> list[tuple[str, ...]]:
    known = {row.path: row for row in read.rows} if read is not None else {}
    wrong: dict[str, list[str]] = {}
    for difference in found:
        wrong.setdefault(difference.path, []).append(difference.what)
    rows: list[tuple[str, ...]] = []
    for row, name in zip(run.rows, tree(run.rows, console.unicode)):
        other = known.get(row.path, SummaryRow("", "", 0))
        cells = (
            _both(other.type or "?", row.type, console),
            _both(shape_text(other.output_shape), shape_text(row.output_shape), console),
            _both(_count(other), _count(row), console),
            _both(size_text(other.mult_adds), size_text(row.mult_adds), console),
        )
        verdict = "in part" if any(" | " in cell for cell in cells) else "yes"
        rows.append((name, *cells, f"no: {', '.join(wrong[row.path])}" if row.path in wrong else verdict))
    return rows


def _both(read: str, run: str, console: Console) -> str:
    """What both passes give, once if it is the same."""
    if read == run:
        return run
    if _UNKNOWN in (read, run):
        return f"{read} | {run}"
    return f"{read} {'≠' if console.unicode else '!='} {run}"


def _count(row: SummaryRow) -> str:
    return "(shared)" if row.repeated else size_text(row.params)


def _spoken(difference: Difference) -> str:
    where = f"`{difference.path}`, " if difference.path else ""
    return f"{where}{difference.what}: {_value(difference.read, difference)} read, {_value(difference.run, difference)} run"


def _value(value: object, difference: Difference) -> str:
    if difference.what == "failure":
        return f"{shown(value[0])}:{value[1]}" if isinstance(value, tuple) else "none"
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return shape_text(value)
    return f"{value:,}" if isinstance(value, int) else str(value)
