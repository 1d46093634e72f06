"""`--print-completion`: scripts with which shells complete the command line, made by shtab."""

from __future__ import annotations

import argparse

from ..plugins.registry import listed
from .show import QUESTIONS

_FILES = (
    "paths",
    "baseline",
    "config",
    "output_file",
    "stdin_filename",
    "exclude",
    "extend_exclude",
)
_CODES = ("select", "ignore", "extend_select", "extend_ignore", "fixable", "unfixable", "explain")


class CompletionError(Exception):
    """No script can be made; the text says why."""


def _paths_function() -> str:
    """What bash offers where a path may stand: as the first word also commands, and what these ask."""
    questions = " ".join(question.word for question in QUESTIONS)
    return (
        "_pyconcepts_lint_paths() {\n"
        '  if [ "$COMP_CWORD" = 1 ]; then compgen -W "check rule show" -- "$1"; fi\n'
        '  if [ "$COMP_CWORD" = 2 ] && [ "${COMP_WORDS[1]}" = show ]; then\n'
        f"    compgen -W '{questions}' -- \"$1\"\n"
        '  elif [ "$COMP_CWORD" = 2 ] && [ "${COMP_WORDS[1]}" = rule ]; then\n'
        '    _pyconcepts_lint_codes "$1"\n'
        '  else _shtab_compgen_files "$1"; fi\n'
        "}\n"
    )


def script(parser: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell. Raises CompletionError."""
    try:
        import shtab
    except ImportError:
        install = "pip install 'pyconcepts-lint[completion]'"
        raise CompletionError(f"this takes shtab, which is not installed ({install})") from None
    if shell not in shtab.SUPPORTED_SHELLS:
        offered = ", ".join(shtab.SUPPORTED_SHELLS)
        raise CompletionError(f"this version of shtab has {offered}, but not {shell}")
    codes = sorted(listed())
    words = " ".join(sorted({*codes, *(code[:4] for code in codes)}))
    for action in parser._actions:
        if action.dest == "cache_dir":
            action.complete = shtab.DIRECTORY  # type: ignore[attr-defined]
        elif action.dest in _FILES and action.metavar:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
        elif action.dest in _CODES:
            action.complete = {"bash": "_pyconcepts_lint_codes", "zsh": f"({words})"}  # type: ignore[attr-defined]
        if action.dest == "paths":
            action.complete = {"bash": "_pyconcepts_lint_paths", "zsh": "_files"}  # type: ignore[attr-defined]
    codes_function = f"_pyconcepts_lint_codes() {{ compgen -W '{words}' -- \"$1\"; }}\n"
    preamble = codes_function + _paths_function() if shell == "bash" else ""
    found: str = shtab.complete(parser, shell, preamble=preamble)
    return found
