"""TL113."""

from __future__ import annotations

from torchlint.diagnostics import Note
from torchlint.dims.facts import using
from torchlint.dims.printing import show_shape
from torchlint.interpreter.trace import Failure, ModuleCall
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule
from torchlint.values.tensor import Tensor


@rule("TL113")
def unpack_mismatch(failure: Failure, file: CheckedFile) -> Finding:
    """A result is unpacked into another number of names than it has parts, or a tuple is used as a tensor.

    ## Why is this bad?
    `b, c, h = x.shape` of a tensor with four dimensions raises `too many values to unpack`. Recurrent layers and
    `MultiheadAttention` return a tuple: their output, and states or weights; a tuple has no shape, and no layer takes one.

    ## Example
    ```python
    from torch import nn


    class Tagger(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(32, 64, batch_first=True)
            self.fc = nn.Linear(64, 10)

        def forward(self, x):
            x = self.lstm(x)
            return self.fc(x)
    ```

    Use instead:
    ```python
    from torch import nn


    class Tagger(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = nn.LSTM(32, 64, batch_first=True)
            self.fc = nn.Linear(64, 10)

        def forward(self, x):
            x, _ = self.lstm(x)
            return self.fc(x)
    ```

    ## References
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
    - https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
    """
    found = explain(failure, file)
    with using(file.facts_of(failure.error)):
        notes = [n for a in failure.arguments.values() if isinstance(a.value, tuple) for n in _about_maker(a.value, file)]
    return found._replace(notes=(*notes, *found.notes))


def _about_maker(value: tuple[object, ...], file: CheckedFile) -> list[Note]:
    """What the module returned whose result the tuple is."""
    for one in file.passes:
        for call in one.trace.module_calls:
            if call.output is value and call.place is not None:
                return [file.note(f"{_spoken(call)} returned {_shown(value)}", call.place)]
    return []


def _spoken(call: ModuleCall) -> str:
    text = call.place.text.partition("(")[0] if call.place is not None else ""
    return f"`{text}`" if text else f"a `{call.module.type_name}`"


def _shown(value: object) -> str:
    if isinstance(value, Tensor):
        return show_shape(value.shape)
    if isinstance(value, tuple):
        return f"({', '.join(_shown(v) for v in value)})"
    return type(value).__name__ if value is not None else "None"
