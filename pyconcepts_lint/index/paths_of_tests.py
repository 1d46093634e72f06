"""Which files are tests, by where they lie and what they are called."""

from __future__ import annotations

import os

# What pytest and unittest look for, and Django's own name for an application's tests.
_STEMS = frozenset({"conftest", "test", "tests"})
_PREFIXES = ("test_", "tests_")
_SUFFIXES = ("_test", "_tests")
# Of directories; `testing` is what packages call the helpers that only tests use.
_DIRECTORIES = frozenset({"test", "testing", "tests"})


def is_named_as_test(path: str) -> bool:
    """Is a file called `test_*`, `*_test`, `test` or `conftest`, or so with `tests`?"""
    stem = os.path.basename(path).partition(".")[0]
    return stem in _STEMS or stem.startswith(_PREFIXES) or stem.endswith(_SUFFIXES)


def is_test(path: str, root: str) -> bool:
    """Is a file named as a test, or in a directory of tests below `root`?"""
    if is_named_as_test(path):
        return True
    directory = os.path.dirname(path)
    below = directory.removeprefix(root) if directory.startswith(root) else directory
    return not _DIRECTORIES.isdisjoint(below.split(os.sep))
