"""The pages of the rules as files: in `torchlint/pages` of an installed package, in `docs/rules` of a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_FOLDERS = (_PACKAGE / "pages", _PACKAGE.parent.parent / "docs" / "rules")


@cache
def page_of(rule: str) -> str | None:
    """The address of the page of a rule, by the rule's name; None where there is no such file."""
    pages = (folder / f"{rule}.md" for folder in _FOLDERS)
    return next((page.as_uri() for page in pages if page.is_file()), None)
