"""The one thread that analyses, so that the event loop answers at any time. A newer job replaces an older one of its name."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

from torchlint.interpreter.budget import Cancelled, cancelled_by

_STACK = 64 * 1024 * 1024  # a pass recurses deeply
_log = logging.getLogger(__name__)


class Worker:
    """Runs jobs one after the other, urgent ones first."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._urgent: dict[str, Callable[[], None]] = {}
        self._later: deque[tuple[str, Callable[[], None]]] = deque()
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
        """Run this next, instead of what else there is of that name; what is not urgent gives way."""
        with self._changed:
            self._urgent[name] = job
            if self._running is not None and (self._running[0] == name or self._running[0].startswith("later ")):
                self._running[1].set()
            self._changed.notify()

    def submit_later(self, name: str, job: Callable[[], None]) -> None:
        """Run this when nothing is urgent; it runs again from its start where it had to give way."""
        with self._changed:
            self._later.append((f"later {name}", job))
            self._changed.notify()

    def cancel(self, name: str) -> None:
        """Nobody wants the job of that name any more."""
        with self._changed:
            self._urgent.pop(name, None)
            if self._running is not None and self._running[0] == name:
                self._running[1].set()

    def end(self) -> None:
        """Stop as soon as possible."""
        with self._changed:
            self._ended = True
            self._urgent.clear()
            self._later.clear()
            if self._running is not None:
                self._running[1].set()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._urgent or self._later or self._ended):
                    self._changed.wait()
                if self._ended:
                    return
                if self._urgent:
                    name = next(iter(self._urgent))
                    job = self._urgent.pop(name)
                else:
                    name, job = self._later.popleft()
                flag = threading.Event()
                self._running = (name, flag)
            try:
                with cancelled_by(flag.is_set):
                    job()
            except Cancelled:
                with self._changed:
                    if name.startswith("later ") and not self._ended:
                        self._later.appendleft((name, job))
            except Exception:
                _log.exception("a job failed: %s", name)
            finally:
                with self._changed:
                    self._running = None
