"""TL903."""

from __future__ import annotations

from torchlint.diagnostics import Note
from torchlint.rules.context import CheckedFile, InternalError
from torchlint.rules.registry import Finding, rule


@rule("TL903")
def internal_error(error: InternalError, file: CheckedFile) -> Finding:
    """torchlint itself failed while it checked this place.

    ## Why is this bad?
    It is a bug of torchlint, not of your code, and it means that the place is not checked. Please report it with the message
    and the few lines around the place.

    ## Example
    There is none: every example that we know of is a bug that we have mended.
    """
    return Finding(
        f"torchlint failed: {error.message}",
        error.place,
        (Note("this is a bug of torchlint: please report it with these lines"),),
    )
