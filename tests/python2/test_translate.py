"""Each construct of Python 2, what is written for it, and where it is found."""

from __future__ import annotations

import ast
import sys
import warnings
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyconcepts_lint.parsing.python2 import Construct, Translation, translate
from pyconcepts_lint.parsing.python2.reading import bound_names


def translated(source: str) -> str:
    translation = translate(source)
    assert translation is not None
    check(source, translation)
    return translation.text


def constructs(source: str) -> tuple[Construct, ...]:
    translation = translate(source)
    assert translation is not None
    return translation.constructs


def check(source: str, translation: Translation) -> None:
    """What holds of any translation."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(translation.text)
    text = translation.spelled(translation.text)
    assert apply_edits(source, translation) == text
    starts = [construct.start for construct in translation.constructs]
    assert starts == sorted(starts)
    end = 0
    for piece in translation.pieces:
        assert piece.start == end
        end = piece.end
        original = source[piece.original_start : piece.original_end]
        if piece.copied:
            assert text[piece.start : piece.end] == original
            for offset in range(piece.start, piece.end):
                place = translation.to_original(offset)
                assert place == piece.original_start + offset - piece.start
                assert translation.range_to_original(offset, offset + 1) == (place, place + 1)
                assert translation.span_to_original(offset, offset + 1) == (place, place + 1)
        else:
            for offset in range(piece.start, piece.end):
                assert translation.to_original(offset) == piece.original_start
                assert translation.range_to_original(offset, offset + 1) is None
                first, last = translation.span_to_original(offset, offset + 1)
                assert first == piece.original_start < last
    assert end == len(text)
    assert translation.to_original(len(text)) == len(source)


def apply_edits(source: str, translation: Translation) -> str:
    edits = {edit for construct in translation.constructs for edit in construct.edits or ()}
    written = []
    position = 0
    for start, end, text in sorted(edits):
        assert position <= start <= end
        written += [source[position:start], text]
        position = end
    return "".join([*written, source[position:]])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print", "print()"),
        ('print "a"', 'print("a")'),
        ('print"a"', 'print("a")'),
        ('print "a", b,', 'print("a", b, end=" ")'),
        ("print >>f", "print(file=f)"),
        ("print >>f, x,", 'print(x, end=" ", file=f)'),
        ("print >>f, (x)", "print(x, file=f)"),
        ('print("a", "b")', 'print(("a", "b"))'),
        ('print ("a"),', 'print ("a", end=" ")'),
        ("print ()", "print(())"),
        ("print (yield)", "print((yield))"),
        ("print (a)[0]", "print((a)[0])"),
        ('print "a\\t", b', 'print("a\\t", b, sep="")'),
        ('print a, "b\\n", c', 'print(a, " ", "b\\n", c, sep="")'),
        ('print "a\\n",', 'print("a\\n", end="")'),
        ("print a,\n# c\n\nprint\n", 'print(a, end="")\n# c\n\nprint()\n'),
        ('print a,\nsys.stdout.write("b")', 'print(a, end="")\nsys.stdout.write("b")'),
        ("if a:\n  print b,\nprint", 'if a:\n  print(b, end=" ")\nprint()'),
        ("for a in b: print a,\nprint", 'for a in b: print(a, end=" ")\nprint()'),
        ("print \\\n  a", "print(\\\n  a)"),
        ("print a # b", "print(a) # b"),
        ("print >>f, \\\n  a", "print(\\\n  a, file=f)"),
        ("exec a", "exec(a)"),
        ("exec a in b", "exec(a, b)"),
        ("exec (a) in b, c", "exec (a, b, c)"),
        ("exec open(a) in b", "exec(open(a).read(), b)"),
        ("`a`", "repr(a)"),
        ("`a, b`", "repr((a, b))"),
        ("``a``", "repr(repr(a))"),
        ("a if`b`else c", "a if repr(b)else c"),
        ("a <> b", "a != b"),
        ("0777, 0777L, 00, 00L", "0o777, 0o777, 00, 00"),
        ("10L, 0xFFl, 0L, 0b1L, 0O7L", "10, 0xFF, 0, 0b1, 0O7"),
        ("1L.real, 1Lif a else 0Lor b", "(1).real, 1 if a else 0 or b"),
        ("x[. . .]", "x[...]"),
        ("[x for x in 1, 2]", "[x for x in (1, 2)]"),
        ("[x for x in y if lambda: 1]", "[x for x in y if (lambda: 1)]"),
        ("f(x for x in y,)", "f((x for x in y),)"),
        ("f((a)=1)", "f(a=1)"),
        ('b"a" u"b"', '"a" u"b"'),
        ('b"a" "b"', 'b"a" b"b"'),
        ('b"\xe9"', 'b"\\xc3\\xa9"'),
        ('# coding: latin-1\nbr"\\\xe9\\d"', '# coding: latin-1\nb"\\\\\\xe9\\\\d"'),
        ('ur"\\d"', 'r"\\d"'),
        ('UR"\\u20ac\\d"', 'U"\\u20ac\\\\d"'),
        ('"C:\\Users"', '"C:\\\\Users"'),
        ("x = 1 \\", "x = 1 "),
    ],
)
def test_expressions_and_small_statements(source: str, expected: str) -> None:
    assert translated(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("raise E", "raise E"),
        ('raise E, "m"', 'raise E("m")'),
        ("raise E, None", "raise E"),
        ("raise E, ()", "raise E()"),
        ("raise E, (a, b)", "raise E(a, b)"),
        ('raise E, ("%s" % a)', 'raise E("%s" % a)'),
        ('raise E, \\\n  ("a"\n   "b")', 'raise E("a"\n   "b")'),
        ('raise E, \\\n  "a" \\\n  "b"', 'raise E(\\\n  "a" \\\n  "b")'),
        ('raise E or F, "m"', 'raise (E or F)("m")'),
        ('raise (E, F), "m"', 'raise E("m")'),
        ('raise E, "m", tb', 'raise E("m").with_traceback(tb)'),
        ('raise E, "m", None', 'raise E("m")'),
        ("raise E, (a, b), tb", "raise E(a, b).with_traceback(tb)"),
        ("raise E, None, tb", "raise E().with_traceback(tb)"),
        ("raise E, E(a), tb", "raise E(a).with_traceback(tb)"),
        ("raise ei[0], ei[1], ei[2]", "raise ei[1].with_traceback(ei[2])"),
        ("raise exc_info[0], exc_info[1]", "raise exc_info[1]"),
        (
            "t, v, tb = sys.exc_info()\nraise t, v, tb",
            "t, v, tb = sys.exc_info()\nraise v.with_traceback(tb)",
        ),
        (
            "try: a\nexcept E, e: raise E, e",
            "try: a\nexcept E as e: raise e",
        ),
        (
            "try: a\nexcept KeyError, e: raise LookupError, e",
            "try: a\nexcept KeyError as e: raise e",
        ),
        (
            "try: a\nexcept KeyError, e: raise TypeError, e",
            "try: a\nexcept KeyError as e: raise TypeError(e)",
        ),
        ('def f():\n  m = "a"\n  raise E, m', 'def f():\n  m = "a"\n  raise E(m)'),
    ],
)
def test_raise(source: str, expected: str) -> None:
    assert translated(source) == expected
    assert all(construct.safe for construct in constructs(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("raise E, v", "raise E(v)"),
        ("raise E, f(v)", "raise E(f(v))"),
        ("raise E, v, tb", "raise E(v).with_traceback(tb)"),
        ("raise e, None, tb", "raise e.with_traceback(tb)"),
        ("raise a[0], a[1]", "raise a[0](a[1])"),
        ("def f(m):\n  raise E, m", "def f(m):\n  raise E(m)"),
        # A LookupError may be a KeyError.
        (
            "try: a\nexcept LookupError, e: raise KeyError, e",
            "try: a\nexcept LookupError as e: raise KeyError(e)",
        ),
        # These two are different classes in Python 2 only.
        (
            "try: a\nexcept OSError, e: raise E, e",
            "try: a\nexcept OSError as e: raise E(e)",
        ),
        ("def f():\n  exec a", "def f():\n  exec(a)"),
        ('exec "print 1"', 'exec("print 1")'),
        ("print >>f(), g()", "print(g(), file=f())"),
        # A comment is left out.
        ("lambda (a, # c\n b): a", "lambda a_b: (lambda a, b: a)(*a_b)"),
        ("raise (E, # c\n F), 1", "raise E(1)"),
    ],
)
def test_what_may_change_the_meaning_is_not_called_safe(source: str, expected: str) -> None:
    assert translated(source) == expected
    assert not all(construct.safe for construct in constructs(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("except E, e:\n  b", "except E as e:\n  b"),
        ("except(E, F),e:\n  b", "except(E, F) as e:\n  b"),
        ("except E, (e):\n  b", "except E as e:\n  b"),
        ("except E, \\\n  e:\n  b", "except E as e:\n  b"),
        ("except E, (c, d):\n  # x\n  b", "except E as error:\n  # x\n  c, d = error.args\n  b"),
        ("except E, (c,): b", "except E as error: (c,) = error.args; b"),
        ("except E, [c, d]: b", "except E as error: [c, d] = error.args; b"),
        ("except E, c.d: b", "except E as error: c.d = error; b"),
        ("except E, c[010]: b", "except E as error: c[0o10] = error; b"),
        ("except E as (c, d): b", "except E as error: c, d = error.args; b"),
        ("except E, c.error: b", "except E as exception: c.error = exception; b"),
    ],
)
def test_except(source: str, expected: str) -> None:
    assert translated(f"try: a\n{source}\n") == f"try: a\n{expected}\n"


@pytest.mark.parametrize(
    ("used", "leaks"),
    [
        ("e", True),
        ("del e", True),
        ("e = 1\ne", False),
        ("for e in x: e", False),
        ("if x:\n  e = 1\ne", True),
        ("def f(): return e", True),
        ("def f(e): return e", False),
        ("x = [e for e in y]", False),
        ("x = [e for y in y]", True),
        ("e.x = 1", True),
        ("e += 1", True),
        ("try: a\nexcept F, e: e", False),
        ("import e\ne", False),
        ("with x as e: e", False),
        ("while 1:\n  try: a\n  except F: pass\n", False),
    ],
)
def test_a_name_that_is_read_behind_its_clause_is_kept(used: str, leaks: bool) -> None:
    clause = "try: a\nexcept E, e: pass\n"
    kept = "except E as error: e = error; pass"
    for source in (clause + used, f"def g():\n{indented(clause + used)}"):
        assert (kept in translated(source)) == leaks


@pytest.mark.parametrize(
    ("source", "leaks"),
    [
        # The loop comes back to where the name is read.
        ("for x in y:\n  e\n  try: a\n  except E, e: pass", True),
        ("for x in y:\n  e = 1\n  e\n  try: a\n  except E, e: pass", False),
        ("e = 1\nfor x in y:\n  e\n  try: a\n  except E, e: pass", True),
        ("e = 1\ne\ntry: a\nexcept E, e: pass", False),
        # Nothing of the function runs behind the clause.
        ("def f():\n  try: a\n  except E, e: return 1\n  return e", False),
        ("def f():\n  try: a\n  except E, e: return 1\n  finally: e", True),
        ("try:\n  try: a\n  except E, e: raise\nexcept E: e", True),
        # A function made in the clause may be called behind it.
        ("try: a\nexcept E, e: x = lambda: e", True),
        ("try: a\nexcept E, e: x = (e for y in z)", True),
        ("try: a\nexcept E, e: x = [e for y in z]", False),
        # The class keeps it as an attribute.
        ("class C:\n  try: a\n  except E, e: pass", True),
        ("def f():\n  global e\n  try: a\n  except E, e: pass", True),
    ],
)
def test_what_runs_behind_a_clause(source: str, leaks: bool) -> None:
    assert ("e = error" in translated(source)) == leaks


def indented(text: str) -> str:
    return "".join(f"  {line}" for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f((a, b)): c", "def f(a_b): a, b = a_b; c"),
        ("def f((a)): c", "def f(a): c"),
        ("def f((a,)): c", "def f(a_): (a,) = a_; c"),
        ("def f(((a, b))): c", "def f(a_b): a, b = a_b; c"),
        ('def f((a, b)): "d"', 'def f(a_b): "d"; a, b = a_b'),
        ('def f((a, b)): "d"; c', 'def f(a_b): "d"; a, b = a_b; c'),
        (
            'def f(x, (a, (b, c))=y, *z):\n\t"""d"""\n\n\t# e\n\tg\n',
            'def f(x, a_b_c=y, *z):\n\t"""d"""\n\n\t# e\n\ta, (b, c) = a_b_c\n\tg\n',
        ),
        (
            "def f((a, b), (c, d)):\n  e\n",
            "def f(a_b, c_d):\n  a, b = a_b\n  c, d = c_d\n  e\n",
        ),
        ("a_b = 1\ndef f((a, b)): c", "a_b = 1\ndef f(a_b_): a, b = a_b_; c"),
        ("lambda (a, b): c", "lambda a_b: (lambda a, b: c)(*a_b)"),
        ("lambda(a): a", "lambda a: a"),
        (
            "lambda (a, (b, c)), (d, e): f",
            "lambda a_b_c, d_e: (lambda a, b_c: (lambda b, c: (lambda d, e: f)(*d_e))(*b_c))(*a_b_c)",
        ),
        ("map(lambda (k, v): v.k, d.items())", "map(lambda k_v: k_v[1].k, d.items())"),
        (
            "min(zip(x, y), key=lambda (a, b): f(a=b))",
            "min(zip(x, y), key=lambda a_b: f(a=a_b[1]))",
        ),
        # Only a tuple is sure to have these items under these numbers.
        ("map(lambda (k, v): v, d)", "map(lambda k_v: (lambda k, v: v)(*k_v), d)"),
        (
            "map(lambda (k, v): [k for k in v], d.items())",
            "map(lambda k_v: (lambda k, v: [k for k in v])(*k_v), d.items())",
        ),
    ],
)
def test_tuple_parameters(source: str, expected: str) -> None:
    assert translated(source) == expected


def test_mixed_tabs_change_only_the_lines_that_need_it() -> None:
    source = "if a:\n\tb\n        c\n\td\n\n# e\nif a:\n\tb\n"
    assert translated(source) == "if a:\n\tb\n\tc\n\td\n\n# e\nif a:\n\tb\n"
    (construct,) = constructs(source)
    assert construct.kind == "mixed-tabs"
    assert source[construct.start :].startswith("        c")


def test_what_is_inserted_has_the_new_indentation() -> None:
    source = "if x:\n    def f((a, b)):\n\tc\n\td\n"
    expected = "if x:\n    def f(a_b):\n        a, b = a_b\n        c\n        d\n"
    assert translated(source) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_stay(newline: str) -> None:
    source = 'try:\n  print "a"\nexcept E, (a, b):\n  print """x\ny""", \\\n  0777\n'
    expected = (
        'try:\n  print("a")\nexcept E as error:\n  a, b = error.args\n'
        '  print("""x\ny""", \\\n  0o777)\n'
    )
    assert translated(source.replace("\n", newline)) == expected.replace("\n", newline)


def test_form_feeds_and_characters_beyond_ascii_stay() -> None:
    source = "# \xe9\u20ac\U0001f600\n\x0cprint '\U0001f600', 0777\n\x0c\nprint 1"
    expected = "# \xe9\u20ac\U0001f600\n\x0cprint('\U0001f600', 0o777)\n\x0c\nprint(1)"
    assert translated(source) == expected


def test_places_are_those_of_the_original() -> None:
    source = "x = 0777\nif x <> 1: print >>f, `x`,  # c\n"
    found = [(c.kind, source[c.start : c.end]) for c in constructs(source)]
    assert found == [
        ("octal-literal", "0777"),
        ("not-equal", "<>"),
        ("print-statement", "print >>f, `x`,"),
        ("backticks", "`x`"),
    ]


def test_constructs_inside_moved_text_go_with_it() -> None:
    source = "print >>f(`x`), y"
    outer, inner = constructs(source)
    assert translated(source) == "print(y, file=f(repr(x)))"
    assert outer.edits == inner.edits


def test_moved_text_leads_back_to_where_it_was() -> None:
    source = "print >>stream.out, x"
    translation = translate(source)
    assert translation is not None
    start = translation.text.index("stream")
    assert translation.range_to_original(start, start + 6) == (8, 14)


@pytest.mark.parametrize(
    ("source", "after", "place"),
    [
        # Beside what is replaced: the blank behind `print` becomes a bracket.
        ("print a", "print(", 6),
        ("print a", "print", 5),
        # Where something is inserted, either could come first.
        ("print a", "print(a", None),
        ("print a\n", "print(a)", None),
        ("print a\n", "print(a)\n", 8),
        ("print a\nb", "print(a)\n", 8),
        ("b; print a", "", 0),
        ("b; print a", "b; ", 3),
    ],
)
def test_where_an_insertion_goes(source: str, after: str, place: int | None) -> None:
    translation = translate(source)
    assert translation is not None
    offset = len(after)
    expected = None if place is None else (place, place)
    assert translation.range_to_original(offset, offset) == expected


def test_a_range_across_translated_text_has_no_edit() -> None:
    translation = translate("print a, b")
    assert translation is not None
    assert translation.range_to_original(0, 7) is None
    assert translation.range_to_original(6, 10) == (6, 10)
    assert translation.span_to_original(0, 11) == (0, 10)


@pytest.mark.parametrize("offset", [-1, 9])
def test_places_outside_of_the_text_are_errors(offset: int) -> None:
    translation = translate("print a")
    assert translation is not None
    with pytest.raises(ValueError, match="no offset"):
        translation.to_original(offset)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("async = 1", ["async"]),
        ("print f(await=1)", ["await"]),
        ("nonlocal = x.async", ["nonlocal", "async"]),
        ("True, False = 1, 0", ["True", "False"]),
        ("def f(True=True): 0777", ["True"]),
        ("import True", ["True"]),
        ("print x.None", ["None"]),
    ],
)
def test_keywords_as_names_have_no_fix(source: str, names: list[str]) -> None:
    translation = translate(source)
    assert translation is not None
    blocking = [c for c in translation.constructs if c.kind == "keyword-as-name"]
    assert [source[c.start : c.end] for c in blocking] == names
    assert all(c.edits is None for c in blocking)
    assert all(c.edits for c in translation.constructs if c not in blocking)


@pytest.mark.parametrize(
    "source",
    [
        "async = 1; print async, `async`",
        "print f(await=1)",
        "nonlocal = x.async",
        "True, False = 1, 0; print True, False",
        "def f(True=True): return 0777",
        "import True, async.await as nonlocal",
        "from async import await",
        "print x.None, None",
        "def async((a, await), b): print await",
        "class True: print 1",
        "def f():\n  global async\n  async <> 1",
        "try: a\nexcept E, async: print async",
        "@async\ndef f(): print 1L",
        "for await in 1, 2: print await,",
        "lambda async, (True, x): `x`",
    ],
)
def test_keywords_as_names_are_read_as_the_names_they_are(source: str) -> None:
    translation = translate(source)
    assert translation is not None
    # Python 3 takes the other spelling for a name, and for the same one.
    tree = ast.parse(translation.text)
    words = {source[c.start : c.end] for c in translation.constructs if "name" in c.kind}
    names = {name for node in ast.walk(tree) for name in bound_names(node)}
    names |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert words <= names
    assert not translation.text.isascii()
    assert translation.spelled(translation.text).isascii()
    # All but the other spelling is as the edits make it.
    assert apply_edits(source, translation) == translation.spelled(translation.text)
    for offset, character in enumerate(translation.text):
        original = translation.range_to_original(offset, offset + 1)
        if not character.isascii() and original:
            assert any(source.startswith(word, original[0]) for word in words)


def test_text_that_has_the_other_spelling_already_is_not_read() -> None:
    assert translate("# \uff41sync\nprint 1") is not None
    assert translate("# \uff41sync\nasync = 1") is None


@pytest.mark.parametrize(
    ("source", "kind", "place"),
    [
        ("def f():\n  from x import *\n  print 1", "star-import-in-function", "from x import *"),
        ("class C:\n  from x import *", "star-import-in-function", "from x import *"),
        ("print 1; x = 1\nglobal x", "late-global", "global x"),
        ("def f():\n  print x\n  global y, x", "late-global", "global y, x"),
        ("def f(): x = [(yield 0777) for x in y]", "yield-in-comprehension", "yield 0777"),
    ],
)
def test_what_the_compiler_refuses_is_found(source: str, kind: str, place: str) -> None:
    (construct,) = [c for c in constructs(source) if c.kind == kind]
    assert source[construct.start : construct.end] == place
    assert construct.edits is None
    with pytest.raises(SyntaxError):
        compile(translated(source), "<test>", "exec")


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n  global x\n  x = 1\n  print x",
        "def f():\n  x = [x for x in y]\n  def g():\n    global x\n  print x",
        "from x import *\nprint 1",
        "def f(): x = [y for y in (yield 0777)]",
        "def f(): x = [lambda: (yield) for y in 1, 2]",
    ],
)
def test_what_the_compiler_takes_is_not_found(source: str) -> None:
    assert all(construct.edits for construct in constructs(source))
    compile(translated(source), "<test>", "exec")


@pytest.mark.parametrize(
    "only_in_python3",
    [
        "f'a'",
        "rb'a'",
        "1_000",
        "\xe9 = 1",
        "x: int = 1",
        "def f(a: int): pass",
        "def f() -> int: pass",
        "def f(*, a): pass",
        "def f(*a, b): pass",
        "def f(*a,): pass",
        "lambda *a, b: 1",
        "async def f(): pass",
        "def f():\n  nonlocal x",
        "def f():\n  yield from x",
        "raise E from e",
        "a, *b = c",
        "[*a]",
        "{**a}",
        "f(*a, *b)",
        "f(*a, b)",
        "f(**a, b=1)",
        "f(**a,)",
        "a @ b",
        "a @= b",
        "(a := b)",
        "x = ...",
        "class C(metaclass=M): pass",
        "class C(*a): pass",
        "{x for x in 1, 2}",
        "(x for x in 1, 2)",
        "f(x for x in y, 1)",
        "f(x for x in y, a=1)",
        "from __future__ import annotations",
        "import os\nfrom __future__ import division",
        "print(a, end='')",
        "import .x",
        "match x:\n  case 1: pass",
        "None = 1",
        "x = `1,`",
        "ur'\\u12'",
    ],
)
def test_what_python2_refuses_is_no_python2(only_in_python3: str) -> None:
    assert translate(f"{only_in_python3}\n") is None or not constructs(f"{only_in_python3}\n")
    assert translate(f"{only_in_python3}\nprint 1\n") is None


def test_print_function_and_other_features_are_respected() -> None:
    source = dedent(
        """\
        # coding: utf-8
        "A docstring."
        from __future__ import with_statement, division
        from __future__ import (print_function as p,
            unicode_literals); import os
        print("a", "b", end="")
        x = "\\u20ac", r"\\u20ac", 0777
        """
    )
    expected = source.replace('r"', '"').replace("0777", "0o777")
    assert translated(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n",
        "\x00",
        "print 1\x00",
        "\ufeffprint 1",
        "if",
        "x = '",
        'x = """',
        "(",
        ")",
        "  x\n y\n",
        "x = \\",
        "\\",
        "\\\n",
        "# \\",
        "\t\x0c ",
        "print \ud800",
        "x = 0777" + "9" * 5000 + "L",
        "print " + "(" * 300 + ")" * 300,
        "print " + "-" * 20_000 + "1",
        "print " + "lambda (a, b): " * 300 + "1",
        "print " + "1 + " * 20_000 + "1",
        "print " + "`" * 300,
        "x" + ".a" * 10_000 + " <> 1",
        "if 1:\n" + "".join(" " * n + "if 1:\n" for n in range(1, 150)) + " " * 150 + "print 1",
        "# coding: no-such-codec\nb'\xe9', 0777",
    ],
)
def test_nothing_raises(source: str) -> None:
    translation = translate(source)
    if translation is not None:
        assert apply_edits(source, translation) == translation.text


