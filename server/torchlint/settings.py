"""Every setting, each with its type, default and documentation in one place, and how they are read.

Settings live in `[tool.torchlint]` of the nearest `pyproject.toml` that has one. The editor's settings and
the documentation are generated from `Settings`.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Protocol

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

SCOPES = ("open-files", "workspace")
ALWAYS = frozenset({"TL901", "TL903"})
"""Rules that no selection turns off: without them a file that was not analysed would look clean."""


class SettingsError(Exception):
    """A setting that cannot be used; the message names the file (or option) and the key."""


class RuleLike(Protocol):
    """What selecting needs to know of a rule."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def off(self) -> bool: ...


def _setting(kind: str, default: Any, doc: str) -> Any:
    """A field: `kind` is its type in the settings file, `default` its value there."""
    metadata = {"kind": kind, "doc": doc}
    if isinstance(default, dict):
        return field(default_factory=default.copy, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """What a user may choose. Selectors are rule names, codes, code prefixes (`TL1`) or `ALL`."""

    select: tuple[str, ...] = _setting("strings", (), "The rules to run. Empty means every rule that is not off by default.")
    extend_select: tuple[str, ...] = _setting("strings", (), "Rules to run in addition to those of `select`.")
    ignore: tuple[str, ...] = _setting("strings", (), "Rules to leave out; this beats `select`.")
    exclude: tuple[str, ...] = _setting(
        "strings",
        (),
        "Files and folders to leave out when a folder is checked, as patterns of `.gitignore`, relative to the settings file.",
    )
    inputs: Mapping[str, Mapping[str, str]] = _setting(
        "inputs",
        {},
        'The shapes of inputs, by class or method, as `"Net.forward" = {x = "[N, 3, 224, 224]"}`.',
    )
    python: str = _setting(
        "path",
        "",
        "The Python interpreter whose installed packages are read. Empty means the active or nearest virtual environment.",
    )
    unsafe_fixes: bool = _setting("boolean", False, "Offer and apply fixes that may change what the program does.")
    ask_torch: bool = _setting(
        "boolean",
        True,
        "Ask torch on its meta device, where it is installed beside torchlint, what its functions without a rule give. It is "
        "loaded for nothing else.",
    )
    budget_seconds: float = _setting("positive number", 2.0, "The time that the analysis of one class may take.")
    max_paths: int = _setting(
        "positive integer", 16, "How many combinations of unknown conditions are followed through one class."
    )
    diagnostic_scope: str = _setting(
        "scope",
        "open-files",
        "The files whose findings an editor shows: `open-files`, or all of the `workspace`, but for those that are left out.",
    )

    def enables(self, rule: RuleLike) -> bool:
        """Whether the rule is to run."""
        if rule.code in ALWAYS:
            return True
        if any(_selects(s, rule) for s in self.ignore):
            return False
        if any(_selects(s, rule) for s in self.extend_select):
            return True
        return any(_selects(s, rule) for s in self.select) if self.select else not rule.off

    def with_options(self, select: tuple[str, ...], extend_select: tuple[str, ...], ignore: tuple[str, ...]) -> Settings:
        """As changed on the command line: `select` starts afresh, the others add."""
        changed = self
        if select:
            changed = replace(changed, select=select, extend_select=(), ignore=())
        return replace(
            changed,
            extend_select=changed.extend_select + extend_select,
            ignore=changed.ignore + ignore,
        )


@dataclass(frozen=True)
class Configuration:
    """Settings with the folder that they speak of and the file that they were read from, if any."""

    settings: Settings
    root: Path
    path: Path | None = None


def key_of(name: str) -> str:
    """A field's name as it is written in the settings file."""
    return name.replace("_", "-")


def find(start: Path, rules: Iterable[RuleLike]) -> Configuration:
    """The settings that hold in the folder `start`: of the nearest `pyproject.toml` with `[tool.torchlint]`.

    Without one the defaults hold, and the root is the nearest folder with a `pyproject.toml` or `.git`, else
    `start`. Raises SettingsError.
    """
    root: Path | None = None
    for folder in (start, *start.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            table = _table(path)
            if table is not None:
                return Configuration(read(table, path, rules), folder, path)
            root = root or folder
        elif root is None and (folder / ".git").exists():
            root = folder
    return Configuration(Settings(), root or start)


def _table(path: Path) -> Mapping[str, Any] | None:
    try:
        tool = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from None
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    table = tool.get("torchlint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: `tool.torchlint` is to be a table, not {_type_name(table)}")
    return table


def read(table: Mapping[str, Any], path: Path, rules: Iterable[RuleLike]) -> Settings:
    """The settings that a `[tool.torchlint]` table says; raises SettingsError."""
    known = {key_of(f.name): f for f in fields(Settings)}
    values: dict[str, Any] = {}
    for key, value in table.items():
        where = f"{path}: `tool.torchlint.{key}`"
        if key not in known:
            raise SettingsError(f"{where} is no setting{near_miss(key, known)}")
        values[known[key].name] = _checked(known[key].metadata["kind"], value, where, path.parent)
    settings = Settings(**values)
    for name in ("select", "extend_select", "ignore"):
        check_selectors(getattr(settings, name), rules, f"{path}: `tool.torchlint.{key_of(name)}`")
    return settings


def _checked(kind: str, value: Any, where: str, folder: Path) -> Any:
    """The value as `Settings` holds it, or SettingsError if it is not of the kind."""
    if kind == "strings" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    if kind == "path" and isinstance(value, str):
        return str(folder / Path(value).expanduser()) if value else ""
    if kind == "boolean" and isinstance(value, bool):
        return value
    if kind == "positive integer" and type(value) is int and value > 0:
        return value
    if kind == "positive number" and type(value) in (int, float) and 0 < value < float("inf"):
        return float(value)
    if kind == "inputs" and isinstance(value, dict):
        for name, shapes in value.items():
            if not isinstance(shapes, dict) or not all(isinstance(s, str) for s in shapes.values()):
                raise SettingsError(f'{where}: "{name}" is to be a table of shapes, as {{x = "[N, 3, 224, 224]"}}')
        return value
    if kind == "scope" and value in SCOPES:
        return value
    wanted = {
        "scope": " or ".join(f'"{scope}"' for scope in SCOPES),
        "strings": "a list of strings",
        "path": "a string",
        "boolean": "true or false",
        "inputs": "a table",
    }
    given = f'"{value}"' if kind == "scope" and isinstance(value, str) else _type_name(value)
    raise SettingsError(f"{where} is to be {wanted.get(kind, f'a {kind}')}, not {given}")


def _type_name(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, list):
        return "a list with other things in it" if value else "a list"
    return "a table" if isinstance(value, dict) else repr(value)


def check_selectors(selectors: Iterable[str], rules: Iterable[RuleLike], where: str) -> None:
    """Raises SettingsError for a selector that no rule answers to."""
    rules = tuple(rules)
    for selector in selectors:
        if not any(_selects(selector, rule) for rule in rules):
            names = [name for rule in rules for name in (rule.name, rule.code)]
            raise SettingsError(f"{where}: there is no rule `{selector}`{near_miss(selector, names)}")


def _selects(selector: str, rule: RuleLike) -> bool:
    if selector == rule.name or selector == "ALL":
        return True
    return selector.startswith("TL") and rule.code.startswith(selector)


def near_miss(word: str, known: Iterable[str]) -> str:
    """`; did you mean ...?` for the known words that look like `word`, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(f'`{c}`' for c in close)}?" if close else ""
