"""TL123."""

from __future__ import annotations

import ast

from torchlint.interpreter.places import Place
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile, WrongCall
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule

_LONGEST_NAME = 40
_LONGEST_CALL = 80


@rule("TL123")
def contract_violated(subject: Failure | WrongCall, file: CheckedFile) -> Finding:
    """A module or function is called against what its own code requires.

    ## Why is this bad?
    The code that is called is right, and this call of it is wrong, whatever the input. It is one of three:

    - The code checks what it is given, with `raise` or `assert`, and the call does not pass.
    - A class is constructed with numbers that do not go together: one must divide another, or two must be equal.
    - An operation inside fails for this call, and works for others in the file. (What fails for all of them is reported at the
      operation.)

    The finding stands at the call, with a note where torch or the code raises. Nothing is said where a condition that nobody
    can decide leads there, and nothing of methods that a class leaves to its subclasses.

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
    return _call(subject, file) if isinstance(subject, WrongCall) else explain(subject, file)


def _call(wrong: WrongCall, file: CheckedFile) -> Finding:
    """That a call leads to a failure, and what fails there."""
    call, failure = wrong
    inner = explain(failure, file)
    node = call.place.node
    named = node.func if isinstance(node, ast.Call) and not call.is_made_there else node
    text = _quoted(call.place.unit.source(named), _LONGEST_NAME) or ("what is made here" if call.is_made_there else "this call")
    notes = [file.note("it is raised here", failure.place)]
    made = call.run.module.created if call.run.module is not None else None
    if isinstance(made, Place) and made.node is not node and _quoted(made.text, _LONGEST_CALL):
        notes.append(file.note(f"{text} is `{made.text}`", made))
    notes.append(file.note(f"{_quoted(call.works.text, _LONGEST_CALL) or 'this call'} works", call.works))
    where = " for this call" if text.startswith("`") and not call.is_made_there else ""
    return Finding(f"{text} fails{where}: inside, {inner.message}", call.place, (*notes, *inner.notes))


def _quoted(text: str, longest: int) -> str:
    """Source text as a message names it; nothing for what is too long for a line."""
    return f"`{text}`" if 0 < len(text) <= longest and "\n" not in text else ""
