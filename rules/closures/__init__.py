"""Closures

A function that uses a variable of a function around it keeps that variable, even when the outer
call has long ended. Such a function is called a closure. It keeps the *variable*, not the value
that the variable had when the function was made; nearly every surprise follows from that.

```python
def make_printer(message):
    def printer():
        print(message)

    return printer


hello, bye = make_printer("Hello"), make_printer("Bye")
hello()
bye()
```

```output
Hello
Bye
```

## Which variable a name means

Before anything runs, the compiler decides for each name in each function whose variable it is:

1. If the function **binds** the name anywhere in its body, it is the function's own, a local
   variable, from the first line to the last. Binding is: assignment, also `+=` and `:=`; parameters;
   `for`, `with … as`, `except … as`, `import`, `def`, `class`, `del`, and the names in a `case`.
2. Else, the nearest function around it that has such a local variable owns it. To the inner
   function it is a *free variable*.
3. Else, it is looked up when the line runs: in the module's dictionary, then in the built-ins.

`nonlocal x` makes rule 1 pass over this function, `global x` sends the name to the module at once.
Class bodies are no step of this ladder: functions in a class skip its names (1xx).

## Cells

An ordinary local variable lives in the frame of its call, and ends with it. When an inner function
uses it, the compiler puts it into a *cell* instead, an object of its own with one place in it. The
`def` that makes the inner function doesn't copy the value; it puts the cells into the new
function's `__closure__`. The outer function and all its inner ones then read and write the same
cell, and it lives as long as any of them.

The code of the inner function is compiled once, as a constant of the outer one's. What a call of
the outer function makes is a new function object around that code, and new cells.

```python
def make_counter():
    count = 0

    def add():
        nonlocal count
        count += 1
        return count

    def show():
        return count

    return add, show


add, show = make_counter()
add()
add()
print(show())
print(add.__code__.co_freevars, add.__closure__[0] is show.__closure__[0])
print(add.__closure__[0].cell_contents)

other_add, _ = make_counter()
print(other_add())
```

```output
2
('count',) True
2
1
```

## Read when it is called

The cell is opened when the line that uses the name runs, not when the function is made. So the
outer function can go on and change the variable, or give it its first value only later.

```python
def outer():
    def inner():
        return rate

    rate = 0.1
    before = inner()
    rate = 0.2
    return before, inner()


print(outer())
```

```output
(0.1, 0.2)
```

## Functions made in a loop

A loop doesn't make a new variable for each iteration. There is one, and each iteration gives it
the next value. All functions made in the loop have the same cell (or the same global variable) and find in
it, when they are called later, what the last iteration left (PCL801).

```python
def buttons():
    made = []
    for name in ("yes", "no", "cancel"):
        made.append(lambda: name)
    return made


print([press() for press in buttons()])
```

```output
['cancel', 'cancel', 'cancel']
```

To keep the value, bind it when the function is made: as a default of a parameter, which is
evaluated when the `def` or `lambda` runs; by `functools.partial`; or by one more function, whose
call makes a new cell.

```python
from functools import partial


def make_press(name):
    return lambda: name


by_default = [lambda name=name: name for name in ("yes", "no")]
by_partial = [partial(str.upper, name) for name in ("yes", "no")]
by_function = [make_press(name) for name in ("yes", "no")]
for made in (by_default, by_partial, by_function):
    print([press() for press in made])
```

```output
['yes', 'no']
['YES', 'NO']
['yes', 'no']
```

A function that is called before the next iteration begins, such as the `key` of a `sorted`, is right
without any of this.

## Assigning makes a variable

By rule 1, one assignment anywhere in a function makes the name its own. Reading it before then
doesn't fall back on the outer variable: it fails.

```python
def make_counter():
    count = 0

    def add():
        count += 1
        return count

    return add


try:
    make_counter()()
except UnboundLocalError as error:
    print(error)
```

```output
cannot access local variable 'count' where it is not associated with a value
```

`count += 1` reads and assigns. `nonlocal count` says that the outer variable is meant; for one of
the module it is `global count` (PCL802). Where the name is that of a built-in or an import, as in
`max = max(prices)`, the variable needs a name of its own (PCL804). Without the reading there is no error, but the assignment
stays inside, and the outer variable is what it was (PCL803):

```python
def search(numbers):
    found = False

    def look(number):
        if number > 2:
            found = True

    for number in numbers:
        look(number)
    return found


print(search([1, 2, 3]))
```

```output
False
```

A value can be taken away again: by `del`, and at the end of an `except … as problem` clause, which
deletes `problem`. Reading it behind the clause finds nothing, whether the clause has run or not
(PCL806).

*Changing* an object takes no declaration: `results.append(x)` binds nothing. It reads `results` and
calls a method.

## What is not a closure

A function keeps no cell for names of the module: it has a reference to the module's whole
dictionary, `__globals__`, and looks there each time. Default values are no closures either: they
are evaluated once, when the `def` runs, and stored on the function.

The variables of a comprehension are its own; the names around it, it sees like a function, with the
one exception that its first iterable is evaluated outside of it.

## Often misunderstood

- *“The closure stores the value.”* It stores the cell. The value is read at each use.
- *“The outer function must have finished.”* It may still be running; both then use the same cell.
- *“Frames are kept alive.”* Only the cells are, for the variables that inner functions use.
- *“A variable exists from its first assignment on.”* Its name belongs to the function from the start
  of the body; until the assignment it merely has no value.

## See also

- [Naming and binding](https://docs.python.org/3/reference/executionmodel.html#naming-and-binding)
- [The `nonlocal` statement](https://docs.python.org/3/reference/simple_stmts.html#the-nonlocal-statement)
- [Scopes and namespaces, in the tutorial](https://docs.python.org/3/tutorial/classes.html#python-scopes-and-namespaces)
- [Why do lambdas defined in a loop all return the same result?](https://docs.python.org/3/faq/programming.html#why-do-lambdas-defined-in-a-loop-with-different-values-all-return-the-same-result)
- [PEP 227, statically nested scopes](https://peps.python.org/pep-0227/)
- [PEP 3104, access to names in outer scopes](https://peps.python.org/pep-3104/)
"""
