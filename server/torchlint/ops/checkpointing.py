"""`torch.utils.checkpoint`: the function is called as if it were not checkpointed."""

from __future__ import annotations

from typing import Any

from torchlint.ops.registry import op
from torchlint.values.errors import Undecided
from torchlint.values.module import Module
from torchlint.values.runtime import call
from torchlint.values.unknown import Unknown


@op("torch.utils.checkpoint.checkpoint")
def checkpoint(
    function: object,
    *args: object,
    use_reentrant: object = None,
    context_fn: object = None,
    determinism_check: object = "default",
    debug: object = False,
    early_stop: object = True,
    preserve_rng_state: object = True,
    **kwargs: object,
) -> Any:
    """What `function(*args, **kwargs)` returns."""
    return call(function, *args, **kwargs)


@op("torch.utils.checkpoint.checkpoint_sequential")
def checkpoint_sequential(
    functions: object, segments: object, input: object, use_reentrant: object = None, **kwargs: object
) -> Any:
    """What the functions return, each called with the result of the one before."""
    if isinstance(functions, Unknown):
        raise Undecided(functions.reason)
    steps = list(functions._modules.values()) if isinstance(functions, Module) else functions
    if not isinstance(steps, (list, tuple)):
        raise Undecided("what is checkpointed is not a sequence")
    value = input
    for step in steps:
        value = call(step, value)
    return value
