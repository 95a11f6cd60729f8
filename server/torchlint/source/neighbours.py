"""The other files of a project: what stands in them may use what a file defines."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from torchlint.source.finder import source_root
from torchlint.source.texts import Texts, real

_MOST_FILES = 2_000
_MOST_BYTES = 32 << 20
_MOST_ENTRIES = 50_000
_ENDINGS = (".py", ".ipynb")
_LEFT_OUT = frozenset({"__pycache__", "node_modules", "site-packages", "dist-packages", "venv"})


class Neighbours:
    """Reads the files of a folder; each again only if it has changed."""

    def __init__(self, root: Path, texts: Texts) -> None:
        self._root = str(root)
        self._texts = texts
        self._read: dict[str, tuple[int, int, bytes]] = {}
        self._too_large: set[str] = set()

    def of(self, path: str) -> list[bytes] | None:
        """The texts of the other files in the project of a file, and in its package; None where there are too many to say.

        A file that is not on disk has none.
        """
        own = real(path)
        folders = list(_folders(own, real(self._root))) if os.path.isfile(own) else []
        if not self._too_large.isdisjoint(folders):
            return None
        found: dict[str, bytes] = {}
        size = 0
        for folder in folders:
            entries = 0
            for names in _files(folder):
                entries += len(names)
                for other in names:
                    text = self._text(other) if other.endswith(_ENDINGS) and other != own and other not in found else None
                    if text is not None:
                        found[other] = text
                        size += len(text)
                if len(found) > _MOST_FILES or size > _MOST_BYTES or entries > _MOST_ENTRIES:
                    self._too_large.add(folder)
                    return None
        return list(found.values())

    def _text(self, path: str) -> bytes | None:
        try:
            if self._texts.holds(path):
                return self._texts.read_bytes(path)
            status = os.stat(path)
            known = self._read.get(path)
            if known is None or known[:2] != (status.st_mtime_ns, status.st_size):
                known = self._read[path] = (status.st_mtime_ns, status.st_size, self._texts.read_bytes(path))
            return known[2]
        except OSError:
            return None


def _folders(path: str, root: str) -> Iterator[str]:
    """The project, if the file is in it; and its package, or its folder, which the project may leave out."""
    top = source_root(path)
    relative = os.path.relpath(path, top).split(os.sep)
    yield os.path.join(top, *relative[:1]) if len(relative) > 1 else top
    if path.startswith(os.path.join(root, "")):
        yield root


def _files(folder: str) -> Iterator[list[str]]:
    """The files of each folder in a folder, without those of environments and caches."""
    for place, folders, names in os.walk(folder):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and name not in _LEFT_OUT
            and not os.path.exists(os.path.join(place, name, "pyvenv.cfg"))
        ]
        yield [os.path.join(place, name) for name in names]
