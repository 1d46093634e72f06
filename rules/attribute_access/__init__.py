"""Attribute dictionaries

Most objects keep their attributes in a dictionary: instances their own variables, classes what
their body bound, modules their globals. Attribute access is, for a large part, looking things up in
such dictionaries. `vars`, `dir` and `hasattr` are three different questions about them.

## `__dict__` and `vars`

`vars(x)` returns `x.__dict__`, the dictionary itself, not a copy. For an instance that is what is
stored on this one object, and nothing of its class.

```python
class C:
    default = 1

    def m(self):
        print("m")


x = C()
x.y = 2
print(vars(x))
vars(x)["z"] = 3
print(x.z)
print("m" in vars(x), "m" in vars(C))
x.m()
```

```output
{'y': 2}
3
False True
m
```

`m` isn't in `x`'s dictionary; it is in the class's, and the lookup binds it to `x` (4xx). A class's
`__dict__` is a read-only view, a `mappingproxy`: `C.n = 1` works, `vars(C)["n"] = 1` doesn't.

```python
class C:
    pass


print(type(vars(C)).__name__)
vars(C)["n"] = 1
```

```output
mappingproxy
TypeError: 'mappingproxy' object does not support item assignment
```

`vars()` without an argument is `locals()`. Whether one writes `vars(x)` or `x.__dict__` is a matter
of taste; where they differ is in the error for an object that has none: `TypeError` and
`AttributeError` (PCL601).

## `dir`

`dir(x)` returns a sorted **list of names**, not a dictionary: those in the object's dictionary,
and those in its class's and its bases'. A `__dir__` method can return others. It is made for people
at a prompt. It leaves names out (those of metaclasses, those that `__getattr__` makes up) and may
list some that raise when they are asked for.

So `"x" in dir(obj)` makes a list and searches it, and doesn't quite ask what is meant. Whether an
object has an attribute is `hasattr(obj, "x")`, which tries the real lookup and looks for
`AttributeError` (PCL603). As a statement of its own, `dir(x)` or `help(x)` is left from trying
things out (PCL605).

```python
class Base:
    inherited = 1


class Lazy(Base):
    def __init__(self):
        self.own = 2

    def __getattr__(self, name):
        if name == "made_up":
            return 3
        raise AttributeError(name)


lazy = Lazy()
print(sorted(vars(lazy)))
print([name for name in dir(lazy) if not name.startswith("__")])
print(hasattr(lazy, "made_up"), "made_up" in dir(lazy))
```

```output
['own']
['inherited', 'own']
True False
```

## Modules

A module's attributes are the items of its dictionary, and that is the dictionary which its
functions use for their global variables (`f.__globals__`). `module.x = 10` writes into it, and so
does `module.__dict__["x"] = 10`, which only says it in a roundabout way (PCL602).

```python
import types

settings = types.ModuleType("settings")
settings.debug = True
print(vars(settings)["debug"])
exec("def show(): print(level)", vars(settings))
settings.level = 3
settings.show()
```

```output
True
3
```

## Where there is no dictionary

A class that says `__slots__ = ("x", "y")` gets a data descriptor for each of these names instead,
which keeps the value at a fixed place in the object. If **every** class in the MRO does so (and
`object` brings no dictionary either), the instance has no `__dict__`: it is smaller, and takes no other attributes (PCL606), and `vars` has
nothing to return (PCL604).

```python
class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


point = Point(1, 2)
print(type(vars(Point)["x"]).__name__, hasattr(point, "__dict__"))
try:
    point.z = 3
except AttributeError:
    print("no room for z")
vars(point)
```

```output
member_descriptor False
no room for z
TypeError: vars() argument must have __dict__ attribute
```

Two things follow. A class can't bind a name in its body that is also in its `__slots__`, for both
would be the class's attribute of that name (PCL607); a default belongs into `__init__`. And one
class in the MRO without `__slots__` is enough to give all instances a dictionary, so that the slots
of the others save nothing and forbid nothing (PCL608):

```python
class Base:
    pass


class Point(Base):
    __slots__ = ("x",)


point = Point()
point.anything = 1
print(vars(point))
```

```output
{'anything': 1}
```

Instances of many built-in types (`int`, `str`, `list`, `dict`, `tuple`, `object`) have no
dictionary either. A subclass of them without `__slots__` has one.

## Reading the dictionary is not reading the attribute

`vars(x)["name"]` looks in one dictionary. `x.name` runs the whole procedure: data descriptors,
instance, classes, `__getattr__` (5xx). The same holds for writing: through the dictionary, no
property and no `__setattr__` is asked. That is what makes it useful inside of descriptors, and
surprising everywhere else.

```python
class Account:
    @property
    def balance(self):
        return 100


account = Account()
vars(account)["balance"] = 0
print(account.balance, vars(account)["balance"])
```

```output
100 0
```

## Often misunderstood

- *“`dir(x)` returns a dictionary of the attributes.”* A list of their names, and not always of all.
- *“`vars(x)` shows all that `x` has.”* What is stored on `x` itself. Methods, class attributes,
  properties and slots are in the classes.
- *“`vars(x)` is a copy.”* Changing it changes `x`.
- *“`__slots__` declares types, or protects attributes.”* It saves memory, and as a by-product
  refuses other names.

## See also

- [`vars`](https://docs.python.org/3/library/functions.html#vars)
- [`dir`](https://docs.python.org/3/library/functions.html#dir)
- [`hasattr`](https://docs.python.org/3/library/functions.html#hasattr)
- [`object.__dict__`](https://docs.python.org/3/reference/datamodel.html#object.__dict__)
- [`__slots__`](https://docs.python.org/3/reference/datamodel.html#slots)
- [Modules](https://docs.python.org/3/reference/datamodel.html#modules)
"""
