"""Attribute dictionaries

Most objects keep their attributes in a dictionary of their own.
"""
