"""Descriptors

An object whose class defines `__get__`, `__set__` or `__delete__` takes over the access to an
attribute, but only from a class.
"""
