"""Settings and projects by folder: those of `pyproject.toml`, with what the editor sets on top."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from torchlint import settings
from torchlint.analysis import Project
from torchlint.rules import all_rules
from torchlint.settings import Configuration, Settings, SettingsError

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


class Workspaces:
    """The folders that are open, and the projects of the files in them."""

    def __init__(self) -> None:
        self.folders: list[Folder] = [Folder(Path("/"))]
        self.problems: list[str] = []
        self._configurations: dict[Path, Configuration] = {}
        self._projects: dict[Path, tuple[Settings, Project]] = {}

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
        self._projects.clear()

    def configuration(self, path: Path) -> Configuration:
        """The settings of a file; those that cannot be used are noted as problems, and the defaults hold."""
        place = path.parent
        if place not in self._configurations:
            self._configurations[place] = self._read(place)
        return self._configurations[place]

    def configuration_of(self, path: str) -> Configuration:
        """The settings of the file of that name."""
        return self.configuration(Path(path))

    def project(self, configuration: Configuration) -> Project:
        """The project of a file."""
        kept = self._projects.get(configuration.root)
        if kept is None or kept[0] != configuration.settings:
            try:
                project = Project(configuration.settings, configuration.root)
            except SettingsError as error:
                self.problems.append(str(error))
                project = Project(replace(configuration.settings, inputs={}), configuration.root)
            kept = self._projects[configuration.root] = (configuration.settings, project)
        return kept[1]

    def has_read(self, path: str) -> bool:
        """Whether some project has read the file as an import."""
        return any(path in project.world.namespaces for _, project in list(self._projects.values()))

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
