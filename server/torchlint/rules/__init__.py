"""The rules, one a file; importing the package registers every one of them."""

from __future__ import annotations

import importlib
import pkgutil

from torchlint.rules.registry import RULES, Rule

for _module in sorted(m.name for m in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")


def all_rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    return tuple(sorted(RULES.values(), key=lambda r: r.code))
