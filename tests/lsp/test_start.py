"""Starting the server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SERVER = Path(__file__).resolve().parents[2] / "server"


def test_it_starts_without_torch() -> None:
    """Loading the server loads neither torch nor numpy, nor the command line's tables."""
    code = "import sys, torchlint.lsp.server as s; s.make_server(lambda *given: iter(())); print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(_SERVER)}, capture_output=True, text=True, check=True
    )
    loaded = {module.split(".")[0] for module in done.stdout.split()}
    assert "pygls" in loaded
    assert not loaded & {"torch", "torchvision", "numpy", "rich"}
