"""Shells complete options, codes and files by the script that is printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.frontends import cli

COMMAND = [sys.executable, "-m", "pyconcepts_lint", "--print-completion"]


def script(shell: str) -> str:
    done = subprocess.run([*COMMAND, shell], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def completed(tmp_path: Path, *words: str) -> list[str]:
    """What bash offers for the last of some words."""
    pytest.importorskip("shtab", reason="the completion extra is not installed")
    if shutil.which("bash") is None:
        pytest.skip("there is no bash")
    (tmp_path / "script").write_text(script("bash"))
    line = (
        'source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        '_shtab_pyconcepts_lint 2>/dev/null; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    command = ["bash", "-c", line, "bash", "pyconcepts-lint", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    return done.stdout.split()


def test_options_codes_and_files_are_completed(tmp_path: Path) -> None:
    assert completed(tmp_path, "--fix-") == ["--fix-only"]
    assert {"PCL2", "PCL209"} < set(completed(tmp_path, "--select", "PCL2"))
    assert completed(tmp_path, "--output-format", "sa") == ["sarif"]
    (tmp_path / "counter.py").write_text("")
    assert completed(tmp_path, "coun") == ["counter.py"]


def test_commands_and_their_questions_are_completed(tmp_path: Path) -> None:
    assert completed(tmp_path, "sh") == ["show"]
    assert "lookup" in completed(tmp_path, "show", "")
    assert completed(tmp_path, "rule", "PCL209") == ["PCL209"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_there_is_a_script_for_each_shell(shell: str) -> None:
    pytest.importorskip("shtab", reason="the completion extra is not installed")
    text = script(shell)
    assert "exit-non-zero-on-fix" in text
    assert "pyconcepts-lint" in text


def test_without_shtab_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert cli.run(["--print-completion", "bash"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "pip install 'pyconcepts-lint[completion]'" in err


def test_an_unknown_shell_is_wrong_usage(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--print-completion", "cmd"]) == 2
    assert "--print-completion" in capfd.readouterr().err
