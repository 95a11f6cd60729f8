"""The session: its beginning, settings, files and folders, messages and progress."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from torchlint.lsp.structures import Structure
from torchlint.lsp.types.basic import Range


class WorkspaceFolder(Structure):
    uri: str
    name: str


class InitializeParams(Structure):
    capabilities: Any
    root_uri: str | None = None
    initialization_options: Any = None
    workspace_folders: Sequence[WorkspaceFolder] | None = None


class InitializedParams(Structure):
    pass


class MessageType(IntEnum):
    Error = 1
    Warning = 2
    Info = 3
    Log = 4


class ShowMessageParams(Structure):
    type: MessageType
    message: str


class ShowDocumentParams(Structure):
    uri: str
    external: bool | None = None
    take_focus: bool | None = None
    selection: Range | None = None


class Registration(Structure):
    id: str
    method: str
    register_options: Any = None


class RegistrationParams(Structure):
    registrations: Sequence[Registration]


class ProgressParams(Structure):
    token: int | str
    value: Any


class WorkDoneProgressCreateParams(Structure):
    token: int | str


class WorkDoneProgressCancelParams(Structure):
    token: int | str


class WorkDoneProgressBegin(Structure):
    title: str
    kind: str = "begin"
    cancellable: bool | None = None
    message: str | None = None
    percentage: int | None = None


class WorkDoneProgressReport(Structure):
    kind: str = "report"
    cancellable: bool | None = None
    message: str | None = None
    percentage: int | None = None


class WorkDoneProgressEnd(Structure):
    kind: str = "end"
    message: str | None = None


class ExecuteCommandParams(Structure):
    command: str
    arguments: Sequence[Any] | None = None


class ExecuteCommandOptions(Structure):
    commands: Sequence[str]


class ConfigurationItem(Structure):
    scope_uri: str | None = None
    section: str | None = None


class ConfigurationParams(Structure):
    items: Sequence[ConfigurationItem]


class DidChangeConfigurationParams(Structure):
    settings: Any = None


class FileChangeType(IntEnum):
    Created = 1
    Changed = 2
    Deleted = 3


class FileEvent(Structure):
    uri: str
    type: int


class DidChangeWatchedFilesParams(Structure):
    changes: Sequence[FileEvent]


class FileSystemWatcher(Structure):
    glob_pattern: str


class DidChangeWatchedFilesRegistrationOptions(Structure):
    watchers: Sequence[FileSystemWatcher]


class WorkspaceFoldersChangeEvent(Structure):
    added: Sequence[WorkspaceFolder]
    removed: Sequence[WorkspaceFolder]


class DidChangeWorkspaceFoldersParams(Structure):
    event: WorkspaceFoldersChangeEvent
