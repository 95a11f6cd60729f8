"""The process behind `judge.py`: it has imported torch, torchvision and timm, forks for each file, executes the file there with
tensors that have no data, and says what happened.

torchvision's Python code asks for two operations of its compiled part when it is imported; they are declared here, so that a
build without that part serves as well.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode

_library = torch.library.Library("torchvision", "FRAGMENT")
_library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
_library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

import timm.models  # noqa: E402, F401
import torchvision.models  # noqa: E402, F401

_SECONDS = {"fake": 30, "meta": 30, "cpu": 90}
_CPU_BYTES = 6 << 30
_NAME = "<judged>"
_NO_VERDICT = {
    "DataDependentOutputException", "DynamicOutputShapeException", "UnsupportedOperatorException",
    "UnsupportedFakeTensorException", "MemoryError", "OSError", "URLError", "ConnectionError", "LocalEntryNotFoundError",
    "OfflineModeIsEnabled", "GatedRepoError",
}  # fmt: skip
"""Exceptions that say something of tensors without data, or of a machine without network, and nothing of the program."""
_NO_DATA = ("on meta tensors", "meta tensor; no data", "'Meta' backend", "fake tensor", "FakeTensor", "DefaultCPUAllocator")
Answer = tuple[str, str, int, tuple[tuple[int, int, int, int], ...]]
"""The fields of `judge.Verdict`."""


def serve() -> None:
    """Answer requests, one a line."""
    out = os.fdopen(os.dup(1), "w")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    torch.set_num_threads(1)
    os.environ["HF_HUB_OFFLINE"] = "1"
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        out.write(json.dumps(_in_fork(json.loads(line))) + "\n")
        out.flush()


def _in_fork(request: dict[str, Any]) -> Answer:
    """Run it in a child, for a limited time."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            answer = json.dumps(_run(**request))
            with os.fdopen(writing, "w") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)
    os.close(writing)
    parts: list[bytes] = []
    limit = _SECONDS[request["mode"]]
    with os.fdopen(reading, "rb") as pipe:
        while select.select([pipe], [], [], limit)[0]:
            part = os.read(reading, 1 << 16)
            if not part:
                break
            parts.append(part)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not parts:
        return "none", "no answer in time", 0, ()
    outcome, error, row, places = json.loads(b"".join(parts))
    return outcome, error, row, places


def _run(text: str, mode: str, want_places: bool) -> Answer:
    places: set[tuple[int, int, int, int]] = set()
    spans: dict[types.CodeType, list[tuple[int, int, int, int]]] = {}

    def trace(frame: Any, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename != _NAME:
            return None
        if event != "opcode":
            places.add((frame.f_lineno, -1, frame.f_lineno, -1))
        elif sys.version_info >= (3, 11):
            if code not in spans:
                spans[code] = [(a or 0, c or 0, b or 0, d or 0) for a, b, c, d in code.co_positions()]
            places.add(spans[code][frame.f_lasti // 2])
        frame.f_trace_opcodes = True
        return trace

    module = types.ModuleType("__main__")
    module.__file__ = _NAME
    sys.modules["__main__"], sys.argv = module, [_NAME]
    try:
        code = compile(text, _NAME, "exec")
        with _tensors(mode):
            if want_places:
                sys.settrace(trace)
            exec(code, vars(module))
    except BaseException as error:
        sys.settrace(None)
        said = f"{type(error).__name__}: {error}"
        names = {cls.__name__ for cls in type(error).__mro__}
        unsaid = names.intersection(_NO_VERDICT) or (mode != "cpu" and any(words in said for words in _NO_DATA))
        return "none" if unsaid else "raises", said.splitlines()[0][:300], _row(error), ()
    finally:
        sys.settrace(None)
    return "runs", "", 0, tuple(sorted(places))


@contextlib.contextmanager
def _tensors(mode: str) -> Iterator[None]:
    torch.manual_seed(0)
    if mode == "fake":
        with FakeTensorMode():
            yield
    elif mode == "meta":
        with torch.device("meta"):
            yield
    else:
        resource.setrlimit(resource.RLIMIT_DATA, (_CPU_BYTES, _CPU_BYTES))
        yield


def _row(error: BaseException) -> int:
    """The innermost row of the file on the way to where it was raised."""
    row = error.lineno or 0 if isinstance(error, SyntaxError) else 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _NAME:
            row = trace.tb_lineno
        trace = trace.tb_next
    return row


if __name__ == "__main__":
    serve()
