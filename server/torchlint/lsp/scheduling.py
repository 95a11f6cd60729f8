"""The one thread that analyses, so that the event loop answers at any time. A newer job replaces an older one of its name; when
there is none, work is done piece by piece that gives way to any job."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from torchlint.interpreter.budget import Cancelled, cancelled_by

_STACK = 64 * 1024 * 1024  # a pass recurses deeply
_IDLE = ""
_log = logging.getLogger(__name__)


class Worker:
    """Runs jobs one after the other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, Callable[[], None]] = {}
        self._running: tuple[str, threading.Event] | None = None
        self._idle: Callable[[], bool] | None = None
        self._ended = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to run jobs."""
        before = threading.stack_size(_STACK)
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)
        self._thread.start()
        threading.stack_size(before)

    def submit(self, name: str, job: Callable[[], None]) -> None:
        """Run this, instead of what else there is of that name."""
        with self._changed:
            self._waiting[name] = job
            if self._running is not None and self._running[0] in (name, _IDLE):
                self._running[1].set()
            self._changed.notify()

    def when_idle(self, work: Callable[[], bool]) -> None:
        """Call this whenever there is no job, while it says that there is more, and again after it was cancelled."""
        with self._changed:
            self._idle = work
            self._changed.notify()

    def pause(self) -> None:
        """Cancel the work of idle times, if it is being done."""
        with self._changed:
            if self._running is not None and self._running[0] == _IDLE:
                self._running[1].set()

    def cancel(self, name: str) -> None:
        """Nobody wants the job of that name any more."""
        with self._changed:
            self._waiting.pop(name, None)
            if self._running is not None and self._running[0] == name:
                self._running[1].set()

    def end(self) -> None:
        """Stop as soon as possible."""
        with self._changed:
            self._ended = True
            self._waiting.clear()
            if self._running is not None:
                self._running[1].set()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._waiting or self._idle or self._ended):
                    self._changed.wait()
                if self._ended:
                    return
                name = next(iter(self._waiting), _IDLE)
                job = self._waiting.pop(name, self._work)
                flag = threading.Event()
                self._running = (name, flag)
            try:
                with cancelled_by(flag.is_set):
                    job()
            except Cancelled:
                _log.debug("given up: %s", name)
            except Exception:
                _log.exception("a job failed: %s", name)
            finally:
                with self._changed:
                    self._running = None

    def _work(self) -> None:
        """Do a piece of the work of idle times."""
        with self._changed:
            work, self._idle = self._idle, None
        is_left = False
        try:
            is_left = work is not None and work()
        except Cancelled:
            is_left = True
            raise
        finally:
            with self._changed:
                if is_left and self._idle is None:
                    self._idle = work
