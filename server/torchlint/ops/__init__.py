"""torch's operations and layers, one family a file; importing the package registers every one of them."""

from __future__ import annotations

import importlib
import os

_PARTS = {name.partition(".")[0] for folder in __path__ for name in os.listdir(folder)}  # pkgutil takes longer than all of them

for _module in sorted(name for name in _PARTS if name.isidentifier() and not name.startswith("__")):
    importlib.import_module(f"{__name__}.{_module}")
