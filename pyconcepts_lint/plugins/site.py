"""Where the pages of rules are on the web, if the package was built with an address of theirs.

The address is that of `Site` in the package's `[project.urls]`, below which `docs/` is built; a
package without one has its pages by `--explain` only.
"""

from __future__ import annotations

import re
from functools import cache

from .registry import listed

LABEL = "site"
_OWN = "pyconcepts_lint.rules."
_LINK = re.compile(r"\[([^\[\]]+)\]\((?:\.\./)?(?:(?:rules|concepts)/)?([\w-]+)\.md\)")


@cache
def site() -> str | None:
    """The address of the site, without a slash at its end; None where there is none."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        urls = metadata("pyconcepts-lint").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    for url in urls:
        label, _, address = url.partition(",")
        if label.strip().lower() == LABEL and address.strip().startswith(("https://", "http://")):
            return str(address).strip().rstrip("/")
    return None


def url_of(code: str) -> str | None:
    """The address of a rule's page; None where it has none."""
    rule = listed().get(code)
    base = site()
    if rule is None or base is None:
        return None
    module: str = getattr(rule, "module", None) or rule.load().__module__
    if not module.startswith(_OWN):
        return None
    return f"{base}/rules/{rule.name}.html"


def with_whole_links(text: str) -> str:
    """A page whose links to other pages lead to the site; they are text where there is none."""
    pages = {rule.name: code for code, rule in listed().items()}

    def whole(link: re.Match[str]) -> str:
        url = url_of(pages.get(link[2], ""))
        return f"[{link[1]}]({url})" if url else link[1]

    return _LINK.sub(whole, text)
