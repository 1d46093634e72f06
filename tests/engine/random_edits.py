"""Real projects, edited at random: what a run with the cache says is what a cold one says."""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.running import run_cache

SETTLED = 20_000_000
"""Nanoseconds: a test can't wait as long as the cache does until it trusts a time stamp."""
SETTINGS = (
    "[tool.pyconcepts-lint]\n",
    '[tool.pyconcepts-lint]\nsrc = ["."]\n',
    '[tool.pyconcepts-lint]\nsrc = ["one", "."]\n',
    '[project]\ndependencies = ["requests"]\nrequires-python = ">=3.9"\n[tool.pyconcepts-lint]\n',
    '[tool.pyconcepts-lint]\nextend-exclude = ["*/decoder.py"]\n',
    '[tool.pyconcepts-lint]\nfield-classes = ["TestCase"]\nignore = ["PCL601"]\n',
)
_CLASS = re.compile(r"^class (\w+).*:\n", re.MULTILINE)
_DEFINED = re.compile(r"^(?:class|def) (\w+)", re.MULTILINE)
_STATEMENT = re.compile(
    r"^(?:def|class|import|from|\w+ =)(?:.*\n)(?:(?:[ \t)\]}].*)?\n)*", re.MULTILINE
)


class Edits:
    """One project and the edits that are made to it.

    Args:
        root: the project's directory, with its files.
        seed: what the choices depend on.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.chance = random.Random(seed)
        self._count = 0
        self._before: dict[Path, str] = {}
        self._write(root / "pyproject.toml", SETTINGS[0])
        of_text: list[Callable[[str], str]] = [
            self._append_function,
            self._shift,
            self._add_method,
            self._delete_statement,
            self._rename,
            self._import_another,
            self._write_attribute,
            self._subclass,
            self._break,
        ]
        self._of_text = of_text
        self._of_files: list[Callable[[], str]] = [
            self._delete,
            self._copy,
            self._move,
            self._move_directory,
            self._toggle_init,
            self._change_settings,
            self._ignore,
            self._restore,
        ]

    def files(self) -> list[Path]:
        return sorted(path for path in self.root.rglob("*.py") if path.is_file())

    def text_edit(self) -> tuple[Path, str, str]:
        """An edit of one file's text: the file, its new text, what was done."""
        edit = self.chance.choice(self._of_text)
        path = self.chance.choice(self.files())
        return path, edit(path.read_text(encoding="utf-8")), f"{edit.__name__} {path.name}"

    def write(self, path: Path, text: str) -> None:
        self._before.setdefault(path, path.read_text(encoding="utf-8"))
        self._write(path, text)

    def file_edit(self) -> str:
        """Make an edit of files or directories as such; gives what was done."""
        edit = self.chance.choice(self._of_files)
        return f"{edit.__name__} {edit()}"

    @staticmethod
    def _write(path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")

    def _name(self) -> str:
        self._count += 1
        return f"added_{self._count}"

    # Edits of a text

    def _append_function(self, text: str) -> str:
        return (
            f"{text}\n\ndef {self._name()}(thing):\n    thing.value = 1\n    return thing.value\n"
        )

    def _shift(self, text: str) -> str:
        return f"# {self._name()}\n{text}"

    def _add_method(self, text: str) -> str:
        found = list(_CLASS.finditer(text))
        if not found:
            return self._append_function(text)
        name = self.chance.choice([self._name(), "run", "items", "__call__", "__get__", "close"])
        at = self.chance.choice(found).end()
        return f"{text[:at]}    def {name}(self):\n        self.{name}_done = [self]\n\n{text[at:]}"

    def _delete_statement(self, text: str) -> str:
        found = list(_STATEMENT.finditer(text))
        if not found:
            return text
        one = self.chance.choice(found)
        return text[: one.start()] + text[one.end() :]

    def _rename(self, text: str) -> str:
        found = _DEFINED.findall(text)
        if not found:
            return text
        return re.sub(rf"\b{self.chance.choice(found)}\b", self._name(), text)

    def _dotted(self) -> str:
        relative = self.chance.choice(self.files()).relative_to(self.root).with_suffix("")
        parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
        return ".".join(parts) or "gone"

    def _import_another(self, text: str) -> str:
        dotted = self._dotted()
        statement = self.chance.choice(
            [f"import {dotted}", f"from {dotted} import *", f"from {dotted} import _missing"]
        )
        return f"{text}\n{statement}\n"

    def _write_attribute(self, text: str) -> str:
        dotted = self._dotted()
        name = self.chance.choice(["value", "items", "encoding", "__slots__", "close"])
        return f"{text}\nimport {dotted}\n{dotted}.{name} = 1\nprint({dotted}.{name})\n"

    def _subclass(self, text: str) -> str:
        other = self.chance.choice(self.files())
        found = _CLASS.findall(other.read_text(encoding="utf-8"))
        if not found:
            return self._append_function(text)
        relative = other.relative_to(self.root).with_suffix("")
        base = self.chance.choice(found)
        return (
            f"{text}\nfrom {'.'.join(relative.parts)} import {base}\n"
            f"class {self._name()}({base}):\n    def close(self):\n        self.encoding = 1\n"
        )

    def _break(self, text: str) -> str:
        at = self.chance.randrange(len(text) + 1)
        return f"{text[:at]} ( {text[at:]}"

    # Edits of files

    def _delete(self) -> str:
        path = self.chance.choice(self.files())
        path.unlink()
        return path.name

    def _copy(self) -> str:
        path = self.chance.choice(self.files())
        target = self.chance.choice(self.files()).parent / f"{self._name()}.py"
        shutil.copy(path, target)
        return f"{path.name} {target.name}"

    def _move(self) -> str:
        path = self.chance.choice(self.files())
        target = path.with_name(f"{self._name()}.py")
        path.rename(target)
        return f"{path.name} {target.name}"

    def _move_directory(self) -> str:
        directories = sorted(
            path for path in self.root.iterdir() if path.suffix == "" and path.is_dir()
        )
        directories = [path for path in directories if not path.name.startswith(".")]
        path = self.chance.choice(directories)
        target = path.with_name(self._name())
        path.rename(target)
        return f"{path.name} {target.name}"

    def _toggle_init(self) -> str:
        path = self.chance.choice(self.files()).with_name("__init__.py")
        if path.parent == self.root or path.exists():
            path.unlink(missing_ok=True)
        else:
            path.touch()
        return str(path.relative_to(self.root))

    def _change_settings(self) -> str:
        self._write(self.root / "pyproject.toml", self.chance.choice(SETTINGS))
        return ""

    def _ignore(self) -> str:
        path = self.root / ".gitignore"
        if path.exists():
            path.unlink()
        else:
            self._write(path, f"{self.chance.choice(self.files()).name}\n")
        return ""

    def _restore(self) -> str:
        """Put a file back to what it was at first."""
        there = sorted(path for path in self._before if path.exists())
        if not there:
            return ""
        path = self.chance.choice(there)
        self._write(path, self._before.pop(path))
        return path.name


def findings(paths: list[str], root: Path, **more: object) -> list[Finding]:
    """What a run says; `stdin` and `stdin_filename` for standard input."""
    overrides = {"select": ("PCL",), "no_cache": more.pop("no_cache", False)}
    configuration = Configuration(overrides)
    request = RunRequest(tuple(paths), jobs=1, **more)  # type: ignore[arg-type]
    report = run_cache.run(request, configuration)
    assert not report.errors, report.errors
    return report.findings


def differences(root: Path, seed: int, steps: int) -> Iterator[str]:
    """Edit a project; gives what a run with the cache says otherwise than a cold one."""
    edits = Edits(root, seed)
    findings([str(root)], root)
    for step in range(steps):
        chance = edits.chance
        alone: dict[str, list[Finding]] = {}
        if chance.random() < 0.6:
            path, text, what = edits.text_edit()
            if chance.random() < 0.5:
                alone["standard input"] = findings(
                    ["-"], root, stdin=text.encode(), stdin_filename=str(path)
                )
            edits.write(path, text)
        else:
            what = edits.file_edit()
            path = chance.choice(edits.files())
        if chance.random() < 0.5:
            time.sleep(2 * SETTLED / 1e9)
        if chance.random() < 0.5:
            alone["one file"] = findings([str(path)], root)
        warm = findings([str(root)], root)
        cold = findings([str(root)], root, no_cache=True)
        if warm != cold:
            yield f"step {step} of seed {seed}, {what}: {_difference(warm, cold)}"
        own = [finding for finding in cold if finding.path == str(path)]
        for how, said in alone.items():
            if said != own and _is_looked_at(path, root):
                yield f"step {step} of seed {seed}, {what}, {how}: {_difference(said, own)}"


def _is_looked_at(path: Path, root: Path) -> bool:
    """Does a run over the project look at a file, which a run that names it surely does?"""
    return not (root / ".gitignore").exists() and path.name != "decoder.py"


def _difference(one: list[Finding], other: list[Finding]) -> str:
    more = [
        f"+{each.path}:{each.line} {each.code} {each.message}" for each in one if each not in other
    ]
    less = [
        f"-{each.path}:{each.line} {each.code} {each.message}" for each in other if each not in one
    ]
    return " ".join([*more, *less]) or "the order"
