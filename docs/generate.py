"""Writes what is generated from the code: a page for each in `docs/rules`, the tables of rules and settings in the README, and
the settings of the VS Code extension.

`python docs/generate.py` writes; with `--check` it writes nothing, names the files that are stale and exits with 1.
"""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "server"))

from torchlint.cli.render.table import Column, markdown  # noqa: E402
from torchlint.rules import all_rules  # noqa: E402
from torchlint.rules.registry import Rule  # noqa: E402
from torchlint.settings import SCOPES, Settings, key_of  # noqa: E402

_FIXES = {
    "safe": "safe (`--fix`)",
    "unsafe": "unsafe (`--fix --unsafe-fixes`)",
    "none": "none",
}
_COLUMNS = [Column("Code"), Column("Name"), Column("Severity"), Column("Fix"), Column("What it finds")]


def page(rule: Rule) -> str:
    """The file of a rule: a table of its code, severity and fix, and its docstring."""
    columns = [Column("Code"), Column("Severity"), Column("Fix")]
    header = "\n".join(markdown(columns, [(rule.code, _severity(rule), _FIXES[rule.fix])]))
    return f"# {rule.name}\n\n{header}\n\n{inspect.cleandoc(rule.page)}\n"


def table() -> str:
    """The rules by code, each with a link to its page."""
    rows = [
        (
            rule.code,
            f"[{rule.name}](docs/rules/{rule.name}.md)",
            _severity(rule),
            "–" if rule.fix == "none" else rule.fix,
            rule.summary,
        )
        for rule in all_rules()
    ]
    return "\n".join(markdown(_COLUMNS, rows))


def _severity(rule: Rule) -> str:
    return f"{rule.severity.value}, off by default" if rule.off else rule.severity.value


def settings_table() -> str:
    """Every setting as it is written in the settings file, with its default there."""
    rows = [(f"`{key_of(f.name)}`", f"`{_toml(_default(f))}`", f.metadata["doc"]) for f in fields(Settings)]
    return "\n".join(markdown([Column("Setting"), Column("Default"), Column("What it does")], rows))


def _default(setting: Field[Any]) -> Any:
    return setting.default_factory() if setting.default_factory is not MISSING else setting.default


def _toml(value: Any) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def with_tables(readme: str) -> str:
    """The README with the present tables. Raises ValueError where their markers are missing."""
    for name, text in (("rules", table()), ("settings", settings_table())):
        first, last = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        before, begin, rest = readme.partition(first)
        _, end, after = rest.partition(last)
        if not begin or not end:
            raise ValueError(f"the README has no {first} and {last}")
        readme = f"{before}{first}\n{text}\n{last}{after}"
    return readme


_SCHEMAS: dict[str, dict[str, Any]] = {
    "strings": {"type": ["array", "null"], "items": {"type": "string"}},
    "inputs": {
        "type": ["object", "null"],
        "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "path": {"type": ["string", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "scope": {"enum": [*SCOPES, None]},
    "positive number": {"type": ["number", "null"], "exclusiveMinimum": 0},
    "positive integer": {"type": ["integer", "null"], "minimum": 1},
}
"""How the editor checks a setting of each kind; null is what pyproject.toml says, else the default."""
_RUNS_CODE = {"python"}
"""Settings that a workspace may make only for the machine that it is on."""


def with_settings(package: str) -> str:
    """The extension's package.json with the present settings of the analysis, which are its last group."""
    manifest = json.loads(package)
    manifest["contributes"]["configuration"][-1]["properties"] = {
        f"torchlint.{_camel(f.name)}": {
            **_SCHEMAS[f.metadata["kind"]],
            "default": None,
            "scope": "machine-overridable" if f.name in _RUNS_CODE else "resource",
            "markdownDescription": f"{f.metadata['doc']}\n\nWhere it is not set: what `pyproject.toml` says, else "
            f"`{_toml(_default(f))}`.",
        }
        for f in fields(Settings)
    }
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def generated(root: Path) -> dict[Path, str | None]:
    """What each generated file must hold; None for a page whose rule is gone."""
    readme = root / "README.md"
    files: dict[Path, str | None] = dict.fromkeys((root / "docs" / "rules").glob("*.md"))
    files.update({root / "docs" / "rules" / f"{rule.name}.md": page(rule) for rule in all_rules()})
    files[readme] = with_tables(readme.read_text(encoding="utf-8"))
    package = root / "extension" / "package.json"
    files[package] = with_settings(package.read_text(encoding="utf-8"))
    return files


def stale(root: Path) -> list[Path]:
    """The files that are not as they would be generated."""
    return [path for path, text in sorted(generated(root).items()) if _read(path) != text]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def write(root: Path) -> None:
    """Write every generated file, and delete pages of rules that are gone."""
    for path, text in generated(root).items():
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """0, or 1 if `--check` finds a stale file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is stale")
    if not parser.parse_args(arguments).check:
        write(root)
        return 0
    found = stale(root)
    for path in found:
        print(f"{path.relative_to(root)} is stale: run `python docs/generate.py`")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
