"""What ends a command early."""

from __future__ import annotations


class UsageError(Exception):
    """What was asked for cannot be done; the message names what is wrong. The exit status is 2."""
