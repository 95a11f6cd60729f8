"""The process that runs a user's model. It is started with the user's interpreter, reads requests as lines of JSON from its
standard input, and writes an answer to each to its standard output.

`dummy_pass.py` and `record.py` are loaded once, and torch with them. Where the system can fork, each request runs in a child,
which ends with it, under limits of time and memory and with a guard that refuses to write files, to use the network and to
start programs. The guard stops accidents: it is no sandbox for hostile code. Elsewhere the process answers one request and
ends.

The three files run outside torchlint: they import torch and the standard library only, of Python 3.9 or newer.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import platform
import select
import signal
import sys
import time
from typing import Any

if sys.platform != "win32":
    import resource

_POLL_SECONDS = 0.05
_GRACE_SECONDS = 2.0  # for a child that is told to stop
_OUTPUT_BYTES = 8_000  # of what the user's code prints, the last ones
_CAN_FORK = hasattr(os, "fork")


class OutOfTime(BaseException):
    """The request has taken all of its time; no `except Exception` of the user's code stops it."""


def main() -> None:
    """Serve until the standard input ends."""
    requests = _Lines(os.dup(0))
    answers = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    sys.dont_write_bytecode = True
    sys.path[:1] = []  # the folder of this file
    try:
        dummy_pass = _sibling("dummy_pass")
        record = _sibling("record")
        version = dummy_pass.warm_up()
    except BaseException as error:
        _send(answers, {"ready": False, "error": f"{type(error).__name__}: {error}"})
        return
    _send(answers, {"ready": True, "torch": version, "python": platform.python_version()})
    while True:
        line = requests.next()
        if line is None:
            return
        request = json.loads(line)
        if _CAN_FORK:
            _send(answers, _in_child(request, dummy_pass, record, requests))
        else:
            _send(answers, _answer(request, dummy_pass, record))
            return


def _sibling(name: str) -> Any:
    """A file beside this one as a module that nobody else can import."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_torchlint_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _Lines:
    """Lines from a file descriptor that can be watched while something else is waited for."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.ended = False
        self._buffer = b""

    def read(self) -> None:
        """Take what has arrived; waits if nothing has."""
        data = os.read(self.descriptor, 65_536)
        self.ended = not data
        self._buffer += data

    def next(self) -> bytes | None:
        """The next line, or None at the end."""
        while b"\n" not in self._buffer and not self.ended:
            self.read()
        line, found, self._buffer = self._buffer.partition(b"\n")
        return line if found else None


def _send(descriptor: int, message: dict[str, Any]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(descriptor, data) :]


def _in_child(request: dict[str, Any], dummy_pass: Any, record: Any, requests: _Lines) -> dict[str, Any]:
    """The answer of a child, or why there is none."""
    result, result_end = os.pipe()
    printed, printed_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(BaseException):
            os.setpgid(0, 0)
            os.dup2(printed_end, 1)
            os.dup2(printed_end, 2)
            _send(result_end, _answer(request, dummy_pass, record))
        os._exit(0)
    os.close(result_end)
    os.close(printed_end)
    try:
        data, output, stopped = _watch(pid, result, printed, request, requests)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        os.close(result)
        os.close(printed)
    answer: dict[str, Any] = json.loads(data) if data.endswith(b"\n") else {"stopped": stopped or _end(status)}
    answer["output"] = output.decode(errors="replace")
    return answer


def _end(status: int) -> str:
    """How a process ended that gave no answer."""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) != signal.SIGKILL:
        return f"it was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return "it ended the process"


def _watch(pid: int, result: int, printed: int, request: dict[str, Any], requests: _Lines) -> tuple[bytes, bytes, str | None]:
    """What a child says and prints until it ends; (.., .., why) if it had to be stopped."""
    said = {result: b"", printed: b""}
    waiting = {result, printed}
    deadline = time.monotonic() + request["seconds"] + _GRACE_SECONDS
    most = _resident_megabytes(pid) + request["megabytes"]
    while result in waiting:
        watched = waiting if requests.ended else {*waiting, requests.descriptor}
        for descriptor in select.select(list(watched), [], [], _POLL_SECONDS)[0]:
            if descriptor == requests.descriptor:
                requests.read()
                if requests.ended:
                    return said[result], said[printed], "nobody waits for it"
                continue
            data = os.read(descriptor, 65_536)
            if not data:
                waiting.discard(descriptor)
            said[descriptor] += data
            said[printed] = said[printed][-_OUTPUT_BYTES:]
        if time.monotonic() > deadline:
            return said[result], said[printed], f"it takes more than {request['seconds']:g} s"
        if _resident_megabytes(pid) > most:
            return said[result], said[printed], f"it takes more than {request['megabytes']:,} MB of memory"
    return said[result], said[printed] + _rest(printed), None


