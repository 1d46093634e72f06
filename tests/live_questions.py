"""What the tests of several rooms share: the facts of files, and questions that CPython answers in a
process of its own."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.index.facts import ModuleFacts


@cache
def facts_of(path: str) -> ModuleFacts | None:
    """The facts of a file, for `index.project.Project`; None where it can't be parsed."""
    try:
        text = Path(path).read_bytes().decode()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return collect(ast.parse(text), text)
    except (OSError, SyntaxError, ValueError):
        return None


def answers_of(script: Path, scratch: Path, task: Any) -> Any:
    """What a script answers, which gets the names of two JSON files: the task, and the answers."""
    asked, answered = scratch / "questions.json", scratch / "answers.json"
    asked.write_text(json.dumps(task), encoding="utf-8")
    answered.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, str(script), str(asked), str(answered)],
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert answered.exists(), done.stderr[-3000:]
    return json.loads(answered.read_text(encoding="utf-8"))
