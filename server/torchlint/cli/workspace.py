"""The settings and the project of each file that a command looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from torchlint import settings
from torchlint.analysis import Project
from torchlint.rules import all_rules
from torchlint.settings import Configuration


@dataclass
class Workspace:
    """Configurations by folder and projects by root; the command line's options come on top of each."""

    select: Sequence[str] = ()
    extend_select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    _configurations: dict[Path, Configuration] = field(default_factory=dict)
    _projects: dict[Path, Project] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for option, words in (
            ("select", self.select),
            ("extend-select", self.extend_select),
            ("ignore", self.ignore),
        ):
            settings.check_selectors(words, all_rules(), f"--{option}")

    def configuration(self, folder: Path) -> Configuration:
        """The configuration of the files in a folder; raises SettingsError."""
        found = self._configurations.get(folder)
        if found is None:
            read = settings.find(folder, all_rules())
            chosen = read.settings.with_options(tuple(self.select), tuple(self.extend_select), tuple(self.ignore))
            found = Configuration(chosen, read.root, read.path)
            self._configurations[folder] = found
        return found

    def project(self, configuration: Configuration) -> Project:
        """The project of a configuration; what it has read is kept."""
        if configuration.root not in self._projects:
            self._projects[configuration.root] = Project(configuration.settings, configuration.root)
        return self._projects[configuration.root]

    def forget(self) -> None:
        """Read every file again: some were changed."""
        self._projects.clear()
