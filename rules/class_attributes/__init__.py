"""Class attributes

A class attribute belongs to the class, and its instances share it.
"""
