"""Where reading and running a model disagree. Only what both know counts."""

from __future__ import annotations

from typing import NamedTuple

from torchlint.execution.outcome import Outcome
from torchlint.summary import Summary, SummaryRow


class Difference(NamedTuple):
    """A layer (by path; the top is empty) for which both passes have another value of something."""

    path: str
    what: str
    read: object
    run: object


def differences(read: Summary, run: Outcome) -> list[Difference]:
    """The disagreements: totals first, then those of the layers in their order, then whether and where the pass fails."""
    found: list[Difference] = []
    if run.summary is not None:
        found = [*_totals(read, run.summary), *_layers(read, run.summary)]
    fails_at = (run.diagnostic.path, run.diagnostic.span.start.row) if run.diagnostic is not None else None
    is_judged = run.is_complete or (run.diagnostic is not None and run.diagnostic.code != "limit")
    if is_judged and read.fails_at != fails_at and (read.fails_at or _is_known(read)):
        found.append(Difference("", "failure", read.fails_at, fails_at))
    return found


def _is_known(read: Summary) -> bool:
    """Whether reading came to the end, so that what it does not report does not fail."""
    return read.total_params is not None and read.rows[0].output_shape is not None


def _totals(read: Summary, run: Summary) -> list[Difference]:
    pairs = (
        ("parameters", read.total_params, run.total_params),
        ("trainable parameters", read.trainable_params, run.trainable_params),
        ("buffers", read.buffers, run.buffers),
    )
    return [Difference("", what, a, b) for what, a, b in pairs if a is not None and b is not None and a != b]


def _layers(read: Summary, run: Summary) -> list[Difference]:
    found: list[Difference] = []
    rows = {row.path: row for row in read.rows}
    for row in run.rows:
        known = rows.pop(row.path, None)
        if known is not None:
            found += _row(known, row)
        elif read.total_params is not None:
            found.append(Difference(row.path, "layer", None, row.type))
    if read.total_params is not None:
        found += [Difference(path, "layer", row.type, None) for path, row in rows.items()]
    return found


def _row(read: SummaryRow, run: SummaryRow) -> list[Difference]:
    pairs = [
        ("type", read.type, run.type),
        ("output shape", read.output_shape, run.output_shape),
        ("mult-adds", read.mult_adds, run.mult_adds),
    ]
    if read.path:  # those of the top are told as totals
        pairs.append(("parameters", read.params, run.params))
    return [Difference(read.path, what, a, b) for what, a, b in pairs if a is not None and b is not None and a != b]
