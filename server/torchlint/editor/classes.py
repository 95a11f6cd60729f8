"""What a class is, in words: its totals, its input, its layers."""

from __future__ import annotations

from torchlint.dims.expr import Size
from torchlint.dims.printing import show_shape
from torchlint.editor.contexts import Context
from torchlint.editor.layers import flow
from torchlint.editor.shapes import brief
from torchlint.editor.subject import Subject
from torchlint.editor.values import count_of
from torchlint.summary import Summary, SummaryRow
from torchlint.summary_text import size_text, told, totals, type_text

_MOST_ROWS = 24
_MOST_CONTEXTS = 4
_PREFIXES = ((1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"))


def class_lens(summary: Summary) -> str:
    """`61,706 parameters · 0.42 M multiply-adds · input [N, 1, 32, 32]`."""
    parts = [f"{size_text(summary.total_params)} parameters" if summary.total_params is not None else "parameters not known"]
    if summary.total_mult_adds is not None and summary.total_mult_adds != 0:
        parts.append(f"{_large(summary.total_mult_adds)} multiply-adds")
    if summary.input:
        parts.append(f"input {', '.join(show_shape(shape) for shape in summary.input)}")
    return " · ".join(parts)


def _large(size: Size) -> str:
    """A number with a prefix where it is a large one."""
    if isinstance(size, int):
        for unit, prefix in _PREFIXES:
            if size >= unit / 10:
                return f"{size / unit:.2f} {prefix}"
    return size_text(size)


def class_text(summary: Summary) -> str:
    """Markdown about a class: totals, what the input is, and the layers in a table."""
    counts = " · ".join(f"{title} {value}" for title, value in totals(summary))
    shapes = ", ".join(show_shape(shape) for shape in summary.input)
    told_of = [f"{line}." for line in told(summary, lambda place: f"line {place[1]}")]
    rows = [row for row in summary.rows if row.path and not row.repeated]
    shown = [row for row in rows if row.depth == 1] if len(rows) > _MOST_ROWS else rows
    table = ["| Layer | Type | Shape | Parameters |", "| --- | --- | --- | ---: |", *map(_row, shown[:_MOST_ROWS])]
    if len(shown) > _MOST_ROWS:
        table.append(f"| ... {len(shown) - _MOST_ROWS} more | | | |")
    parts = [
        f"**{summary.class_name}**{f' of `{shapes}`' if shapes else ''}",
        counts,
        *told_of,
        *(["\n".join(table)] if shown else []),
        *(f"*{note}*" for note in summary.notes),
    ]
    return "\n\n".join(parts)


def _row(row: SummaryRow) -> str:
    return f"| `{row.path}` | {type_text(row)} | {flow(row) or '?'} | {size_text(row.params)} |"


def signature_text(summary: Summary, output: str) -> str:
    """`forward(x: [N, 1, 28, 28]) -> [N, 10]`."""
    names = [f"{spec.name}: {show_shape(spec.shape)}" if spec.name else show_shape(spec.shape) for spec in summary.inputs]
    return f"forward({', '.join(names)}){f' -> {output}' if output else ''}"


def contexts_text(subject: Subject) -> str:
    """Markdown about the ways in which the class is built, if there are several: what it takes and gives, and its size."""
    contexts = subject.contexts
    if len(contexts) < 2:
        return ""
    lines = [f"**{len(contexts)} contexts**, of which this is {subject.context.label}:", ""]
    for context in contexts[:_MOST_CONTEXTS]:
        lines.append(f"- {', '.join(filter(None, [context.label, context_text(context)]))}")
    more = len(contexts) - _MOST_CONTEXTS
    return "\n".join([*lines, *([f"- and {more} more"] if more > 0 else [])])


def context_text(context: Context) -> str:
    """`[N, 64, 32, 32] → [N, 64, 32, 32]`, 36,928 parameters."""
    parts = []
    ran = context.run()
    if ran is not None:
        given = ", ".join(filter(None, [brief(value, context.one) for value in ran.inputs]))
        flow = " → ".join(filter(None, [given, brief(ran.output, context.one)]))
        parts.append(f"`{flow}`" if flow else "")
    count = count_of(context.module, context.one) if context.module is not None else ""
    return ", ".join(filter(None, [*parts, f"{count} parameters" if count else ""]))
