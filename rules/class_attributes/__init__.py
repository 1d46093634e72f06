"""Class attributes

A class keeps names in a dictionary, and so does each of its instances. Nearly everything that
surprises people about class attributes comes from one difference: reading an attribute looks in
both places, assigning to one writes into one.

## Where the names live

A `class` statement runs its body much as a call runs a function's. The names that the body binds,
outside of all methods, become the dictionary of the class. They belong to the class, and there is
one object for each, however many instances there are. By custom they stand at the top, below the
class header and above the methods, where a reader looks for them (PCL106).

What a method binds on its first parameter goes into the dictionary of that one instance.

```python
class Dog:
    legs = 4

    def __init__(self, name):
        self.name = name


rex = Dog("Rex")
print(vars(rex))
print("legs" in vars(Dog), "name" in vars(Dog))
print(rex.legs, rex.legs is Dog.legs)
```

```output
{'name': 'Rex'}
True False
4 True
```

## Reading `rex.legs`

`object.__getattribute__` does this, in this order:

1. It looks for `legs` in the dictionaries of the classes in `type(rex).__mro__`: the class itself,
   then its bases. The first one that has the name ends the search.
2. If what it found there is a data descriptor, such as a property, that one says what the value
   is, and the search is over. The concept page on descriptors (5xx) has the details.
3. Else it looks in `rex`'s own dictionary. If the name is there, that is the value.
4. Else it takes what step 1 found. A function comes back as a bound method, a plain value as it is.
5. If there was nothing, `AttributeError`; a class with `__getattr__` is asked before that is final.

For plain values, then: first the instance, then the class, then its bases.

## Assigning to `rex.legs`

`object.__setattr__` looks through the classes only for a data descriptor. If there is none, it
writes into the instance's dictionary, whatever the classes have by that name. It never writes into
a class. So an assignment through an instance doesn't change a class attribute: it makes an
instance attribute, which hides it for that one instance (PCL101 where the class's is used as
shared, PCL102 where it is a default). Deleting works the same way: it takes the name out of the
instance's dictionary, and raises `AttributeError` where that hasn't got it (PCL105).

```python
class Dog:
    legs = 4


rex, fido = Dog(), Dog()
rex.legs = 3
print(rex.legs, fido.legs, Dog.legs)

del rex.legs
print(rex.legs)

Dog.legs = 5
print(rex.legs, fido.legs)

try:
    del rex.legs
except AttributeError:
    print("rex has no legs of his own")
```

```output
3 4 4
4
5 5
rex has no legs of his own
```

To change it for everybody, name the class that owns it: `Dog.legs = 5`. In a class method,
`cls.legs = 5` writes into whichever class the method was called on; called on a subclass, that
gives the subclass an attribute of its own, and `Dog` keeps what it had.

## `self.count += 1` does both

An augmented assignment reads, computes, and assigns. Here the reading finds the class's attribute,
and the assignment makes an instance's.

```python
class Counter:
    count = 0

    def add(self):
        self.count += 1


first, second = Counter(), Counter()
first.add()
first.add()
second.add()
print(Counter.count, first.count, second.count)
```

```output
0 2 1
```

A counter of all of them is `Counter.count += 1` (PCL103).

## One list for everybody

`self.tricks.append(trick)` assigns nothing. It reads `self.tricks`, which is the list that the
class body made, and changes that list. It is the same for every instance that has none of its own.

```python
class Dog:
    tricks = []

    def learn(self, trick):
        self.tricks.append(trick)


rex, fido = Dog(), Dog()
rex.learn("roll over")
print(fido.tricks)

rex.tricks += ["sit"]
print(fido.tricks, "tricks" in vars(rex))
```

```output
['roll over']
['roll over', 'sit'] True
```

The second half shows why `+=` on a list is the worst of both: the list extends itself in place, for
all, and then the same list is bound on the instance, too. Where each instance is to have its own,
make it in `__init__`: `self.tricks = []` (PCL104); `tricks = []` there would be a local variable, and
a method that reads `self.tricks` find nothing (PCL113). So it does in an `__init__` that comes to it
before `self.tricks` is assigned (PCL114). The default of a dataclass's field is such
an object, too; `field(default_factory=…)` makes one for each instance (PCL112).

The opposite happens where `__init__` assigns what it is given to the class, `Dog.name = name`: every
dog then has the name of the last one (PCL111).

## Subclasses

A subclass reads its bases' attributes through the MRO and doesn't copy them. When it binds the name
in its own body, or a statement assigns `Puppy.legs`, it has one of its own; until then it sees every
change that is made to `Dog.legs`.

An instance's own dictionary comes before all classes, so what a base's `__init__` assigns to `self`
hides a plain attribute or a method of that name in every subclass, too (PCL109).

## The body is no scope for its functions

Functions in a class don't see the names of the class body: they look in their own scope, the
functions around the class, the module, the built-ins. A comprehension is a scope like a function;
only the iterable of its first `for` is evaluated outside of it, in the class body.

```python
class Price:
    rate = 2
    doubled = [price for price in (rate, rate)]
    print(doubled)

    def of(self, amount):
        return amount * rate


Price().of(10)
```

```output
[2, 2]
NameError: name 'rate' is not defined
```

In a method it is `self.rate`, `cls.rate` or `Price.rate` (PCL107). In a comprehension of the body,
`[price * rate for price in prices]` fails for the same reason (PCL108). The class's own name is
bound when the whole class statement has run, so `zero = Price()` in its body is too early (PCL110).

## Often misunderstood

- *“A class attribute has the same value for every instance.”* For every instance that has no
  attribute of its own by that name.
- *“`self.legs = 3` sets the class attribute, since it exists.”* What the class has makes no
  difference to where an assignment goes, unless it is a data descriptor.
- *“Class attributes are for defaults, so hiding one is wrong.”* A default that an instance
  replaces is a fine use, if it is meant. An annotation says which it is: `legs: int = 4` is a
  default for instances, `legs: ClassVar[int] = 4` is shared, and type checkers hold you to it.
- *“`legs: int` makes a class attribute.”* An annotation without a value binds nothing.

## See also

- [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
- [Custom classes](https://docs.python.org/3/reference/datamodel.html#custom-classes)
- [`object.__getattribute__`](https://docs.python.org/3/reference/datamodel.html#object.__getattribute__)
- [Assignment statements](https://docs.python.org/3/reference/simple_stmts.html#assignment-statements)
- [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
- [PEP 526, class and instance variable annotations](https://peps.python.org/pep-0526/#class-and-instance-variable-annotations)
"""
