"""Metaclasses

Everything in Python is an object, classes too. An object is made by calling its class; a class is
made by calling *its* class, and that is its metaclass. For most classes it is `type`.

```python
class Shop:
    pass


print(type(Shop()), type(Shop), type(type))
print(type("Shop", (), {"open": True}).open)
```

```output
<class '__main__.Shop'> <class 'type'> <class 'type'>
True
```

## What a `class` statement does

`class C(A, B, metaclass=M, color="red"):` is a statement that runs, and it does this:

1. **Bases.** It evaluates the bases. A base that isn't a class is replaced by what its
   `__mro_entries__` returns (`Generic[T]` works this way).
2. **Metaclass.** Candidates are `M`, or without `metaclass=` the type of the first base, or `type`
   where there are no bases; and the types of all bases. The one that is a subclass of all the
   others is chosen. If there is none: `TypeError`, a metaclass conflict (PCL304).
3. **Namespace.** `M.__prepare__(name, bases, color="red")` returns the mapping in which the body
   will bind its names; `type`'s returns an empty dictionary.
4. **Body.** The body runs once, in that namespace.
5. **Call.** `M(name, bases, namespace, color="red")` is called, like any class: `type.__call__`
   calls `M.__new__`, and if that returned an instance of `M`, `M.__init__`. Both have to take all of
   it (PCL308).
6. **The making itself** happens in `type.__new__`, which `M.__new__` has to call. It copies the
   namespace into the class's dictionary; works out the MRO, or raises `TypeError` where the bases'
   orders contradict each other (PCL305); calls `__set_name__(C, "x")` of every attribute `x` that
   has such a method; and then calls `__init_subclass__` of the next class in the MRO,
   `super(C, C).__init_subclass__(color="red")`.
7. **Decorators** get the class, the lowest first, and what the last one returns is bound to `C`.

All of it can be watched:

```python
class Meta(type):
    @classmethod
    def __prepare__(mcls, name, bases, **keywords):
        print("prepare", name, keywords)
        return {}

    def __new__(mcls, name, bases, namespace, **keywords):
        print("new", [key for key in namespace if not key.startswith("__")])
        return super().__new__(mcls, name, bases, namespace, **keywords)

    def __init__(cls, name, bases, namespace, **keywords):
        print("init", cls.__name__)
        super().__init__(name, bases, namespace)


class Field:
    def __set_name__(self, owner, name):
        print("set_name", owner.__name__, name)


class Base:
    def __init_subclass__(cls, **keywords):
        print("init_subclass", cls.__name__, keywords)


class Shirt(Base, metaclass=Meta, color="red"):
    print("body")
    size = Field()
```

```output
prepare Shirt {'color': 'red'}
body
new ['size']
set_name Shirt size
init_subclass Shirt {'color': 'red'}
init Shirt
```

## `__new__` and `__init__`

`__new__` makes and returns the object; `__init__` gets it when it is there. What `__new__` returns
is what the call returns, so a `__new__` without `return` makes a class that is `None` (PCL303), and
one that never reaches `type.__new__` makes no class at all (PCL307).

A metaclass that wants to *change the namespace* before the class exists does it in `__new__`: add a
`class_id` where the body didn't give one, say. One that only wants to *look at the class* does it in
`__init__`. Beware of side effects: the code runs while the module is imported, once for the class
and once for every subclass. A metaclass that opens a file whose name stands in the body opens one
at each import, and nothing closes it.

```python
class Identified(type):
    def __new__(mcls, name, bases, namespace):
        namespace.setdefault("class_id", name.lower())
        return super().__new__(mcls, name, bases, namespace)


class Interface(metaclass=Identified):
    pass


class Disk(Interface):
    class_id = "hd"


print(Interface.class_id, Disk.class_id)
```

```output
interface hd
```

## Python 2's `__metaclass__`

Python 2 had no `metaclass=`: the body said `__metaclass__ = Identified`. Python 3 gives that name no
meaning. It is an attribute like any other, and the class is made by `type`, without an error
(PCL301). `six.with_metaclass` and `six.add_metaclass` were for code that had to run on both
(PCL302).

```python
class Identified(type):
    class_id = "set by the metaclass"


class Interface:
    __metaclass__ = Identified


print(type(Interface), hasattr(Interface, "class_id"))
```

```output
<class 'type'> False
```

## Attributes of the metaclass

To a class, its metaclass is what a class is to an instance: `Disk.register()` finds methods of the
metaclass and binds `Disk` to them. But the search goes one level only. An instance's attributes are
looked for in its class and the bases of that, never in the metaclass.

```python
class Meta(type):
    def describe(cls):
        return f"the class {cls.__name__}"


class Disk(metaclass=Meta):
    pass


print(Disk.describe())
Disk().describe()
```

```output
the class Disk
AttributeError: 'Disk' object has no attribute 'describe'
```

## Do you need one?

A class has *one* metaclass, and classes with different ones can't be combined. What only notes,
checks or completes subclasses can do it without. `__init_subclass__`, a class method by itself, is
called for each new subclass (PCL306); `__set_name__` tells a descriptor its name; a class decorator
changes a single class.

```python
class Plugin:
    registry = {}

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        Plugin.registry[cls.__name__.lower()] = cls


class Csv(Plugin):
    pass


class Json(Plugin):
    pass


print(sorted(Plugin.registry))
```

```output
['csv', 'json']
```

With a metaclass, the same registry is often made in `__init__`, which asks `hasattr(cls,
"registry")`: the base class hasn't one yet and gets it, its subclasses inherit it and put themselves
in.

A metaclass is needed for what the others can't do: another namespace for the body
(`__prepare__`), operators and properties of the class itself (`len(Color)`), and changing what
calling the class does (`__call__`).

## Often misunderstood

- *“Metaclasses are inherited by instances.”* A class passes its metaclass to its subclasses;
  instances know nothing of it.
- *“The metaclass runs when I make an instance.”* Only its `__call__` does. `__new__` and `__init__`
  of the metaclass run once a class.
- *“`super(Meta, cls)` is needed in a metaclass.”* `super()` does the same, and `type.__new__` has
  to get the metaclass as its first argument.

## See also

- [Metaclasses](https://docs.python.org/3/reference/datamodel.html#metaclasses)
- [Customizing class creation](https://docs.python.org/3/reference/datamodel.html#customizing-class-creation)
- [Class definitions](https://docs.python.org/3/reference/compound_stmts.html#class-definitions)
- [`type`](https://docs.python.org/3/library/functions.html#type)
- [PEP 3115, metaclasses in Python 3](https://peps.python.org/pep-3115/)
- [PEP 487, simpler customisation of class creation](https://peps.python.org/pep-0487/)
"""
