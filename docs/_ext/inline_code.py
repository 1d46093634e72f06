"""Keeps short inline code in one line: `--fix` must not become `--` and `fix`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SHORT = 22  # characters: half a line of a narrow window


class ShortCode(SphinxTransform):
    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        for literal in self.document.findall(nodes.literal):
            if len(literal.astext()) <= SHORT:
                literal["classes"].append("short")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(ShortCode)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
