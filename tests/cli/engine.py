"""A small engine in place of the real one: what it finds is written in the checked file itself.

`NAME  # TL101` is reported; `NAME  # TL101 safe:TEXT` with a fix that puts TEXT in place of all of this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from torchlint.diagnostics import Applicability, Diagnostic, Edit, Fix, Note, Position, Severity, Span
from torchlint.settings import Settings
from torchlint.source.document import Document
from torchlint.source.suppressions import Suppressions
from torchlint.summary import Summary, SummaryError, SummaryRow, Target


@dataclass(frozen=True)
class Rule:
    code: str
    name: str
    severity: Severity = Severity.ERROR
    off: bool = False
    page: str = "What it finds.\n\n    ## Why is this bad?\n    It is.\n    "
    summary: str = "What it finds"
    fix: str = "none"


RULES = (
    Rule("TL101", "linear-in-features", fix="unsafe"),
    Rule("TL215", "redundant-conv-bias", Severity.INFO),
    Rule("TL301", "implicit-softmax-dim", Severity.WARNING, fix="safe"),
    Rule("TL412", "shuffled-validation", Severity.WARNING, off=True),
    Rule("TL901", "syntax-error"),
    Rule("TL903", "internal-error"),
)


class Project:
    def __init__(self, settings: Settings, root: Path) -> None:
        self.settings = settings
        self.root = root


@dataclass(frozen=True)
class Analysis:
    diagnostics: tuple[Diagnostic, ...]


_MARK = re.compile(r"(?P<name>\w+)\s*# (?P<rule>TL\d+)(?: (?P<kind>safe|unsafe):(?P<text>[^\r\n#]*))?")


def analyze(document: Document, project: Project, settings: Settings) -> Analysis:
    found = []
    suppressions = Suppressions.of(document)
    for mark in _MARK.finditer(document.text):
        if mark["rule"] == "TL000":
            raise RuntimeError("the engine broke")
        rule = next(r for r in RULES if r.code == mark["rule"])
        span = Span(document.position(mark.start("name")), document.position(mark.end("name")))
        fix = None
        if mark["kind"]:
            text = mark["text"].replace("\\n", "\n")
            whole = Span(span.start, document.position(mark.end()))
            fix = Fix(f"write {text!r}", (Edit(whole, text),), Applicability(mark["kind"]))
        notes = (Note("it is so"), Note("it was made here", span=Span(Position(1, 1), Position(1, 1))))
        diagnostic = Diagnostic(
            rule.code,
            rule.name,
            rule.severity,
            f"`{mark['name']}` is bad",
            document.path,
            span,
            notes,
            fix=fix,
        )
        if settings.enables(rule) and not suppressions.silences(diagnostic):
            found.append(diagnostic)
    return Analysis(tuple(found))


def summarize(target: Target, project: Project, settings: Settings) -> list[Summary]:
    if target.name == "Missing":
        raise SummaryError("there is no class `Missing` in it")
    rows = (
        SummaryRow("", "LeNet", 0, ((1, 1, 32, 32),), (1, 10), 156 + 60, 0, None, 117_600),
        SummaryRow("features", "Sequential", 1, None, (1, 6, 28, 28), 156, 0, None, 117_600),
        SummaryRow(
            "features.0",
            "Conv2d",
            2,
            (1, 1, 32, 32),
            (1, 6, 28, 28),
            156,
            156,
            "6 * (5 * 5) * 1 + 6 = 156",
            117_600,
        ),
        SummaryRow("fc", "Linear", 1, None, None, 60, 60, "6 * 10 = 60", None, ("m.py", 3)),
        SummaryRow("again", "Linear", 1, None, ((1, 2), (1, 3)), 60, 60, None, None, repeated=True),
    )
    summary = Summary("LeNet", target.inputs, rows, 216, 216, 0, None, ("`fc` was not reached",), "LeNet()")
    return [summary] if target.name else [summary, summary]
