"""`torchlint rules`: the table of the rules."""

from __future__ import annotations

import argparse
import sys

from torchlint.cli.console import Console
from torchlint.cli.render.json import dump
from torchlint.cli.render.table import Column, markdown, plain
from torchlint.rules import all_rules

_COLUMNS = [Column("Code"), Column("Name"), Column("Severity"), Column("Fix"), Column("What it finds")]


def run(options: argparse.Namespace) -> int:
    """Print the rules in the order of their codes."""
    console = Console.of(sys.stdout, options.color)
    rules = sorted(all_rules(), key=lambda rule: rule.code)
    if options.output_format == "json":
        keys = ("code", "name", "off", "fix", "summary")
        console.print(dump([{"severity": r.severity.value, **{k: getattr(r, k) for k in keys}} for r in rules]))
        return 0
    rows = [
        (
            r.code,
            r.name,
            f"{r.severity.value}, off" if r.off else r.severity.value,
            "–" if r.fix == "none" else r.fix,
            r.summary,
        )
        for r in rules
    ]
    for line in plain(_COLUMNS, rows, console) if options.output_format == "text" else markdown(_COLUMNS, rows):
        console.print(line)
    return 0
