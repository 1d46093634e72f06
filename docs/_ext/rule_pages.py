"""Writes the pages of rules and concepts, and the table of rules, from the rules themselves.

They lie in `docs/rules` and `docs/concepts` before Sphinx looks for sources, and git ignores them.
A page that says what it said before is not written again, so Sphinx need not read it again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from pyconcepts_lint.plugins.concepts import Concept, concepts
from pyconcepts_lint.plugins.other_words import OTHER_WORDS
from pyconcepts_lint.rule_api.rule import Rule

if TYPE_CHECKING:
    from sphinx.application import Sphinx

OWN = "pyconcepts_lint.rules."
CODE = re.compile(r"\bPCL\d{3}\b|\b[1-9]xx\b")


def own_concepts() -> list[Concept]:
    """The project's own concepts: other packages' rules have no place on this site."""
    return [each for each in concepts() if each.rules[0].__module__.startswith(OWN)]


def pages() -> dict[str, str]:
    """The text of each generated page, by its path below `docs`."""
    found = {"rules/index.md": _all_rules(own_concepts())}
    for concept in own_concepts():
        found[f"concepts/{concept.name}.md"] = _concept_page(concept)
        for rule in concept.rules:
            found[f"rules/{rule.name}.md"] = _rule_page(rule, concept)
    return found


def _rule_page(rule: type[Rule], concept: Concept) -> str:
    summary, _, rest = rule.page().partition("\n")
    state = "On by default." if rule.on else "Off by default: select it to have it."
    article = "an" if rule.severity == "error" else "a"
    state += f" A finding is {article} [{rule.severity}](../severity.md)."
    return (
        f"# {rule.code} {rule.name}\n\n"
        f"{{.lead}}\n{summary}\n\n"
        f"{{.about}}\n[{concept.title}](../concepts/{concept.name}.md). {state}\n"
        f"{_other_words(rule.code)}{rest}\n"
    )


def _other_words(target: str) -> str:
    """What else people call it: the search of the site finds the page by it."""
    words = ", ".join(OTHER_WORDS.get(target, ()))
    return (
        f"\n{{.about}}\nOther words for it: {words.replace('_', chr(92) + '_')}.\n\n"
        if words
        else ""
    )


def _concept_page(concept: Concept) -> str:
    told, see_also, links = concept.page.partition("## See also\n")
    toctree = "\n".join(f"../rules/{rule.name}" for rule in concept.rules)
    return (
        f"# {concept.title}\n\n"
        f"{{.lead}}\n{told}\n\n{_other_words(concept.number)}"
        f"## Its rules\n\n{_table(concept.rules, '../rules/')}\n\n"
        f"{see_also}{links}\n\n"
        f"```{{toctree}}\n:hidden:\n\n{toctree}\n```\n"
    )


def _all_rules(found: list[Concept]) -> str:
    sections = (
        f"## {concept.title}\n\n"
        f"[What is behind these rules](../concepts/{concept.name}.md)\n\n"
        f"{_table(concept.rules, '')}\n"
        for concept in found
    )
    count = sum(len(concept.rules) for concept in found)
    introduction = (
        f"There are {count} rules. [Settings](../settings.md#which-rules-run) say which of them "
        "run; a code is a rule's for good.\n"
    )
    return "\n".join(["# All rules\n", introduction, *sections])


def _table(listed: Iterable[type[Rule]], directory: str) -> str:
    lines = ["| rule | severity | what it finds |", "| --- | --- | --- |"]
    for rule in listed:
        summary = rule.summary().replace("|", r"\|")
        off = "" if rule.on else " (off by default)"
        link = f"[{rule.code}]({directory}{rule.name}.md) {rule.name}{off}"
        lines.append(f"| {link} | {rule.severity} | {summary} |")
    return "\n".join(lines)


def write_pages(app: Sphinx) -> None:
    docs = Path(app.srcdir)
    wanted = {docs / path: text for path, text in pages().items()}
    for directory in ("rules", "concepts"):
        (docs / directory).mkdir(exist_ok=True)
        for path in (docs / directory).iterdir():
            if path not in wanted:
                path.unlink()
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


class LinkCodes(SphinxTransform):
    """Makes a link of each rule's code, and each concept's number, that stands in running text."""

    default_priority = 500

    def apply(self, **kwargs: Any) -> None:
        pages = {}
        for concept in own_concepts():
            pages[concept.number] = f"concepts/{concept.name}"
            pages |= {rule.code: f"rules/{rule.name}" for rule in concept.rules}
        for text in list(self.document.findall(nodes.Text)):
            if CODE.search(text) and _is_running_text(text):
                text.parent.replace(text, self._parts(str(text), pages))

    def _parts(self, text: str, pages: dict[str, str]) -> list[nodes.Node]:
        parts: list[nodes.Node] = []
        end = 0
        for match in CODE.finditer(text):
            code = match[0]
            if pages.get(code, self.env.docname) != self.env.docname:
                parts += [nodes.Text(text[end : match.start()]), self._link(code, pages[code])]
                end = match.end()
        parts.append(nodes.Text(text[end:]))
        return [part for part in parts if not isinstance(part, nodes.Text) or part]

    def _link(self, code: str, page: str) -> addnodes.pending_xref:
        return addnodes.pending_xref(
            "",
            nodes.inline(code, code),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )


def _is_running_text(text: nodes.Text) -> bool:
    """Is it neither code, nor a heading, nor a link already?"""
    code = (nodes.FixedTextElement, nodes.literal, nodes.title, nodes.reference)
    node = text.parent
    while node is not None:
        if isinstance(node, (*code, addnodes.pending_xref, addnodes.download_reference)):
            return False
        node = node.parent
    return True


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", write_pages)
    app.add_transform(LinkCodes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
