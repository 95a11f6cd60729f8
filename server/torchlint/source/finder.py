"""Where the source of an imported module is: in the project, or in the site-packages of the user's environment."""

from __future__ import annotations

import os
import re
import sys
from functools import lru_cache
from pathlib import Path


class Finder:
    """Finds modules by dotted name without importing anything.

    `roots` are tried in order: the folders of the project first, then those of the environment.
    """

    def __init__(self, project_roots: tuple[str, ...], environment: tuple[str, ...]) -> None:
        self.roots = (*project_roots, *environment)
        self.environment = environment
        self._found: dict[tuple[str, str], str | None] = {}

    def find(self, name: str, importer: str = "") -> str | None:
        """The path of the module's source (`__init__.py` for a package); `importer` is the file that imports it."""
        roots = self.roots
        if importer:
            roots = (source_root(importer), *roots)
        for root in roots:
            key = (root, name)
            if key not in self._found:
                self._found[key] = _find_below(root, name)
            if self._found[key] is not None:
                return self._found[key]
        return None

    def is_installed(self, name: str) -> bool | None:
        """Whether the environment has a module of that name, in whatever form; None where there is no environment."""
        if not self.environment:
            return None
        first, *rest = name.split(".")
        for root in self.roots:
            base = Path(root, first, *rest)
            if base.is_dir() or base.with_name(base.name + ".py").is_file() or any(base.parent.glob(f"{base.name}.*.so")):
                return True
        return False

    def version(self, name: str) -> str | None:
        """The version of an installed distribution, "" if it is not there; None where there is no environment."""
        wanted = re.sub(r"[-_.]+", "-", name).lower()
        for root in self.environment:
            for entry in os.scandir(root):
                distribution, _, rest = entry.name.partition("-")
                if rest.endswith(".dist-info") and re.sub(r"[-_.]+", "-", distribution).lower() == wanted:
                    return rest.removesuffix(".dist-info")
        return "" if self.environment else None


def _find_below(root: str, name: str) -> str | None:
    base = os.path.join(root, *name.split("."))
    for candidate in (os.path.join(base, "__init__.py"), base + ".py"):
        if os.path.isfile(candidate):
            return candidate
    return None


@lru_cache(maxsize=1024)
def source_root(path: str) -> str:
    """The folder that absolute imports of a file start from: the first one upwards that is no package."""
    folder = Path(path).resolve().parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return str(folder)


@lru_cache(maxsize=4096)
def module_name(path: str) -> str:
    """The dotted name by which the file would be imported from its source root."""
    relative = Path(path).resolve().relative_to(source_root(path)).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
    return ".".join(parts)


def absolute_name(name: str, path: str) -> str | None:
    """The dotted name that an import in the file means; None for a relative one that leads out of every package."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    package = module_name(path).split(".")
    up = level - 1 if path.endswith("__init__.py") else level
    rest = name[level:]
    return ".".join([*package[: len(package) - up], *([rest] if rest else [])]) or None


def environment_paths(python: str | None, root: Path) -> tuple[str, ...]:
    """The site-packages to read: of the configured interpreter, of the active or the project's virtual environment, or our
    own."""
    for prefix in [Path(python).parent.parent, *_environments(root)] if python else _environments(root):
        found = sorted((*prefix.glob("lib/python*/site-packages"), *prefix.glob("Lib/site-packages")))
        if found:
            return tuple(str(p) for p in found)
    return tuple(p for p in sys.path if os.path.basename(p) in ("site-packages", "dist-packages"))


def interpreter(python: str | None, root: Path) -> str:
    """The Python to run code with: the configured one, that of the active or the project's virtual environment, or our own."""
    if python:
        return python
    for prefix in _environments(root):
        for path in (prefix / "bin" / "python", prefix / "Scripts" / "python.exe"):
            if path.is_file():
                return str(path)
    return sys.executable


def _environments(root: Path) -> list[Path]:
    active = os.environ.get("VIRTUAL_ENV")
    return [*([Path(active)] if active else []), root / ".venv", root / "venv"]