def _rest(descriptor: int) -> bytes:
    """What has been written already; nobody waits for more."""
    os.set_blocking(descriptor, False)
    data = b""
    with contextlib.suppress(BlockingIOError):
        while more := os.read(descriptor, 65_536):
            data += more
    return data[-_OUTPUT_BYTES:]


def _resident_megabytes(pid: int) -> int:
    """The memory of a process, as far as the system tells."""
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (OSError, ValueError, IndexError):
        return 0


def _answer(request: dict[str, Any], dummy_pass: Any, record: Any) -> dict[str, Any]:
    """Run the request in this process, which is of no use for anything else afterwards."""
    guard = _Guard()
    _limit(request)
    sys.argv = [request.get("path") or ""]
    sys.path[:0] = request["search"]
    sys.addaudithook(guard.check)
    try:
        answer: dict[str, Any] = dummy_pass.run(request, record.Record, OutOfTime)
    finally:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
    with contextlib.suppress(BaseException):
        sys.stdout.flush()
        sys.stderr.flush()
    answer["refused"] = guard.refused
    return answer


def _limit(request: dict[str, Any]) -> None:
    """Limits that raise an exception in the user's code, where its place is known; `_watch` is behind them."""
    if sys.platform == "win32":
        return

    def stop(*_: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, request["seconds"])
    limits = [(resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)]
    with contextlib.suppress(OSError, ValueError, StopIteration), open("/proc/self/status", encoding="ascii") as file:
        used = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmData:"))
        limits.append((resource.RLIMIT_DATA, used + request["megabytes"] * 1_000_000))
    for kind, value in limits:
        hard = resource.getrlimit(kind)[1]
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
_CHANGES = {
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown",
    "os.utime", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.copytree",
    "tempfile.mkstemp", "tempfile.mkdtemp",
}  # fmt: skip
_NETWORK = {
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request",
}  # fmt: skip
_PROGRAMS = {
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty", "os.startfile",
    "os.kill", "os.killpg", "pty.spawn",
}  # fmt: skip


class _Guard:
    """An audit hook that refuses what a dummy forward pass has no business with; `refused` tells what was tried."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def check(self, event: str, args: tuple[Any, ...]) -> None:
        """Raises PermissionError for what is refused."""
        if event == "open":
            path, mode, flags = args
            writes = bool(flags & _WRITING) if isinstance(flags, int) else any(c in str(mode) for c in "wax+")
            if writes and not isinstance(path, int) and os.fspath(path) not in (os.devnull, os.devnull.encode()):
                self._refuse(f"writing {path!r}")
        elif event in _CHANGES:
            self._refuse(f"{event}({', '.join(repr(a) for a in args if isinstance(a, (str, bytes)))})")
        elif event in _NETWORK:
            where = next((a for a in args if isinstance(a, (str, bytes, tuple))), "")
            self._refuse(f"using the network ({event.partition('.')[2]} {where!r})")
        elif event in _PROGRAMS:
            self._refuse(f"starting or ending programs ({event})")

    def _refuse(self, what: str) -> None:
        if len(self.refused) < 20 and what not in self.refused and not _is_for_compiler():
            self.refused.append(what)
        raise PermissionError(f"{what} is refused while torchlint runs the model")


def _is_for_compiler() -> bool:
    """Whether torch's compiler asks, which makes a folder for what it will never compile here."""
    frame = sys._getframe(2)
    while frame is not None:
        if f"torch{os.sep}_inductor" in frame.f_code.co_filename:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False


if __name__ == "__main__":
    main()
