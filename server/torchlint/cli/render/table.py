"""Tables in plain text and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torchlint.cli.console import Console, cells, cut, visible, wrap

_WIDEST = 60  # cells of a column but the last


@dataclass(frozen=True)
class Column:
    """A column's title, and on which side its cells stand."""

    title: str
    right: bool = False


def plain(columns: Sequence[Column], rows: Sequence[Sequence[str]], console: Console) -> list[str]:
    """The lines of a table: titles, a rule, rows. On a terminal the last column is wrapped to its width.

    In the other columns what is much too long to be read is cut.
    """
    dots = "…" if console.unicode else "..."
    shown = [[*(cut(visible(cell), _WIDEST, dots) for cell in row[:-1]), visible(row[-1])] for row in rows]
    widths = [max([cells(column.title), *(cells(row[i]) for row in shown)]) for i, column in enumerate(columns)]
    before = sum(w + 2 for w in widths[:-1])
    if console.width is not None:
        widths[-1] = min(widths[-1], max(console.width - before, 24))
    titles = _line([c.title for c in columns], columns, widths)
    lines = [console.style(titles, "bold"), rule(before + widths[-1], console)]
    for row in shown:
        first, *rest = wrap(row[-1], widths[-1])
        lines.append(_line([*row[:-1], first], columns, widths))
        lines += [" " * before + line for line in rest]
    return lines


def rule(width: int, console: Console) -> str:
    """A line across the table."""
    return console.style(("─" if console.unicode else "-") * width, "dim")


def _line(row: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = []
    for cell, column, width in zip(row, columns, widths):
        space = " " * (width - cells(cell))
        padded.append(space + cell if column.right else cell + space)
    return "  ".join(padded).rstrip()


def markdown(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    lines = [[c.title for c in columns], ["---:" if c.right else "---" for c in columns]]
    lines += [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return [f"| {' | '.join(line)} |" for line in lines]
