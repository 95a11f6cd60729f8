"""TL116."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL116")
def loss_shape(failure: Failure, file: CheckedFile) -> Finding:
    """A loss rejects the shapes of its input and target.

    ## Why is this bad?
    `CrossEntropyLoss` and `NLLLoss` take logits of `[N, C, ...]` with class indices of `[N, ...]`, or probabilities of the
    logits' own shape; `BCELoss` and `BCEWithLogitsLoss` take a target of the input's shape. Otherwise torch raises `Expected
    input batch_size (80) to match target batch_size (8)` or `0D or 1D target tensor expected, multi-target not supported`.

    ## Example
    ```python
    import torch
    from torch import nn

    criterion = nn.CrossEntropyLoss()
    logits = torch.randn(8, 10)
    labels = torch.randint(10, (8, 1))
    loss = criterion(logits, labels)
    ```

    Use instead:
    ```python
    import torch
    from torch import nn

    criterion = nn.CrossEntropyLoss()
    logits = torch.randn(8, 10)
    labels = torch.randint(10, (8, 1))
    loss = criterion(logits, labels.squeeze(1))
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
    """
    return explain(failure, file)
