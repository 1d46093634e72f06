"""Taking a rule's page apart into sections and programs."""

from __future__ import annotations

from pyconcepts_lint.base import pages

PAGE = """\
A summary.

More words.

## Why

Because.

## Bad

```python
# shop/__init__.py
```

```python
# shop/cart.py
## Not a heading
print("cart")
1 / 0
```

```output
cart
ZeroDivisionError: division by zero
```

Or else:

```python2
print 1
```

## Good

Nothing.
"""


def test_sections_start_at_headings_outside_of_fences() -> None:
    page = pages.parse(PAGE)
    assert page.summary == "A summary."
    assert page.introduction == "More words."
    assert list(page.sections) == ["Why", "Bad", "Good"]
    assert page.sections["Why"] == "Because."
    assert page.sections["Good"] == "Nothing."


def test_a_page_without_sections_is_a_summary() -> None:
    assert pages.parse("Only this.") == ("Only this.", "", {})
    assert pages.parse("") == ("", "", {})


def test_programs_are_files_with_an_output() -> None:
    first, second = pages.parse(PAGE).programs("Bad")
    assert first.language == "python"
    assert list(first.files) == ["shop/__init__.py", "shop/cart.py"]
    assert first.files["shop/cart.py"].startswith("# shop/cart.py\n## Not")
    assert first.main == "shop/cart.py"
    assert first.arguments == ("-m", "shop.cart")
    assert first.output == "cart\nZeroDivisionError: division by zero\n"
    assert second == pages.Program("python2", {"main.py": "print 1\n"}, "main.py", None)
    assert second.arguments == ("main.py",)


def test_a_section_that_is_not_there_has_no_programs() -> None:
    assert pages.parse(PAGE).programs("Fix") == []


def test_a_second_main_file_is_a_second_program() -> None:
    text = "```python\nprint(1)\n```\n\n```python\nprint(2)\n```\n"
    assert [program.files["main.py"] for program in pages.programs(text)] == [
        "print(1)\n",
        "print(2)\n",
    ]


def test_a_file_of_a_directory_that_is_no_package_is_run_as_a_file() -> None:
    (program,) = pages.programs("```python\n# tools/run.py\n```\n")
    assert program.arguments == ("tools/run.py",)


def test_package_itself_is_run_by_its_name() -> None:
    text = "```python\n# shop/__init__.py\n```\n```python\n# shop/__main__.py\n```\n"
    (program,) = pages.programs(text)
    assert program.arguments == ("-m", "shop")


def test_output_must_be_the_same_to_the_letter() -> None:
    program = pages.Program("python", {}, "main.py", "1\n2\n")
    assert program.is_confirmed(0, "1\n2\n", "a warning\n")
    assert not program.is_confirmed(0, "1\n", "")
    assert not program.is_confirmed(1, "1\n2\n", "Traceback\nNameError: x\n")


def test_exception_stands_below_what_was_printed() -> None:
    program = pages.Program("python", {}, "main.py", "1\nNameError: name 'x' is not defined\n")
    assert program.is_confirmed(1, "1\n", "Traceback …\nNameError: name 'x' is not defined\n")
    suggestion = "NameError: name 'x' is not defined. Did you mean: 'y'?\n"
    assert program.is_confirmed(1, "1\n", suggestion)
    assert not program.is_confirmed(1, "1\n", "NameError: name 'y' is not defined\n")


def test_what_newer_pythons_say_behind_a_message_does_not_count() -> None:
    said = "AttributeError: 'Book' object has no attribute 'isbm'"
    program = pages.Program("python", {}, "main.py", said)
    added = " and no __dict__ for setting new attributes. Did you mean: 'isbn'?"
    assert program.is_confirmed(1, "", said + added)
    assert not program.is_confirmed(1, "", said.replace("isbm", "isbn") + added)


def test_without_an_output_the_program_has_to_end_well() -> None:
    program = pages.Program("python", {}, "main.py", None)
    assert program.is_confirmed(0, "anything", "")
    assert not program.is_confirmed(1, "", "ValueError\n")
