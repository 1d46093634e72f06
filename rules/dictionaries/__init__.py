"""Dictionaries and views

What `keys()`, `values()` and `items()` return is a view of the dictionary.
"""
