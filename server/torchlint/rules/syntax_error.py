"""TL901."""

from __future__ import annotations

from torchlint.rules.context import BrokenDefinition, CheckedFile
from torchlint.rules.registry import Finding, rule


@rule("TL901")
def syntax_error(broken: BrokenDefinition, file: CheckedFile) -> Finding:
    """The file, or one definition of it, does not parse.

    ## Why is this bad?
    Python cannot run the file, and torchlint says nothing about the definition that is broken. The other definitions of the
    file are checked all the same.

    ## Example
    ```python
    def double(x):
        return 2 * x)
    ```

    Use instead:
    ```python
    def double(x):
        return 2 * x
    ```
    """
    return Finding(broken.message, broken.place)
