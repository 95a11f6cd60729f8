"""The command line: the only part of torchlint that prints."""
