"""TL124."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from torchlint.diagnostics import Severity
from torchlint.interpreter.passes import Pass
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule


@rule("TL124", severity=Severity.WARNING)
def annotation_mismatch(one: Pass, file: CheckedFile) -> Iterator[Finding]:
    """A tensor does not have the shape or dtype that its annotation says.

    ## Why is this bad?
    Whoever reads the annotation is misled, and a run-time check of it (jaxtyping with beartype or typeguard) raises. Python and
    torch themselves do not look at annotations. A name in them stands for one size during a call of the function. Read are
    jaxtyping's `Float[Tensor, "b c"]`, torchtyping's `TensorType["b", "c"]`, `Annotated[Tensor, Shape("B", 3)]` and
    `Tensor[B, 3]`.

    ## Example
    ```python
    from __future__ import annotations

    from typing import TYPE_CHECKING

    from torch import nn

    if TYPE_CHECKING:
        from jaxtyping import Float
        from torch import Tensor


    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(64, 10)

        def forward(self, x: Float[Tensor, "batch time 64"]) -> Float[Tensor, "batch 10"]:
            return self.fc(x)
    ```

    Use instead:
    ```python
    from __future__ import annotations

    from typing import TYPE_CHECKING

    from torch import nn

    if TYPE_CHECKING:
        from jaxtyping import Float
        from torch import Tensor


    class Head(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc = nn.Linear(64, 10)

        def forward(self, x: Float[Tensor, "batch time 64"]) -> Float[Tensor, "batch time 10"]:
            return self.fc(x)
    ```

    ## References
    - https://docs.kidger.site/jaxtyping/api/array/
    """
    earlier = takewhile(lambda other: other is not one, file.main_passes)
    seen = {id(mismatch.place.node) for other in earlier for mismatch in other.trace.mismatches}
    for mismatch in one.trace.mismatches:
        if file.here(mismatch.place) and id(mismatch.place.node) not in seen:
            seen.add(id(mismatch.place.node))
            where = file.note("the annotation is here", mismatch.annotation)
            yield Finding(f"{mismatch.what}, not `{mismatch.annotation.text}`", mismatch.place, (where,))
