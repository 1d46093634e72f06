"""Notebooks for tests, as Jupyter writes them."""

from __future__ import annotations

import json
from typing import Any


def code(source: str | list[str], **metadata: Any) -> dict[str, Any]:
    """A code cell; `source` is split into lines as Jupyter does it, unless it is a list."""
    return {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": metadata,
        "outputs": [{"name": "stdout", "output_type": "stream", "text": ["caf\u00e9 </s>\n"]}],
        "source": source.splitlines(keepends=True) if isinstance(source, str) else source,
    }


def markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def notebook(*cells: str | dict[str, Any], metadata: dict[str, Any] | None = None) -> str:
    """The text of a notebook; texts are code cells."""
    made = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    language = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    content = {
        "cells": made,
        "metadata": language if metadata is None else metadata,
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def sources(raw: str | bytes) -> list[str]:
    """What each cell says."""
    cells = json.loads(raw)["cells"]
    return ["".join(cell["source"]) for cell in cells]


def without_sources(raw: str | bytes) -> Any:
    """All of a notebook but what its cells say."""
    content = json.loads(raw)
    for cell in content["cells"]:
        del cell["source"]
    return content
