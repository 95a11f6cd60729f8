"""TL206."""

from __future__ import annotations

from torchlint.diagnostics import Applicability
from torchlint.interpreter.trace import Failure
from torchlint.rules.context import CheckedFile
from torchlint.rules.explain import explain
from torchlint.rules.registry import Finding, rule


@rule("TL206", fix=Applicability.UNSAFE)
def undefined_attribute(failure: Failure, file: CheckedFile) -> Finding | None:
    """An attribute is read that nothing defines: of a module, of torch itself, of a tensor or of another value.

    ## Why is this bad?
    torch raises `AttributeError: 'Net' object has no attribute 'fc3'` when the line runs, which may be at the end of an epoch.
    Mostly the name is misspelled, or the layer was renamed in `__init__` only.
    Whether torch has a name is looked up in the files of the torch that is installed in the environment.
    Nothing is said of a class that could have got the attribute in a way that is not followed: an unknown base class,
    `setattr` with a computed name, `__getattr__`.

    ## Example
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3)

        def forward(self, x):
            return torch.relu(self.conf(x))
    ```

    Use instead:
    ```python
    import torch
    from torch import nn


    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3)

        def forward(self, x):
            return torch.relu(self.conv(x))
    ```

    ## Fix safety
    Unsafe: the nearest name is a guess.
    """
    cls = failure.module.interpreted_class if failure.module is not None else None
    if file.is_of_class_alone(failure.error) and any(cls in other.mro and other is not cls for other in file.module_classes()):
        return None  # a base class: what it lacks, a subclass may define
    return explain(failure, file)
