"""How the site is built: `python -m sphinx -W docs docs/_build/html`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from pyconcepts_lint import __version__

project = "pyconcepts-lint"
author = "the pyconcepts-lint authors"
version = release = __version__

extensions = [
    "myst_parser",
    "sphinx_copybutton",
    "rule_pages",
    "repository_links",
    "inline_code",
    "terminal",
]
exclude_patterns = ["_build", "sample"]
nitpicky = True
# The table of contents names pages that are made by measuring, and may not have been made. Nothing
# is hidden by that: the page of a mistyped entry would be in no table of contents, which warns.
suppress_warnings = ["toc.not_readable"]

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 4

copybutton_selector = "div:not(.highlight-output) > div.highlight > pre"
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = "pyconcepts-lint"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_use_index = False
html_show_sphinx = False
html_show_copyright = False
pygments_style = "default"
pygments_dark_style = "github-dark"
