"""Patterns in the settings match what they say, and take no time."""

from __future__ import annotations

import random
import re
import time

import pytest

from pyconcepts_lint.base.settings import Configuration, SettingsError, path_matches

TOKEN = re.compile(r"(?<![^/])\*\*/|\*+|\?|\[[^]/]+\]|\{[^{}]*\}|\\?.", re.DOTALL)


def plainly(pattern: str, any_character: str) -> str:
    """What a pattern means, without a thought for the time that it takes."""
    parts = []
    for token in TOKEN.findall(pattern):
        if token == "**/":
            parts.append("(?:.*/)?")
        elif token.startswith("*"):
            parts.append(f"{any_character}*" if token == "*" else ".*")
        elif token == "?":
            parts.append(any_character)
        elif token.startswith("[") and len(token) > 1:
            negated = len(token) > 3 and token[1] in "!^"
            members = re.sub(r"([^\w-])", r"\\\1", token[1 + negated : -1])
            parts.append(f"[{'^' if negated else ''}{members}]")
        elif token.startswith("{") and len(token) > 1:
            items = (plainly(item, any_character) for item in token[1:-1].split(","))
            parts.append(f"(?:{'|'.join(items)})")
        else:
            parts.append(re.escape(token[-1]))
    return "".join(parts)


PIECES = [
    *("a", "b", "c", "a", "b", "/", "/", "*", "*", "*", "**", "**/", "**/", "?", "[ab]", "[!a]"),
    *(
        "{a,b}",
        "{a,*b}",
        "{,a}",
        "{**/a,b}",
        "{a*,ab*c}",
        "\\*",
        "\\{",
        "[",
        "{",
        "}",
        "]",
        ",",
        "[a",
    ),
    *("{a?,[ab]b}", "[{a]", "a*a", "x{**/,a}"),
]
FORM = re.compile(r"[*?\[{\\]")


@pytest.mark.parametrize("seed", range(5))
def test_random_patterns_mean_what_they_say(seed: int) -> None:
    rng = random.Random(seed)
    matched = 0
    for _ in range(1500):
        pattern = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 7))).rstrip("/")
        if not FORM.search(pattern) or pattern.startswith(("/", "./")):
            continue
        try:
            expected = re.compile(plainly(pattern, "." if "/" in pattern else "[^/]"), re.DOTALL)
        except re.error:
            continue
        for _ in range(25):
            names = ["".join(rng.choices("aabbc*{", k=rng.randint(1, 4))) for _ in range(3)]
            path = "/".join(names[: rng.randint(1, 3)])
            asked = path if "/" in pattern else path.rpartition("/")[2]
            meant = expected.fullmatch(asked) is not None
            matched += meant
            assert path_matches(f"/r/{path}", "/r", (pattern,)) is meant, (pattern, path)
    assert matched > 1000


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 25 + "b",
        "x/" + "*a" * 25 + "b",
        "**/" * 25 + "b",
        "**/*a" * 25 + "/b",
        "**/a*" * 25 + "b",
        "?*" * 40 + "b",
        "[a-z]*" * 40 + "b",
        "{a,aa}" * 8 + "b",
        "{a*,*a}" * 8 + "b",
        "*" * 4000 + "b",
        "*?" * 2000 + "b",
        "[" * 4000,
        "[a" * 2000,
        "{" * 4000,
        "[" * 4000 + "/]",
    ],
)
def test_no_pattern_takes_long(pattern: str) -> None:
    started = time.process_time()
    for path in ("a" * 250 + ".py", "x/" + "a" * 250, "/".join(["a"] * 120)):
        assert not path_matches(f"/r/{path}", "/r", (pattern,))
    assert time.process_time() - started < 5


@pytest.mark.parametrize("pattern", ["{a,b}" * 20, "x{**/a}" * 20, "*" + "a" * 5000])
def test_a_pattern_that_is_too_much_is_an_error(tmp_path, pattern: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "pyproject.toml").write_text(f'[tool.pyconcepts-lint]\nexclude = ["{pattern}"]\n')
    with pytest.raises(SettingsError, match="exclude"):
        Configuration().for_path(str(tmp_path))
