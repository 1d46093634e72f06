"""What lowers, or raises, the severity of a single finding: a case for each kind, and its opposite."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyconcepts_lint.testing import Project

Make = Callable[..., Project]

COUNTER = "class C:\n    n = 0\n    def tick(self):\n        self.n += 1\n"
PROXY = """\
class Proxy:
    def __init__(self, target):
        self.target = target

    def __getattr__(self, name):
        return getattr(self.target, name)
"""
HIDDEN = "class C:\n    def x(self): pass\n    def set(self, value):\n        self.x = {}\n"
SHARED = "class C:\n{}    def add(self, key):\n        {}\n"
BASE = "class B:\n    def __init__(self):\n        self.x = 1\n"
MAIN = """\
state = {}


def main():
    import use


if __name__ == "__main__":
    main()
"""
SETTING = "class C:\n    rate = 2\n    def set(self, rate):\n        self.rate = rate\n"
READ = "from main import C\nprint(C.rate)\n"
LIVE = "state = None\ndef start():\n    global state\n    state = object()\n"
LATE = "from live import state\ndef use():\n    return state\n"

CASES = {
    "a counter that starts from the class's value": ("PCL103", "note", {"main.py": COUNTER}),
    "a counter that is read through the class": (
        *("PCL103", "warning"),
        {"main.py": COUNTER + "print(C.n)\n"},
    ),
    "a counter of the objects": (
        *("PCL103", "warning"),
        {"main.py": "class C:\n    n = 0\n    def __init__(self):\n        self.n += 1\n"},
    ),
    "a list that grows in place": (
        *("PCL103", "warning"),
        {"main.py": "class C:\n    n = []\n    def tick(self):\n        self.n += [1]\n"},
    ),
    "evidence from tests only": ("PCL101", "note", {"main.py": SETTING, "test_c.py": READ}),
    "evidence from the program": ("PCL101", "warning", {"main.py": SETTING, "use.py": READ}),
    "evidence from both": (
        *("PCL101", "warning"),
        {"main.py": SETTING, "test_c.py": READ, "use.py": READ},
    ),
    "capitals in __init__": (
        *("PCL101", "note"),
        {"main.py": "class C:\n    RATE = 2\n    def __init__(self, r):\n        self.RATE = r\n"},
    ),
    "capitals elsewhere": (
        *("PCL101", "note"),
        {"main.py": "class C:\n    RATE = 2\n    def set(self, r):\n        self.RATE = r\n"},
    ),
    "capitals that wait for their value": (
        *("PCL101", "warning"),
        {"main.py": "class C:\n    POOL = None\n    def set(self, r):\n        self.POOL = r\n"},
    ),
    "the number of an object": (
        *("PCL101", "note"),
        {
            "main.py": "class C:\n    number = 0\n    def __init__(self):\n"
            "        self.number = C.number\n        C.number += 1\n"
        },
    ),
    "a default of the same class": (
        *("PCL102", "note"),
        {"main.py": "class C:\n    x = 0\n    def set(self):\n        self.x = 1\n"},
    ),
    "a method": (
        *("PCL102", "warning"),
        {"main.py": "class C:\n    def x(self): pass\n    def set(self):\n        self.x = 1\n"},
    ),
    "a nested class": (
        *("PCL102", "warning"),
        {"main.py": "class C:\n    class x: pass\n    def set(self):\n        self.x = 1\n"},
    ),
    "a base's default": (
        *("PCL102", "note"),
        {"main.py": "class B:\n    x = 0\nclass C(B):\n    def set(self):\n        self.x = 1\n"},
    ),
    "a base's method": (
        *("PCL102", "warning"),
        {
            "main.py": "class B:\n    def x(self): pass\nclass C(B):\n"
            "    def set(self):\n        self.x = []\n"
        },
    ),
    "a method in a test": (
        *("PCL102", "note"),
        {"test_c.py": "class C:\n    def x(self): pass\n    def set(self):\n        self.x = 1\n"},
    ),
    "a method that a lambda replaces": ("PCL102", "note", {"main.py": HIDDEN.format("lambda: 1")}),
    "a method that another one replaces": (
        "PCL102",
        "note",
        {"main.py": HIDDEN.format("self.set")},
    ),
    "a method that is wrapped": ("PCL102", "note", {"main.py": HIDDEN.format("wrap(self.x)")}),
    "a method that a button hides": (
        *("PCL102", "warning"),
        {"main.py": HIDDEN.format("Button(command=self.x)")},
    ),
    "a method that an argument hides": ("PCL102", "warning", {"main.py": HIDDEN.format("value")}),
    "a method that an argument replaces": (
        *("PCL102", "note"),
        {"main.py": HIDDEN.format("value") + "    def run(self):\n        return self.x()\n"},
    ),
    "a method that a local variable hides": (
        *("PCL102", "warning"),
        {"main.py": HIDDEN.format("now").replace("self.x =", "now = time()\n        self.x =")},
    ),
    "a method with a reason": (
        *("PCL102", "note"),
        {"main.py": HIDDEN.format("None  # the cycle has to be broken")},
    ),
    "a method with a reason above": (
        *("PCL102", "note"),
        {
            "main.py": HIDDEN.format("None").replace(
                "self.x =", "# it is not needed\n        self.x ="
            )
        },
    ),
    "a comment for a tool": (
        *("PCL102", "warning"),
        {"main.py": HIDDEN.format("None  # type: ignore[assignment]")},
    ),
    "a string that looks like a comment": (
        *("PCL102", "warning"),
        {"main.py": HIDDEN.format("'# not a comment'")},
    ),
    "a list of a test": (
        *("PCL104", "note"),
        {"test_c.py": SHARED.format("    x = []\n", "self.x.append(key)")},
    ),
    "a list": (
        "PCL104",
        "warning",
        {"main.py": SHARED.format("    x = []\n", "self.x.append(key)")},
    ),
    "a dictionary of what is the same for all": (
        *("PCL104", "note"),
        {"main.py": SHARED.format("    x = {}\n", "if key not in self.x: self.x[key] = icon(key)")},
    ),
    "a dictionary of what each instance has": (
        *("PCL104", "warning"),
        {
            "main.py": SHARED.format(
                "    x = {}\n", "if key not in self.x: self.x[key] = self.icon(key)"
            )
        },
    ),
    "a dictionary of lists": (
        *("PCL104", "warning"),
        {"main.py": SHARED.format("    x = {}\n", "if key not in self.x: self.x[key] = []")},
    ),
    "a declaration that a base's init hides": (
        *("PCL109", "note"),
        {"main.py": BASE + "class C(B):\n    x: int = 2\n"},
    ),
    "a value that a base's init hides": (
        *("PCL109", "warning"),
        {"main.py": BASE + "class C(B):\n    x = 2\n"},
    ),
    "a package of tests without init": (
        *("PCL201", "note"),
        {"tests/__init__.py": "", "tests/unit/test_a.py": ""},
    ),
    "a package without init": ("PCL201", "warning", {"shop/__init__.py": "", "shop/unit/a.py": ""}),
    "a default that dataclass refuses": (
        *("PCL112", "error"),
        {
            "main.py": "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: list = []\n",
        },
    ),
    "a change of sys.modules": (
        *("PCL211", "note"),
        {"main.py": "import sys\ndel sys.modules['json']\n"},
    ),
    "an import by a dotted name": ("PCL212", "warning", {"main.py": "m = __import__('os.path')\n"}),
    "an import by a name that nobody can see": (
        *("PCL212", "note"),
        {"main.py": "def load(name):\n    return __import__(name)\n"},
    ),
    "an import by a name with dots in it": (
        *("PCL212", "warning"),
        {"main.py": "def load(name):\n    return __import__(f'shop.{name}')\n"},
    ),
    "an import by a plain name": ("PCL212", "note", {"main.py": "m = __import__('os')\n"}),
    "an import whose result is thrown away": (
        *("PCL212", "note"),
        {"main.py": "__import__('os.path')\n"},
    ),
    "an import with a fromlist": (
        *("PCL212", "note"),
        {"main.py": "m = __import__('os.path', fromlist=['join'])\n"},
    ),
    "an import that raises": (
        *("PCL212", "error"),
        {"main.py": "m = __import__('os', None, None, [], -1)\n"},
    ),
    "an importer that is imported late": (
        *("PCL214", "note"),
        {"live.py": LIVE, "late.py": LATE, "main.py": "def run():\n    import late\n"},
    ),
    "an importer that is imported early": (
        *("PCL214", "warning"),
        {"live.py": LIVE, "late.py": LATE, "main.py": "import late\n"},
    ),
    "an importer of a package that is imported late": (
        *("PCL214", "note"),
        {
            "live.py": LIVE,
            "api/__init__.py": "from api import late\n",
            "api/late.py": LATE,
            "late.py": "",
            "main.py": "import late\n\n\ndef run():\n    import api\n",
        },
    ),
    "an importer of a package that is imported early": (
        *("PCL214", "warning"),
        {
            "live.py": LIVE,
            "api/__init__.py": "from api import late\n",
            "api/late.py": LATE,
            "main.py": "import api\n\n\ndef run():\n    import api\n",
        },
    ),
    "an importer that nothing imports": ("PCL214", "warning", {"live.py": LIVE, "late.py": LATE}),
    "a method without self": (
        "PCL401",
        "error",
        {"main.py": "class C:\n    def m():\n        1\n"},
    ),
    "a method of an interface": (
        *("PCL401", "note"),
        {"main.py": "class Interface: pass\nclass I(Interface):\n    def m():\n        1\n"},
    ),
    "a name that Python 2 gave functions, assigned": (
        *("PCL406", "warning"),
        {"main.py": "def f(): pass\nf.func_name = 'g'\n"},
    ),
    "a name that Python 2 gave functions, read": (
        *("PCL406", "error"),
        {"main.py": "def f(): pass\nprint(f.func_name)\n"},
    ),
    "a proxy that is not copied": ("PCL506", "note", {"main.py": PROXY}),
    "a proxy that its own module copies": (
        *("PCL506", "error"),
        {"main.py": "import copy\n" + PROXY + "copy.copy(Proxy(1))\n"},
    ),
    "a proxy that another module pickles": (
        *("PCL506", "error"),
        {"main.py": PROXY, "use.py": "import pickle\nfrom main import Proxy\n"},
    ),
    "no proxy that is copied": (
        *("PCL506", "error"),
        {
            "main.py": "import copy\n"
            + PROXY.replace("getattr(self.target, name)", "self.target[name]")
        },
    ),
    "a demonstration at the end of a module of a package": (
        *("PCL217", "note"),
        {
            "shop/__init__.py": "",
            "shop/main.py": MAIN.replace("import use", "from shop import use"),
            "shop/use.py": "from shop.main import state\n",
        },
    ),
    "a script": ("PCL217", "warning", {"main.py": MAIN, "use.py": "from main import state\n"}),
    "a module of a package that is run by its path": (
        *("PCL217", "warning"),
        {
            "shop/__init__.py": "",
            "shop/main.py": MAIN.replace("import use", "from shop import use"),
            "shop/use.py": "from shop.main import state\n",
            "run.py": "import subprocess, sys\nsubprocess.run([sys.executable, 'shop/main.py'])\n",
        },
    ),
    "print >> in Python 3": (
        *("PCL902", "warning"),
        {"main.py": "import sys\nprint >>sys.stderr, 'x'\n"},
    ),
    "a print statement": ("PCL902", "error", {"main.py": "print 'x'\n"}),
}


@pytest.mark.parametrize("case", CASES)
def test_circumstances_decide(project: Make, case: str) -> None:
    code, severity, files = CASES[case]
    found = project(files).lint(code)
    assert [finding.severity for finding in found] == [severity]


def test_a_method_in_a_stub_never_runs(project: Make) -> None:
    stub = "class C:\n    def m(): ...\n    def n():\n        return 1\n"
    found = project({"api_stubs/thing.py": stub}).lint("PCL401")
    assert [finding.line for finding in found] == [3]
