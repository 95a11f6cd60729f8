"""What `print(model)` shows: nested modules and the Python values in their parentheses, character by
character as torch does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from torchlint.dims.expr import Expr
from torchlint.dims.printing import show
from torchlint.values.module import Module, entries
from torchlint.values.rounds import Rounds
from torchlint.values.unknown import Unknown


def show_value(value: object) -> str:
    """Python's `repr` of a value of the checked program; sizes as people write them, `...` for what is
    unknown."""
    if isinstance(value, Expr):
        return show(value)
    if isinstance(value, tuple):
        inner = ", ".join(map(show_value, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(map(show_value, value))}]"
    if isinstance(value, Unknown):
        return "..."
    return repr(value)


def module_repr(module: Module) -> str:
    """What `print(module)` shows in torch."""
    custom = getattr(type(module), "container_repr", None)
    if custom is not None:
        return str(custom(module))
    text = _extra(module)
    extra_lines = text.split("\n") if text else []
    children = list(entries(module))
    child_lines = [f"({name}): {times(rounds)}{_indent(child_repr(child))}" for name, child, rounds in children]
    # torch gives a module with a parametrization a class of its own
    is_parametrized = any(name == "parametrizations" for name, _, _ in children)
    name = f"Parametrized{module.type_name}" if is_parametrized else module.type_name
    if len(extra_lines) == 1 and not child_lines:
        return f"{name}({extra_lines[0]})"
    return _parenthesized(name, extra_lines + child_lines)


def times(rounds: Rounds | None) -> str:
    """`depth x ` before a child that stands for that many."""
    if rounds is None:
        return ""
    text = show(rounds.count)
    return f"{text if text.isidentifier() else f'({text})'} x "


def wrap_children(name: str, lines: Sequence[str]) -> str:
    """A container's name with one entry per child, each of which may have several lines."""
    return _parenthesized(name, [_indent(line) for line in lines])


def _parenthesized(name: str, lines: Sequence[str]) -> str:
    return f"{name}(\n  " + "\n  ".join(lines) + "\n)" if lines else f"{name}()"


def child_repr(child: object) -> str:
    """The text of a submodule, which may be None or unknown."""
    return module_repr(child) if isinstance(child, Module) else show_value(child)


def _indent(text: str) -> str:
    return text.replace("\n", "\n  ")


def joined(values: Mapping[str, object]) -> str:
    """`a=1, b=(2, 3)`: the usual form of `extra_repr`."""
    return ", ".join(f"{name}={show_value(value)}" for name, value in values.items())


def _extra(module: Module) -> str:
    """What stands between the brackets; a layer whose construction failed or was not followed lacks what it would show."""
    if module.shown_extra is not None:
        return module.shown_extra
    try:
        return module.extra_repr()
    except AttributeError:
        if module.open_ended is None:
            raise
        return "?"
