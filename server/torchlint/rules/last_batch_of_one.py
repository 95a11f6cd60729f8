"""TL408."""

from __future__ import annotations

import ast

from torchlint.diagnostics import Applicability, Edit, Fix, Note, Span
from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.registry import Finding, rule


@rule("TL408", fix=Applicability.UNSAFE)
def last_batch_of_one(failure: Failure, file: CheckedFile) -> Finding:
    """A loader leaves a single sample for the last batch, and a BatchNorm in training needs more.

    ## Why is this bad?
    The number of samples leaves a remainder of one, so the last batch of every epoch has one sample. Where each channel has one
    value, as after a pooling or a Linear, there is no variance, and torch raises `Expected more than 1 value per channel when
    training` after an epoch of work. `drop_last=True` leaves that batch out; another batch size does as well.

    ## Example
    ```python
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    model = nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 2))
    data = TensorDataset(torch.randn(101, 20), torch.randint(0, 2, (101,)))
    loader = DataLoader(data, batch_size=10)
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
    ```

    Use instead:
    ```python
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, TensorDataset

    model = nn.Sequential(nn.Linear(20, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 2))
    data = TensorDataset(torch.randn(101, 20), torch.randint(0, 2, (101,)))
    loader = DataLoader(data, batch_size=10, drop_last=True)
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
    ```

    ## Fix safety
    Unsafe: one sample of each epoch is not seen.

    ## References
    - https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
    """
    message = failure.error.message.replace("{callee}", f"`{failure.callee}`")
    notes = (file.note("it happens here", failure.inside), Note(f"torch says: {failure.error.torch}"))
    fix = _drop_last(failure.place, file)
    return Finding(message, failure.place, notes, fix.message if fix is not None else None, fix)


def _drop_last(place: Place, file: CheckedFile) -> Fix | None:
    """Say `drop_last=True` in the call of the loader, where it says nothing of it."""
    node = place.node
    if (
        not file.here(place)
        or not isinstance(node, ast.Call)
        or not node.args
        or any(k.arg == "drop_last" for k in node.keywords)
    ):
        return None
    last = max([*node.args, *(k.value for k in node.keywords)], key=lambda n: (n.end_lineno or 0, n.end_col_offset or 0))
    end = file.span(Place(place.unit, last)).end
    return Fix("leave the last batch out", (Edit(Span(end, end), ", drop_last=True"),), Applicability.UNSAFE)
