"""Writes what is generated from the rules: a page for each in `docs/rules`, and the table in the README.

`python docs/generate.py` writes; with `--check` it writes nothing, names the files that are stale and exits with 1.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "server"))

from torchlint.cli.render.table import Column, markdown  # noqa: E402
from torchlint.rules import all_rules  # noqa: E402
from torchlint.rules.registry import Rule  # noqa: E402

_BEGIN, _END = "<!-- rules:begin -->", "<!-- rules:end -->"
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


def with_table(readme: str) -> str:
    """The README with the present table. Raises ValueError where its markers are missing."""
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError(f"the README has no {_BEGIN} and {_END}")
    return f"{before}{_BEGIN}\n{table()}\n{_END}{after}"


def generated(root: Path) -> dict[Path, str | None]:
    """What each generated file must hold; None for a page whose rule is gone."""
    readme = root / "README.md"
    files: dict[Path, str | None] = dict.fromkeys((root / "docs" / "rules").glob("*.md"))
    files.update({root / "docs" / "rules" / f"{rule.name}.md": page(rule) for rule in all_rules()})
    files[readme] = with_table(readme.read_text(encoding="utf-8"))
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
