"""Which names the installed torch can have, found in the text of its own files: torch itself is never imported.

A name that stands nowhere in the files that make torch's public modules does not exist there. The other way round nothing is
said: a word may stand in a comment.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_PUBLIC = (
    "__init__.py", "nn/__init__.py", "nn/modules/__init__.py", "nn/functional.py", "_tensor.py", "_C/__init__.pyi",
    "_C/_VariableFunctions.pyi", "_C/_nn.pyi", "functional.py", "nn/init.py", "nn/parameter.py", "_torch_docs.py",
    "_tensor_docs.py", "linalg/__init__.py", "special/__init__.py", "fft/__init__.py",
)  # fmt: skip
_OF_TENSORS = ("_tensor.py", "_C/__init__.pyi", "_tensor_docs.py", "nn/parameter.py")
_MADE_WHEN_IMPORTED = re.compile(r"u?int\d|(get|set|is)_autocast_")
_MADE_BY_LAYERS = re.compile(r"(weight|bias|parametrizations)(_|$)")
"""Names that no text spells out."""


def lacks_public(folder: str, name: str) -> bool:
    """Whether no public module of the torch in the folder, no tensor and no parameter has such an attribute."""
    if name.startswith("_") or _MADE_WHEN_IMPORTED.match(name):
        return False
    places = (Path(folder, name), Path(folder, "nn", name))
    return not any(p.is_dir() or p.with_suffix(".py").is_file() for p in places) and _stands_nowhere(folder, name)


@lru_cache(maxsize=1024)
def _stands_nowhere(folder: str, name: str) -> bool:
    word = re.compile(rb"\b" + name.encode() + rb"\b")
    texts = [_text(folder, path) for path in _PUBLIC]
    return all(texts[:7]) and not any(word.search(text) for text in texts)


@lru_cache(maxsize=64)
def _text(folder: str, path: str) -> bytes:
    try:
        return Path(folder, path).read_bytes()
    except OSError:
        return b""


@lru_cache(maxsize=1024)
def tensors_lack(folder: str, name: str) -> bool:
    """Whether no tensor or parameter has such an attribute."""
    if name.startswith("_") or name == "name":  # which no text tells of
        return False
    word = name.encode()
    defined = re.compile(rb"self\.%b\b|def %b\b|^    %b\s*[:=]|[\"']%b[\"']" % (word, word, word, word), re.MULTILINE)
    texts = [_text(folder, path) for path in _OF_TENSORS]
    return all(texts) and not any(defined.search(_of_tensors(text)) for text in texts)


def _of_tensors(text: bytes) -> bytes:
    """The class of tensors, of a file that has others."""
    _, head, rest = text.partition(b"\nclass TensorBase")
    return rest.partition(b"\nclass ")[0] if head else text


@lru_cache(maxsize=1024)
def layers_lack(folder: str, name: str) -> bool:
    """Whether none of torch's layers, nor what changes layers, sets or defines such an attribute."""
    if name.startswith("_") or _MADE_BY_LAYERS.match(name):
        return False
    word = name.encode()
    defined = re.compile(rb"self\.%b\b|def %b\b|^    %b\s*[:=]|[\"']%b[\"']" % (word, word, word, word), re.MULTILINE)
    texts = [_text(folder, path) for path in _layer_files(folder)]
    return bool(texts) and not any(defined.search(text) for text in texts)


@lru_cache(maxsize=8)
def _layer_files(folder: str) -> tuple[str, ...]:
    return tuple(str(path.relative_to(folder)) for path in sorted(Path(folder, "nn", "modules").glob("*.py")))
