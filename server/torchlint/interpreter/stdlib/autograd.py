"""`torch.autograd.Function`: `apply` gives what `forward` returns. Gradients are not modelled, nor what `ctx` holds."""

from __future__ import annotations

from typing import Any

from torchlint.interpreter.functions import ClassMethod, HostFunction, StaticMethod
from torchlint.interpreter.objects import ClassValue
from torchlint.values.unknown import Unknown


class AutogradFunction:
    """Stands for `torch.autograd.Function`."""


def apply_of(cls: ClassValue) -> HostFunction:
    """`cls.apply`: calls the `forward` of the class, which has a `ctx` unless the class has `setup_context` too."""

    def apply(m: Any, *args: Any, **kwargs: Any) -> Any:
        found, forward, _ = cls.lookup("forward")
        if not found:
            return m.unknown(f"`{cls.name}` has no forward that could be followed")
        function = forward.function if isinstance(forward, (StaticMethod, ClassMethod)) else forward
        owner = (cls,) if isinstance(forward, ClassMethod) else ()
        takes_context = not cls.lookup("setup_context")[0]
        context = (Unknown("the context of an autograd function"),) if takes_context else ()
        return m.call_value(function, (*owner, *context, *args), kwargs)

    return HostFunction("apply", apply, takes_unknown=True)
