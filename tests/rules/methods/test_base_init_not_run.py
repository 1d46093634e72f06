"""PCL411: each claim is compared with what happens to a live instance."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

BASE = """
class Base:
    def __init__(self):
        self.items = []

    def put(self, item=1):
        self.items.append(item)
"""


def program(init: str, more: str = "", base: str = BASE, behind: str = "Sub().put()") -> str:
    body = textwrap.indent(f"{init}\n{more}", "    ")
    return f"{base}\n\nclass Sub(Base):\n{body}\n\n{behind}\n"


NOT_RUN = [
    "def __init__(self):\n    self.rate = 2",
    "def __init__(self, *args):\n    pass",
    "def __init__(self):\n    '''Make it.'''\n    # At first.\n    self.rate = 2",
    "def __init__(self):\n    self.set_rate(3)\ndef set_rate(self, rate):\n    self.rate = rate",
    "def __init__(self):\n    for self.rate in (1, 2):\n        print(self.rate)",
]
READS = [
    "def get(self):\n    return self.items",
    "def get(self):\n    return len(self.items)",
    "def get(self):\n    x = 1\n    if self.items and x:\n        return x",
    "def get(self):\n    for item in self.items:\n        print(item)",
    "@property\ndef get(self):\n    return self.items",
    "def get(self):\n    del self.items[0]",
    "def get(self):\n    return [x for x in self.items]",
    "def get(self):\n    with self.items as x:\n        return x",
    "def get(self):\n    self.items += [1]",
    "def get(self):\n    self.items = self.items + [1]",
    "def get(self):\n    self.items *= 2\n    self.items.clear()",
]
MAY_RUN = [
    "def __init__(self):\n    super().__init__()",
    "def __init__(self):\n    Base.__init__(self)",
    "def __init__(self):\n    self.items = []",
    "def __init__(self):\n    helper(self)",
    "def __init__(self):\n    self.reset()\ndef reset(self):\n    super().__init__()",
    "def __init__(self):\n    setattr(self, 'items', [])",
    "def __init__(self):\n    self.__dict__['items'] = []",
    "def __init__(self):\n    me = self\n    me.items = []",
    "items = ()\ndef __init__(self):\n    self.items = [*self.items]",
    "def __getattr__(self, name):\n    return []\ndef __init__(self):\n    pass",
    "def __init__(self):\n    pass\ndef put(self): pass",
    "def __new__(cls):\n    made = object.__new__(cls)\n    made.items = []\n    return made\n"
    "def __init__(self):\n    pass",
    "def __init__(self):\n    self.fill()\ndef fill(self):\n    self.items = []",
]
HELPER = "def helper(x):\n    Base.__init__(x)\n"


@pytest.mark.parametrize("init", NOT_RUN)
def test_what_the_base_makes_is_missing(project: Project, init: str) -> None:
    shop = project(program(init))
    (said,) = shop.messages("PCL411")
    assert said == (
        "`Sub.__init__` doesn't run `Base.__init__`, which alone binds `items`; `Base.put` reads "
        "it: AttributeError there"
    )
    assert "AttributeError: 'Sub' object has no attribute 'items'" in shop.run("main.py").stderr


@pytest.mark.parametrize("init", NOT_RUN)
def test_the_fix_makes_it(project: Project, init: str) -> None:
    shop = project(program(init))
    shop.fix("PCL411", unsafe=True)
    assert shop.run("main.py").stderr == ""
    assert shop.lint("PCL411") == []


@pytest.mark.parametrize("read", READS)
def test_a_method_that_surely_reads_it_fails(project: Project, read: str) -> None:
    base = BASE.partition("    def put")[0]
    shop = project(program(NOT_RUN[0], read, base, "found = Sub().get\nfound()"))
    (said,) = shop.messages("PCL411")
    assert "`Sub.get` reads it" in said
    assert "AttributeError: 'Sub' object has no attribute 'items'" in shop.run("main.py").stderr


@pytest.mark.parametrize("init", MAY_RUN)
def test_what_works_is_left_alone(project: Project, init: str) -> None:
    shop = project(HELPER + program(init))
    assert shop.lint("PCL411") == []
    assert shop.run("main.py").stderr == ""


def test_an_assignment_from_outside_may_come_before(project: Project) -> None:
    shop = project(program(NOT_RUN[0], behind="sub = Sub()\nsub.items = []\nsub.put()"))
    assert shop.lint("PCL411") == []
    assert shop.run("main.py").stderr == ""


@pytest.mark.parametrize(
    "body",
    [
        "if hasattr(self, 'items'):\n            self.items.append(item)",
        "if self.rate != 2:\n            raise ValueError\n        self.items.append(item)",
        "try:\n            self.items.append(item)\n        except AttributeError:\n            pass",
        "return self.rate or self.items",
        "return lambda: self.items",
        "self.items = []\n        self.items.append(item)",
    ],
)
def test_a_method_that_may_not_come_to_it_proves_nothing(project: Project, body: str) -> None:
    base = BASE.replace("self.items.append(item)", body)
    shop = project(program("def __init__(self):\n    self.rate = 2", base=base))
    assert shop.lint("PCL411") == []


def test_a_subclass_with_an_init_of_its_own_may_run_it(project: Project) -> None:
    behind = "class More(Sub):\n    def __init__(self):\n        Base.__init__(self)\nMore().put()"
    shop = project(program(NOT_RUN[0], behind=behind))
    assert shop.lint("PCL411") == []
    assert shop.run("main.py").stderr == ""


def test_the_base_may_lie_in_another_module(project: Project) -> None:
    files = {"base.py": BASE, "main.py": program(NOT_RUN[0], base="from base import Base")}
    shop = project(files)
    assert shop.places("PCL411") == [("main.py", 4, 5)]
    assert "AttributeError" in shop.run("main.py").stderr


def test_a_base_that_is_not_known_may_make_it(project: Project) -> None:
    base = BASE.replace("class Base:", "from nowhere import Root\nclass Base(Root):")
    assert project(program(NOT_RUN[0], base=base)).lint("PCL411") == []


PASSED = [
    ("(self, name)", "(self, name, rate)", "super().__init__(name)"),
    ("(self, name, size=1)", "(self, name, size=2)", "super().__init__(name, size=size)"),
    ("(self, size=1, *, name)", "(self, name)", "super().__init__(name=name)"),
    ("(self, size=1)", "(self, rate)", "super().__init__()"),
    ("(self, name)", "(self, rate)", None),
    ("(self, *, name)", "(self, rate)", None),
]


@pytest.mark.parametrize(("base", "own", "call"), PASSED)
def test_the_fix_passes_what_has_the_same_name(
    project: Project, base: str, own: str, call: str | None
) -> None:
    text = BASE.replace("__init__(self)", f"__init__{base}")
    shop = project(program(f"def __init__{own}:\n    self.rate = 2", base=text, behind=""))
    (finding,) = shop.lint("PCL411")
    assert (finding.fix is None) is (call is None)
    if call is not None:
        assert call in shop.fix("PCL411", unsafe=True)["main.py"]


BODIES = [
    "pass",
    "self.items = []",
    "self.rate = 1",
    "getattr(self, 'other', str)",
    "super().__init__()",
]
BODIES += ["if len('') == 0: Base.__init__(self)", "if len('') == 1: Base.__init__(self)"]
OTHERS = ["", "def other(self): self.items = []", "def other(self): pass", "items = []"]
OTHERS += ["def other(self): Base.__init__(self)", "def put(self): return self.items"]
BASES = [BASE, BASE.replace("self.items = []", "if len('') == 0:\n            self.items = []")]
BASES += [BASE + "    def other(self): return self.items\n", BASE + "    items = ()\n"]


def test_claims_come_true(project: Project) -> None:
    texts = [
        program(f"def __init__(self):\n    {body}", other, base, behind="")
        for body, other, base in itertools.product(BODIES, OTHERS, BASES)
    ]
    shop = project({f"m{number}.py": text for number, text in enumerate(texts)})
    said = {finding.path.rpartition("/")[2]: finding.message for finding in shop.lint("PCL411")}
    assert len(said) > 10
    for path, message in said.items():
        text = texts[int(path[1:-3])]
        names: dict[str, Any] = {"__name__": "main"}
        exec(compile(text, path, "exec"), names)
        method = message.split("`")[7].partition(".")[2]
        with pytest.raises(AttributeError, match="'items'"):
            getattr(names["Sub"](), method)()


def test_the_method_behind_super_reads_it(project: Project) -> None:
    text = program(
        "def __init__(self):\n    self.rate = 2", "def put(self):\n    return super().put(2)"
    )
    made = project(text)
    assert "AttributeError" in made.run("main.py").stderr
    (message,) = made.messages("PCL411")
    assert "`Base.put` reads it" in message


@pytest.mark.parametrize(
    "more",
    [
        "def put(self):\n    return super().other(2)",
        "def put(self, x=0):\n    return x and super().put(2)",
        "def put(self):\n    return lambda: super().put(2)",
        "def put(self):\n    self.items = []\n    return super().put(2)",
    ],
)
def test_what_may_not_come_to_the_method_behind_super_proves_nothing(
    project: Project, more: str
) -> None:
    base = BASE + "\n    def other(self, item):\n        return item\n"
    made = project(program("def __init__(self):\n    self.rate = 2", more, base))
    assert made.run("main.py").returncode == 0
    assert made.messages("PCL411") == []


THREAD = (
    "import threading\n\n\nclass W(threading.Thread):\n    def __init__(self, n):\n"
    "        {}self.n = n\n\n    def run(self):\n        print(self.n)\n\n\nW(1).start()\n"
)


def test_a_thread_without_its_init_does_not_start(project: Project) -> None:
    shop = project(THREAD.format(""))
    assert "RuntimeError: thread.__init__() not called" in shop.run("main.py").stderr
    (said,) = shop.messages("PCL411")
    assert said.endswith("without which `start` raises RuntimeError")
    shop.fix("PCL411", unsafe=True)
    assert shop.run("main.py").stdout == "1\n"
    assert shop.lint("PCL411") == []


@pytest.mark.parametrize("init", ["super().__init__(); ", "threading.Thread.__init__(self); "])
def test_a_thread_with_its_init_starts(project: Project, init: str) -> None:
    shop = project(THREAD.format(init))
    assert shop.lint("PCL411") == []
    assert shop.run("main.py").stdout == "1\n"


def test_a_base_of_the_standard_library_makes_its_attributes(project: Project) -> None:
    shop = project(
        "import queue\n\n\nclass Q(queue.Queue):\n"
        "    def __init__(self):\n        self.tags = []\n\n\nQ().put('a')\n"
    )
    assert "AttributeError" in shop.run("main.py").stderr
    assert len(shop.lint("PCL411")) == 1
    shop.fix("PCL411", unsafe=True)
    assert shop.run("main.py").stderr == ""


FILLED = (
    "class Plugin:\n    def __init__(self):\n        self._settings = {}\n\n"
    "    def setting(self, name):\n        return self._settings[name]\n\n\n"
    "def load(plugin, **injected):\n    for name, value in injected.items():\n"
    "        setattr(plugin, '_' + name, value)\n"
)


def test_a_module_that_knows_the_base_may_set_attributes_by_computed_names(
    project: Project,
) -> None:
    own = (
        "class Mail(Plugin):\n    def __init__(self):\n        self.sent = []\n\n\nmail = Mail()\n"
    )
    shop = project(
        {
            "plugin.py": FILLED,
            "main.py": f"from plugin import Plugin, load\n\n\n{own}load(mail, settings={{'a': 1}})\n"
            "print(mail.setting('a'))\n",
        }
    )
    assert shop.run("main.py").stdout == "1\n"
    assert shop.places("PCL411") == []


def test_a_written_name_is_no_computed_one(project: Project) -> None:
    files = {
        "plugin.py": FILLED.replace("'_' + name", "'name'"),
        "main.py": "from plugin import Plugin\n\n\nclass Mail(Plugin):\n    def __init__(self):\n"
        "        self.sent = []\n\n\nMail().setting('a')\n",
    }
    shop = project(files)
    assert "AttributeError" in shop.run("main.py").stderr
    assert shop.places("PCL411") == [("main.py", 5, 5)]
