"""The Python files of a folder, without what is generated, installed or ignored by git."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

_EXCLUDED = frozenset(
    {
        ".bzr", ".direnv", ".eggs", ".git", ".hg", ".ipynb_checkpoints", ".mypy_cache", ".nox", ".pants.d",
        ".pytest_cache", ".ruff_cache", ".svn", ".tox", ".venv", "__pycache__", "__pypackages__", "_build",
        "build", "dist", "node_modules", "site-packages", "venv",
    }
)  # fmt: skip


def python_files(folder: Path, exclude: tuple[str, ...], root: Path) -> Iterator[Path]:
    """The `.py` files under `folder`, in the order of their names, a folder's own files first.

    Left out are folders that hold no source of the project (caches, builds, environments), what the
    `.gitignore` files from the top of the repository down say, and `exclude`, patterns of the same kind
    relative to `root`. None of this holds for `folder` itself: who names it wants it. Links to folders are
    not followed. Folders that cannot be read are passed over.
    """
    excluded = [(root, GitIgnoreSpec.from_lines(exclude))]
    yield from _walk(folder, _silent_on(folder, _ignores_above(folder)), _silent_on(folder, excluded))


_Specs = list[tuple[Path, GitIgnoreSpec]]


def _walk(folder: Path, ignores: _Specs, excluded: _Specs) -> Iterator[Path]:
    ignores = ignores + _ignores(folder)
    specs = ignores + excluded
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    folders: list[Path] = []
    for entry in entries:
        path = folder / entry.name
        if entry.is_dir(follow_symlinks=False):
            environment = (path / "pyvenv.cfg").exists()
            if entry.name not in _EXCLUDED and not environment and not _ignored(path, True, specs):
                folders.append(path)
        elif entry.name.endswith(".py") and entry.is_file() and not _ignored(path, False, specs):
            yield path
    for path in folders:
        yield from _walk(path, ignores, excluded)


def _silent_on(folder: Path, specs: _Specs) -> _Specs:
    """The specs that do not leave `folder` out."""
    return [spec for spec in specs if not _ignored(folder, True, [spec])]


def _ignores_above(folder: Path) -> _Specs:
    """The `.gitignore` files above `folder`, from the top of its repository; none without one."""
    above: _Specs = []
    for parent in (folder, *folder.parents):
        if parent != folder:
            above = _ignores(parent) + above
        if (parent / ".git").exists():
            return above
    return []


def _ignores(folder: Path) -> _Specs:
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return [(folder, GitIgnoreSpec.from_lines(lines))]


def _ignored(path: Path, is_folder: bool, specs: _Specs) -> bool:
    """As git decides: the last file that says anything about the path has the say."""
    for base, spec in reversed(specs):
        try:
            relative = path.relative_to(base).as_posix()
        except ValueError:
            continue
        verdict = spec.check_file(relative + "/" if is_folder else relative).include
        if verdict is not None:
            return verdict
    return False
