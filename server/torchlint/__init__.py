"""torchlint: a linter and language server for PyTorch models that never runs them."""

__version__ = "0.1.0"
