"""Which files a folder's check is about."""

from __future__ import annotations

from pathlib import Path

from torchlint.source.files import python_files


def _found(folder: Path, *exclude: str, root: Path | None = None) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in python_files(folder, exclude, root or folder)]


def _make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_order(tmp_path: Path) -> None:
    """A folder's own files come first, then its folders, by name; other files do not come."""
    _make(tmp_path, "b/z.py", "b/a/x.py", "a/y.py", "z.py", "c.py", "c.pyi", "c.txt", "py", "b/.py")
    assert _found(tmp_path) == ["c.py", "z.py", "a/y.py", "b/.py", "b/z.py", "b/a/x.py"]


def test_exclude_beats_gitignore(tmp_path: Path) -> None:
    """`exclude` speaks of paths relative to the settings, and no .gitignore takes it back."""
    _make(tmp_path, "old/a.py", "old/b.py", "new/old/a.py", "new/b.py")
    (tmp_path / "new" / ".gitignore").write_text("!old/\n!b.py\n")
    assert _found(tmp_path, "old/") == ["new/b.py"]
    assert _found(tmp_path, "/old/b.py", "new/b.py") == ["new/old/a.py", "old/a.py"]
    assert _found(tmp_path / "new", "/new/b.py", root=tmp_path) == ["old/a.py"]


def test_gitignore_of_the_folders_above(tmp_path: Path) -> None:
    """Within a repository the files above hold, too, nearest last; without one they do not."""
    _make(tmp_path, "sub/deep/a.py", "sub/deep/b.py")
    (tmp_path / ".gitignore").write_text("a.py\nb.py\n")
    (tmp_path / "sub" / ".gitignore").write_text("!b.py\n")
    assert _found(tmp_path / "sub" / "deep") == ["a.py", "b.py"]
    (tmp_path / ".git").mkdir()
    assert _found(tmp_path / "sub" / "deep") == ["b.py"]


def test_a_named_folder_is_wanted(tmp_path: Path) -> None:
    """What leaves a folder out holds for walks from above, not for who names the folder."""
    _make(tmp_path, "build/a.py", "gen/b.py", "old/c.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("gen/\n")
    assert _found(tmp_path, "old/") == []
    assert [_found(tmp_path / name, "old/", root=tmp_path) for name in ("build", "gen", "old")] == [
        ["a.py"],
        ["b.py"],
        ["c.py"],
    ]


def test_links(tmp_path: Path) -> None:
    """Links to files are followed, links to folders, which may lead back, are not; dead ones are no files."""
    _make(tmp_path, "a/x.py")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "y.py").symlink_to(tmp_path / "a" / "x.py")
    (tmp_path / "z.py").symlink_to(tmp_path / "nowhere")
    assert _found(tmp_path) == ["y.py", "a/x.py"]
