"""The generated documentation is that of the rules as they are, and the check would notice if it were not."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from torchlint.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """`docs/generate.py`."""
    spec = importlib.util.spec_from_file_location("generate", _ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def copy(generate: ModuleType, tmp_path: Path) -> Path:
    """A folder with everything generated afresh."""
    shutil.copy(_ROOT / "README.md", tmp_path)
    (tmp_path / "extension").mkdir()
    shutil.copy(_ROOT / "extension" / "package.json", tmp_path / "extension")
    assert generate.main([], tmp_path) == 0
    return tmp_path


def test_everything_is_up_to_date(generate: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """The pages and the README's table are what the rules' docstrings say."""
    assert generate.main(["--check"]) == 0, capsys.readouterr().out


def test_fresh_files_pass_the_check(generate: ModuleType, copy: Path) -> None:
    """What was just written is not stale."""
    assert generate.main(["--check"], copy) == 0


@pytest.mark.parametrize("name", ["README.md", "docs/rules/linear-in-features.md"])
def test_check_names_a_stale_file(generate: ModuleType, copy: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that was edited by hand is named, and not written."""
    path = copy / name
    edited = path.read_text().replace("TL101", "TL999")
    path.write_text(edited)
    assert generate.main(["--check"], copy) == 1
    assert capsys.readouterr().out == f"{name} is stale: run `python docs/generate.py`\n"
    assert path.read_text() == edited


def test_the_extension_has_every_setting(generate: ModuleType, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each setting can be made in the editor, under the name that editors give it; one that is gone cannot."""
    path = copy / "extension" / "package.json"
    manifest = json.loads(path.read_text())
    made = manifest["contributes"]["configuration"][-1]["properties"]
    assert set(made) == {"torchlint." + camel(f.name) for f in fields(Settings)}
    assert all(setting["default"] is None for setting in made.values())
    made["torchlint.noSetting"] = made.pop("torchlint.maxPaths")
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
    assert generate.main(["--check"], copy) == 1
    assert capsys.readouterr().out.startswith("extension/package.json is stale")


def camel(name: str) -> str:
    """`budget_seconds` as `budgetSeconds`."""
    return re.sub(r"_(.)", lambda found: found[1].upper(), name)


def test_check_names_a_missing_and_a_needless_page(
    generate: ModuleType, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page without a rule is as stale as a rule without a page; writing mends both."""
    pages = copy / "docs" / "rules"
    (pages / "bad-call.md").rename(pages / "no-such-rule.md")
    assert generate.main(["--check"], copy) == 1
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "docs/rules/bad-call.md",
        "docs/rules/no-such-rule.md",
    ]
    assert generate.main([], copy) == 0
    assert generate.main(["--check"], copy) == 0


def test_readme_needs_its_markers(generate: ModuleType, copy: Path) -> None:
    """A README without the markers is left alone, loudly."""
    (copy / "README.md").write_text("# torchlint\n")
    with pytest.raises(ValueError, match="rules:begin"):
        generate.main([], copy)
