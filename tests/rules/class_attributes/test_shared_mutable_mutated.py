"""PCL104: changes in place of what a class body has made.

What the sources below claim is tried out: after the change, another instance sees it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.base.finding import Finding

CODE = "PCL104"
Make = Callable[..., Any]

# What is made in a class body, and the changes of it: every one of them must really change it.
CHANGES = {
    "[3, 1, 2]": (
        *("self.x.append(4)", "self.x.extend([4])", "self.x.insert(0, 4)", "self.x.remove(3)"),
        *("self.x.pop()", "self.x.clear()", "self.x.sort()", "self.x.reverse()"),
        *("self.x[0] = 4", "self.x[:] = [4]", "del self.x[0]", "del self.x[1:]", "self.x[0] += 1"),
        *("a, self.x[0] = 4, 5", "for self.x[0] in [4]: pass", "*self.x[:1], a = 4, 5, 6"),
        *("(lambda: self.x.append(4))()", "[self.x.append(a) for a in [4]]"),
        *("self . x . append(4)", "(self.x).append(4)", "(self).x[0] = 4", "a = 1; self.x.pop()"),
        *("if self.x.pop(): pass", "print(end='', *[self.x.pop()])", "self.x[0]: int = 4"),
        *("with nullcontext(4) as self.x[0]: pass", "del (self.x[0])", "self.x.pop().real"),
        "def inner():\n    self.x.append(4)\ninner()",
        "self.x[\n    0\n] = 4",
        "self.x.\\\n    append(4)",
        "class Inner:\n    def go(this):\n        self.x.append(4)\nInner().go()",
    ),
    "[a for a in (1, 2)]": ("self.x.append(4)",),
    "list((1, 2))": ("self.x.append(4)", "del self.x[:]"),
    "{1: 2, 3: 4}": (
        *("self.x[5] = 6", "self.x[1] += 6", "del self.x[1]", "self.x.update({5: 6})"),
        *("self.x.pop(1)", "self.x.popitem()", "self.x.clear()", "self.x.setdefault(5, 6)"),
        "self.x.setdefault(5, []).append(7)",
    ),
    "dict(a=1)": ("self.x['b'] = 6",),
    "{1, 2}": (
        *("self.x.add(3)", "self.x.discard(1)", "self.x.remove(1)", "self.x.pop()"),
        *("self.x.clear()", "self.x.update({3})", "self.x.difference_update({1})"),
        *("self.x.intersection_update({1})", "self.x.symmetric_difference_update({1})"),
    ),
    "set()": ("self.x.add(3)",),
    "bytearray(b'abc')": ("self.x.append(4)", "self.x[0] = 4", "self.x.extend(b'd')"),
    "collections.deque([1, 2])": (
        *("self.x.append(4)", "self.x.appendleft(4)", "self.x.extendleft([4])", "self.x.popleft()"),
        *("self.x.rotate(1)", "self.x[0] = 4"),
    ),
    "deque([1, 2])": ("self.x.popleft()",),
    "defaultdict(list)": ("self.x[1] = 2", "self.x.update({5: 6})"),
    "OrderedDict(a=1, b=2)": ("self.x.move_to_end('a')", "self.x['c'] = 3"),
    "Counter('aab')": ("self.x.subtract('a')", "self.x.update('b')", "self.x['c'] = 3"),
}


def program(value: str, change: str) -> str:
    body = textwrap.indent(change, " " * 8)
    return (
        "import collections\n"
        "from collections import Counter, OrderedDict, defaultdict, deque\n"
        "from contextlib import nullcontext\n\n\n"
        f"class C:\n    x = {value}\n\n    def act(self):\n{body}\n"
    )


@pytest.mark.parametrize(
    ("value", "change"), [(value, change) for value in CHANGES for change in CHANGES[value]]
)
def test_every_change_in_place_is_found_and_seen_by_all(
    project: Make, value: str, change: str
) -> None:
    names: dict[str, Any] = {}
    exec(program(value, change), names)
    one, other = names["C"](), names["C"]()
    before = repr(other.x)
    one.act()
    assert repr(other.x) != before
    assert vars(one) == {}
    (finding,) = project(program(value, change)).lint(CODE)
    assert "`C.x`, which all instances of `C` share" in finding.message


def check(project: Make, files: str | dict[str, str], **settings: Any) -> Any:
    """The rule speaks of exactly the lines with a comment `#: 104`."""
    files = {"main.py": files} if isinstance(files, str) else files
    files = {path: textwrap.dedent(text) for path, text in files.items()}
    small = project(files, **settings)
    wanted = [
        (path, number)
        for path, text in files.items()
        for number, line in enumerate(text.split("\n"), 1)
        if "#: 104" in line
    ]
    assert sorted((path, line) for path, line, _ in small.places(CODE)) == sorted(wanted)
    return small


@pytest.mark.parametrize(
    "change",
    [
        *("self.x.index(3)", "self.x.copy()", "self.x[0]", "self.x + [1]", "len(self.x)"),
        *("self.x.x.append(1)", "other.x.append(1)", "self.x[0].append(1)", "x.append(1)"),
        *("self.x.popitem()", "self.x.add(1)", "self.x.update({})", "self.x.append"),
        *("C.x.append(1)", "self.y.append(1)", "self.z.append(1)", "self.w.append(1)"),
        *("(self or other).x.append(1)", "self.x == []", "self.v.append(1)", "self.u.append(1)"),
    ],
)
def test_what_changes_nothing_shared_is_left_alone(project: Make, change: str) -> None:
    source = f"""\
        class Known:
            def append(self, item): ...


        class C:
            x = [3]
            y = "a b".split()
            z = (1, 2)
            w = unknown()
            v = Known()
            u: list

            def act(self, other):
                {change}
        """
    check(project, source)


BINDINGS = {
    "__init__": "def __init__(self): self.x = []",
    "another method": "def reset(self): self.x = []",
    "a copy": "def reset(self): self.x = self.x + []",
    "augmented": "def reset(self): self.x += []",
    "tuple": "def reset(self): a, self.x = 1, []",
    "setattr": "def reset(self): setattr(self, 'x', [])",
    "dynamic setattr": "def reset(self, name): setattr(self, name, [])",
    "dictionary": "def reset(self, **kw): self.__dict__.update(kw)",
    "vars": "def reset(self, **kw): vars(self).update(kw)",
    "of another instance": "def twin(self, other): other.x = []",
    "read through the class": "def twin(self): return C.x",
    "read through type(self)": "def twin(self): return type(self).x",
    "read through cls": "@classmethod\n    def twin(cls): return cls.x",
    "written through the class": "def reset(self): C.x = []",
    "__getattribute__": "def __getattribute__(self, name): return []",
}


@pytest.mark.parametrize("binding", BINDINGS)
def test_silent_where_an_instance_may_have_its_own_or_sharing_is_shown(
    project: Make, binding: str
) -> None:
    check(
        project,
        f"class C:\n    x = []\n\n    {BINDINGS[binding]}\n\n"
        "    def act(self):\n        self.x.append(1)\n",
    )


@pytest.mark.parametrize(
    "line",
    [
        "x: ClassVar[list] = []",
        "x: typing.ClassVar = []",
        "x: 'ClassVar[list[int]]' = []",
        "x: Final = []",
        "x = None",
        "x = []; x = ()",
        "x = []; del x",
    ],
)
def test_declared_sharing_and_what_is_no_mutable_object_are_left_alone(
    project: Make, line: str
) -> None:
    check(
        project,
        "import typing\nfrom typing import ClassVar, Final\n\n\n"
        f"class C:\n    {line}\n\n    def act(self):\n        self.x.append(1)\n",
    )


@pytest.mark.parametrize(
    "name", ["_cache", "REGISTRY", "memo", "_instances", "registries", "_pool", "offset_cache"]
)
def test_what_is_called_a_cache_or_a_registry_is_left_alone(project: Make, name: str) -> None:
    check(
        project,
        f"class C:\n    {name} = []\n\n    def act(self):\n        self.{name}.append(1)\n",
    )


def test_kinds_of_classes_and_methods_that_are_left_alone(project: Make) -> None:
    check(
        project,
        """\
        import dataclasses
        import enum
        from unknown import Base, decorate, define, make


        def made_here(model):
            return make(model)


        @dataclasses.dataclass
        class Fields:
            x: list = dataclasses.field(default_factory=list)

            def act(self):
                self.x.append(1)


        class Colour(enum.Enum):
            x = []

            def act(self):
                self.x.append(1)


        class Unresolved(Base):
            x = []
            y = make()
            z: list = []

            def act(self):
                self.x.append(1)  #: 104
                self.y.append(1)
                self.z.append(1)


        @decorate
        class Decorated:
            x = []

            def act(self):
                self.x.append(1)  #: 104


        @define
        class Defined:
            x = []

            def act(self):
                self.x.append(1)


        @made_here
        class Remade:
            x = []

            def act(self):
                self.x.append(1)


        class Meta(type):
            x = []

            def act(cls):
                cls.x.append(1)


        class Plain:
            x = []

            @staticmethod
            def act(self):
                self.x.append(1)

            @classmethod
            def make(self):
                self.x.append(1)

            @decorate
            def wrapped(self):
                self.x.append(1)

            def rebound(self, other):
                self = other
                self.x.append(1)

            def other(self, this):
                this.x.append(1)

            def shadowed(self):
                return [self.x.append(1) for self in ()]

            def by_class(self):
                self.x.append(1)
        """,
    )


def test_inherited_objects_count_also_from_other_modules(project: Make) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/base.py": """\
            class Base:
                items = []
                own = []
                late = []

                def add(self, item):
                    self.items.append(item)  #: 104
                    self.late.append(item)
            """,
        "pkg/sub.py": """\
            from .base import Base


            class Sub(Base):
                own = {}

                def put(me, item):
                    me.items.append(item)  #: 104
                    me.own[item] = item  #: 104
                    me.own.append(item)


            class Bound(Base):
                def __init__(self):
                    self.late = []
            """,
    }
    small = check(project, files)
    fixed = small.fix(CODE, unsafe=True)
    assert (
        "class Sub(Base):\n    def __init__(self):\n        self.own = {}\n" in fixed["pkg/sub.py"]
    )
    assert "        super().__init__()\n        self.late = []\n" in fixed["pkg/sub.py"]
    assert "    def __init__(self):\n        self.items = []\n" in fixed["pkg/base.py"]


def test_the_other_way_keeps_what_the_program_does(project: Make) -> None:
    small = project(
        """\
        class Cart:
            items = []
            prices = {}

            def add(self, item, price):
                self.items.append(item); self.prices[item] = price  # both
                del self.prices[item], self.items[0]
                self.items.append(item)


        one, other = Cart(), Cart()
        one.add("apple", 3)
        print(other.items, other.prices, vars(one))
        """
    )
    before = small.run("main.py").stdout
    assert before == "['apple'] {} {}\n"
    while found := small.lint(CODE):
        small.write({"main.py": after_fix(found, alternative=True)})
    fixed = small.texts()["main.py"]
    assert "        Cart.items.append(item); Cart.prices[item] = price  # both\n" in fixed
    assert small.run("main.py").stdout == before


def test_silent_where_a_subclass_has_its_own_and_one_way_where_the_class_has_no_name(
    project: Make,
) -> None:
    small = project(
        """\
        class Base:
            x = []
            y = []

            def act(self):
                self.x.append(1)

            def hidden(self, Base):
                self.y.append(1)


        class Sub(Base):
            x = []
        """
    )
    ((line, fix),) = [(finding.line, finding.fix) for finding in small.lint(CODE)]
    assert line == 9
    assert fix is not None
    assert fix.alternatives == ()


# What doesn't undo the claim

ITEMS = {
    "[[0] * 3] * 3": ("self.x[0][1] = 4",),
    "[[0] * 3 for _ in range(3)]": ("self.x[0][1] = 4",),
    "[3 * [0]] * 3": ("self.x[0].append(4)",),
    "{'a': [1], 'b': 2}": ("self.x['a'].append(3)", "self.x['a'][0] = 3", "del self.x['a'][0]"),
    "{'a': [1], 'b': [2]}": ("k = 'a'; self.x[k].append(3)", "self.x['a'][0] += 1"),
    "[[1], [2]]": ("self.x[0].append(3)", "self.x[0][0] = 3", "self.x[-1].clear()"),
    "[[]] * 2": ("self.x[0].append(3)",),
    "[[i] for i in range(2)]": ("self.x[0].append(3)",),
    "{i: {} for i in range(2)}": ("self.x[0]['a'] = 3", "self.x[0].update(a=1)"),
    "defaultdict(list)": ("self.x['a'].append(3)",),
    "collections.defaultdict(lambda: [1])": ("self.x['a'].append(3)", "self.x['a'][0] = 3"),
}


@pytest.mark.parametrize(
    ("value", "change"), [(value, change) for value in ITEMS for change in ITEMS[value]]
)
def test_items_of_the_shared_object_count(project: Make, value: str, change: str) -> None:
    names: dict[str, Any] = {}
    exec(program(value, change), names)
    one, other = names["C"](), names["C"]()
    before = repr(other.x)
    one.act()
    assert repr(other.x) != before
    small = project(program(value, change))
    (finding,) = small.lint(CODE)
    assert re.search(r"changes a \w+ in the \w+ `C\.x`, which all", finding.message)
    assert finding.fix is not None
    names = {}
    exec(small.fix(CODE, unsafe=True)["main.py"], names)
    one, other = names["C"](), names["C"]()
    one.act()
    assert repr(other.x) != repr(one.x)


@pytest.mark.parametrize(
    ("value", "change"),
    [
        ("{}", "self.x['a'].append(3)"),
        ("{'a': (1,), 'b': [2]}", "self.x[self.k].append(3)"),
        ("{'a': [1]}", "self.x['a'].update(3)"),
        ("[1, [2]]", "self.x[1].append(3)"),
        ("defaultdict(make)", "self.x['a'].append(3)"),
        ("{'a': [1]}", "self.x['a'].index(3)"),
    ],
)
def test_items_that_may_be_anything_are_left_alone(project: Make, value: str, change: str) -> None:
    assert project(program(value, change)).lint(CODE) == []


def test_a_name_without_annotation_is_no_field_of_a_dataclass(project: Make) -> None:
    small = check(
        project,
        """\
        from collections import deque
        from dataclasses import dataclass
        from typing import ClassVar


        @dataclass
        class Note:
            title: str = ""
            tags = []
            last = deque(maxlen=3)
            seen: ClassVar[list] = []

            def tag(self, word):
                self.tags.append(word)  #: 104
                self.last.append(word)  #: 104
                self.seen.append(word)


        @dataclass(order=True)
        class Ordered:
            tags = {1: 2}
            title: str

            def tag(self, word):
                self.tags[word] = word  #: 104


        @dataclass
        class Below(Note):
            more: int = 0

            def untag(self, word):
                self.tags.remove(word)  #: 104
        """,
    )
    fixed = small.fix(CODE, unsafe=True)["main.py"]
    assert "from dataclasses import dataclass, field\n" in fixed
    assert "    tags: list = field(default_factory=list, init=False)\n" in fixed
    assert "default_factory=lambda: deque(maxlen=3), init=False)\n" in fixed
    small.write(
        {
            "check.py": """\
                from main import Below, Ordered

                one, other = Below("a"), Below("b")
                one.tag("c")
                assert (other.tags, [*other.last], one.title, one.tags) == ([], [], "a", ["c"])
                first, second = Ordered("a"), Ordered("b")
                first.tag(5)
                assert second.tags == {1: 2}
                assert first < second
                """
        }
    )
    assert small.run("check.py").stderr == ""


@pytest.mark.parametrize("decorator", ["@dataclass(frozen=True)", "@attr.s", "@attr.define"])
def test_other_makers_of_fields_are_left_alone(project: Make, decorator: str) -> None:
    check(
        project,
        f"import attr\nfrom dataclasses import dataclass\n\n\n{decorator}\nclass C:\n"
        "    x = []\n\n    def act(self):\n        self.x.append(1)\n",
    )


def test_a_subclass_with_its_own_leaves_the_base_and_the_others(project: Make) -> None:
    small = check(
        project,
        """\
        class Report:
            lines = []

            def add(self, line):
                self.lines.append(line)  #: 104


        class Titled(Report):
            lines = ["title"]


        class Draft(Report):
            pass
        """,
    )
    (finding,) = small.lint(CODE)
    assert finding.message.endswith("which all instances of `Report` share, but those of `Titled`")
    names: dict[str, Any] = {}
    exec(small.fix(CODE, unsafe=True)["main.py"], names)
    for name in ("Report", "Titled", "Draft"):
        names[name]().add("x")
    made = [names[name]().lines for name in ("Report", "Titled", "Draft")]
    assert made == [[], ["title"], []]


def test_what_hasattr_guards_never_runs_for_a_class_attribute(project: Make) -> None:
    small = check(
        project,
        """\
        class Field:
            attrs = {}
            others = {}

            def __init__(self, **attrs):
                if not hasattr(self, "attrs"):
                    self.attrs = {}
                if hasattr(self, "others"):
                    pass
                else:
                    self.others = {}
                self.attrs.update(attrs)  #: 104
                self.others.update(attrs)  #: 104
        """,
    )
    assert small.lint("PCL102") == []
    names: dict[str, Any] = {}
    exec(small.fix(CODE, unsafe=True)["main.py"], names)
    names["Field"](a=1)
    assert names["Field"]().attrs == {} == names["Field"]().others


FIRST = {
    "it is bound only later": ("self.n = 1\nself.x.append(1)\nself.x = []", True),
    "another method binds it": ("self.x.append(1)", True),
    "a base runs first": ("super().__init__()\nself.x.append(1)", True),
    "an attribute is read": ("if self.n:\n    self.x.append(self.n)", True),
    "it is bound before": ("self.x = []\nself.x.append(1)", False),
    "under a condition": ("if self.n:\n    self.x = []\nself.x.append(1)", False),
    "in an earlier turn": ("for i in 1, 2:\n    self.x.append(i)\n    self.x = []", False),
    "by a method": ("self.reset()\nself.x.append(1)", False),
    "by a function": ("prepare(self)\nself.x.append(1)", False),
    "in a function that runs later": ("self.act = lambda: self.x.append(1)\nself.x = []", False),
}


@pytest.mark.parametrize("name", FIRST)
def test_in_init_nothing_may_have_been_bound_yet(project: Make, name: str) -> None:
    body, found = FIRST[name]
    small = project(
        "class B:\n    n = 1\n\n\nclass C(B):\n    x = []\n\n    def __init__(self):\n"
        + textwrap.indent(body, " " * 8)
        + "\n\n    def reset(self):\n        self.x = []\n"
    )
    assert bool(small.lint(CODE)) is found


@pytest.mark.parametrize(
    "other",
    [
        "class D(C):\n    def __init__(self):\n        self.x = []\n        super().__init__()\n",
        "class D(C):\n    def __new__(cls):\n        return super().__new__(cls)\n",
    ],
)
def test_something_may_have_bound_it_before_init(project: Make, other: str) -> None:
    text = "class C:\n    x = []\n\n    def __init__(self):\n        self.x.append(1)\n"
    text += "\n    def reset(self):\n        self.x = []\n\n\n"
    assert project(text).lint(CODE) != []
    assert project(text + other).lint(CODE) == []


# Where it goes


def after_fix(findings: list[Finding], *, alternative: bool = False) -> str:
    """The text of the file after the fix of the first finding, or the only other one."""
    fix = findings[0].fix
    assert fix is not None
    assert fix.applicability == "unsafe"
    if alternative:
        (fix,) = fix.alternatives
    path = Path(findings[0].path)
    lines = path.read_bytes().decode().splitlines(keepends=True)
    for edit in sorted(fix.edits, key=lambda edit: edit.start, reverse=True):
        text = "".join(lines)
        start, end = (
            sum(map(len, lines[: line - 1])) + column - 1
            for line, column in ((edit.start_line, edit.start_column), edit.end)
        )
        lines = (text[:start] + edit.new_text + text[end:]).splitlines(keepends=True)
    return "".join(lines)


MOVES = {
    "into an __init__": (
        """\
        class C:
            x = []  # what is in it

            def __init__(self, a):
                self.a = a

            def act(self):
                self.x.append(1)
        """,
        """\
        class C:
            def __init__(self, a):
                self.x = []  # what is in it
                self.a = a

            def act(self):
                self.x.append(1)
        """,
    ),
    "below a docstring and above a comment": (
        '''\
        class C:
            """A class."""

            x = {
                1: 2,
            }
            y = 3

            def __init__(this):
                """Make one."""
                # then
                this.a = 1

            def act(self):
                self.x[3] = 4
        ''',
        '''\
        class C:
            """A class."""

            y = 3

            def __init__(this):
                """Make one."""
                this.x = {
                    1: 2,
                }
                # then
                this.a = 1

            def act(self):
                self.x[3] = 4
        ''',
    ),
    "into a new __init__": (
        """\
        class C:
            x = []

            # Acts.
            def act(self):
                self.x.append(1)
        """,
        """\
        class C:
            def __init__(self):
                self.x = []

            # Acts.
            def act(self):
                self.x.append(1)
        """,
    ),
    "with an annotation, which stays": (
        """\
        class C:
            x: list[int] = []  # what is in it

            @property
            def act(self):
                self.x.append(1)
        """,
        """\
        class C:
            x: list[int]  # what is in it

            def __init__(self):
                self.x = []

            @property
            def act(self):
                self.x.append(1)
        """,
    ),
    "a private name": (
        """\
        class C:
            __x = []

            def __init__(self):
                pass

            def act(self):
                self.__x.append(1)
        """,
        """\
        class C:
            def __init__(self):
                self.__x = []
                pass

            def act(self):
                self.__x.append(1)
        """,
    ),
}


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_it_is_made_in_init(project: Make, move: str, newline: str) -> None:
    before, after = (textwrap.dedent(text).replace("\n", newline) for text in MOVES[move])
    small = project({"main.py": before.encode()})
    assert after_fix(small.lint(CODE)) == after
    names: dict[str, Any] = {}
    exec(after, names)
    made = [names["C"](*([1] if "(self, a)" in after else [])) for _ in range(2)]
    kept = [vars(instance) for instance in made]
    getattr(made[0], "act")() if "@property" not in after else made[0].act  # noqa: B009
    (name,) = [name for name in kept[0] if name.endswith("x")]
    assert kept[0][name] != kept[1][name]


# Sources of all sorts


def test_python2_source(project: Make) -> None:
    small = project(
        """\
        class Cart:
            items = []

            def add(self, item):
                print "adding", item
                self.items.append(item)
        """
    )
    assert small.places(CODE) == [("main.py", 6, 9)]


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("class C:\r\n\tx = []\r\n\tdef act(self):\r\n\t\tself.x.append(1)\r\n", (4, 3)),
        ("class C:\n    x = []\n    def act(self): 'é'; self.x.append('ü')\n", (3, 25)),
        ("class C:\n    x = []\n\f\n    def act(self): del self.x[0]\n", (4, 24)),
        ("def f():\n    class C:\n        x = []\n        def act(self): self.x.pop()\n", (4, 24)),
        ("class C:\n    class D:\n        x = []\n        def act(self): self.x.pop()\n", (4, 24)),
        (
            "class C:\n    x = []\n    async def act(self):\n        async with self.x.pop(): ...",
            (4, 20),
        ),
    ],
)
def test_odd_sources(project: Make, source: str, place: tuple[int, int]) -> None:
    assert project({"main.py": source.encode()}).places(CODE) == [("main.py", *place)]


OUTSIDE = {
    "a variable": "c = Cart()\nc.x.append(1)\n",
    "a local": "def f():\n    c = Cart()\n    c.x += [] or []\n    c.x.append(1)\nf()\n",
    "made on the spot": "Cart().x.append(1)\n",
    "an item": "cs = [Cart(), Cart()]\ncs[1].x.append(1)\n",
    "an item under a name": "cs = [Cart() for _ in range(3)]\nc = cs[1 % 2]\nc.x.append(1)\n",
    "a loop variable": "for c in (Cart(), Cart()):\n    c.x.append(1)\n",
    "numbered": "cs = []\ncs.append(Cart())\nfor n, c in enumerate(cs):\n    c.x.append(n)\n",
    "values": "cs = {'a': Cart()}\nfor k, c in cs.items():\n    c.x.append(k)\n",
    "the result of a function": "def make():\n    return Cart()\nmake().x.append(1)\n",
    "an argument": "def add(c, n):\n    c.x.append(n)\nadd(Cart(), 1)\n",
    "an attribute": "class Shop:\n    def __init__(self):\n        self.c = Cart()\n"
    "    def add(self):\n        self.c.x.append(1)\nShop().add()\n",
    "one of two": "import sys\nc = Cart() if sys.argv else Cart()\nc.x.append(1)\n",
    "a subclass": "class Big(Cart):\n    pass\nBig().x.append(1)\n",
    "a walrus": "if (c := Cart()):\n    c.x.append(1)\n",
    "an item of it": "c = Cart()\nc.x[:] = [1]\n",
}


@pytest.mark.parametrize("text", OUTSIDE.values(), ids=OUTSIDE)
def test_instances_are_known_outside_of_their_class(project: Make, text: str) -> None:
    head, check = "class Cart:\n    x = []\n", "\nprint(Cart.x != [])\n"
    own = "class Cart:\n    def __init__(self):\n        self.x = []\n"
    if "+=" not in text:
        made = project(head + text + check.replace("Cart.x", "Cart().x"))
        assert made.run("main.py").stdout == "True\n"
        assert len(made.places(CODE)) == 1
    else:
        assert project(head + text).places(CODE) == []
    assert project(own + text).places(CODE) == []


@pytest.mark.parametrize(
    "text",
    [
        "c = Cart()\nc.x = []\nc.x.append(1)\n",
        "def add(c):\n    c.x.append(1)\n",
        "def add(c):\n    c.x.append(1)\nadd(Cart())\nadd(make())\n",
        "def add(c):\n    c.x.append(1)\nadd(Cart())\nrun(add)\n",
        "for c in make():\n    c.x.append(1)\n",
        "cs = [Cart()]\nfill(cs)\ncs[0].x.append(1)\n",
        "c = Cart()\nc = make()\nc.x.append(1)\n",
        "c = Cart()\nc.y.append(1)\n",
        "Cart.x.append(1)\n",
        "class Big(Cart):\n    def __init__(self):\n        self.x = []\nBig().x.append(1)\n",
    ],
)
def test_what_may_be_another_object_is_left_alone(project: Make, text: str) -> None:
    head = "from elsewhere import fill, make, run\n\nclass Cart:\n    x = []\n"
    assert project(head + text).places(CODE) == []


def test_the_class_of_another_module_gets_one_for_each(project: Make) -> None:
    made = project(
        {
            "cart.py": "class Cart:\n    items = []\n\n\ndef make():\n    return Cart()\n",
            "main.py": "from cart import make\n\none, two = make(), make()\n"
            "one.items.append(1)\nprint(two.items)\n",
        }
    )
    assert made.places(CODE) == [("main.py", 4, 1)]
    assert made.run("main.py").stdout == "[1]\n"
    made.fix(CODE, unsafe=True)
    assert made.run("main.py").stdout == "[]\n"
    assert made.places(CODE) == []


def test_a_private_list_is_found_through_another_instance(project: Make) -> None:
    made = project(
        "class Cart:\n    __x = []\n    def take(self, n):\n        other = Cart()\n"
        "        other.__x.append(n)\n        return self.__x\nprint(Cart().take(1))\n"
    )
    assert made.places(CODE) == [("main.py", 5, 9)]
    assert made.run("main.py").stdout == "[1]\n"


UNKNOWN_BASES = {
    "plain": ("class C(Base):\n    x = []\n", True),
    "in a package": ("class C(unknown.Base):\n    x = []\n", True),
    "through a class": ("class A(Base):\n    pass\nclass C(A):\n    x = {}\n", True),
    "with an __init__": (
        "class C(Base):\n    x = []\n    def __init__(self):\n        pass\n",
        True,
    ),
    "bound": ("class C(Base):\n    x = []\n    def __init__(self):\n        self.x = []\n", False),
    "bound below": (
        "class C(Base):\n    x = []\nclass D(C):\n    def set(self):\n        self.x = []\n",
        False,
    ),
    "made": ("class C(Base):\n    x = make()\n", False),
    "annotated": ("class C(Base):\n    x: list = []\n", False),
    "a number": ("class C(Base):\n    x = 0\n", False),
    "of that base": ("class A(Base):\n    x = []\nclass C(A):\n    pass\n", False),
    "decorated": ("@decorate\nclass C(Base):\n    x = []\n", True),
    "fields": ("@unknown.define\nclass C(Base):\n    x = []\n", False),
    "with a metaclass": ("class C(Base, metaclass=make):\n    x = []\n", False),
    "two imports": (
        "try:\n    from new import Base\nexcept ImportError:\n    pass\n"
        "class C(Base):\n    x = []\n",
        True,
    ),
    "hooked": (
        "class C(Base):\n    x = []\n    def __setattr__(self, n, v):\n        pass\n",
        False,
    ),
    "a registry": ("class C(Base):\n    x_registry = x = []\n", True),
    "used through the class": ("class C(Base):\n    x = []\nC.x.append(1)\n", False),
    "a form": ("from django import forms\nclass C(forms.Form):\n    x = []\n", True),
    "a model of data": (
        "import pydantic\nclass C(pydantic.BaseModel):\n    x = []\n",
        False,
    ),
    "nothing known at all": ("class C(make()):\n    x = []\n", False),
}


@pytest.mark.parametrize(("text", "is_said"), UNKNOWN_BASES.values(), ids=UNKNOWN_BASES)
def test_a_base_that_was_not_found_is_named_as_a_condition(
    project: Make, text: str, is_said: bool
) -> None:
    head = "import unknown\nfrom unknown import Base, decorate, make\n"
    lines = text.splitlines()
    place = max(n for n, line in enumerate(lines) if line.startswith("class C("))
    lines.insert(place + 1, "    def act(self):\n        self.x.pop()")
    messages = project(head + "\n".join(lines) + "\n").messages(CODE)
    assert len(messages) == is_said
    for message in messages:
        unless = re.fullmatch(
            r".* share, unless `(\w+)`, which was not found, sets `x` itself"
            r"(, or `decorate`, which was not found, changes the class)?",
            message,
        )
        assert unless is not None
        assert unless[1] in ("Base", "Form")
        assert bool(unless[2]) is text.startswith("@decorate")


SEVERAL = {
    "two imports": ("from unknown import Base", "from unknown.old import Base", True),
    "a class in its place": ("from unknown import Base", "class Base: pass", True),
    "object in its place": ("from unknown import Base", "Base = object", True),
    "one that binds it": (
        "from unknown import Base",
        "class Base:\n        def __init__(self): self.x = []",
        False,
    ),
    "a call in its place": ("from unknown import Base", "Base = made()", False),
    "nothing in its place": ("from unknown import Base", "print('missing')", True),
}


@pytest.mark.parametrize(("first", "second", "is_said"), SEVERAL.values(), ids=SEVERAL)
def test_what_holds_for_all_that_a_base_may_be_is_said(
    project: Make, first: str, second: str, is_said: bool
) -> None:
    text = f"""
try:
    {first}
except ImportError:
    {second}

class C(Base):
    x = []
    def act(self):
        self.x.pop()
"""
    found = project(text).messages(CODE)
    assert [m.endswith("unless `Base`, which was not found, sets `x` itself") for m in found] == (
        [True] if is_said else []
    )


def test_what_an_unknown_base_is_given_is_handed_on(project: Make) -> None:
    made = project(
        {
            "main.py": "from base import Base\n\nclass C(Base):\n    x = []\n\n    def act(self):\n"
            "        self.x.append(self.n)\n        return self.x\n"
        }
    )
    assert len(made.lint(CODE)) == 1
    text = made.fix(CODE, unsafe=True)["main.py"]
    base = "class Base:\n    def __init__(self, n):\n        self.n = n\n"
    names: dict[str, Any] = {}
    exec(base + text.replace("from base import Base\n", ""), names)
    assert [names["C"](number).act() for number in (1, 2)] == [[1], [2]]
