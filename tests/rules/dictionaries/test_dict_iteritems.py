"""PCL701: Python 2's dictionary methods, and what stands in their place."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections import deque
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

CODE = "PCL701"
Project = Callable[..., Any]


def fixed(project: Project, source: str, **options: Any) -> str:
    text: str = project(source).fix(CODE, **options)["main.py"]
    return text


def applicabilities(project: Project, source: Any) -> list[str | None]:
    return [finding.fix and finding.fix.applicability for finding in project(source).lint(CODE)]


# What is said


def test_each_of_the_six_is_named_with_what_replaces_it(project: Project) -> None:
    found = project(
        """
        def f(d):
            d.iteritems()
            d.iterkeys()
            d.itervalues()
            d.viewitems()
            d.viewkeys()
            d.viewvalues()
        """
    )
    assert found.places(CODE) == [("main.py", line, 5) for line in range(3, 9)]
    messages = found.messages(CODE)
    for old, message in zip(
        ("iteritems", "iterkeys", "itervalues", "viewitems", "viewkeys", "viewvalues"),
        messages,
        strict=True,
    ):
        assert old not in dir({})
        assert f"`d.{old}()`: dictionaries have no `{old}` in Python 3" in message
        assert f"`{old[4:]}()` returns a view" in message
    assert ["builds no list" in message for message in messages] == [True] * 3 + [False] * 3


def test_what_is_known_to_be_a_dictionary_is_called_one(project: Project) -> None:
    found = project(
        """
        from collections import OrderedDict, defaultdict
        class Own(dict): pass
        def f(**options):
            options.iteritems()
            {1: 2}.iteritems()
            {x: x for x in "ab"}.iteritems()
            dict(a=1).iteritems()
            defaultdict(list).iteritems()
            OrderedDict().iteritems()
            Own().iteritems()
            globals().iteritems()
            local = {}
            copied = local.copy()
            copied.iteritems()
        """
    )
    messages = found.messages(CODE)
    assert len(messages) == 9
    assert all("is a dictionary" in message for message in messages)


def test_a_parameter_or_an_attribute_is_not_called_a_dictionary(project: Project) -> None:
    found = project(
        """
        class C:
            shared = {}
            def __init__(self, data):
                self.data = data
            def m(self, x, y: dict):
                self.data.iteritems(); self.shared.iteritems()
                x.iteritems(); y.iteritems(); x.y[1].iteritems(); x().iteritems()
        """
    )
    messages = found.messages(CODE)
    assert len(messages) == 6
    assert not any("is a dictionary" in message for message in messages)


def test_the_receiver_is_quoted_on_one_line(project: Project) -> None:
    found = project(
        """
        def f(d):
            d.get(
                1).iteritems()
            (d or {}).iteritems()
        """
    )
    assert [message.partition(":")[0] for message in found.messages(CODE)] == [
        "`d.get(1).iteritems()`",
        "`(d or {}).iteritems()`",
    ]


# Where it is silent


SILENT = [
    # Something that can't be resolved.
    "import pandas\npandas.read_csv('f').iteritems()",
    "from pandas import frame\nframe.iteritems()",
    "from pandas import DataFrame\nframe = DataFrame()\nframe.iteritems()",
    "from pandas import *\nframe.iteritems()",
    "from pandas import DataFrame\ndef f(d: DataFrame):\n    d.iteritems()",
    "from pandas import DataFrame\ndef f(d: 'DataFrame | None'):\n    d.iteritems()",
    "from pandas import DataFrame\nfrom typing import Optional\n"
    "def f(d: Optional[DataFrame] = None):\n    d.iteritems()",
    "from web import request\ndef f():\n    for k in request.args.iteritems(): pass",
    "from web import open\nwith open('f') as found:\n    found.iteritems()",
    "from web import get\nfor row in get():\n    row.iteritems()",
    "from web import get\n[row.iteritems() for row in get()]",
    "from web import get\na, *b = get()\na.iteritems()",
    "from web import get\ndef f(d):\n    d = d or get()\n    d.iteritems()",
    "from web import get\ndef make(): return get()\nmake().iteritems()",
    "from web import Error\ntry: pass\nexcept Error as e:\n    e.fields.iteritems()",
    "from web import View\nclass C(View):\n    def m(self): self.data.iteritems()",
    "from web import View\nclass C(View):\n    def m(self): self.iteritems()",
    "from web import Form\nclass C:\n    def __init__(self): self.form = Form()\n"
    "    def m(self): self.form.iteritems()",
    "from web import Form\nclass C:\n    form = Form()\n    def m(self): self.form.iteritems()",
    "import unknown.sub as m\nm.d.iteritems()",
    "undefined.iteritems()",
    # A class that binds the name itself.
    "class C:\n    def iteritems(self): ...\nC().iteritems()",
    "class C(dict):\n    def iteritems(self): ...\n    def m(self): self.iteritems()",
    "class C(dict):\n    def __init__(self): self.iteritems = 1\n    def m(self): self.iteritems()",
    "class B:\n    def iteritems(self): ...\nclass C(B, dict): pass\ndef f(d: C): d.iteritems()",
    "import mailbox\nmailbox.mbox('f').iteritems()",
    "import mailbox\nwith mailbox.mbox('f') as box:\n    box.iteritems()",
    "import mailbox\ndef f(box):\n    if isinstance(box, mailbox.Mailbox): box.iteritems()",
    # A class that looks elsewhere, or is nothing like a dictionary.
    "class C:\n    def items(self): ...\n    def __getattr__(self, n): ...\nC().iteritems()",
    "class C:\n    def m(self): self.iteritems()",
    "def f(*args): args.iteritems()",
    "import sys\nsys.iteritems()",
    # Another method of that name.
    "def f(d): d.iteritems(multi=True)",
    "def f(d): d.iteritems(1, 2)",
    "def f(d): d.iteritems(*d)",
    # Not a use at all.
    "def f(d): d.iteritems = 1",
    "def f(d): del d.iteritems",
    "def iteritems(d): ...\niteritems({})",
    "getattr({}, 'iteritems')",
    # Both versions are taken care of.
    "import sys\ndef f(d):\n    if sys.version_info[0] == 2: return d.iteritems()",
    "import sys\nPY3 = sys.version_info[0] == 3\nif not PY3:\n"
    "    iteritems = lambda d: d.iteritems()",
    "import six\ndef f(d): return d.items() if six.PY3 else d.iteritems()",
    "def f(d):\n    if hasattr(d, 'iteritems'): d.iteritems()",
    "def f(d):\n    return d.iteritems() if hasattr(d, 'iterkeys') else d",
    "def f(d):\n    if not hasattr(d, 'iteritems'):\n        return d\n    return d.iteritems()",
    "def f(d):\n    try: return d.iteritems()\n    except AttributeError: return d.items()",
    "def f(d):\n    try: return d.items\n    except AttributeError: return d.iteritems",
    "try:\n    dict.iteritems\nexcept AttributeError:\n    def i(d): return iter(d.items())\n"
    "else:\n    def i(d): return d.iteritems()",
    "from past.builtins import dict\nd = dict()\nd.iteritems()",
    "from past.builtins import *\ndef f(d): d.iteritems()",
    "import pytest\ndef test():\n    with pytest.raises(AttributeError): {}.iteritems()",
]


def test_silent(project: Project) -> None:
    found = project({f"case{number}.py": source for number, source in enumerate(SILENT)})
    assert [(SILENT[int(path[4:-3])], line) for path, line, _ in found.places(CODE)] == []


def test_silent_where_the_class_comes_from_another_module(project: Project) -> None:
    found = project(
        {
            "pkg/__init__.py": "",
            "pkg/multi.py": "class MultiDict(dict):\n    def iteritems(self): ...\n",
            "pkg/a.py": """
                from pkg.multi import MultiDict
                from .multi import MultiDict as M
                import pkg.multi
                MultiDict().iteritems()
                pkg.multi.MultiDict().iteritems()
                class Own(M):
                    def m(self): self.iteritems(); super().iteritems()
                Own().copy().get(1)
                """,
        }
    )
    assert found.messages(CODE) == []


def test_an_else_branch_of_python2_and_a_handler_without_the_other_way_are_reported(
    project: Project,
) -> None:
    found = project(
        """
        import sys
        def f(d):
            if sys.version_info[0] >= 3:
                return d.iteritems()
            try:
                return d.itervalues()
            except AttributeError:
                return d
        """
    )
    assert [line for _, line, _ in found.places(CODE)] == [5]
    found = project(
        """
        def f(d):
            try:
                return d.itervalues()
            except AttributeError:
                raise TypeError
        """
    )
    assert [finding.fix.applicability for finding in found.lint(CODE)] == ["unsafe"]


# Where an iterator is needed


REPLACED = [
    ("for x in d.iteritems(): pass", "for x in d.items(): pass"),
    ("for x in (d.iteritems()): pass", "for x in (d.items()): pass"),
    ("[x for x in d.iterkeys()]", "[x for x in d.keys()]"),
    ("{x: y for x in d.iterkeys() for y in d.itervalues()}",
     "{x: y for x in d.keys() for y in d.values()}"),
    ("f(x for x in d.iterkeys())", "f(x for x in d.keys())"),
    ("for x in d.iterkeys() if d else d.itervalues(): pass",
     "for x in d.keys() if d else d.values(): pass"),
    ("for x in d and d.iterkeys(): pass", "for x in d and d.keys(): pass"),
    ("for x in d.iterkeys() or [1]: pass", "for x in iter(d.keys()) or [1]: pass"),
    ("a, b = d.iteritems()", "a, b = d.items()"),
    ("[a] = d.itervalues()", "[a] = d.values()"),
    ("a = b, c = d.iterkeys()", "a = b, c = iter(d.keys())"),
    ("print(*d.itervalues())", "print(*d.values())"),
    ("[*d.itervalues()]", "[*d.values()]"),
    ("1 in d.itervalues()", "1 in d.values()"),
    ("1 not in d.iterkeys()", "1 not in d.keys()"),
    ("d.iterkeys()", "d.keys()"),
    ("list(d.iteritems())", "list(d.items())"),
    ("dict(d.iteritems(), a=1)", "dict(d.items(), a=1)"),
    ("sorted(d.iterkeys(), key=f)", "sorted(d.keys(), key=f)"),
    ("sum(d.itervalues(), 1)", "sum(d.values(), 1)"),
    ("sum([], d.itervalues())", "sum([], iter(d.values()))"),
    ("max(d.itervalues())", "max(d.values())"),
    ("max(d.itervalues(), key=f)", "max(d.values(), key=f)"),
    ("max(d.itervalues(), d.itervalues())", "max(iter(d.values()), iter(d.values()))"),
    ("zip(d, d.itervalues())", "zip(d, d.values())"),
    ("map(f, d.iterkeys(), d.itervalues())", "map(f, d.keys(), d.values())"),
    ("map(d.iterkeys(), d)", "map(iter(d.keys()), d)"),
    ("filter(None, d.iterkeys())", "filter(None, d.keys())"),
    ("iter(d.iterkeys())", "iter(d.keys())"),
    ("enumerate(d.iterkeys())", "enumerate(d.keys())"),
    ("', '.join(d.iterkeys())", "', '.join(d.keys())"),
    ("f.extend(d.iterkeys())", "f.extend(d.keys())"),
    ("set().union(d, d.iterkeys())", "set().union(d, d.keys())"),
    ("f.update(d.iteritems())", "f.update(d.items())"),
    ("f.append(d.iteritems())", "f.append(iter(d.items()))"),
    ("f(d.iteritems())", "f(iter(d.items()))"),
    ("f(a=d.iteritems())", "f(a=iter(d.items()))"),
    ("dict(a=d.iteritems())", "dict(a=iter(d.items()))"),
    ("f(*d.iteritems())", "f(*d.items())"),
    ("list(*d, d.iteritems())", "list(*d, iter(d.items()))"),
    ("itertools.chain(d, d.iterkeys())", "itertools.chain(d, d.keys())"),
    ("itertools.repeat(d.iterkeys())", "itertools.repeat(iter(d.keys()))"),
    ("imap(f, d.iterkeys())", "imap(f, d.keys())"),
    ("compat_zip(d.iterkeys())", "compat_zip(d.keys())"),
    ("deque(d.iterkeys())", "deque(d.keys())"),
    ("x = d.iteritems()", "x = iter(d.items())"),
    ("x: object = d.iteritems()", "x: object = iter(d.items())"),
    ("x += d.iteritems()", "x += iter(d.items())"),
    ("(x := d.iteritems())", "(x := iter(d.items()))"),
    ("x = [d.iteritems()]", "x = [iter(d.items())]"),
    ("return d.iteritems()", "return iter(d.items())"),
    ("yield d.iteritems()", "yield iter(d.items())"),
    ("yield from d.iteritems()", "yield from d.items()"),
    ("x = lambda: d.iteritems()", "x = lambda: iter(d.items())"),
    ("if d.iteritems(): pass", "if iter(d.items()): pass"),
    ("not d.iteritems()", "not iter(d.items())"),
    ("next(d.iteritems())", "next(iter(d.items()))"),
    ("d.iteritems().next()", "next(iter(d.items()))"),
    ("x = d.iteritems().next()[0]", "x = next(iter(d.items()))[0]"),
    ("x = d.iteritems() . next ( )", "x = next(iter(d.items()))"),
    ("x = d.iteritems().next", "x = iter(d.items()).__next__"),
    ("x = d.iteritems().__next__()", "x = iter(d.items()).__next__()"),
    ("x = d.viewitems()", "x = d.items()"),
    ("return d.viewkeys() & d.viewkeys()", "return d.keys() & d.keys()"),
    ("x = d . iteritems ( )", "x = iter(d . items ( ))"),
    ("x = (d\n        .iteritems())", "x = (iter(d\n        .items()))"),
    ("é = 'é', d.iteritems()", "é = 'é', iter(d.items())"),
    ("x = f(d.a.iteritems(), d.b.iteritems())",
     "x = f(iter(d.a.items()), iter(d.b.items()))"),
]  # fmt: skip


def test_what_replaces_it(project: Project) -> None:
    head = (
        "import itertools\nfrom collections import deque\nfrom itertools import imap\n"
        "from six.moves import zip as compat_zip\n"
    )
    define = "\n\ndef g(d, f, x):\n    "
    before = head + "".join(f"{define}{old}\n" for old, _ in REPLACED)
    after = head + "".join(f"{define}{new}\n" for _, new in REPLACED)
    assert fixed(project, before, unsafe=True).split(define) == after.split(define)


def test_iter_that_means_something_else_takes_the_fix_away(project: Project) -> None:
    for rebound in (
        "def iter(x): ...\ndef f(d):\n    ",
        "from web import iter\ndef f(d):\n    ",
        "from web import *\ndef f(d):\n    ",
        "def f(d, iter):\n    ",
        "def f(iter):\n    def g(d):\n        ",
        "class C:\n    iter = 1\n    d = {}\n    ",
    ):
        assert applicabilities(project, f"{rebound}x = d.iteritems()") == [None]
        assert applicabilities(project, f"{rebound}list(d.iteritems())") == ["safe"] or (
            "*" in rebound
        )


def test_a_consumer_that_is_rebound_gets_an_iterator(project: Project) -> None:
    source = "def f(d, list):\n    list(d.iterkeys())\n\n\ndef list(x): ...\n"
    assert "list(iter(d.keys()))" in fixed(project, source)
    source = "class C:\n    def list(self): ...\n    def m(self, d): return list(d.iterkeys())\n"
    assert "list(d.keys())" in fixed(project, source)


def test_a_comment_that_next_would_drop_takes_the_fix_away(project: Project) -> None:
    source = "def f(d):\n    return (d.iteritems()  # first\n            .next())\n"
    assert applicabilities(project, source) == [None]


# When it is unsafe


OWN = ["class C(dict):\n    def iteritems(self): ...\n", "def f(c):\n    c.iteritems = 1\n"]


@pytest.mark.parametrize("own", OWN)
def test_unsafe_in_python2_where_the_project_binds_the_name(project: Project, own: str) -> None:
    main = "def f(d, **known):\n    print 1\n    d.iteritems()\n    d.iterkeys()\n    known.iteritems()\n"
    files = {"main.py": main, "other.py": own}
    assert applicabilities(project, files) == ["unsafe", "safe", "safe"]


def test_unsafe_or_silent_in_python3_where_the_project_binds_the_name(project: Project) -> None:
    main = "def f(d, **known):\n    d.iteritems()\n    d.iterkeys()\n    known.iteritems()\n"
    of_class, of_object = OWN
    assert applicabilities(project, {"main.py": main, "other.py": of_class}) == [
        *("unsafe", "safe", "safe")
    ]
    assert applicabilities(project, {"main.py": main, "other.py": of_object}) == ["safe", "safe"]


def test_unsafe_in_python3_where_the_object_is_no_variable(project: Project) -> None:
    source = "def f(d, e):\n    d.a.iterkeys()\n    d[0].iterkeys()\n    d().iterkeys()\n    e.iterkeys()\n"
    assert applicabilities(project, source) == ["unsafe", "unsafe", "unsafe", "safe"]
    assert applicabilities(project, source + "    print 1\n") == ["safe"] * 4


def test_a_method_that_is_not_called_is_unsafe(project: Project) -> None:
    source = "def f(d):\n    x = d.iteritems\n    return map(dict.itervalues, d)\n"
    assert applicabilities(project, source) == ["unsafe", "unsafe"]
    after = fixed(project, source, unsafe=True)
    assert after == "def f(d):\n    x = d.items\n    return map(dict.values, d)\n"


def test_the_class_method_called_with_a_dictionary(project: Project) -> None:
    source = """\
