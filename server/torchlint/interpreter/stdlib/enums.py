"""The `enum` module: base classes that make a class of the checked program an enumeration."""

from __future__ import annotations

from typing import Any


class EnumBase:
    """Stands for `enum.Enum` and its kin."""


class auto:
    """Stands for `enum.auto`: members are numbered from 1."""


ENUM_TYPES: dict[str, Any] = {
    "Enum": EnumBase, "IntEnum": EnumBase, "StrEnum": EnumBase, "Flag": EnumBase, "IntFlag": EnumBase, "auto": auto,
    "unique": None,
}  # fmt: skip
