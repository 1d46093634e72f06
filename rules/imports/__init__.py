"""Packages and imports

A module is an object with a dictionary; its file is run once to fill that dictionary. An `import`
statement does two separate things: it makes sure that a module has been loaded, and it binds a name
in the namespace where the statement stands. Most confusion comes from taking the two for one.

## A module is an object

Modules are instances of `types.ModuleType`. What a module's code calls global variables are the
items of the module's dictionary: `settings.debug = True` and `settings.__dict__["debug"] = True` do
the same, and `dir(settings)` and `help(settings)` look into it.

Before the code of a module runs, the import system has put some attributes there:

- `__name__`, the full name with dots, or `"__main__"` in the program that Python was started with;
- `__spec__`, which says where the module came from and who loads it;
- `__package__`, the package for relative imports: in a package its own name, in a module of a
  package that package's name, else `""`. The same stands in `__spec__.parent`, which takes its place
  from Python 3.15 on;
- `__file__`, where there is a file, and `__loader__`; `__doc__` is None until the docstring, the
  first statement of the code, has run;
- `__path__`, in packages only. It is what makes a module a package: the list of places in which
  submodules are looked for. Modules that are no packages have `__package__`, too, but no `__path__`.

They describe what has been imported; assigning to them changes how later imports work, and is
seldom what was wanted (PCL213).

## What `import shop.cart` does

A module is named without its file's ending: `import cart` runs `cart.py`, while `import cart.py`
asks for a submodule `py` of `cart`. For each part of a dotted name, first `shop`, then `shop.cart`:

1. Look in `sys.modules`, a dictionary of all modules by full name. If it is there, take it. If
   `None` is there, raise `ModuleNotFoundError`.
2. Else ask the finders in `sys.meta_path`: the one for built-in modules, the one for frozen ones,
   then the one that searches directories. For `shop` these are the directories in `sys.path`; for
   `shop.cart`, those in `shop.__path__`.
3. Make an empty module, set the attributes above, and **put it into `sys.modules`**.
4. Run its code, from top to bottom, in the module's dictionary. If that raises, take it out of
   `sys.modules` again.
5. Look it up in `sys.modules` once more and go on with what is there now: a module can have put
   another object in its place (PCL211).
6. Bind it as an attribute of its parent: `shop.cart` is now the attribute `cart` of `shop`.

Then the statement binds a name. `import shop.cart` binds `shop`, the *first* part.
`import shop.cart as c` binds `c` to `shop.cart`. `from shop import cart` takes the attribute `cart`
of `shop`, or if there is none, imports the submodule, and binds `cart`; it doesn't bind `shop`. If
there is neither, it raises `ImportError` (PCL205).

```python
# shop/__init__.py
print("running", __name__)
```

```python
# shop/cart.py
print("running", __name__, "of package", __package__)
items = []
```

```python
# main.py
import sys

from shop.cart import items

print("shop" in sys.modules, "shop.cart" in sys.modules)
print("shop" in globals(), "items" in globals())

import shop

print(shop.cart.items is items, hasattr(shop, "__path__"))
```

```output
running shop
running shop.cart of package shop
True True
False True
True True
```

Both modules ran once; the second import found them in `sys.modules`. And `shop.cart` could be used
though `main.py` never says `import shop.cart`, for step 6 was done by the first import. Code that
relies on it depends on the imports of other modules (PCL206, PCL207, PCL215). A module is no
function: what it defines under its own name is an attribute of it (PCL218).

## Where top-level modules are found

`sys.path` starts with the directory of the script that is run (with `python -m`, the current
directory), then the directories in the environment variable `PYTHONPATH`, then what the
installation adds: the standard library and `site-packages`. The first directory that has the module
wins. So your own `random.py` beside a script hides the standard library's for the whole program,
while a `sys.py` is never found, because built-in modules are asked first (PCL208). A module that
changes `sys.path` when it is imported changes this search for everybody (PCL210).

Python 2 looked beside the importing module first: in a package, `import cart` found the neighbour.
Python 3 looks for a top-level module `cart` (PCL203).

## Packages

A package is a module that can have submodules, usually a directory with an `__init__.py`. That file
may be empty; it is the package's own code, and runs before any of its modules. Since Python 3.3 a
directory *without* one can be imported, too, as a namespace package: it may consist of several
directories, it has no code, and any directory of that name will do. That is useful for
distributions that share a name, and otherwise mostly an accident that tools stumble over (PCL201).

Inside a package, leading dots stand for it: `from . import cart` is the package that this module
lies in, `from .. import x` its parent, and so on, one more level for each dot; there must be as
many packages as dots (PCL204). What they stand
for is taken from `__package__`; a module that is run as a script is in no package, and its relative
imports fail (PCL216). Run by `python -m shop.cart`, it is in one. Only `from` has this form: `import .cart` is a syntax error, because
there would be no name to bind. An absolute import starts at the top: `from shop import cart`. PEP 8
prefers absolute imports and accepts relative ones; a relative import doesn't care what the package
is called, so a package can be renamed, moved or vendored as it is (PCL202).

## The name is bound once

`from settings import level` looks `level` up and binds a name here to the same object. If
`settings.level` is rebound later, this module isn't told. `settings.level`, with the module kept,
looks it up each time (PCL214). Nor does binding `level` here, with `global level` in a function, tell
`settings` (PCL219).

```python
# settings.py
level = 1


def raise_level():
    global level
    level = level + 1
```

```python
# main.py
import settings
from settings import level

settings.raise_level()
print(level, settings.level)
```

```output
1 2
```

## Cycles

A module stands in `sys.modules` before its first line has run. In a cycle of imports, one module gets
another that is half done. `import b` is content with that; `from b import name` needs the name at
once, and fails if `b` hasn't come to the line that binds it. Which import fails depends on which
module was imported first (PCL209).

## One file, two modules

A script is the module `__main__`. If what it imports imports it back, by its own name, that name isn't
in `sys.modules`, and the file runs a second time, into a second module with its own classes and
variables. So it does where a package's own directory is on `sys.path`, and one import says
`shop.cart`, the other `cart` (PCL217).

## Importing by a name in a string

`__import__("shop.cart")` does what the statement does, so it returns `shop`. Helpers that then walk
down the parts have to take them in order, from the left; one that takes them with `pop()` starts at
the wrong end. `importlib.import_module` returns the module that was named (PCL212).

```python
import importlib

print(__import__("os.path").__name__)
print(importlib.import_module("xml.dom.minidom").__name__)
```

```output
os
xml.dom.minidom
```

## Often misunderstood

- *“Importing one name loads only that.”* The whole module runs, and stays in `sys.modules`.
- *“Deleting a module from `sys.modules` unloads it.”* It makes the next import run the file again,
  into a second module object. Modules that imported the first keep it, with its own classes (PCL211).
- *“`from shop import *` only adds names.”* It replaces what this module has had under one of them, and
  hides built-ins (PCL220).
- *“A module of the standard library has what it had.”* Python 3 lacks some of what Python 2 had,
  each version some that was deprecated (PCL221); `datetime.now` is its class's (PCL222).
- *“`import shop` gives me its modules.”* Only those that something has imported (PCL206).
- *“A package must have `__init__.py`.”* A regular package must; see above.

## See also

- [The import system](https://docs.python.org/3/reference/import.html)
- [The `import` statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
- [Modules, in the tutorial](https://docs.python.org/3/tutorial/modules.html)
- [Initialization of `sys.path`](https://docs.python.org/3/library/sys_path_init.html)
- [`importlib.import_module`](https://docs.python.org/3/library/importlib.html#importlib.import_module)
- [PEP 420, implicit namespace packages](https://peps.python.org/pep-0420/)
"""
