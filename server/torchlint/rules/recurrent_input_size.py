"""TL109."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL109", fix=Applicability.UNSAFE)
def recurrent_input_size(failure: Failure, file: CheckedFile) -> Finding:
    """A recurrent layer is fed another number of features than it was made for, or a hidden state that does not fit.

    ## Why is this bad?
    RNN, LSTM, GRU and their cells take `input_size` features in the last dimension, and a hidden state of `[layers *
    directions, N, hidden_size]` whether `batch_first` is set or not. Otherwise torch raises `input.size(-1) must be equal to
    input_size` or `Expected hidden size (1, 8, 256), got [8, 1, 256]`.

    ## Example
    ```python
    from torch import nn


    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(1000, 128)
            self.lstm = nn.LSTM(64, 256, batch_first=True)

        def forward(self, tokens):
            x, _ = self.lstm(self.embedding(tokens))
            return x[:, -1]
    ```

    Use instead:
    ```python
    from torch import nn


    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(1000, 128)
            self.lstm = nn.LSTM(128, 256, batch_first=True)

        def forward(self, tokens):
            x, _ = self.lstm(self.embedding(tokens))
            return x[:, -1]
    ```

    ## Fix safety
    Unsafe: the number that fits is known, but the mistake may be in the layer before.

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
    """
    return explain(failure, file)
