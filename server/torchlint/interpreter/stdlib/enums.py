"""The `enum` module: base classes that make a class of the checked program an enumeration."""

from __future__ import annotations

from typing import Any


class EnumBase:
    """Stands for `enum.Enum` and its kin."""


class MixedBase(EnumBase):
    """Stands for `enum.IntEnum` and its kin, whose members are numbers or texts as well."""


class EnumMeta:
    """Stands for `enum.EnumMeta`, the class of enumerations."""


class auto:
    """Stands for `enum.auto`: members are numbered from 1."""


ENUM_TYPES: dict[str, Any] = {
    "Enum": EnumBase, "IntEnum": MixedBase, "StrEnum": MixedBase, "Flag": EnumBase, "IntFlag": MixedBase, "auto": auto,
    "EnumMeta": EnumMeta, "EnumType": EnumMeta,
    "unique": None,
}  # fmt: skip
