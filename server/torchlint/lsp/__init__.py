"""The language server: thin handlers that convert between the protocol and the plain answers of `editor`."""

from torchlint.lsp import lazy_types as lazy_types  # before any other file imports the types
