"""The fix of PCL104 on generated hierarchies of classes, which CPython makes instances of.

Whatever the `__init__`s do, no instance may fail after the fix that worked before, and none may
share its list with another where the fix was made.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

Make = Callable[..., Any]
MODULES = 150

INITS = (
    "",
    "",
    "def __init__(self):\n        self.a = 1",
    "def __init__(self, n=3):\n        super().__init__()\n        self.n = n",
    "def __init__(self, n=3):\n        self.n = n\n        super().__init__()",
    "def __init__(self, *args):\n        super().__init__(*args)",
    "def __init__(self, n=0):\n        if n:\n            super().__init__()",
    "def __init__(self):\n        self.act(5)\n        super().__init__()",
    "def __init__(self):\n        super().__init__()\n        self.act(5)",
    "def __init__(self):\n        {base}.__init__(self)",
    "def __init__(self): {base}.__init__(self); self.a = 1",
    "def __init__(self):\n        '''Make one.'''\n        for _ in ():\n            pass\n"
    "        super().__init__()",
    "def __init__(self):\n        try:\n            super().__init__()\n"
    "        except TypeError:\n            pass",
    "def __new__(cls, *args):\n        return super().__new__(cls)",
    "items = [8]",
    "items: list = [9]  # own",
)
BASES = ("", "(object)", "(dict)", "(Exception)", "({one})", "({one})", "({one}, {two})")
VALUES = ("[]", "[1, 2]", "list()", "[len('ab')]", "[make()]", "(\n        []\n    )")


def module(chance: random.Random) -> str:
    parts = ["def make():\n    return 1\n"]
    names: list[str] = []
    owner = chance.randrange(2)
    for number in range(chance.randrange(2, 5)):
        name = f"C{number}"
        bases = chance.choice(BASES if names else BASES[:4])
        one, two = (chance.choice(names) for _ in range(2)) if names else ("", "")
        if number == owner + 1:
            bases = f"({names[owner]})"
        bases = (
            bases.format(one=one, two=two)
            if one != two
            else bases.partition(",")[0].format(one=one) + (")" if "," in bases else "")
        )
        base = bases.strip("()").partition(",")[0] or "object"
        body = [chance.choice(INITS).format(base=base)]
        if number == owner:
            body.insert(0, f"items = {chance.choice(VALUES)}")
            body.append("def act(self, item):\n        self.items.append(item)")
        text = "\n\n    ".join(part for part in body if part) or "pass"
        parts.append(f"\n\nclass {name}{bases}:\n    {text}\n")
        names.append(name)
    return "".join(parts)


ASK = """\
import importlib, json, sys
sys.path.insert(0, ".")
answers = {}
for number in range(int(sys.argv[1])):
    try:
        module = importlib.import_module(f"m{number}")
    except TypeError:
        continue  # there is no order of its bases
    for name, cls in sorted(vars(module).items()):
        if not isinstance(cls, type) or not hasattr(cls, "act"):
            continue
        try:
            one, two = cls(), cls()
            one.act("new")
            answers[f"m{number}.{name}"] = ["new" in two.items, "new" in one.items]
        except Exception as error:
            answers[f"m{number}.{name}"] = repr(error)
print(json.dumps(answers))
"""


def asked(small: Any) -> dict[str, Any]:
    import json

    done = subprocess.run(
        [sys.executable, "-B", "-c", ASK, str(MODULES)],
        cwd=small.root,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_no_instance_is_left_without_and_none_shares(project: Make) -> None:
    chance = random.Random(17)
    files = {f"m{number}.py": module(chance) for number in range(MODULES)}
    small = project(files)
    before = asked(small)
    claimed = {small.relative(finding.path) for finding in small.lint("PCL104")}
    fixable = {
        small.relative(finding.path) for finding in small.lint("PCL104") if finding.fix is not None
    }
    small.fix("PCL104", unsafe=True)
    after = asked(small)
    assert len(claimed) > MODULES / 3
    assert len(fixable) > MODULES / 5
    for name, answer in before.items():
        path = f"{name.partition('.')[0]}.py"
        shown = f"{files[path]}\n{'-' * 20}\n{small.texts()[path]}\n{name}: {answer} {after[name]}"
        if isinstance(answer, str):
            continue
        assert not isinstance(after[name], str), shown
        if path in fixable:
            assert after[name] == [False, True], shown
        else:
            assert after[name] == answer, shown
