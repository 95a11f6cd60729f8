"""The pages of the rules, taken apart."""

from __future__ import annotations

import inspect
import re
from typing import NamedTuple

from torchlint.rules.registry import Rule

_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


class Page(NamedTuple):
    """A rule's page: its summary, its headings in order, and its code before and after; both are "" where it has none."""

    summary: str
    headings: tuple[str, ...]
    example: str
    instead: str
    why_no_example: str


def read_page(rule: Rule) -> Page:
    """The page that a rule's docstring is."""
    text = inspect.cleandoc(rule.page)
    prose = _BLOCK.sub("```\n", text)
    headings = tuple(line for line in prose.splitlines() if line.startswith("#") or line == "Use instead:")
    blocks = _BLOCK.findall(text)
    reason = "" if blocks else text.partition("## Example\n")[2].partition("\n## ")[0]
    example, instead = blocks if len(blocks) == 2 else ("", "")
    return Page(text.splitlines()[0], headings, example, instead, reason.strip())
