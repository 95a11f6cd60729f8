"""What operations may ask of whoever runs them: to call a value, and to note what a call costs.

The interpreter installs its own `Runtime`; without one (in tests of single operations) the default serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from torchlint.dims.expr import Size, Symbol
from torchlint.values.errors import Undecided

if TYPE_CHECKING:
    from torchlint.values.rounds import Rounds


class Runtime:
    """Calls values and adds up costs; the default can call layers only.

    `trains` says whether a module that is made is in training mode, as in torch; None where whoever made it may have changed
    that. `supposes_none` says that what is None may be an argument which somebody must choose, and
    `supposes_unset` the same of -1 where a size belongs. `rounds_running` are the symbols
    for the numbers of the rounds that run, of loops whose length is a symbol, with how many rounds there are.
    """

    trains: bool | None = None

    def __init__(self) -> None:
        self.multiply_adds: Size = 0
        self.supposes_none = False
        self.supposes_unset = False
        self.rounds_running: dict[Symbol, Size] = {}

    def call(self, function: Any, args: tuple[object, ...], kwargs: dict[str, object]) -> Any:
        """The result of `function(*args, **kwargs)`, for any value that the program being checked can call."""
        return function.forward(*args, **kwargs)

    def repeat(self, rounds: Rounds, value: Any, step: Callable[[Any, Any], Any]) -> Any:
        """What becomes of `value` when `step(item, value)` gives the next one, for each item of each round."""
        raise Undecided(rounds.reason)

    def step(self) -> None:
        """Charge one unit of work to the budget of the pass, which may end the pass. The default has no budget."""

    def spend(self, multiply_adds: Size) -> None:
        """Charge multiply-adds to the module that is running."""
        self.multiply_adds = self.multiply_adds + multiply_adds


_current: ContextVar[Runtime] = ContextVar("runtime")
_default = Runtime()


def runtime() -> Runtime:
    """The runtime of the running pass."""
    return _current.get(_default)


@contextmanager
def installed(new: Runtime) -> Iterator[Runtime]:
    """Make `new` the runtime of everything inside the `with` block."""
    token = _current.set(new)
    try:
        yield new
    finally:
        _current.reset(token)


def call(function: object, *args: object, **kwargs: object) -> Any:
    """Call a value of the checked program: a module, a function, a class."""
    return runtime().call(function, args, kwargs)


def spend(multiply_adds: Size) -> None:
    """Charge multiply-adds to the module that is running."""
    runtime().spend(multiply_adds)
