"""TL123."""

from __future__ import annotations

from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL123")
def contract_violated(failure: Failure, file: CheckedFile) -> Finding:
    """A module or function is called against what its own code requires.

    ## Why is this bad?
    The code that is called checks what it is given, with `raise` or `assert`, and this call does not pass: the program ends
    here, whatever the input. Or an operation in a class fails because of what the class is constructed with: numbers of which
    one must divide the other, or that must be equal. The error stands at the call, with a note where it is raised. Nothing is
    said where a condition that nobody can decide leads there, and nothing of methods that a class leaves to its subclasses.

    ## Example
    ```python
    from torch import nn


    class Attention(nn.Module):
        def __init__(self, dim, heads):
            super().__init__()
            if dim % heads != 0:
                raise ValueError("dim must be divisible by heads")
            self.qkv = nn.Linear(dim, 3 * dim)

        def forward(self, x):
            return self.qkv(x)


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = Attention(100, heads=8)

        def forward(self, x):
            return self.attention(x)
    ```

    Use instead:
    ```python
    from torch import nn


    class Attention(nn.Module):
        def __init__(self, dim, heads):
            super().__init__()
            if dim % heads != 0:
                raise ValueError("dim must be divisible by heads")
            self.qkv = nn.Linear(dim, 3 * dim)

        def forward(self, x):
            return self.qkv(x)


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention = Attention(96, heads=8)

        def forward(self, x):
            return self.attention(x)
    ```
    """
    return explain(failure, file)
