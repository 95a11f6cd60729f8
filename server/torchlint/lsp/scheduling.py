"""The one thread that analyses, so that the event loop answers at any time. A newer job replaces an older one of its name."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from torchlint.interpreter.budget import Cancelled, cancelled_by

_STACK = 64 * 1024 * 1024  # a pass recurses deeply
_log = logging.getLogger(__name__)


class Worker:
    """Runs jobs one after the other."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, Callable[[], None]] = {}
        self._running: tuple[str, threading.Event] | None = None
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
            if self._running is not None and self._running[0] == name:
                self._running[1].set()
            self._changed.notify()

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
                while not (self._waiting or self._ended):
                    self._changed.wait()
                if self._ended:
                    return
                name = next(iter(self._waiting))
                job = self._waiting.pop(name)
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
