"""The order of C3, compared with the one that Python makes."""

from __future__ import annotations

import random

from pyconcepts_lint.index.kinds import linearization


def test_any_bases_have_the_order_that_python_gives_them_or_none() -> None:
    refused = 0
    for seed in range(300):
        chance = random.Random(seed)
        classes: list[type] = [object]
        for number in range(25):
            # Near ones, so that there are diamonds; in any order, so that some have no order.
            near = classes[-6:]
            bases = tuple(chance.sample(near, chance.randint(1, min(3, len(near)))))
            found = linearization([base.__mro__ for base in bases], bases)
            try:
                made = type(f"C{number}", bases, {})
            except TypeError:
                refused += 1
                assert found is None
            else:
                assert found == [*made.__mro__[1:]]
                classes.append(made)
    assert refused > 100  # so that the other answer is compared, too
