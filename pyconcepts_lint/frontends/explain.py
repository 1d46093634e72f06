"""`--explain` and `--list-rules`: the pages of rules and concepts, for terminals, pipes, programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from ..base import pages
from ..base.typed import TYPE_CHECKING
from ..plugins.concepts import Concept, concept_of, concepts
from ..plugins.other_words import OTHER_WORDS
from ..plugins.registry import nearest_code, rules
from ..plugins.site import url_of, with_whole_links
from ..reporters import LOOKS, Style
from ..reporters.drawing import Piece, draw
from ..rule_api.rule import Rule

if TYPE_CHECKING:
    from typing import Any, TextIO

    from rich.console import Console

FORMATS = ("full", "concise", "json", "jsonl")
_MOST_SHOWN, _SHORT = 5, 3
WIDEST = 88
"""In terminal columns: longer lines of prose are hard to read."""

_LISTED_LINK = re.compile(
    r"^- \[([^\]\n]+)\]\((https?://[^)\s]+)\)(.*)(?:\n|\Z)(?! +\S)", re.MULTILINE
)


class NothingFound(LookupError):
    """There is neither a rule nor a concept of that name; the message says what was meant."""


def find(wanted: str) -> type[Rule] | Concept:
    """The rule or concept with a code or name.

    A rule goes by its code (PCL103, 103) or name; a concept by its number (1xx, PCL1xx, PCL1), name
    or title; both by the words of `OTHER_WORDS`. Upper and lower case are the same, and so are blanks, hyphens and underscores.

    Raises NothingFound.
    """
    known = _known()
    key = _key(wanted)
    if key in known:
        return known[key]
    near = _nearest(wanted)
    speaking = "" if near and " " not in wanted.strip() else _speaking_of(wanted)
    hint = speaking or (f"did you mean {near}?" if near else "--list-rules shows all rules")
    raise NothingFound(f"there is no rule or concept {wanted}; {hint}")


def _known() -> dict[str, type[Rule] | Concept]:
    known: dict[str, type[Rule] | Concept] = {}
    for rule in rules().values():
        for name in (rule.code, rule.code.removeprefix("PCL"), rule.name):
            known[_key(name)] = rule
    for concept in concepts():
        for name in (*_numbers(concept), concept.name, concept.title):
            known.setdefault(_key(name), concept)
    for target, words in OTHER_WORDS.items():
        for name in words:
            if _key(target) in known:
                known.setdefault(_key(name), known[_key(target)])
    return known


def _speaking_of(wanted: str) -> str:
    """Which rules' pages have the words that were looked for; "" where there are none."""
    text = " ".join(wanted.split()).casefold()
    found = [
        f"{rule.code} {rule.name}"
        for rule in rules().values()
        if len(text) > _SHORT and text in " ".join(rule.page().split()).casefold()
    ]
    if not found:
        return ""
    more = f" and {len(found) - _MOST_SHOWN} more" if len(found) > _MOST_SHOWN else ""
    return f"these speak of it: {', '.join(found[:_MOST_SHOWN])}{more}"


def _key(text: str) -> str:
    return re.sub(r"[\s_-]+", "-", text.strip().casefold())


def _numbers(concept: Concept) -> Iterable[str]:
    number = concept.number
    with_prefix = number if not number[0].isdigit() else f"PCL{number}"
    return (number, with_prefix, with_prefix.rstrip("x"))


def _nearest(wanted: str) -> str | None:
    """The code, number or name that a mistyped one is likeliest to mean."""
    import difflib

    if re.search(r"\d", wanted):
        near = nearest_code(wanted)
        if near in rules() and difflib.SequenceMatcher(None, near, wanted.upper()).ratio() > 0.8:
            return near
    names = {_key(rule.name): rule.name for rule in rules().values()}
    for concept in concepts():
        names[_key(concept.name)] = concept.name
        names.setdefault(_key(concept.title), f'"{concept.title}"')
    close = difflib.get_close_matches(_key(wanted), names, 1, 0.5)
    words = {_key(word): f'"{word}"' for own in OTHER_WORDS.values() for word in own}
    closer = difflib.get_close_matches(_key(wanted), words, 1, 0.85)
    return names[close[0]] if close else words[closer[0]] if closer else None


def explain(wanted: str, out: TextIO, form: str | None, style: Style) -> None:
    """Write the page of a rule or concept.

    Args:
        wanted: see `find`.
        out: a terminal gets text, everything else Markdown.
        form: one of FORMATS; None is `full`.
        style: what the terminal is like.

    Raises NothingFound.
    """
    found = find(wanted)
    if form in ("json", "jsonl"):
        _write_json(
            concept_facts(found) if isinstance(found, Concept) else rule_facts(found), out, form
        )
        return
    text = concept_text(found) if isinstance(found, Concept) else rule_text(found)
    if out.isatty():
        _set(text, out, style)
    else:
        out.write(text)


def rule_text(rule: type[Rule]) -> str:
    """A rule's page with its heading, and the concept that it belongs to, as Markdown."""
    concept = concept_of(rule)
    state = "on" if rule.on else "off"
    return (
        f"# {rule.code} {rule.name}\n\n{with_whole_links(rule.page())}\n\n"
        f"*This rule is {state} by default; a finding is {severity_words(rule)}. "
        f"It belongs to {concept.number} {concept.title} "
        f"(`--explain {concept.number}`).*\n"
    )


