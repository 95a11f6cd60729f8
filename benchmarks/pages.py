"""Pages of the documentation that are measured: each section is written by a command of its own and keeps its place."""

from __future__ import annotations

import datetime
import os
import platform
import re
from pathlib import Path

COMMANDS, EDITORS = "## Commands", "## Editors"
DOCS = Path(__file__).resolve().parent.parent / "docs"


def machine() -> str:
    """The date, and where something is measured."""
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    return f"{today}: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def write(name: str, introduction: str, titles: tuple[str, ...], new: list[str]) -> None:
    """Put sections, each of which begins with one of the titles, into a page in the order of these."""
    path = DOCS / name
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    sections = {part.partition("\n")[0]: part.strip() for part in re.split(r"(?m)^(?=## )", old) if part.startswith("## ")}
    sections.update({part.partition("\n")[0]: part for part in new})
    kept = [sections[title] for title in titles if title in sections]
    path.write_text("\n\n".join([introduction, *kept]) + "\n", encoding="utf-8", newline="\n")


def write_benchmarks(section: str) -> None:
    """Put a section into `docs/benchmarks.md`."""
    write("benchmarks.md", "# Benchmarks\n\nHow long one waits for torchlint.", (COMMANDS, EDITORS), [section])
