"""The packages of the distribution: rules/ stands at the top level and is `pyconcepts_lint.rules`.

In a checkout `pyconcepts_lint/rules` is a link to it, which archives needn't have.
"""

from setuptools import find_packages, setup

RULES = "pyconcepts_lint.rules"

setup(
    packages=[
        *find_packages(include=["pyconcepts_lint", "pyconcepts_lint.*"], exclude=[f"{RULES}*"]),
        RULES,
        *(f"{RULES}.{concept}" for concept in find_packages("rules")),
    ]
)
