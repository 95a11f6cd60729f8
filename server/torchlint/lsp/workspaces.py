"""Settings and projects by folder: those of `pyproject.toml`, with what the editor sets on top."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple

from torchlint import settings
from torchlint.analysis import Analysis, Project, analyze
from torchlint.remembering import Memory
from torchlint.rules import all_rules
from torchlint.settings import Configuration, Settings, SettingsError
from torchlint.source.document import Document
from torchlint.source.texts import Texts

_ROUNDS = 2
"""How often a file is analysed where an imported one turns out to have been read before it was edited."""
_HUMP = re.compile(r"_(\w)")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Display:
    """What the editor shows, which is no matter of the analysis."""

    shapes: bool = True
    unchanged_shapes: bool = True
    counts: bool = True
    code_lens: bool = True


def camel(name: str) -> str:
    """A name as editors write settings: `budgetSeconds`."""
    return _HUMP.sub(lambda found: found[1].upper(), name)


@dataclass
class Folder:
    """What the editor sets for one workspace folder."""

    path: Path
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def display(self) -> Display:
        """What is to be shown."""
        hints = self.values.get("inlayHints")
        given = {**(hints if isinstance(hints, dict) else {}), "codeLens": self.values.get("codeLens")}
        chosen = {f.name: given[camel(f.name)] for f in fields(Display) if isinstance(given.get(camel(f.name)), bool)}
        return Display(**chosen)


class _Kept(NamedTuple):
    """A project with what it was made for."""

    settings: Settings
    root: Path
    project: Project


class Workspaces:
    """The folders that are open, and the projects of the files in them."""

    def __init__(self) -> None:
        self.folders: list[Folder] = [Folder(Path("/"))]
        self.problems: list[str] = []
        self._configurations: dict[Path, Configuration] = {}
        self.texts = Texts()
        self._newest: dict[Path, _Kept] = {}  # by root
        self._used: dict[str, _Kept] = {}  # by the file that was analysed with it last

    def open(self, paths: list[Path]) -> None:
        """Take over the folders of the client."""
        known = {folder.path: folder for folder in self.folders}
        self.folders = [known.get(path, Folder(path)) for path in [Path("/"), *paths]]
        self.forget()

    def folder(self, path: Path) -> Folder:
        """The innermost folder that a file is in."""
        around = [folder for folder in self.folders if path.is_relative_to(folder.path)]
        return max(around, key=lambda folder: len(folder.path.parts), default=self.folders[0])

    def forget(self) -> None:
        """Read settings and imported files again."""
        self._configurations.clear()
        self._newest.clear()
        self._used.clear()

    def configuration(self, path: Path) -> Configuration:
        """The settings of a file; those that cannot be used are noted as problems, and the defaults hold."""
        place = path.parent
        if place not in self._configurations:
            self._configurations[place] = self._read(place)
        return self._configurations[place]

    def configuration_of(self, path: str) -> Configuration:
        """The settings of the file of that name."""
        return self.configuration(Path(path))

    def project(self, configuration: Configuration, path: str) -> Project:
        """The project of a file: the one that it was analysed with before, while it has read what editors show of the files
        that this one imports. So typing in a file keeps what is known of it, and renews what its users have."""
        settings, root = configuration.settings, configuration.root
        for kept in (self._used.get(path), self._newest.get(root)):
            if kept is not None and kept[:2] == (settings, root) and not kept.project.world.imports.are_old(path):
                break
        else:
            kept = self._newest[root] = _Kept(settings, root, self._make(settings, root))
        self._used[path] = kept
        return kept.project

    def analyse(self, document: Document, path: str, memory: Memory) -> tuple[Analysis, frozenset[str]]:
        """The analysis of a file, and the files that it rests on. Raises Cancelled."""
        configuration = self.configuration(Path(path))
        for _ in range(_ROUNDS):
            project = self.project(configuration, path)
            analysis = analyze(document, project, configuration.settings, memory)
            if not project.world.imports.are_old(path):
                break
        return analysis, project.world.imports.of(path)

    def _make(self, settings: Settings, root: Path) -> Project:
        try:
            return Project(settings, root, self.texts)
        except SettingsError as error:
            self.problems.append(str(error))
            return Project(replace(settings, inputs={}), root, self.texts)

    def leave(self, path: str) -> None:
        """The file is not open any more."""
        self._used.pop(path, None)

    def has_read(self, path: str) -> bool:
        """Whether some project has read the file from disk as an import."""
        kept = [*list(self._newest.values()), *list(self._used.values())]
        return not self.texts.holds(path) and any(path in one.project.world.namespaces for one in kept)

    def _read(self, place: Path) -> Configuration:
        try:
            found = settings.find(place, all_rules())
        except SettingsError as error:
            self.problems.append(str(error))
            found = Configuration(Settings(), place)
        return replace(found, settings=self._with_editor(found.settings, self.folder(place)))

    def _with_editor(self, base: Settings, folder: Folder) -> Settings:
        """What the editor sets to another value than the default holds."""
        for one in fields(Settings):
            value = folder.values.get(camel(one.name))
            key = settings.key_of(one.name)
            if value is None:
                continue
            try:
                given = settings.read({key: value}, folder.path / "settings of the editor", all_rules())
            except SettingsError as error:
                self.problems.append(str(error))
                continue
            if getattr(given, one.name) != getattr(Settings(), one.name):
                base = replace(base, **{one.name: getattr(given, one.name)})
        return base
