"""`importlib`: what is installed in the environment, and modules by their names."""

from __future__ import annotations

from typing import Any

from torchlint.interpreter.functions import HostFunction
from torchlint.interpreter.objects import Namespace
from torchlint.values.unknown import Unknown


class PackageNotFoundError(ModuleNotFoundError):
    """`importlib.metadata.PackageNotFoundError`."""


def _find_spec(m: Any, name: Any, package: Any = None) -> Any:
    if not isinstance(name, str) or name.startswith("."):
        return m.derived("find_spec", name)
    found = m.is_installed(name)
    if found is None:
        return m.unknown("there is no environment to look for packages in")
    return Namespace("ModuleSpec", {"name": name}, _part_of_spec) if found else None


def _part_of_spec(name: str) -> Unknown:
    return Unknown(f"`{name}` of a module that is not imported is not known")


def _version(m: Any, name: Any) -> Any:
    if not isinstance(name, str):
        return m.derived("version", name)
    found = m.installed_version(name)
    if found is None:
        return m.unknown("there is no environment to look for packages in")
    if not found:
        raise m.raise_host(PackageNotFoundError(name))
    return found


def _import_module(m: Any, name: Any, package: Any = None) -> Any:
    if isinstance(name, str) and name.startswith(".") and isinstance(package, str):
        dots = len(name) - len(name.lstrip("."))
        name = ".".join([*package.split(".")[: package.count(".") + 2 - dots], name[dots:]])
    if not isinstance(name, str) or name.startswith("."):
        return m.unknown("a module whose name is not known")
    return m.import_named(name)


def _functions(**functions: Any) -> dict[str, Any]:
    return {name: HostFunction(f"importlib.{name}", function, takes_unknown=True) for name, function in functions.items()}


IMPORTLIB: dict[str, dict[str, Any]] = {
    "importlib": _functions(import_module=_import_module),
    "importlib.util": _functions(find_spec=_find_spec),
    "importlib.metadata": {**_functions(version=_version), "PackageNotFoundError": PackageNotFoundError},
}
