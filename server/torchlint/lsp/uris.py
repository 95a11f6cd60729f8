"""Files as the protocol names them: `file:` addresses."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> str | None:
    """The path that an address names; None for what is no file, such as a text that was never saved."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file":
        return None
    path = unquote(parts.path)
    if parts.netloc and parts.netloc != "localhost":
        path = f"//{parts.netloc}{path}"
    elif _DRIVE.match(path):
        path = path[1:]
    return path.replace("/", os.sep)


def uri_of(path: str) -> str:
    """The address of a file; what is no path of a file is an address already."""
    return Path(path).as_uri() if os.path.isabs(path) else path
