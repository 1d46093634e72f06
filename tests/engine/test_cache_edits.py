"""After any edit of a project, a run with the cache says what a run without it says."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index import tracking
from pyconcepts_lint.running import run_cache

# Each file is one of these at a time, or isn't there (None). Between them they ask about all that
# findings rest on: bases, stores, uses, star imports, packages, cycles, settings, scripts.
VARIANTS: dict[str, list[str | None]] = {
    "pyproject.toml": [
        "[tool.pyconcepts-lint]\n",
        '[project]\ndependencies = ["pkg"]\nrequires-python = ">=3.9"\n[tool.pyconcepts-lint]\n',
        '[tool.pyconcepts-lint]\nnamespace-packages = ["pkg.sub"]\n',
    ],
    "pkg/__init__.py": [
        "",
        "from .base import *\n",
        "__all__ = ['Base']\nfrom .base import Base\n",
        None,
    ],
    "pkg/base.py": [
        "class Base:\n    size = 1\n    items = []\n    def run(self, way):\n        return way\n",
        "class Base:\n    __slots__ = ('size',)\n    def run(way):\n        return way\n",
        "class Meta(type):\n    pass\nclass Base(metaclass=Meta):\n    size = 0\n"
        "    @property\n    def rate(self):\n        return 1\n",
        "from .derived import Derived\nclass Base:\n    size = 1\n",
        "from .deep import *\nclass Other:\n    pass\n",
    ],
    "pkg/deep.py": ["class Base:\n    size = 3\n_hidden = 1\n", "Base = make()\n", None],
    "pkg/derived.py": [
        "from .base import Base\nclass Derived(Base):\n    def grow(self):\n"
        "        self.size = 2\n        self.items.append(1)\n        self.rate = 3\n",
        "from . import base\nclass Derived(base.Base):\n    def grow(self):\n        self.wide = 2\n"
        "    def run(self, way):\n        return base.Base.run(way)\n",
        "from pkg.base import Base, Missing\nclass Derived(Base):\n    size = 5\n",
    ],
    "pkg/sub/tool.py": [
        "from . import other\nfrom ..base import Base\nBase.size = 4\n",
        "def use(thing):\n    thing.size = 1\n    thing.wide = 2\n    thing.__slots__\n",
        "import pkg.derived\nfrom pkg import derived\nprint(pkg.base.Base.size)\n",
        None,
    ],
    "pkg/sub/other.py": [
        "state = 1\ndef change():\n    global state\n    state = 2\n",
        "state = 1\n",
    ],
    "main.py": [
        "from pkg.sub.other import state\nimport pkg.base\ndef show():\n    return state, pkg.derived\n",
        "import importlib\nfrom pkg import *\nnew = importlib.import_module('pkg.' + name)\n"
        "print(Base.run(1))\nregister(Base)\n",
        "import sys\nsys.path.insert(0, 'pkg')\nimport derived\nD = type('D', (derived.Derived,), {})\n"
        "d = {}\nprint(d.has_key(1))\n",
        "try:\n    import pkg.sub.gone\nexcept ImportError:\n    pass\nexec(open('pkg/derived.py').read())\n",
        "print 'old', {}.iteritems()\n",
    ],
    "queue.py": [None, "import queue\n"],
}


def write(root: Path, name: str, text: str | None) -> None:
    path = root / name
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def findings(root: Path, **overrides: object) -> list[Finding]:
    configuration = Configuration({"select": ("PCL",), **overrides})
    report = run_cache.run(RunRequest((str(root),), jobs=1), configuration)
    assert not report.errors
    return report.findings


@pytest.mark.parametrize("seed", range(6))
def test_a_run_with_the_cache_says_what_a_cold_one_says(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    for name, variants in VARIANTS.items():
        write(tmp_path, name, chance.choice(variants))
    findings(tmp_path)
    for step in range(12):
        name = chance.choice(list(VARIANTS))
        write(tmp_path, name, chance.choice(VARIANTS[name]))
        with_cache = findings(tmp_path)
        cold = findings(tmp_path, no_cache=True)
        assert with_cache == cold, f"step {step}: {name}"


def test_whatever_is_noted_can_be_asked_again() -> None:
    """Only what is registered with a way to ask it again has a name to be noted by."""
    assert set(tracking._NAMES.values()) == set(tracking._ANSWERS)
    tracker = tracking.Tracker()
    with tracker.record(), pytest.raises(KeyError):
        tracker.note(findings, "")
