"""Methods

There is no special kind of function that is a method. A `def` in a class body makes a plain
function and binds it in the class. It becomes a *bound method* each time it is looked up on an
instance, and for that moment only.

## From function to bound method

Functions have a method `__get__`, so they are descriptors (5xx). When `cart.total` finds the
function `total` in the class, attribute lookup doesn't hand it out as it is: it calls
`total.__get__(cart, Cart)`. That returns a new small object, which remembers two things: the
function as `__func__`, and the instance as `__self__`. Calling it calls the function with the
instance put in front of the arguments.

```python
class Cart:
    def total(self, tax=0):
        return 100 + tax


cart = Cart()
function = vars(Cart)["total"]
print(type(function).__name__, type(cart.total).__name__)

bound = function.__get__(cart, Cart)
print(bound.__func__ is function, bound.__self__ is cart)
print(cart.total(5), bound(5), Cart.total(cart, 5))
```

```output
function method
True True
105 105 105
```

So `cart.total(5)` is `Cart.total(cart, 5)`, provided that nothing nearer hides the name: an
attribute `total` in the instance's own dictionary would be found before the class's function.
`self` is no keyword. It is the first parameter, and the name is a convention.

A method that has no parameter can't be called so: the instance goes in, and there is no place for
it (PCL401).

```python
class Test:
    def method_two():
        print("Called method_two")


Test.method_two()
Test().method_two()
```

```output
Called method_two
TypeError: Test.method_two() takes 0 positional arguments but 1 was given
```

## Through the class, nothing is bound

`Cart.total` is the function itself; there is no instance to bind. A call of it has to pass
the instance (PCL402). What doesn't fit the parameters, with the instance counted, raises TypeError
wherever it is called (PCL410). Python 2 made an *unbound method* of it, an object that checked the
type of its first argument. Python 3 has no unbound methods, no `im_func` and `im_self` (they are
`__func__` and `__self__`), and no `func_name` (`__name__`) (PCL406).

## A new object each time

Each lookup makes a bound method anew. Two of them are equal when both have the same instance and
the same function, but they are never the same object, so `is` is the wrong question (PCL404).

```python
class Button:
    def press(self):
        pass


button = Button()
print(button.press == button.press, button.press is button.press)
```

```output
True False
```

It also keeps its instance alive: a callback list that holds `button.press` holds the button.

## Which functions get bound

Binding happens to what is found **in a class**, and only if it has a `__get__` that binds.

- Every Python function does, also a lambda, and also one that was made elsewhere and only assigned
  in the class body. If it was written for other arguments, the instance now comes in first
  (PCL405).
- Built-in functions such as `len` and classes don't bind.
- A function stored on an *instance* is not bound. It is in the instance's dictionary, where
  lookup takes things as they are. `types.MethodType(function, instance)` binds it by hand (PCL407).

```python
def shout(text):
    return text.upper()


class Plain:
    format = shout


class Wrapped:
    format = staticmethod(shout)


print(Wrapped().format("hello"))
plain = Plain()
plain.say = shout
print(plain.say("hello"))
plain.format("hello")
```

```output
HELLO
HELLO
TypeError: shout() takes 1 positional argument but 2 were given
```

## `staticmethod` and `classmethod`

Both are descriptors that wrap a function. The one's `__get__` returns the function as it is; the
other's binds it to the class instead of the instance: to the class that was asked, which may be a
subclass.

```python
class Shop:
    @classmethod
    def open(cls):
        return cls.__name__

    @staticmethod
    def round(price):
        return round(price, 2)


class BookShop(Shop):
    pass


print(BookShop.open(), BookShop().open(), Shop.round(1.234))
```

```output
BookShop BookShop 1.23
```

Inside a method, the method's own name means nothing special: in `Shop.round`, `round` is the
built-in, because the class body is no scope for the functions in it (1xx).

## `super()`

`super()` doesn't mean “my base class”. It returns an object that looks attributes up in the MRO of
the *instance's* class, starting behind the class in whose body the method stands, and binds what it
finds to the instance. With several bases, the next class can be one that this class has never heard
of; that is what lets each class of a diamond run once. `Base.method(self)` names one class and
passes over all others (PCL403).

```python
class Base:
    def names(self):
        return ["Base"]


class Left(Base):
    def names(self):
        return ["Left", *super().names()]


class Right(Base):
    def names(self):
        return ["Right", *super().names()]


class Both(Left, Right):
    pass


print(Both().names())
```

```output
['Left', 'Right', 'Base']
```

Without arguments, `super()` needs to find both: the class, in a hidden variable `__class__` that
the compiler gives to functions in a class body that say `super` or `__class__`; and the instance,
which is the first argument of the function that is running. Outside of a class, in a nested
function without that first argument, or in a generator expression there is one or the other
missing (PCL408). Said with arguments, the class is the one around: `super(type(self), self)` means
another one in each subclass, and `super().method(self)` passes the instance twice (PCL409). An
`__init__` that calls no other is the only one that runs, and what the others would have bound is
missing (PCL411).

## Often misunderstood

- *“The class body turns functions into methods.”* It leaves them alone; look into `vars(Cart)`.
  The lookup does it.
- *“`cart.total` calls something.”* It makes a bound method. The brackets call.
- *“Assigning a function to `obj.method` adds a method.”* It adds an attribute; see above.
- *“`self` refers to the class that the method was written in.”* It is the instance, whose class may
  be a subclass. `type(self)` is that class; `__class__` in a method is the one around it.

## See also

- [Instance methods](https://docs.python.org/3/reference/datamodel.html#instance-methods)
- [Functions and methods, in the descriptor guide](https://docs.python.org/3/howto/descriptor.html#functions-and-methods)
- [Method objects, in the tutorial](https://docs.python.org/3/tutorial/classes.html#method-objects)
- [`super`](https://docs.python.org/3/library/functions.html#super)
- [`types.MethodType`](https://docs.python.org/3/library/types.html#types.MethodType)
"""
