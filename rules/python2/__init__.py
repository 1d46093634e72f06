r"""Python 2 and source

Before a program runs, Python reads its source as a whole: decodes the bytes, cuts them into tokens,
parses these by the grammar, and compiles the result. A mistake in any of these steps is a
`SyntaxError`, and nothing of the file runs, not even its first line. Python 3 has another grammar
than Python 2; so much of what is old in a program shows at once, and some of it silently means
something else.

## From bytes to a program

1. **Decoding.** The file is UTF-8, unless a comment in its first or second line says otherwise:
   `# -*- coding: latin-1 -*-`. Python 2 took it for ASCII.
2. **Tokens.** Names, numbers, strings, operators; and line ends and indentation, which are tokens,
   too. A tab leads to the next multiple of eight columns, but indentation that means one thing with
   tabs of eight and another with tabs of one is refused: Python 3 raises `TabError` where Python 2
   guessed.
3. **Parsing.** The grammar accepts the file, or there is a syntax error with the place where the
   parser could go on no more. The mistake is often before that: an unclosed bracket, say.
4. **Compiling.** Some rules aren't the grammar's: `return` outside of a function, a name that is
   both `global` and a parameter. They are `SyntaxError`s, too.

```python
try:
    compile("print('first')\nreturn 1\n", "shop.py", "exec")
except SyntaxError as error:
    print(f"{error.msg} (line {error.lineno})")
```

```output
'return' outside function (line 2)
```

What neither Python can read gets Python's own message (PCL901). One mistake of that kind comes from
thinking that `import` takes dots: `import .cart` binds no name and is in no grammar;
`from . import cart` is meant.

## What Python 3 no longer reads

Where the meaning is plain, it can be rewritten, construct for construct (PCL902):

- `print x` and `exec code` were statements; they are functions now. `print x,` ended with a soft
  space, `print >>f, x` wrote to a file: `print(x, end=" ")`, `print(x, file=f)`.
- `except E, e:` is `except E as e:`; `raise E, value` is `raise E(value)`.
- `` `x` `` is `repr(x)`, `<>` is `!=`, `0777` is `0o777`, `10L` is `10`, `ur"…"` is gone.
- `def f(a, (b, c))` took a pair apart; now the body does it.
- `async`, `await`, `nonlocal`, `True`, `False` and `None` are keywords and can't be names.

```python2
def first((x, y)):
    return x

try:
    print "first:", first((1, 2)), `3L`, 0777 <> 511
    raise ValueError, "no more"
except ValueError, error:
    print error
```

```output
first: 1 3L False
no more
```

## What it reads as something else

This is the more dangerous part: both Pythons take it, each in its own way.

```python
import sys

print
try:
    print >>sys.stderr, "lost"
except TypeError as error:
    print(str(error).partition(":")[0])
```

```output
unsupported operand type(s) for >>
```

A bare `print` printed an empty line; now it is a mention of a function, which does nothing.
`print >>f, x` was a statement; now it is a shift of a function by a file, and a tuple (PCL902).

A tool can't see from the text what else a program relied on, and doesn't try: `/` between integers
gave an integer, `str` was bytes, `map` and `filter` gave lists, `range` did, too, `input` evaluated
what was typed, and any two objects had an order. For these there are tests. What has rules of its
own are `__metaclass__` (3xx), the attributes of methods (4xx), dictionaries (7xx) and imports that
take a neighbour for a top-level module (2xx).

## What is no longer needed

Python 2 had two kinds of classes, and `class C(object)` asked for the newer one. In Python 3 there
is only that: every class inherits from `object`, said or not (PCL903).

`super(C, self)` named the class and the instance. `super()` finds both by itself, in a method:
the class in a variable that the compiler adds, the instance as the first argument (PCL904).

```python
class Shop(object):
    def name(self):
        return "shop"


class BookShop(Shop):
    def name(self):
        return "book" + super().name()


class Other:
    pass


print(BookShop().name(), Shop.__bases__ == Other.__bases__)
```

```output
bookshop True
```

`from __future__ import print_function`, and what else was there for Python 2, is allowed and does
nothing any more.

## Comments that tools read

For Python, a comment ends at its line and means nothing; only the encoding in the first two lines
counts. For linters, `# noqa` at a line's end silences what they would say there, and
`# noqa: PCL101` only that. When the reason is gone and the comment stays, it silences the next
mistake in that line as well (PCL905).

## Often misunderstood

- *“The lines before a syntax error still run.”* Nothing of that file does. A mistake that is found
  while running, such as a `NameError`, is another matter.
- *“The error is where the arrow points.”* That is where reading failed. Look before it, too.
- *“The translation makes a Python 3 program.”* It makes one that Python 3 can read. What it does
  differently, only running it shows.

## See also

- [Lexical analysis](https://docs.python.org/3/reference/lexical_analysis.html)
- [Encoding declarations](https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations)
- [Full grammar specification](https://docs.python.org/3/reference/grammar.html)
- [What's new in Python 3.0](https://docs.python.org/3/whatsnew/3.0.html)
- [Syntax errors, in the tutorial](https://docs.python.org/3/tutorial/errors.html#syntax-errors)
- [PEP 3105, `print` as a function](https://peps.python.org/pep-3105/)
"""
