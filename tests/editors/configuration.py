"""Prints a configuration as docs/editors.md says it, all blocks of a language: configuration.py HEADING LANGUAGE."""

import re
import sys
from pathlib import Path

heading, language = sys.argv[1:]
page = (Path(__file__).parents[2] / "docs/editors.md").read_text(encoding="utf-8")
sections = dict(re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
blocks = re.findall(rf"^```{language}\n(.*?)^```$", sections[heading], re.MULTILINE | re.DOTALL)
if not blocks:
    sys.exit(f"docs/editors.md has no {language} under {heading}")
print("\n".join(blocks), end="")
