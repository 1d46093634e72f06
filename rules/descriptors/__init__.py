"""Descriptors

An object whose class defines `__get__`, `__set__` or `__delete__` is a descriptor. Stored in a
class, it takes part in attribute access on the instances: it may say what reading, assigning or
deleting the attribute does. Properties, methods, class methods, slots and ORM fields all are
descriptors, and one procedure makes them work.

## The lookup in full

Reading `obj.x` calls `type(obj).__getattribute__(obj, "x")`. Unless a class overrides it, that is
`object.__getattribute__`:

1. Search `x` in the dictionaries of the classes in `type(obj).__mro__`. Call what is found `attr`.
   Metaclasses aren't searched.
2. If `type(attr)` has `__get__`, and `__set__` or `__delete__`, it is a **data descriptor**: return
   `attr.__get__(obj, type(obj))`.
3. If `obj` has a dictionary with `x` in it, return that value, as it is.
4. If `type(attr)` has only `__get__`, it is a **non-data descriptor**: return
   `attr.__get__(obj, type(obj))`.
5. If there is an `attr` at all, return it.
6. Raise `AttributeError`. If the class has a `__getattr__`, that is called now.

Assigning `obj.x = v` calls `__setattr__`, and `object`'s does only this: search `x` in the classes;
if that is an object with `__set__` or `__delete__`, call `attr.__set__(obj, v)`; else write into
`obj`'s dictionary, and where it has none, raise `AttributeError`. `del obj.x` does the same with
`__delete__`. An object that has only one of the two raises `AttributeError` for the other.

So there are three ranks: data descriptors of the classes come before the instance's dictionary, and
that comes before everything else in the classes.

```python
class Data:
    def __get__(self, instance, owner=None):
        return "from the data descriptor"

    def __set__(self, instance, value):
        print("set", value)


class NonData:
    def __get__(self, instance, owner=None):
        return "from the non-data descriptor"


class Example:
    first = Data()
    second = NonData()
    third = "from the class"


example = Example()
vars(example).update(first="own", second="own", third="own")
print(example.first)
print(example.second)
print(example.third)
example.first = 1
```

```output
from the data descriptor
own
own
set 1
```

This is why a property can't be hidden by an instance attribute, and a method can; and why
`functools.cached_property`, a non-data descriptor, is asked only once: it writes its result into
the instance's dictionary, where the next reading finds it first.

## Only from a class

Python looks for the descriptor in the classes, and for `__get__` and the others in the
descriptor's own class. A descriptor that is put into an instance's dictionary is an object like any
other: its `__get__` isn't called (PCL501).

```python
class Order:
    def __init__(self):
        self.total = property(lambda self: 42)


print(type(Order().total))
```

```output
<class 'property'>
```

Read through the class, `Order.total`, a descriptor gets None for the instance:
`attr.__get__(None, Order)`. By custom it returns itself then, as a property does. Assigning
`Order.total = v` replaces it without asking: `__set__` guards instances, not the class.

## What Python passes

`__get__(self, instance, owner=None)`, `__set__(self, instance, value)`,
`__delete__(self, instance)`; and once, when the class is made, `__set_name__(self, owner, name)`.
`self` is the descriptor. One that can't take these arguments fails when it is used (PCL503).

There is *one* descriptor for all instances, since it is an attribute of the class. What it stores
on itself, all of them share (PCL502). It belongs on the instance:

```python
class Positive:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else vars(instance)[self.name]

    def __set__(self, instance, value):
        if value <= 0:
            raise ValueError(f"{self.name} has to be positive")
        vars(instance)[self.name] = value


class Item:
    price = Positive()

    def __init__(self, price):
        self.price = price


book, pen = Item(30), Item(2)
print(book.price, pen.price)
pen.price = 0
```

```output
30 2
ValueError: price has to be positive
```

`Positive` is a data descriptor, so its own entry in the instance's dictionary doesn't hide it.

## Properties

`property` is a data descriptor, even without a setter: then its `__set__` raises `AttributeError`
(PCL504), also for what a base class's methods assign (PCL508). `obj.price` is what the getter
returns: brackets behind it call that (PCL509). `@price.setter` returns a *new* property, with the getter of the old one, and the `def`
below it binds that to the name. In a subclass, `price` isn't a name of the class body, so there it
has to be `@Base.price.setter` (PCL507).

```python
class Item:
    @property
    def price(self):
        return 10


Item().price = 20
```

```output
AttributeError: property 'price' of 'Item' object has no setter
```

## The hooks behind it

`__getattribute__`, `__setattr__` and `__delattr__` are called for every access, `__getattr__` only
when reading has ended in `AttributeError`, be it one that a property's own code has raised. Inside them, an access to `self` goes through the same hook
again. `self.x = v` in `__setattr__` is a call of `__setattr__`, without end. Leave the work to the
class above: `super().__setattr__(name, value)` (PCL505).

```python
class Logged:
    def __setattr__(self, name, value):
        print("setting", name)
        super().__setattr__(name, value)


logged = Logged()
logged.x = 1
print(logged.x)
```

```output
setting x
1
```

`__getattr__` has a trap of its own. It usually reads an attribute that `__init__` made, and
`copy` and `pickle` make objects without calling `__init__`: then that attribute is missing, too,
and `__getattr__` asks itself for it (PCL506).

## Special methods are looked up elsewhere

`len(x)`, `x + y`, `with x` look for their special method in the type only. They skip the
instance's dictionary and `__getattr__`. A `__len__` that is stored on an instance is never found.

## Often misunderstood

- *“The instance's dictionary comes first.”* Data descriptors of the class come before it.
- *“A property is stored on the instance.”* It is one object, in the class; what it computes may be
  stored on the instance.
- *“A class with only `__get__` makes a read-only attribute.”* An assignment goes into the
  instance's dictionary and hides it. Read-only takes a `__set__` that raises.
- *“`__getattr__` is called at every access.”* Only after everything else; `__getattribute__` is the
  one that always is.

## See also

- [Implementing descriptors](https://docs.python.org/3/reference/datamodel.html#implementing-descriptors)
- [Invoking descriptors](https://docs.python.org/3/reference/datamodel.html#invoking-descriptors)
- [Customizing attribute access](https://docs.python.org/3/reference/datamodel.html#customizing-attribute-access)
- [Descriptor guide](https://docs.python.org/3/howto/descriptor.html)
- [Special method lookup](https://docs.python.org/3/reference/datamodel.html#special-method-lookup)
"""
