"""Metaclasses

A class is an object, too; its metaclass is the class that it was made by.
"""
