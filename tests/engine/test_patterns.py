"""No regular expression of the linter takes long, whatever text a project has for it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from types import ModuleType
from typing import Any

import pyconcepts_lint
import pyconcepts_lint.rules
from pyconcepts_lint.base.lazy import _Pattern

PIECES = (
    *(" ", "\t", "\n", "\r", "\f", "\\", "\\\n", "\\ ", "\\\\u", "a", "A", "1", "_", ".", ",", "*"),
    *("(", "((", "()", "(a", ")", "[", "{", "a(", "a[", "a.", "a ", "a,", "a-", "a\n", "A1,", " ,"),
    *("#", "#\n", "'", '"', "'\n", "`", "a`", "/", "-", "=", ":", ";", "é"),
)
WORD = re.compile(r"[A-Za-z_#%<>`'\"(\[]{2,}")
LENGTH = 1500
LIMIT = 0.006
"""Seconds for as many characters: a pattern that goes through them once takes a hundredth."""


def modules() -> Iterator[ModuleType]:
    for package in (pyconcepts_lint, pyconcepts_lint.rules):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


def patterns(module: ModuleType) -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """The patterns of a module with their names; does it look for them, or only match them?"""
    assert module.__file__ is not None
    used = defaultdict(set)
    for node in ast.walk(ast.parse(Path(module.__file__).read_bytes())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used[node.value.id].add(node.attr)
    for name, value in vars(module).items():
        pattern = re.compile(*value._given) if isinstance(value, _Pattern) else value
        if isinstance(pattern, re.Pattern):
            yield name, pattern, not used[name] or not used[name] <= {"match", "fullmatch"}


def seconds(pattern: re.Pattern[str], text: str, *, searched: bool) -> float:
    asked: Any = text if isinstance(pattern.pattern, str) else text.encode()
    started = time.process_time()
    if searched:
        for _ in pattern.finditer(asked):
            pass
    else:
        pattern.match(asked)
        pattern.fullmatch(asked)
    return time.process_time() - started


def slow(pattern: re.Pattern[str], *, searched: bool) -> Iterator[tuple[str, str]]:
    """A word and the piece behind it again and again, where that takes long."""
    words = ["", *dict.fromkeys(WORD.findall(str(pattern.pattern)))][:4]
    for word, piece in product(words, PIECES):
        text = word + piece * (LENGTH // len(piece)) + "!"
        if all(seconds(pattern, text, searched=searched) > LIMIT for _ in range(3)):
            yield word, piece


def test_no_pattern_takes_long() -> None:
    found = {}
    looked_at = 0
    for module in modules():
        for name, pattern, searched in patterns(module):
            looked_at += 1
            if texts := list(islice(slow(pattern, searched=searched), 3)):
                found[f"{module.__name__}.{name}"] = texts
    assert looked_at > 100
    assert found == {}


def test_a_pattern_that_takes_long_is_seen() -> None:
    assert list(slow(re.compile(r"\w+x"), searched=True))
    assert list(slow(re.compile(r"\s*\s*x"), searched=False))
    assert not list(slow(re.compile(r"\w+x"), searched=False))
