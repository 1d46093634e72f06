"""Lets one relative link serve both the site and the repository.

In the repository a page links to what lies there: `../rules/closures/missing_nonlocal.py`,
`../CONTRIBUTING.md`. On the site these are pages: the rule's, the concept's for a package of rules,
and the site's own copy of a document. A file among the docs can be downloaded; what else has no
page here stays as text.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from pyconcepts_lint.plugins.registry import rules

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
DOCUMENTS = {"README.md": "index", "CONTRIBUTING.md": "contributing", "CHANGELOG.md": "changelog"}


def page_of(path: str) -> str | None:
    """The document of the site for a path of the repository, with forward slashes."""
    if path in DOCUMENTS:
        return DOCUMENTS[path]
    if path.startswith("docs/") and path.endswith(".md"):
        return path.removeprefix("docs/").removesuffix(".md")
    if path == "rules":
        return "rules/index"
    if path.startswith("rules/"):
        module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for rule in rules().values():
            if rule.__module__ == f"pyconcepts_lint.{module}":
                return f"rules/{rule.name}"
            if rule.__module__.startswith(f"pyconcepts_lint.{module}."):
                return f"concepts/{module.rpartition('.')[2].replace('_', '-')}"
    return None


class RepositoryLinks(SphinxTransform):
    default_priority = 490

    def apply(self, **kwargs: Any) -> None:
        found = (addnodes.pending_xref, addnodes.download_reference)
        for link in list(self.document.findall(lambda node: isinstance(node, found))):
            if link.get("reftype") == "myst":
                self._lead(link)

    def _lead(self, link: nodes.Element) -> None:
        target, _, anchor = link["reftarget"].partition("#")
        if link.get("refdomain") == "doc" and target in self.env.found_docs:
            return
        path = self._in_repository(target)
        if path is None:
            return
        page = page_of(path)
        if page is None:
            if not (path.startswith("docs/") and isinstance(link, addnodes.download_reference)):
                link.replace_self(link.children)
            return
        link.replace_self(
            addnodes.pending_xref(
                "",
                *link.children,
                refdomain="doc",
                reftype="myst",
                reftarget=page,
                reftargetid=link.get("reftargetid") or anchor or None,
                refdoc=self.env.docname,
                refexplicit=True,
            )
        )

    def _in_repository(self, target: str) -> str | None:
        """The path of what a link means, seen from the page or, in an included one, the root."""
        page = Path(self.env.doc2path(self.env.docname))
        for base in (page.parent, ROOT):
            path = os.path.relpath(base / target, ROOT)
            if target and not path.startswith("..") and (ROOT / path).exists():
                return path.replace(os.sep, "/")
        return None


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(RepositoryLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
