"""The worker as its client sees it: a process that is started once, kept warm, and asked by lines of JSON."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, TypedDict

_START_SECONDS = 120.0  # importing torch from a cold disk
_GRACE_SECONDS = 10.0
_SCRIPT = Path(__file__).with_name("worker.py")
_ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "WANDB_MODE": "disabled",
    "TORCHDYNAMO_DISABLE": "1",  # `torch.compile` gives what it was given
    "PYTORCH_JIT": "0",  # so does `torch.jit.script`
    "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
    "PYTHONUNBUFFERED": "1",
}


class ExecutionError(Exception):
    """The model could not be run for a reason that is none of its own; the message says why."""


class InputSpec(TypedDict):
    """A tensor for `forward`: by name, or by position where there is none."""

    name: str | None
    shape: list[int]
    dtype: str


class Request(TypedDict):
    """What to run: `name` of the file `path` (whose module is called `module`, in a package or not) or, without a path, of the
    installed module. `inputs` are tried in order until one works; none means that the model is only built. `search` goes
    before the interpreter's own path."""

    path: str | None
    module: str
    package: str
    name: str | None
    args: str
    inputs: list[list[InputSpec]]
    search: list[str]


class Worker:
    """A process of an interpreter that has torch loaded. Requests are answered one after the other.

    Where the system can fork, one process serves any number of requests; elsewhere each gets a new one.
    """

    def __init__(self, python: str, seconds: float = 60.0, megabytes: int = 4_000) -> None:
        self.python = python
        self.seconds = seconds
        self.megabytes = megabytes
        self.torch = self.python_version = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def run(self, request: Request) -> dict[str, Any]:
        """The answer to a request. Raises ExecutionError where the interpreter cannot be used or the process was ended."""
        process = self._started()
        line = json.dumps({**request, "seconds": self.seconds, "megabytes": self.megabytes}) + "\n"
        assert process.stdin is not None
        try:
            process.stdin.write(line.encode())
            process.stdin.flush()
        except OSError:
            self.close()
            raise ExecutionError("the process that runs models has ended") from None
        answer = self._next(self.seconds + _GRACE_SECONDS)
        if answer is None:
            self.close()
            return {"stopped": f"it takes more than {self.seconds:g} s"}
        if not hasattr(os, "fork"):
            self.close()
        return answer

    def close(self) -> None:
        """End the process and whatever it runs."""
        process, self._process = self._process, None
        if process is not None:
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(OSError):
                process.stdin.close()  # the worker ends its child and then itself
            try:
                process.wait(1.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        try:
            self._process = subprocess.Popen(
                [self.python, str(_SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT},
            )
        except OSError as error:
            raise ExecutionError(f"{self.python} cannot be started: {error.strerror}") from None
        self._answers = queue.Queue()
        threading.Thread(target=_read, args=(self._process, self._answers), daemon=True).start()
        ready = self._next(_START_SECONDS)
        if ready is None or not ready.get("ready"):
            self.close()
            raise ExecutionError(self._why_not_ready(ready))
        self.torch, self.python_version = ready["torch"], ready["python"]
        return self._process

    def _why_not_ready(self, ready: dict[str, Any] | None) -> str:
        said = "" if ready is None else str(ready.get("error", ""))
        if "No module named 'torch'" in said:
            return (
                f"{self.python} has no torch, which runs the model: install it there, as with pip install 'torchlint[torch]', "
                "or name another interpreter in the setting `python`"
            )
        return f"{self.python} could not load torch" + (f": {said}" if said else "")

    def _next(self, seconds: float) -> dict[str, Any] | None:
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            return None
        if not line:
            self.close()
            return {"ready": False, "stopped": "it ended the process"}
        answer: dict[str, Any] = json.loads(line)
        return answer


def _read(process: subprocess.Popen[bytes], answers: queue.Queue[bytes]) -> None:
    """Hand on the lines that a process writes; an empty one is its end."""
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            answers.put(line)
    answers.put(b"")