def severity_words(rule: type[Rule]) -> str:
    """Its severity as it is said in a sentence."""
    return f"{'an' if rule.severity == 'error' else 'a'} {rule.severity}"


def concept_text(concept: Concept) -> str:
    """A concept's page with its heading and its rules, as Markdown."""
    listed = "\n".join(
        f"- **{rule.code} {rule.name}**{'' if rule.on else ' (off by default)'}: {rule.summary()}"
        for rule in concept.rules
    )
    told, see_also, links = with_whole_links(concept.page).partition("## See also\n")
    parts = (
        f"# {concept.number} {concept.title}",
        told.strip(),
        f"## Its rules\n\n{listed}",
        f"{see_also}{links}".strip(),
        f"*`--explain {concept.rules[0].code}` shows a rule's page.*\n",
    )
    return "\n\n".join(filter(None, parts))


def rule_facts(rule: type[Rule]) -> dict[str, Any]:
    """What `--explain` says of a rule in JSON."""
    concept = concept_of(rule)
    return {
        "kind": "rule",
        "code": rule.code,
        "name": rule.name,
        "concept": {"number": concept.number, "name": concept.name, "title": concept.title},
        "on": rule.on,
        "severity": rule.severity,
        "url": url_of(rule.code),
        "summary": rule.summary(),
        "fix": pages.parse(with_whole_links(rule.page())).sections.get("Fix"),
        "explanation": with_whole_links(rule.page()),
    }


def concept_facts(concept: Concept) -> dict[str, Any]:
    """What `--explain` says of a concept in JSON."""
    return {
        "kind": "concept",
        "number": concept.number,
        "name": concept.name,
        "title": concept.title,
        "explanation": with_whole_links(concept.page),
        "rules": [_row(rule) for rule in concept.rules],
    }


def _row(rule: type[Rule]) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "on": rule.on,
        "severity": rule.severity,
        "summary": rule.summary(),
    }


def _write_json(facts: Mapping[str, object], out: TextIO, form: str) -> None:
    out.write(json.dumps(facts, indent=2 if form == "json" else None) + "\n")


def _set(text: str, out: TextIO, style: Style) -> None:
    """Set Markdown on a terminal."""
    from rich.console import Console
    from rich.text import Text
    from rich.theme import Theme

    # Without a background, and in colours that can be read on a light one and on a dark one.
    code = "cyan" if style.color else "bold"
    theme = Theme({"markdown.code": code, "markdown.h1": "bold", "markdown.h2": "bold magenta"})
    console = Console(
        file=out,
        width=min(style.width, WIDEST),
        height=25,  # without one, the width doesn't count where TERM is dumb
        no_color=not style.color,
        theme=theme,
    )
    text = text.replace("\n```output\n", "\n*prints*\n\n```output\n")
    end = 0
    for link in _LISTED_LINK.finditer(text):
        if text[end : link.start()].strip():
            _set_prose(text[end : link.start()], console)
            console.print()
        words = Text(" • ")
        for number, piece in enumerate(f"{link[1]}{link[3]}".split("`")):
            words.append(piece, "markdown.code" if number % 2 else "")
        console.print(words)
        # An address is not to be broken: the terminal itself may, and copies it whole.
        console.print(f"   {link[2]}", style="blue", soft_wrap=True, markup=False, highlight=False)
        end = link.end()
    if text[end:].strip():
        if end:
            console.print()
        _set_prose(text[end:], console)


def _set_prose(text: str, console: Console) -> None:
    from pygments import token
    from rich.markdown import Markdown
    from rich.style import Style as Look
    from rich.syntax import ANSISyntaxTheme

    colors = {
        token.Comment: Look(dim=True, italic=True),
        token.Keyword: Look(color="magenta"),
        token.Operator.Word: Look(color="magenta"),
        token.Name.Function: Look(bold=True),
        token.Name.Class: Look(bold=True),
        token.Name.Decorator: Look(color="cyan"),
        token.String: Look(color="green"),
        token.Number: Look(color="cyan"),
    }
    code: Any = ANSISyntaxTheme(colors)  # a `Markdown` takes it, though it says `str`
    console.print(Markdown(text, code_theme=code, hyperlinks=False))


def list_rules(out: TextIO, form: str | None, style: Style) -> None:
    """Write all rules in a table; `out`, `form` and `style` as in `explain`."""
    found = rules().values()
    if form in ("json", "jsonl"):
        rows = [_row(rule) for rule in found]
        many = form == "json"
        out.write((json.dumps(rows, indent=2) if many else "\n".join(map(json.dumps, rows))) + "\n")
        return
    lines: list[list[Piece]] = []
    if out.isatty():
        import textwrap

        for rule in found:
            state = "" if rule.on else " (off by default)"
            lines.append(
                [
                    (rule.code, LOOKS[rule.severity]),
                    (f" {rule.name}", "bold"),
                    (f" [{rule.severity}]", ""),
                    (state, "dim"),
                ]
            )
            said = textwrap.wrap(rule.summary(), min(style.width, WIDEST) - len(rule.code) - 1)
            lines += [[(" " * (len(rule.code) + 1) + line, "")] for line in said]
    else:
        longest = max((len(rule.name) for rule in found), default=0)
        for rule in found:
            state = "on " if rule.on else "off"
            text = (
                f"{rule.code}  {state}  {rule.severity:<7}  {rule.name:<{longest}}  "
                f"{rule.summary()}"
            )
            lines.append([(text, "")])
    draw(lines, out, style.color)
