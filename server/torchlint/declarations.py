"""The shapes that users declare for the inputs of a class: in comments at its `forward`, and in the settings."""

from __future__ import annotations

import re

from torchlint.dims.expr import Size, Symbol
from torchlint.dims.parsing import parse_shape
from torchlint.interpreter.objects import ClassValue
from torchlint.settings import Settings, SettingsError
from torchlint.values.tensor import Shape

_COMMENT = re.compile(r"#\s*torchlint:\s*input\s+(\w+)\s*:\s*(\[[^\]]*\])")


def check_inputs(settings: Settings) -> None:
    """Raises SettingsError for an input whose shape cannot be read."""
    for key, shapes in settings.inputs.items():
        for name, text in shapes.items():
            try:
                parse_shape(text, {})
            except ValueError as error:
                raise SettingsError(f"[tool.torchlint.inputs] {key}: {name} = {text!r}: {error}") from None


def declared_inputs(cls: ClassValue, settings: Settings) -> dict[str, Shape]:
    """The declared shapes by the names of the arguments; what is in the settings beats the comments."""
    texts = dict(_COMMENT.findall(cls.unit.text))
    for key in (cls.name, f"{cls.name}.forward"):
        texts.update(settings.inputs.get(key, {}))
    scope: dict[str, Symbol | Size] = {}
    shapes: dict[str, Shape] = {}
    for name, text in texts.items():
        try:
            shapes[name] = parse_shape(text, scope)
        except ValueError:
            continue
    return shapes
