"""Summaries as text, Markdown and JSON."""

from __future__ import annotations

import argparse

from torchlint.cli.console import Console, cells
from torchlint.cli.paths import shown
from torchlint.cli.render.json import dump
from torchlint.cli.render.table import Column, markdown, plain
from torchlint.dims.printing import show_shape
from torchlint.summary import Summary, SummaryRow, name_of
from torchlint.summary_text import as_json, shape_text, size_text, told, totals, type_text

_COLUMNS = [
    Column("Layer"),
    Column("Type"),
    Column("Output shape"),
    Column("Parameters", right=True),
    Column("Mult-adds", right=True),
    Column("How the parameters are counted"),
]


def print_all(summaries: list[Summary], options: argparse.Namespace, console: Console) -> None:
    """Print summaries in the form that is asked for."""
    if options.style == "repr":
        console.print("\n\n".join(s.representation for s in summaries))
    elif options.format == "json":
        found = [as_json(s) for s in summaries]
        console.print(dump(found[0] if len(found) == 1 else found))
    else:
        lines = as_text if options.format == "text" else as_markdown
        console.print("\n\n".join("\n".join(lines(s, console)) for s in summaries))


def as_text(summary: Summary, console: Console) -> list[str]:
    """A table with the modules as a tree, totals and notes."""
    names = tree(summary.rows, console.unicode)
    table = plain(_COLUMNS, [_cells(row, name) for row, name in zip(summary.rows, names)], console)
    counts = totals(summary)
    label = max(cells(title) for title, _ in counts) + 2
    return [
        console.style(_title(summary), "bold"),
        *told(summary, _where),
        "",
        *table,
        table[1],
        *(f"{title:{label}}{value}" for title, value in counts),
        *(f"{console.style('note:', 'note')} {note}" for note in summary.notes),
    ]


def as_markdown(summary: Summary, console: Console) -> list[str]:
    """The same as a heading, a table and a list."""
    rows = [_cells(row, f"`{row.path}`" if row.path else "") for row in summary.rows]
    return [
        f"## {_title(summary)}",
        "",
        *(line for told in told(summary, _where) for line in (told, "")),
        *markdown(_COLUMNS, rows),
        "",
        *(f"- {title}: {value}" for title, value in totals(summary)),
        *(f"- Note: {note}" for note in summary.notes),
    ]


def _title(summary: Summary) -> str:
    shapes = ", ".join(show_shape(shape) for shape in summary.input)
    title = f"{summary.class_name} of {shapes}" if shapes else summary.class_name
    return f"{title}, run by {summary.runner}" if summary.runner else title


def _where(place: tuple[str, int]) -> str:
    return f"{shown(place[0])}:{place[1]}"


def _cells(row: SummaryRow, name: str) -> tuple[str, ...]:
    params = "(shared)" if row.repeated else size_text(row.params)
    return name, type_text(row), shape_text(row.output_shape), params, size_text(row.mult_adds), row.formula or ""


def tree(rows: tuple[SummaryRow, ...], unicode: bool) -> list[str]:
    """Each row's name behind the branches of the tree that it hangs on."""
    fork, corner, bar = ("├─ ", "└─ ", "│  ") if unicode else ("|- ", "`- ", "|  ")
    names: list[str] = []
    follows: dict[int, bool] = {}  # by depth: whether a row of this depth comes further down the same branch
    for row in reversed(rows):
        name = name_of(row.path)
        if row.depth:
            stem = "".join(bar if follows.get(depth) else "   " for depth in range(1, row.depth))
            name = stem + (fork if follows.get(row.depth) else corner) + name
        follows = {depth: True for depth in follows if depth < row.depth}
        follows[row.depth] = True
        names.append(name or row.type)
    return names[::-1]
