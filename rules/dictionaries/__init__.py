"""Dictionaries and views

In Python 3, `keys()`, `values()` and `items()` of a dictionary build no list. Each returns a
*view*: a small object that looks into the dictionary whenever it is asked. A view is neither a list
nor an iterator, and it is easily mistaken for either.

## What a view is

A view refers to its dictionary. Making one copies nothing, however large the dictionary is. It
shows what is in the dictionary *now*, it knows its length, it answers `in`, and it can be walked as
often as you like.

```python
prices = {"pen": 2, "book": 30}
names = prices.keys()
print(type(names).__name__, len(names), "pen" in names)

prices["lamp"] = 45
print(list(names))
print(list(names), len(names))
```

```output
dict_keys 2 True
['pen', 'book', 'lamp']
['pen', 'book', 'lamp'] 3
```

`for` asks the view for an iterator, with `iter(view)`, and walks that. An iterator is used up when
it has been walked; the view isn't. That is why `next(prices.items())` fails, and
`next(iter(prices.items()))` doesn't.

```python
prices = {"pen": 2, "book": 30}
print(next(iter(prices.items())))
next(prices.items())
```

```output
('pen', 2)
TypeError: 'dict_items' object is not an iterator
```

## Where Python 2 comes in

Python 2's `items()` built a list of pairs, and needed the memory for it. `iteritems()` came later
and made the pairs one at a time, but could be walked only once and had no length. `viewitems()`, in
Python 2.7, was the view. Python 3 kept the view, under the plain name, and dropped the other two:

- `d.iteritems()` and `d.viewitems()` are `d.items()` now (PCL701); where really an iterator is
  needed, that is `iter(d.items())`. `keys` and `values` go the same way.
- `six.iteritems(d)` was a bridge for code that ran on both (PCL702).
- `d.has_key(k)` is `k in d` (PCL704).

Code that was translated by changing the names only may still use the result as a list.

## What a view can't do

A view has no order methods and no index: no `view[0]`, no slices, no `sort`, `append`, `pop`. Make
a list of it when you need one, or sort it into one (PCL703).

```python
prices = {"pen": 2, "book": 30}
print(sorted(prices))
print(list(prices.values())[0], max(prices.values()))
prices.keys().sort()
```

```output
['book', 'pen']
2 30
AttributeError: 'dict_keys' object has no attribute 'sort'
```

`list(d)`, `sorted(d)`, `len(d)`, `k in d` and `for k in d` are about the keys anyway; `keys()` adds
nothing there. What views of keys have, and lists don't, are the operators of sets. Views of items
have them, too, where the values are hashable; views of values haven't, for values may repeat.

```python
old = {"pen": 2, "book": 30}
new = {"book": 35, "lamp": 45}
print(sorted(old.keys() & new.keys()), sorted(new.keys() - old.keys()))
print(old.items() & new.items())
```

```output
['book'] ['lamp']
set()
```

## Order

A dictionary keeps its keys in the order in which they first came in, and all three views show that
order (since Python 3.7). Giving an old key another value leaves it at its place; deleting the key
and putting it in again moves it to the end. Two dictionaries with the same items are equal whatever
their order.

## Changing what you walk

While an iteration over a dictionary goes on, no key may be added or deleted. The iterator compares
the dictionary's size at each step with what it was at the start, and raises `RuntimeError` when it
differs. Since a view *is* the dictionary, as far as this goes, walking `d.items()` is walking `d`
(PCL705).

```python
stock = {"pen": 0, "book": 3, "lamp": 0}
for name, count in stock.items():
    if not count:
        del stock[name]
```

```output
RuntimeError: dictionary changed size during iteration
```

Three things to know about this:

- The error comes at the *next* step, not at the deletion. A loop that is left right after it, by
  `break` or `return`, ends well.
- Giving a key that is there another value is fine: the size stays.
- What deletes one key and adds another keeps the size, so Python may not notice; it then visits
  some items twice, or not at all. Some of these cases it does notice: `dictionary keys changed
  during iteration`.

In Python 2, `items()` was a list already, and a loop that deleted from the dictionary walked a copy
without knowing it. In Python 3 you say so:

```python
stock = {"pen": 0, "book": 3, "lamp": 0}
for name, count in list(stock.items()):
    if not count:
        del stock[name]
print(stock)
```

```output
{'book': 3}
```

Often a new dictionary is clearer: `{name: n for name, n in stock.items() if n}`.

The same holds for what walks lazily. `enumerate`, `zip`, `map`, `filter` and generator expressions
make no copy; the dictionary is being walked until they are used up.

## Often misunderstood

- *“In Python 3, `items()` returns an iterator.”* It returns a view. It can be walked twice, it has
  a length, and `next` doesn't take it.
- *“`keys()` is a snapshot.”* It shows what is in the dictionary when it is asked. A snapshot is
  `list(d)`.
- *“`items()` takes much memory, so loop over the keys.”* It makes one pair at a time. `for k in d:`
  with `d[k]` in the body only looks everything up a second time.

## See also

- [Dictionary view objects](https://docs.python.org/3/library/stdtypes.html#dictionary-view-objects)
- [Mapping types: `dict`](https://docs.python.org/3/library/stdtypes.html#mapping-types-dict)
- [Looping techniques, in the tutorial](https://docs.python.org/3/tutorial/datastructures.html#looping-techniques)
- [What's new in Python 3.0: views and iterators instead of lists](https://docs.python.org/3/whatsnew/3.0.html#views-and-iterators-instead-of-lists)
- [PEP 3106, revamping `dict.keys()`, `.values()` and `.items()`](https://peps.python.org/pep-3106/)
"""
