"""A bar on a terminal for runs that take long."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

_PATIENCE = 0.5  # seconds before anything is shown
_BAR = 30


def tracked(paths: list[Path], stream: TextIO) -> Iterable[Path]:
    """The paths, with a bar on `stream` that says how far they are; none if it is no terminal."""
    return _tracked(paths, stream) if stream.isatty() else paths


def _tracked(paths: list[Path], stream: TextIO) -> Iterator[Path]:
    begin = shown = time.monotonic()
    try:
        for done, path in enumerate(paths):
            now = time.monotonic()
            if now - begin > _PATIENCE and now - shown > 0.1:
                shown = now
                filled = _BAR * done // len(paths)
                stream.write(f"\r[{'=' * filled:{_BAR}}] {done}/{len(paths)} {path.name[:30]}\033[K")
                stream.flush()
            yield path
    finally:
        if shown > begin:
            stream.write("\r\033[K")
            stream.flush()
