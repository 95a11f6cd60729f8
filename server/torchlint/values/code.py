"""Values that are code: functions and classes. They are no numbers, no tensors and no sequences, whatever asks."""

from __future__ import annotations

from typing import ClassVar


class Code:
    """A function or class of the program, of torch or of Python. `python_type` is what Python calls its type."""

    __slots__ = ()

    python_type: ClassVar[str] = "function"
