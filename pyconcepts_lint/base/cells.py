"""Paths of notebooks, in findings as they are shown.

Up to then, lines are those of the program that the cells of a notebook make.
"""

from __future__ import annotations

NOTEBOOK = ".ipynb"
"""How the name of a file ends that is read as a notebook."""
SHELL = "get_ipython"
"""The function by which a program made of cells stands for what isn't Python in them."""


class InCell(str):
    """The path of a cell: lines are those of the cell. It reads `nb.ipynb:cell 3`.

    `file` is the path of the notebook, `cell` the number of the cell, among all cells from 1.
    """

    __slots__ = ("cell", "file")

    file: str
    cell: int

    def __new__(cls, file: str, cell: int) -> InCell:
        path = super().__new__(cls, f"{file}:cell {cell}")
        path.file = file
        path.cell = cell
        return path

    def __reduce__(self) -> tuple[type[InCell], tuple[str, int]]:
        return InCell, (self.file, self.cell)


class InJson(str):
    """The path of a notebook: lines are those of its JSON. `place` is what people call the place,
    such as `cell 3:2:1`."""

    __slots__ = ("place",)

    place: str

    def __new__(cls, file: str, place: str) -> InJson:
        path = super().__new__(cls, file)
        path.place = place
        return path

    def __reduce__(self) -> tuple[type[InJson], tuple[str, str]]:
        return InJson, (str(self), self.place)


def cell_of(path: str) -> int | None:
    """The number of the cell that a path in a finding means; None for a whole file."""
    return path.cell if isinstance(path, InCell) else None


def file_of(path: str) -> str:
    """The path of the file that a path in a finding means."""
    return path.file if isinstance(path, InCell) else path
