"""Shapes of programs that are repeated until a file is as large as asked for.

One entry of the table is one shape. In a unit, `$n` is the number of the repetition and `$m` the
number before it (0 and 0 for the first). `codes` are the rules that must report something there:
each rule has a shape in which it has much to say, and one with many candidates about which it is
silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Template
from types import MappingProxyType
from typing import NamedTuple


class Shape(NamedTuple):
    """A program of any size."""

    name: str
    unit: str
    codes: tuple[str, ...] = ()
    head: str = ""
    tail: str = ""
    others: Mapping[str, str] = MappingProxyType({})
    """Further files, as they are."""
    file: str = "main.py"
    """The path of the file that grows; with `$n` in it, each unit is a file of its own."""

    def files(self, size: int) -> dict[str, str]:
        """The files of a project whose text at hand has about so many characters."""
        unit, units, length = Template(self.unit), [], 0
        while length < size:
            number = len(units)
            units.append(unit.substitute(n=number, m=max(number - 1, 0)))
            length += len(units[-1])
        if "$n" in self.file:
            path = Template(self.file)
            grown = {path.substitute(n=number): text for number, text in enumerate(units)}
        else:
            grown = {self.file: "".join([self.head, *units, self.tail])}
        return {**self.others, **grown}


_CLASS = "class C:\n    x = 0\n    items = []\n    names = {}\n"
_SELF = "    def f$n(self, k):\n"
_LONG = f"  # {'.' * 300}"  # thousands of levels are too deep for Python
_PACKAGE = {"shop/__init__.py": "", "shop/cart.py": "def add():\n    pass\n\nlimit = 1\n"}

SHAPES = (
    # 1xx
    Shape(
        "shadowed attributes", f"{_SELF}        self.x = k\n", ("PCL101",), _CLASS, "\nC.x = 1\n"
    ),
    Shape("shadowed defaults", f"{_SELF}        self.x = k\n", ("PCL102",), _CLASS),
    Shape("augmented attributes", f"{_SELF}        self.x += k\n", ("PCL103",), _CLASS),
    Shape("mutated lists", f"{_SELF}        self.items.append(k)\n", ("PCL104",), _CLASS),
    Shape("mutated dictionaries", f"{_SELF}        self.names[k] = 1\n", ("PCL104",), _CLASS),
    Shape("deleted attributes", f"{_SELF}        del self.x\n", ("PCL105",), _CLASS),
    Shape(
        "instance attributes", f"{_SELF}        self.a$n = k\n        del self.a$n\n", (), _CLASS
    ),
    Shape(
        "classes with lists",
        "class C$n:\n    items = []\n    def add(self, item):\n        self.items.append(item)\n",
        ("PCL104",),
    ),
    Shape(
        "classes with lists of their own",
        "class C$n:\n    items = []\n    def __init__(self):\n        self.items = []\n"
        "    def add(self, item):\n        self.items.append(item)\n",
    ),
    Shape(
        "one class with many lists",
        "    a$n = []\n    def f$n(self):\n        self.a$n.append(1)\n",
        ("PCL104",),
        "class C:\n    def __init__(self):\n        pass\n",
    ),
    Shape(
        "one class with many defaults",
        "    a$n = 0\n    def f$n(self):\n        self.a$n += 1\n",
        ("PCL103",),
        "class C:\n",
    ),
    Shape(
        "attributes after methods",
        "    def f$n(self):\n        pass\n    a$n = 0\n",
        ("PCL106",),
        "class C:\n",
    ),
    Shape(
        "attributes before methods",
        "    a$n = 0\n",
        (),
        "class C:\n",
        "    def f(self):\n        pass\n",
    ),
    Shape("bare names of the class", f"{_SELF}        return x\n", ("PCL107",), _CLASS),
    Shape(
        "bare names of the module", f"{_SELF}        return y\n", (), f"y = 1\n{_CLASS}    y = 2\n"
    ),
    Shape(
        "class scope skipped",
        "    a$n = 0\n    b$n = [a$n for _ in range(2)]\n",
        ("PCL108",),
        "class C:\n",
    ),
    Shape(
        "class scope first iterables",
        "    a$n = [1]\n    b$n = [b for b in a$n]\n",
        (),
        "class C:\n",
    ),
    Shape(
        "methods hidden by a base",
        "class C$n(Base):\n    def run(self):\n        pass\n",
        ("PCL109",),
        "class Base:\n    def __init__(self):\n        self.run = 1\n",
    ),
    Shape(
        "many methods hidden by a base",
        "    def f(self):\n        return $n\n",
        ("PCL109",),
        "class Base:\n    def __init__(self):\n        self.f = 1\nclass C(Base):\n",
    ),
    # 2xx
    Shape(
        "directories without init",
        "from . import m0\n",
        ("PCL201",),
        others={"shop/__init__.py": ""},
        file="shop/sub$n/a.py",
    ),
    Shape(
        "absolute imports",
        "from shop.cart import add\n",
        ("PCL202",),
        others=_PACKAGE,
        file="shop/main.py",
    ),
    Shape(
        "absolute imports with uses",
        "import shop.cart\nshop.cart.add()\n",
        ("PCL202",),
        others=_PACKAGE,
        file="shop/main.py",
    ),
    Shape(
        "relative imports",
        "from .cart import add\nadd()\n",
        (),
        others=_PACKAGE,
        file="shop/main.py",
    ),
    Shape(
        "implicit relative imports",
        "from cart import add\n",
        (),
        others=_PACKAGE,
        file="shop/main.py",
    ),
    Shape(
        "imports beyond the top",
        "from ...cart import add\n",
        ("PCL204",),
        others=_PACKAGE,
        file="shop/main.py",
    ),
    Shape(
        "missing names",
        "from shop.cart import a$n\n",
        ("PCL205",),
        others=_PACKAGE,
        file="shop/main.py",
    ),
    Shape("names that are there", "from shop.cart import limit as a$n\n", (), others=_PACKAGE),
    Shape(
        "submodules not imported",
        "shop.cart.add($n)\n",
        ("PCL206",),
        "import shop\n",
        others=_PACKAGE,
    ),
    Shape("submodules imported", "shop.cart.add($n)\n", (), "import shop.cart\n", others=_PACKAGE),
    Shape(
        "modules that use submodules",
        "import shop\nshop.cart.add($n)\n",
        ("PCL206",),
        others=_PACKAGE,
        file="app$n.py",
    ),
    Shape(
        "clashing submodules",
        "def cart():\n    return $n\n",
        (),
        others={"shop/cart.py": ""},
        file="shop/__init__.py",
    ),
    Shape("imports of the standard library", "import os\nos.getcwd()\n"),
    Shape("modules named as the standard library's", "a = $n\n", (), file="queue$n.py"),
    Shape("a cycle of imports", "from a$m import x$m\nx$n = 1\n", (), file="a$n.py"),
    Shape(
        "two modules that import each other",
        "from other import x$n\ny$n = 1\n",
        ("PCL209",),
        others={"other.py": "from main import y1\nx0 = 1\n"},
    ),
    Shape("changes of sys.path", "sys.path.append('$n')\n", ("PCL210",), "import sys\n"),
    Shape("uses of sys.path", "print(sys.path[$n])\n", (), "import sys\n"),
    Shape("changes of sys.modules", "sys.modules.pop('a$n')\n", ("PCL211",), "import sys\n"),
    Shape("uses of sys.modules", "print(sys.modules['a$n'])\n", (), "import sys\n"),
    Shape("dunder imports", "m$n = __import__('a.b$n')\n", ("PCL212",)),
    Shape(
        "dunder imports and sys.modules",
        "__import__('a$n'); m$n = sys.modules['a$n']\n",
        ("PCL212",),
        "import sys\n",
    ),
    Shape("import attributes", "__path__ = ['$n']\n", ("PCL213",)),
    Shape("uses of import attributes", "print(__name__, $n)\n"),
    Shape(
        "stale imports",
        "def f$n():\n    return limit\n",
        ("PCL214",),
        "from state import limit\n",
        others={"state.py": "limit = 1\ndef change():\n    global limit\n    limit = 2\n"},
    ),
    Shape(
        "many stale imports",
        "from state import limit\n",
        (),
        tail="def f():\n    return limit\n",
        others={"state.py": "limit = 1\ndef change():\n    global limit\n    limit = 2\n"},
    ),
    Shape(
        "modules not bound",
        "shop.cart.add($n)\n",
        ("PCL215",),
        "from shop.cart import add\n",
        others=_PACKAGE,
    ),
    # 3xx
    Shape(
        "dunder metaclasses",
        "class C$n:\n    __metaclass__ = M\n",
        ("PCL301",),
        "class M(type):\n    pass\n",
    ),
    Shape("metaclasses", "class C$n(metaclass=M):\n    pass\n", (), "class M(type):\n    pass\n"),
    Shape(
        "module metaclass",
        "class C$n:\n    pass\n",
        ("PCL301",),
        "class M(type):\n    pass\n__metaclass__ = M\n",
    ),
    Shape(
        "compatible metaclasses",
        "class C$n(six.with_metaclass(M)):\n    pass\n",
        ("PCL302",),
        "import six\nclass M(type):\n    pass\n",
    ),
    Shape(
        "added metaclasses",
        "@six.add_metaclass(M)\nclass C$n:\n    pass\n",
        ("PCL302",),
        "import six\nclass M(type):\n    pass\n",
    ),
    Shape(
        "new returns nothing",
        "class C$n:\n    def __new__(cls):\n        object.__new__(cls)\n",
        ("PCL303",),
    ),
    Shape("new returns", "class C$n:\n    def __new__(cls):\n        return object.__new__(cls)\n"),
    Shape(
        "metaclass conflicts",
        "class C$n(A, B):\n    pass\n",
        ("PCL304",),
        "class M(type):\n    pass\nclass N(type):\n    pass\nclass A(metaclass=M):\n    pass\nclass B(metaclass=N):\n    pass\n",
    ),
    Shape(
        "inconsistent orders",
        "class C$n(A, B):\n    pass\n",
        ("PCL305",),
        "class A:\n    pass\nclass B(A):\n    pass\n",
    ),
    Shape(
        "registries",
        "class M$n(type):\n    def __init__(cls, *args):\n        known.append(cls)\n        super().__init__(*args)\n",
        (),
        "known = []\n",
    ),
    Shape(
        "metaclasses without super",
        "class M$n(type):\n    def __new__(cls, name, bases, d):\n        return d\n",
        (),
    ),
    # 4xx
    Shape("methods without self", "    def f$n():\n        pass\n", ("PCL401",), "class C:\n"),
    Shape(
        "methods without self that are called",
        "    def f$n():\n        pass\n    C.f$n()\n",
        (),
        "class C:\n",
    ),
    Shape(
        "static functions that are called",
        "C.f($n)\n",
        ("PCL402",),
        "class C:\n    def f(self, k):\n        pass\n",
    ),
    Shape(
        "calls of methods", "C.f(C(), $n)\n", (), "class C:\n    def f(self, k):\n        pass\n"
    ),
    Shape(
        "base calls",
        "    def f$n(self):\n        B.f$n(self)\n",
        (),
        "class B:\n    def f0(self):\n        pass\nclass C(B):\n",
    ),
    Shape(
        "classes with base calls",
        "class C$n(B):\n    def f(self):\n        B.f(self)\n",
        ("PCL403",),
        "class B:\n    def f(self):\n        pass\n",
    ),
    Shape("identities of methods", f"{_SELF}        return self.f0 is k\n", ("PCL404",), _CLASS),
    Shape("identities", f"{_SELF}        return self.a0 is k\n", (), _CLASS),
    Shape(
        "lambdas in the class",
        "    f$n = lambda k: k\n    def g$n(self):\n        self.f$n(1)\n",
        ("PCL405",),
        "class C:\n",
    ),
    Shape(
        "static lambdas",
        "    f$n = staticmethod(lambda k: k)\n    def g$n(self):\n        self.f$n(1)\n",
        (),
        "class C:\n",
    ),
    Shape("func_name", "print(f$n.func_name)\n", ("PCL406",), "def f0():\n    pass\n"),
    Shape(
        "functions on instances",
        "c$n = C()\nc$n.run = run\n",
        ("PCL407",),
        "def run(self):\n    pass\nclass C:\n    pass\n",
    ),
    Shape(
        "super in generators",
        f"{_SELF}        return list(super().f for _ in k)\n",
        ("PCL408",),
        "class C:\n",
    ),
    Shape("super", f"{_SELF}        return super().f$n(k)\n", (), "class C:\n"),
    Shape("super outside of classes", "def f$n():\n    super().f()\n", ("PCL408",)),
    Shape(
        "super in one method",
        "        list(super().f$n for _ in self)\n",
        ("PCL408",),
        "class C:\n    def f(self):\n",
    ),
    # 5xx
    Shape(
        "descriptors on instances",
        "        self.a$n = property(len)\n",
        ("PCL501",),
        "class C:\n    def __init__(self):\n",
    ),
    Shape(
        "results on instances",
        "        self.a$n = list()\n",
        (),
        "class C:\n    def __init__(self):\n",
    ),
    Shape(
        "descriptors that share",
        "class D$n:\n    def __get__(self, i, o):\n        return self.v\n    def __set__(self, i, v):\n        self.v = v\n",
        ("PCL502",),
    ),
    Shape(
        "signatures of descriptors",
        "class D$n:\n    def __get__(self, i):\n        return i\n",
        ("PCL503",),
    ),
    Shape(
        "read-only properties",
        "        self.x = $n\n",
        ("PCL504",),
        "class C:\n    @property\n    def x(self):\n        return 1\n    def f(self):\n",
    ),
    Shape(
        "many read-only properties",
        "    @property\n    def a$n(self):\n        return 1\n    def f$n(self):\n        self.a$n = 1\n",
        ("PCL504",),
        "class C:\n",
    ),
    Shape(
        "hooks that recurse",
        "class C$n:\n    def __setattr__(self, name, v):\n        self.x = v\n",
        ("PCL505",),
    ),
    Shape(
        "assignments in one hook",
        "        self.x$n = v\n",
        ("PCL505",),
        "class C:\n    def __setattr__(self, name, v):\n",
    ),
    Shape(
        "properties that recurse",
        "    @property\n    def x$n(self):\n        return self.x$n\n",
        ("PCL505",),
        "class C:\n",
    ),
    Shape(
        "getattr before init",
        "class C$n:\n    def __init__(self):\n        self.d = 1\n    def __getattr__(self, name):\n        return getattr(self.d, name)\n",
        ("PCL506",),
    ),
    Shape(
        "reads in getattr",
        "        self.d$n.x\n",
        (),
        "class C:\n    def __init__(self):\n        self.d0 = 1\n    def __getattr__(self, name):\n",
    ),
    Shape(
        "setters not inherited",
        "class C$n(B):\n    @x.setter\n    def x(self, v):\n        pass\n",
        ("PCL507",),
        "class B:\n    @property\n    def x(self):\n        return 1\n",
    ),
    Shape(
        "properties",
        "    @property\n    def x$n(self):\n        return self.y\n    @x$n.setter\n    def x$n(self, v):\n        self.y = v\n",
        (),
        "class C:\n",
    ),
    # 6xx
    Shape("dunder dict", "print(a$n.__dict__)\n", ("PCL601",)),
    Shape("dunder dict in a function", "    print(a$n.__dict__)\n", ("PCL601",), "def f(a0):\n"),
    Shape("writes to a module", "os.__dict__['a$n'] = 1\n", (), "import os\n"),
    Shape("writes to vars", "vars(os)['a$n'] = 1\n", (), "import os\n"),
    Shape("vars calls", "print(vars(a$n))\n"),
    Shape("dir membership", "print('a$n' in dir(a$n))\n", ("PCL603",)),
    Shape("vars of slots", "print(vars(c))\n", (), "class C:\n    __slots__ = ()\nc = C()\n"),
    Shape(
        "vars of slots in methods",
        f"{_SELF}        return vars(self)\n",
        ("PCL604",),
        "class C:\n    __slots__ = ()\n",
    ),
    Shape("leftovers", "dir(a$n)\n", ("PCL605",)),
    Shape(
        "attributes not in slots",
        f"{_SELF}        self.a$n = k\n",
        ("PCL606",),
        "class C:\n    __slots__ = ('x',)\n",
    ),
    Shape(
        "attributes in slots",
        f"{_SELF}        self.x = k\n",
        (),
        "class C:\n    __slots__ = ('x',)\n",
    ),
    Shape("slots in conflict", "    a$n = 1\n    __slots__ = ('a$n',)\n", (), "class C:\n"),
    Shape(
        "classes with slots in conflict",
        "class C$n:\n    __slots__ = ('x',)\n    x = 1\n",
        ("PCL607",),
    ),
    Shape(
        "slots without effect",
        "class C$n(B):\n    __slots__ = ()\n",
        ("PCL608",),
        "class B:\n    pass\n",
    ),
    Shape(
        "many slots",
        "'a$n', ",
        (),
        "class C:\n    __slots__ = (",
        ")\n    def f(self):\n        self.b = 1\n",
    ),
    # 7xx
    Shape("iteritems", "d.iteritems()\n", ("PCL701",), "d = {}\n"),
    Shape("loops over iteritems", "for k, v in d$n.iteritems():\n    print(k)\n", ()),
    Shape(
        "iteritems in functions",
        "def f$n(d):\n    for k, v in d.iteritems():\n        print(k)\n",
        ("PCL701",),
    ),
    Shape("iteritems through six", "six.iteritems(d$n)\n", ("PCL702",), "import six\n"),
    Shape("views as lists", "print(d.keys()[0])\n", ("PCL703",), "d = {}\n"),
    Shape(
        "views as lists in functions",
        "def f$n():\n    d = {}\n    k = d.keys()\n    return k[0]\n",
        ("PCL703",),
    ),
    Shape(
        "views as lists in one function",
        "    k$n = d.keys()\n    print(k$n[0])\n",
        ("PCL703",),
        "def f():\n    d = {}\n",
    ),
    Shape("views", "print(d.keys())\n", (), "d = {}\n"),
    Shape("views on one line", "d.keys(); ", (), "d = {}\n", "\n"),
    Shape("has_key", "print(d.has_key($n))\n", ("PCL704",), "d = {}\n"),
    Shape("has_key on one line", "d.has_key($n); ", ("PCL704",), "d = {}\n", "\n"),
    Shape("loops that delete", "for k in d:\n    del d[k]\n", ("PCL705",), "d = {}\n"),
    Shape(
        "loops in functions that delete",
        "def f$n():\n    d = {}\n    for k in d:\n        del d[k]\n",
        ("PCL705",),
    ),
    Shape(
        "one loop that deletes",
        "    d.pop(k)\n    d[k] = 1\n",
        ("PCL705",),
        "d = {}\nfor k in d:\n",
    ),
    Shape("one loop that assigns", "    d[k] = 1\n", (), "d = {}\nfor k in d:\n"),
    Shape(
        "one loop that deletes others",
        "    if k > $n:\n        del d[$n]\n",
        ("PCL705",),
        "d = {}\nfor k in d:\n",
    ),
    Shape(
        "nested loops that delete",
        "    for j in d:\n        d.pop(j)\n",
        ("PCL705",),
        "d = {}\nfor k in d:\n",
    ),
    # 8xx
    Shape(
        "captured variables",
        "for i in range(3):\n    fs.append(lambda: i)\n",
        ("PCL801",),
        "fs = []\n",
    ),
    Shape(
        "captured in one loop",
        "    fs.append(lambda: i)\n",
        ("PCL801",),
        "fs = []\nfor i in range(3):\n",
    ),
    Shape(
        "captured and registered in one loop",
        "    b.connect(lambda: i)\n",
        ("PCL801",),
        "for i in range(3):\n",
    ),
    Shape(
        "captured by name in one loop",
        "    def f$n():\n        return i\n    fs.append(f$n)\n",
        ("PCL801",),
        "fs = []\nfor i in range(3):\n",
    ),
    Shape(
        "captured rebound names",
        "    a$n = i\n    fs.append(lambda: a$n)\n",
        ("PCL801",),
        "fs = []\nfor i in range(3):\n",
    ),
    Shape(
        "captured and kept on elements",
        "    i.f$n = lambda: i\n",
        ("PCL801",),
        "def f(items):\n for i in items:\n",
    ),
    Shape(
        "captured and put under keys",
        "    k$n = i\n    d[k$n] = lambda: i\n",
        ("PCL801",),
        "d = {}\nfor i in range(3):\n",
    ),
    Shape("captured and used at once", "    call(lambda: i)\n", (), "for i in range(3):\n"),
    Shape("captured in comprehensions", "[lambda: i for i in range(3)]\n", ("PCL801",)),
    Shape(
        "captured in functions",
        "def f$n(fs):\n    for i in range(3):\n        fs.append(lambda: i)\n",
        ("PCL801",),
    ),
    Shape(
        "missing nonlocal",
        "def f$n():\n    n = 0\n    def g():\n        n += 1\n    g()\n",
        ("PCL802",),
    ),
    Shape(
        "missing nonlocals in one function",
        "    def g$n():\n        n += 1\n",
        ("PCL802",),
        "def f():\n    n = 0\n",
    ),
    Shape("missing globals", "def f$n():\n    n += 1\n", ("PCL802",), "n = 0\n"),
    Shape(
        "lost assignments",
        "def f$n():\n    n = 0\n    def g():\n        n = 1\n    g()\n    return n\n",
        ("PCL803",),
    ),
    Shape(
        "lost assignments in one function",
        "    def g$n():\n        n = 1\n",
        (),
        "def f():\n    n = 0\n",
        "    return n\n",
    ),
    Shape(
        "declared names",
        "    def g$n():\n        nonlocal n\n        n += 1\n",
        (),
        "def f():\n    n = 0\n",
    ),
    # 9xx
    Shape("syntax errors", "import .a$n\n", ("PCL901",)),
    Shape("print statements", "print 'a', $n\n", ("PCL902",)),
    Shape("exceptions of Python 2", "try:\n    f()\nexcept E, e:\n    raise E, e\n", ("PCL902",)),
    Shape("backticks", "a = `$n`\nb = 0777L <> 1\nexec 'a'\n", ("PCL902",)),
    Shape("tuple parameters", "def f$n((a, b)):\n    print a\n", ("PCL902",)),
    Shape(
        "metaclasses in Python 2",
        "class C$n:\n    __metaclass__ = M\n    def f(self):\n        print 'a'\n",
        ("PCL301",),
        "class M(type):\n    pass\n",
    ),
    Shape(
        "dictionaries in Python 2",
        "print d.keys()[0], d.has_key($n)\nfor k in d.iteritems(): print k\n",
        ("PCL703",),
        "d = {}\n",
    ),
    Shape("bare print", "print >>f, $n\n", ("PCL902",), "import sys\n"),
    Shape("object bases", "class C$n(object):\n    pass\n", ("PCL903",)),
    Shape(
        "super with arguments",
        "class C$n:\n    def f(self):\n        super(C$n, self).f()\n",
        ("PCL904",),
    ),
    Shape(
        "super with arguments in one class",
        f"{_SELF}        super(C, self).f()\n",
        ("PCL904",),
        "class C:\n",
    ),
    Shape(
        "super with arguments in one method",
        "        super(C, self).f$n()\n",
        ("PCL904",),
        "class C:\n    def f(self):\n",
    ),
    Shape(
        "super on one line",
        "super(C, self).f(); ",
        ("PCL904",),
        "class C:\n    def f(self):\n        ",
        "\n",
    ),
    Shape("super that differs", f"{_SELF}        super(D, self).f()\n", (), "class C:\n"),
    Shape("unused noqa", "a$n = 1  # noqa: PCL101\n", ("PCL905",)),
    Shape("one noqa with many codes", "PCL101,", ("PCL905",), "a = 1  # noqa: ", "PCL102\n"),
    Shape("used noqa", "print(a$n.__dict__)  # noqa: PCL601\n"),
    # Of no rule in particular
    Shape("classes", "class C$n:\n    x = 0\n    def f(self):\n        return self.x\n"),
    Shape(
        "a chain of classes",
        "class C$n(C$m):\n    pass\n",
        (),
        "class C0:\n    x = 0\n",
    ),
    Shape(
        "a chain of classes with methods",
        "class C$n(C$m):\n    def f(self):\n        self.x = 1\n",
        ("PCL102",),
        "class C0:\n    x = 0\n",
    ),
    Shape(
        "a chain with initializers",
        "class C$n(C$m):\n    def __init__(self):\n        super(C$n, self).__init__()\n        self.a$n = 1\n",
        ("PCL904",),
        "class C0:\n    x = 0\n",
    ),
    Shape(
        "diamonds",
        "class A$n(D$m):\n    pass\nclass B$n(D$m):\n    pass\nclass D$n(A$n, B$n):\n    pass\n",
        (),
        "class D0:\n    x = 0\n",
    ),
    Shape(
        "subclasses",
        "class C$n(B):\n    def f(self):\n        self.x = 1\n",
        ("PCL102",),
        "class B:\n    x = 0\n",
    ),
    Shape(
        "a class with many bases",
        "B$n, ",
        (),
        "class B0:\n    pass\nclass C(",
        "object):\n    x = 0\n",
    ),
    Shape(
        "many modules in a chain",
        "from a$m import C$m\nclass C$n(C$m):\n    x = 0\n    def f(self):\n        self.x = 1\n",
        (),
        file="a$n.py",
    ),
    Shape("modules with star imports", "from a$m import *\nx$n = 1\n", (), file="a$n.py"),
    Shape("star imports", "from a import *\nprint(x$n)\n", (), others={"a.py": "x = 1\n"}),
    Shape("identifiers beyond ASCII", "é$n = è$n.__dict__; ", ("PCL601",), tail="\n"),
    Shape("lines beyond ASCII", "é$n = è$n.__dict__\n", ("PCL601",)),
    Shape(
        "attributes on one line",
        "self.a$n = 1; self.x += 1; ",
        ("PCL103",),
        "class C:\n    x = 0\n    def f(self):\n        ",
        "\n",
    ),
    Shape("uses of a dictionary", "    d['a$n'] = d.get('b$n', d['c$n'])\n", (), "def f(d):\n"),
    Shape("one long display", "'a$n': $n, ", (), "d = {", "}\nd.iteritems()\n"),
    Shape(
        "a chain of conditions",
        f"elif a == $n:{_LONG}\n    print(a.__dict__)\n",
        ("PCL601",),
        "if a:\n    pass\n",
    ),
    Shape(
        "a chain of conditions with classes",
        f"elif a == $n:{_LONG}\n    class C$n(object): pass\n",
        ("PCL903",),
        "if a:\n    pass\n",
    ),
    Shape("functions", "def f$n(a, b=None):\n    return [a for c in b if c]\n"),
    Shape(
        "nested functions side by side", "    def g$n(a=n):\n        return n\n", (), "def f(n):\n"
    ),
    Shape("global statements", "def f$n():\n    global a$n\n    a$n = 1\n"),
    Shape("decorated functions", "@d\n@e($n)\ndef f$n():\n    pass\n"),
    Shape("tries", "try:\n    a$n.iteritems()\nexcept AttributeError:\n    a$n.items()\n"),
    Shape(
        "statements in one try",
        "    d$n.iteritems()\n",
        (),
        "try:\n",
        "except AttributeError:\n    pass\n",
    ),
    Shape(
        "version tests",
        "if sys.version_info[0] < 3:\n    d$n.iteritems()\nelse:\n    d$n.items()\n",
        (),
        "import sys\n",
    ),
    Shape(
        "early returns by version",
        "    if PY2:\n        return d$n.iteritems()\n",
        (),
        "import sys\nPY2 = sys.version_info[0] == 2\ndef f():\n",
    ),
    Shape("comments", "# noqa comment $n\n"),
    Shape("strings", "'super vars __dict__ $n'\n"),
    Shape(
        "one long string", "super vars __dict__ iteritems $n\n", (), 'a = """\n', '"""\nvars(a)\n'
    ),
    Shape("f-strings", "f'{a.__dict__} {b$n}'\n", ("PCL601",)),
)
