"""The files that a command is asked to look at, and how their paths are shown."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from torchlint.cli.workspace import Workspace
from torchlint.settings import near_miss

Walk = Callable[[Path, tuple[str, ...], Path], Iterator[Path]]
"""`source.files.python_files`: its import is only worth its time where folders are looked at."""


def files_of(paths: list[str], workspace: Workspace, walk: Walk | None, problems: list[str]) -> list[Path]:
    """Every file that is asked for, once; what cannot be found is told in `problems`."""
    found: dict[Path, None] = {}
    for text in paths:
        path = Path(os.path.abspath(text))
        if path.is_dir() and walk is not None:
            configuration = workspace.configuration(path)
            inside = list(walk(path, configuration.settings.exclude, configuration.root))
            if not inside:
                problems.append(f"{text}: no Python files in this folder")
            found.update(dict.fromkeys(inside))
        elif path.exists():
            found[path] = None
        else:
            problems.append(f"{text}: no such file or folder{_neighbours(path)}")
    return list(found)


def _neighbours(path: Path) -> str:
    try:
        return near_miss(path.name, os.listdir(path.parent))
    except OSError:
        return ""


def shown(path: str) -> str:
    """A path as people know it: relative where it is under the current folder."""
    here = os.getcwd() + os.sep
    return path[len(here) :] if path.startswith(here) else path
