"""Torch as the judge: does a file run, from its first line to its last?

`Judge` keeps warm processes (`running.py`) that execute files, and their verdicts on disk, since they do not change.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, NamedTuple

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "torchlint-benchmarks"
MODES = ("fake", "meta", "cpu")
"""FakeTensorMode on the CPU device; the meta device; real tensors, where the others lack a kernel."""


class Verdict(NamedTuple):
    """`outcome` is "runs", "raises" or "none" (nothing is known); `error` and `row` say what was raised, and where in the
    file; `places` are where each part that ran starts and ends, if they were asked for: row and column in bytes, which is -1
    for a row as a whole."""

    outcome: str
    error: str = ""
    row: int = 0
    places: tuple[tuple[int, int, int, int], ...] = ()


class Judge:
    """Up to `jobs` warm processes and what they said before; threads may ask at the same time."""

    def __init__(self, jobs: int = 1) -> None:
        versions = [f"{name} {importlib.metadata.version(name)}" for name in ("torch", "torchvision", "timm")]
        self._salt = "\n".join(["4", *versions])
        self._path = CACHE / "verdicts.jsonl"
        self._known: dict[str, Verdict] = {}
        self._writing = threading.Lock()
        self._idle: queue.LifoQueue[subprocess.Popen[str] | None] = queue.LifoQueue()
        for _ in range(jobs):
            self._idle.put(None)
        if self._path.exists():
            for line in self._path.read_text(encoding="utf-8").splitlines():
                key, *verdict = json.loads(line)
                self._known[key] = _verdict(*verdict)

    def __call__(self, text: str, mode: str, want_places: bool = False) -> Verdict:
        """What happens when the file runs; `want_places` also says which parts of it do."""
        key = hashlib.sha256(f"{self._salt}\n{mode}\n{'places' if want_places else False}\n{text}".encode()).hexdigest()
        if key not in self._known:
            verdict = self._ask({"text": text, "mode": mode, "want_places": want_places})
            with self._writing:
                self._known[key] = verdict
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([key, *verdict]) + "\n")
        return self._known[key]

    def _ask(self, request: dict[str, Any]) -> Verdict:
        process = self._idle.get()
        if process is None:
            command = [sys.executable, str(Path(__file__).with_name("running.py"))]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        self._idle.put(process)
        return _verdict(*answer)


def _verdict(outcome: str, error: str, row: int, places: list[tuple[int, int, int, int]]) -> Verdict:
    return Verdict(outcome, error, row, tuple((a, b, c, d) for a, b, c, d in places))
