"""What pyproject.toml can't say: the packages and modules, and the text for the package index.

`rules/` stands at the top level and is `pyconcepts_lint.rules`; in a checkout
`pyconcepts_lint/rules` is a link to it, which archives needn't have. The links of README.md are
relative to the repository, so for the index they are made whole.
"""

import re
import tomllib
from pathlib import Path

from setuptools import find_packages, setup

RULES = "pyconcepts_lint.rules"
HERE = Path(__file__).parent


def readme() -> str:
    """README.md with links that work anywhere, to the files of this version."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = f"{project['urls']['Repository']}/blob/v{project['version']}/"
    text = (HERE / "README.md").read_text(encoding="utf-8")
    images = re.sub(r"(!\[[^]]*\]\()(?![a-z]+:|#)", rf"\1{base.replace('/blob/', '/raw/')}", text)
    return re.sub(r"((?<!!)\[[^]]*\]\()(?![a-z]+:|#)", rf"\1{base}", images)


setup(
    long_description=readme(),
    long_description_content_type="text/markdown",
    # Not a name that `import` takes, but one that `python -m` does: see there.
    py_modules=["pyconcepts-lint"],
    packages=[
        *find_packages(include=["pyconcepts_lint", "pyconcepts_lint.*"], exclude=[f"{RULES}*"]),
        RULES,
        *(f"{RULES}.{concept}" for concept in find_packages("rules")),
    ],
)
