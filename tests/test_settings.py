"""Settings: what they mean, how they are read, and how mistakes in them are told."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from torchlint.settings import Settings, SettingsError, find


@dataclass(frozen=True)
class Rule:
    code: str
    name: str
    off: bool = False


RULES = (
    Rule("TL101", "linear-in-features"),
    Rule("TL216", "norm-after-activation", off=True),
    Rule("TL301", "implicit-softmax-dim"),
    Rule("TL901", "syntax-error"),
)


def _enabled(settings: Settings) -> list[str]:
    return [rule.code for rule in RULES if settings.enables(rule)]


def _read(folder: Path, text: str) -> Settings:
    (folder / "pyproject.toml").write_text(text)
    return find(folder, RULES).settings


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        (Settings(), ["TL101", "TL301", "TL901"]),
        (Settings(select=("TL1",)), ["TL101", "TL901"]),
        (Settings(select=("TL2",)), ["TL216", "TL901"]),
        (Settings(select=("ALL",)), ["TL101", "TL216", "TL301", "TL901"]),
        (Settings(extend_select=("norm-after-activation",)), ["TL101", "TL216", "TL301", "TL901"]),
        (Settings(select=("TL",), ignore=("TL2", "implicit-softmax-dim")), ["TL101", "TL901"]),
        (Settings(ignore=("ALL",)), ["TL901"]),
    ],
)
def test_selection(settings: Settings, codes: list[str]) -> None:
    """`ignore` beats `select`; rules that are off need selecting; a file that was not read is always told."""
    assert _enabled(settings) == codes


def test_options_come_on_top() -> None:
    """`--select` starts afresh; `--ignore` and `--extend-select` add to the file."""
    of_file = Settings(select=("TL1",), ignore=("TL101",))
    assert _enabled(of_file.with_options(("TL",), (), ())) == ["TL101", "TL216", "TL301", "TL901"]
    assert _enabled(of_file.with_options((), ("TL3",), ())) == ["TL301", "TL901"]
    assert _enabled(Settings().with_options((), (), ("TL1",))) == ["TL301", "TL901"]


def test_every_setting_is_read(tmp_path: Path) -> None:
    """Each setting is read into its field, paths relative to the settings file."""
    settings = _read(
        tmp_path,
        """
        [tool.torchlint]
        select = ["TL1"]
        extend-select = ["norm-after-activation"]
        ignore = ["TL301"]
        exclude = ["legacy/"]
        python = ".venv/bin/python"
        unsafe-fixes = true
        ask-torch = false
        budget-seconds = 5
        max-paths = 8
        diagnostic-scope = "workspace"
        [tool.torchlint.inputs]
        Net = {x = "[N, 3, 32, 32]"}
        "Net.encode" = {x = "1,3,8,8", mask = "1,8"}
        """,
    )
    assert settings == Settings(
        select=("TL1",),
        extend_select=("norm-after-activation",),
        ignore=("TL301",),
        exclude=("legacy/",),
        inputs={"Net": {"x": "[N, 3, 32, 32]"}, "Net.encode": {"x": "1,3,8,8", "mask": "1,8"}},
        python=str(tmp_path / ".venv/bin/python"),
        unsafe_fixes=True,
        ask_torch=False,
        budget_seconds=5.0,
        max_paths=8,
        diagnostic_scope="workspace",
    )
    assert all(getattr(settings, f.name) != getattr(Settings(), f.name) for f in fields(Settings))


def test_every_setting_is_documented() -> None:
    """The editor's settings and the documentation are made from this."""
    assert all(f.metadata["doc"].endswith(".") and f.metadata["kind"] for f in fields(Settings))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ignroe = []", "`tool.torchlint.ignroe` is no setting; did you mean `ignore`?"),
        ("zzz = 1", "`tool.torchlint.zzz` is no setting"),
        ('select = "TL1"', "`tool.torchlint.select` is to be a list of strings, not a string"),
        ("select = [1]", "is to be a list of strings, not a list with other things in it"),
        ("python = 3", "is to be a string, not 3"),
        ('unsafe-fixes = "yes"', "is to be true or false, not a string"),
        ('diagnostic-scope = "all"', 'is to be "open-files" or "workspace", not "all"'),
        ("diagnostic-scope = true", 'is to be "open-files" or "workspace", not true'),
        ("max-paths = true", "is to be a positive integer, not true"),
        ("max-paths = 1.5", "is to be a positive integer, not 1.5"),
        ("budget-seconds = 0", "is to be a positive number, not 0"),
        ("budget-seconds = nan", "is to be a positive number, not nan"),
        ("inputs = []", "is to be a table, not a list"),
        ('inputs = {Net = "1,3"}', '"Net" is to be a table of shapes'),
        (
            'ignore = ["linear-in-feature"]',
            "`tool.torchlint.ignore`: there is no rule `linear-in-feature`; did you mean",
        ),
        ('select = ["TL8"]', "there is no rule `TL8`"),
        ('select = [""]', "there is no rule ``"),
        ("select = [", "not valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, line: str, words: str) -> None:
    """The error names the file, the key and what was expected, with what was probably meant."""
    with pytest.raises(SettingsError) as caught:
        _read(tmp_path, f"[tool.torchlint]\n{line}\n")
    assert str(caught.value).startswith(str(tmp_path / "pyproject.toml"))
    assert words in str(caught.value)


def test_torchlint_is_a_table(tmp_path: Path) -> None:
    """A value where the table belongs is an error, too."""
    with pytest.raises(SettingsError, match=r"`tool\.torchlint` is to be a table, not true"):
        _read(tmp_path, "[tool]\ntorchlint = true\n")


def test_the_nearest_file_with_a_table_holds(tmp_path: Path) -> None:
    """Files of other tools are passed over for settings, but say where the project is."""
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.torchlint]\nignore = ["TL1"]\n')
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    found = find(deep, RULES)
    assert (found.settings.ignore, found.root, found.path) == (
        ("TL1",),
        tmp_path,
        tmp_path / "pyproject.toml",
    )
    (tmp_path / "pyproject.toml").unlink()
    found = find(deep, RULES)
    assert (found.settings, found.root, found.path) == (Settings(), tmp_path / "a", None)
