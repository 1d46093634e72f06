"""What the server sees of a change on disk."""

from __future__ import annotations

from pathlib import Path

from pyconcepts_lint.server.disk import Disk, settings_around


def test_settings_that_are_written_while_they_are_read_are_a_change(tmp_path: Path) -> None:
    settings = tmp_path / "pyproject.toml"
    settings.write_text("[tool.pyconcepts-lint]\nx = 1\n")
    before = settings_around([str(tmp_path)])
    settings.write_text("[tool.pyconcepts-lint]\n")
    disk = Disk([], [str(tmp_path)], [], before)
    assert disk.look().is_structure
    assert not disk.look().is_structure


def test_nothing_has_changed_where_nothing_was_written(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("dir(1)\n")
    disk = Disk([str(tmp_path / "main.py")], [str(tmp_path)], [], {})
    assert disk.look() == (set(), False)
