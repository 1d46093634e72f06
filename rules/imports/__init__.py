"""Packages and imports

A module runs once, from top to bottom; an import binds names to what is there already, or loads
it.
"""