def test_nothing_raises_where_there_is_little_room() -> None:
    limit = sys.getrecursionlimit()
    source = "try: a\nexcept E, e: " + "-" * 900 + "1\ne"
    try:
        sys.setrecursionlimit(200)
        translate(source)
    finally:
        sys.setrecursionlimit(limit)


STATEMENTS = [
    "print",
    "print a, `b`,",
    "print >>f(`0777`), 1L, lambda (a, b): `a`",
    'print "a\\t", b',
    "exec a in b",
    "x = [y for y in 1, 0777 if lambda: y <> 1L]",
    "try:\n  print a\nexcept E, (b, c):\n  raise F, `c`, d\n",
    "try: a\nexcept E, e: pass",
    "def f((a, b), c=(1L, 2)):\n\tprint a\n\tx = 1\n",
    "if a:\n\tb\n        print c\n",
    'x = ur"\\u20ac\\d" "\\u"',
    "y = map(lambda (k, v): `v`, d.items())",
    "# a comment",
    "x = '''a\nb'''",
    "e",
    "\x0c",
]


@given(
    st.lists(st.sampled_from(STATEMENTS), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_statements_is_translated(
    statements: list[str], newline: str, final: bool
) -> None:
    source = "\n".join(statements) + "\n" * final
    translated(source.replace("\n", newline))


@given(st.lists(st.sampled_from([*STATEMENTS, " ", ",", "(", "print", "\\", "`", "'", "lambda"])))
@settings(max_examples=150, deadline=None)
def test_no_text_raises(parts: list[str]) -> None:
    source = "".join(parts)
    translation = translate(source)
    if translation is not None:
        check(source, translation)