class D(dict):
    def iteritems(self):
        return dict.iteritems(self)
    def walk(self):
        for item in dict.iteritems(self):
            yield item
"""
    assert fixed(project, source) == source.replace(
        "return dict.iteritems(self)", "return iter(dict.items(self))"
    ).replace("in dict.iteritems", "in dict.items")


def test_super_of_a_dictionary(project: Project) -> None:
    source = """\
class D(dict):
    def iteritems(self):
        for key, value in super().iteritems():
            yield key, value
"""
    (finding,) = project(source).lint(CODE)
    assert finding.line == 3


def test_a_dictionary_that_changes_while_it_is_walked_is_found_all_the_same(
    project: Project,
) -> None:
    source = "def f(d):\n    for k in d.iterkeys():\n        del d[k]\n"
    assert fixed(project, source) == source.replace("iterkeys", "keys")


# The fixed program does what it did


def test_the_fixed_program_runs(project: Project) -> None:
    source = """
        from collections import OrderedDict

        class Box(object):
            def __init__(self, data):
                self.data = data

            def __iter__(self):
                return self.data.iterkeys()

            def first(self):
                return self.data.iteritems().next()

        def largest(**scores):
            return max(scores.itervalues()), sorted(scores.iterkeys())

        box = Box(OrderedDict([("a", 1), ("b", 2)]))
        print(list(box), next(iter(box)), box.first())
        print(largest(x=3, y=4))
        it = box.data.iteritems()
        print(next(it), list(it))
        keys = {"k": 1}.viewkeys() | {"l"}
        print(sorted(keys))
        print([sum(each) for each in map(dict.itervalues, [{1: 2}, {3: 4}])])
        """
    small = project(source)
    assert small.run("main.py").returncode == 1
    small.fix(CODE, unsafe=True)
    done = small.run("main.py")
    assert done.stdout == textwrap.dedent(
        """\
        ['a', 'b'] a ('a', 1)
        (4, ['x', 'y'])
        ('a', 1) [('b', 2)]
        ['k', 'l']
        [2, 4]
        """
    )
    assert small.lint(CODE) == []


def test_line_ends_and_tabs_stay(project: Project) -> None:
    source = b"def f(d):\r\n\tfor x in d.iteritems():\r\n\t\tpass\r\n\x0c\r\n"
    after = project({"main.py": source}).fix(CODE)["main.py"]
    assert after.encode() == source.replace(b"iteritems", b"items")


class Old(dict[str, int]):
    """A dictionary with Python 2's methods."""

    def iteritems(self) -> object:
        return iter(self.items())

    def iterkeys(self) -> object:
        return iter(self.keys())

    def itervalues(self) -> object:
        return iter(self.values())


