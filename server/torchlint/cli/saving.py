"""Writing a fixed file."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def save(path: Path, before: bytes, after: bytes) -> None:
    """Replace a file's content at once, keeping its mode; links are followed.

    Raises OSError, and has then changed nothing.
    """
    target = Path(os.path.realpath(path))
    if target.read_bytes() != before:
        raise OSError("the file has changed since it was read")
    if not os.access(target, os.W_OK):
        raise PermissionError("the file is read-only")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(after)
        os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
