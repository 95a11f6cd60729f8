"""`torchlint explain`: the page of a rule."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable

from torchlint.cli.errors import UsageError
from torchlint.rules import all_rules
from torchlint.settings import near_miss

Show = Callable[[str], None]
"""`markdown.print_page`: its import is only worth its time on a terminal."""


def run(options: argparse.Namespace, show: Show | None) -> int:
    """Print a rule's page with `show`; as the Markdown that it is, if there is none."""
    wanted = options.rule
    for rule in all_rules():
        if wanted == rule.name or wanted.upper() == rule.code:
            default = f"{rule.severity.value}, off by default" if rule.off else rule.severity.value
            page = f"# {rule.name} ({rule.code})\n\n*{default}*\n\n{inspect.cleandoc(rule.page)}\n"
            if show is None:
                sys.stdout.write(page)
            else:
                show(page)
            return 0
    known = [word for rule in all_rules() for word in (rule.name, rule.code)]
    raise UsageError(f"there is no rule `{wanted}`{near_miss(wanted, known)}")