def outcome(expression: str, d: dict[str, int]) -> object:
    """What an expression gives, with iterators walked."""
    kept: list[object] = []
    names = {
        "itertools": itertools,
        "deque": deque,
        "imap": map,
        "compat_zip": zip,
        "f": SimpleNamespace(append=kept.append, extend=kept.extend, update=kept.append),
        "d": d,
    }
    try:
        value = eval(expression, names)
        if isinstance(value, Iterator):
            value = ("an iterator", list(itertools.islice(value, 3)))
        said = re.sub(r" at 0x\w+", "", repr(value))
        return said, [list(item) if isinstance(item, Iterator) else item for item in kept]
    except Exception as error:
        return type(error)


def test_the_expressions_mean_what_they_meant() -> None:
    compared = 0
    for before, after in REPLACED:
        try:
            compile(before, "before", "eval")
        except SyntaxError:
            continue
        is_statement = before == "d.iterkeys()"
        if is_statement or "view" in before or ".next" in before or "f.update" in before:
            continue
        for items in ({"a": 1, "b": 2}, {}):
            assert outcome(before, Old(items)) == outcome(after, dict(items)), before
            compared += 1
    assert compared > 60


def test_in_python2_source_places_and_fixes_are_those_of_the_file(project: Project) -> None:
    source = (
        "# -*- coding: utf-8 -*-\ndef f(d, (a, b)):\n"
        "    print 'é', d.iteritems().next()\n"
        "    for k in d.iterkeys(): print k,\n"
    )
    small = project(source)
    assert small.places(CODE) == [("main.py", 3, 16), ("main.py", 4, 14)]
    assert small.fix(CODE)["main.py"] == source.replace(
        "d.iteritems().next()", "next(iter(d.items()))"
    ).replace("d.iterkeys()", "d.keys()")


def test_in_python2_source_a_view_stays_one_until_the_syntax_is_python3s(project: Project) -> None:
    source = "def f(d):\n    print d.viewkeys() & {1}, iter(d.iteritems().next, 1)\n"
    assert project(source).fix(CODE, unsafe=True)["main.py"] == source
    assert project(source).fix(CODE, "PCL902", unsafe=True)["main.py"] == (
        "def f(d):\n    print(d.keys() & {1}, iter(iter(d.items()).__next__, 1))\n"
    )
