"""One file: which rules look at it, what they claim, and which claims are reported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from ..base.finding import Finding, Fix
from ..base.report import UNREADABLE, FileResult
from ..base.typed import TYPE_CHECKING
from ..index.facts import statements_at
from ..parsing import syntax
from ..rule_api.faults import FileFault, described, is_deep
from ..rule_api.file import LintedFile
from ..rule_api.needs import has_one
from ..source.text import Source, SourceError
from ..workspace.workspace import Workspace

if TYPE_CHECKING:
    import ast

    from ..base.settings import Settings
    from ..plugins.registry import Listed
    from ..rule_api.claim import Claim
    from ..rule_api.rule import Rule
    from ..source.cst_statement import Omission

GiveUp = Callable[["Rule", BaseException], None]


def lint_file(
    workspace: Workspace,
    path: str,
    rules: Collection[Listed],
    *,
    gate: bool = True,
    noqa: bool = True,
) -> FileResult:
    """All findings of one file.

    Args:
        workspace: the project that the file belongs to.
        path: the file.
        rules: the rules to run.
        gate: look only where a rule could say something. Without, everything is walked; the
            findings are the same, which is what the tests check.
        noqa: leave out what `# noqa` comments suppress; what others do is left out anyway.
    """
    result = FileResult(path)
    try:
        with syntax.deep_recursion(), workspace.project.tracker.record() as inputs:
            source = _look(workspace, path, rules, gate, result)
        _conclude(result, source, noqa, workspace.settings)
        if result.findings and source is not None:
            result.contents = workspace.contents_of(source, result.findings)
        result.inputs = sorted((kind, of, "") for kind, of in inputs)
        result.faults |= {
            of: workspace.faults[of]
            for kind, of in inputs
            if kind == "file" and of in workspace.faults
        }
    except KeyboardInterrupt:
        raise
    except FileFault as fault:
        result = FileResult(path)
        result.faults[path] = str(fault)
    except BaseException as error:
        result = FileResult(path)
        result.errors.append(("", f"internal error: {described(error)}"))
    return result


def _look(
    workspace: Workspace,
    path: str,
    rules: Collection[Listed],
    gate: bool,
    result: FileResult,
) -> Source | None:
    """Put into the result what the rules find in a file; gives its text, if there is any."""
    try:
        file = workspace.open(path)
    except SourceError as error:
        _report_unreadable(
            workspace.settings, rules, result, error.message, error.line, error.column
        )
        return workspace.undecoded(path)
    result.newer = file.newer
    active = [
        instance
        for rule in _applying(rules, file, gate, result)
        if (instance := _made(rule, file, result)) is not None
    ]
    _run(file, active, gate, result)
    for instance in active:
        result.findings.extend(instance.findings)
    if file.problem is not None and not any(rule.code == UNREADABLE[0] for rule in rules):
        _report_unreadable(workspace.settings, rules, result, *file.problem)
    _review(file, rules, active, result)
    return file.source


def _report_unreadable(
    settings: Settings,
    rules: Collection[Listed],
    result: FileResult,
    message: str,
    line: int,
    column: int,
) -> None:
    """Say that a file can't be read, whatever is selected: nothing else is said of it.

    Where the code is ignored, which somebody has meant, it is only a note.
    """
    code, name = UNREADABLE
    if any(rule.code == code for rule in rules) or not settings.ignores(result.path, code):
        place = (line, column, line, column + 1)
        result.findings.append(Finding(code, name, message, result.path, *place))
    else:
        result.unsaid.append(f"{result.path}:{line}: {message}")


def _conclude(result: FileResult, source: Source | None, noqa: bool, settings: Settings) -> None:
    """Leave out what comments of a source suppress, and put the rest in order.

    Args:
        result: what was found in a file.
        source: the file; None where nothing is suppressed.
        noqa: does `# noqa` count, too?
        settings: say which fixes are left out.
    """
    if settings.fixable is not None or settings.unfixable:
        result.findings = [
            finding if settings.fixes(finding.code) else finding._replace(fix=None)
            for finding in result.findings
        ]
    if result.findings and source is not None:
        from ..plugins.registry import codes_by_name
        from ..source.noqa import Suppressions

        suppressions = Suppressions(source, codes_by_name)
        is_suppressed = suppressions.suppresses if noqa else suppressions.disables
        result.findings = [
            finding for finding in result.findings if not is_suppressed(finding.line, finding.code)
        ]
    if any(finding.fix and finding.fix.python3 for finding in result.findings):
        from .fixer import settled

        result.findings = settled(result.findings)
    result.findings.sort(key=lambda finding: finding.sort_key)


def _made(rule: Listed, file: LintedFile, result: FileResult) -> Rule | None:
    """An instance of a rule; None where it can't be made, which the result is told."""
    try:
        instance = rule.load()(file)
        # What a rule's own `__init__` may have left out.
        _ = instance.file, instance.findings, instance.has_failed
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        from ..plugins.registry import RegistryError

        if isinstance(error, RegistryError):
            result.faults[str(error.offer)] = error.what
        else:
            result.errors.append((rule.code, _internal_error(rule, error)))
        return None
    return instance


def _applying(
    rules: Collection[Listed], file: LintedFile, gate: bool, result: FileResult
) -> Iterator[Listed]:
    """The rules that can read the file, and have what they look for in it."""
    text = file.text
    known: dict[tuple[str, ...], bool] = {}  # rules share their words with others
    for rule in rules:
        if not _can_read(rule, file):
            continue
        words = rule.words if gate else ()
        if words:
            if words not in known:
                known[words] = any(word in text for word in words)
            if not known[words]:
                continue
        if gate and rule.needs:
            try:
                if not has_one(file, rule.needs):
                    continue
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                result.errors.append((rule.code, _internal_error(rule, error)))
                continue
        yield rule


def _can_read(rule: Listed, file: LintedFile) -> bool:
    is_readable = file.module is not None or (file.newer and not rule.needs_index)
    is_stub = file.path.endswith(".pyi")
    return (is_readable or rule.reads_broken_files) and (rule.reads_stubs or not is_stub)


def _review(
    file: LintedFile, rules: Collection[Listed], active: list[Rule], result: FileResult
) -> None:
    """Have what the rules found looked at by those that speak of it."""
    reviewing = [rule for rule in active if type(rule).reviews() and not rule.has_failed]
    if not reviewing:
        return
    failed = {rule.code for rule in active if rule.has_failed}
    ran: set[str] = set()
    if not result.unsaid and file.problem is None:
        ran.update(rule.code for rule in rules if _can_read(rule, file))
    findings = tuple(result.findings)
    for rule in reviewing:
        known = len(rule.findings)
        try:
            rule.review(findings, ran - failed)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            rule.has_failed = True
            result.errors.append((rule.code, _internal_error(rule, error)))
        else:
            result.findings.extend(rule.findings[known:])


def _run(file: LintedFile, active: list[Rule], gate: bool, result: FileResult) -> None:
    def give_up(rule: Rule, error: BaseException) -> None:
        rule.has_failed = True
        rule.findings.clear()
        if isinstance(error, RecursionError) and is_deep(file):
            # libcst's own code passes through C for each level, for which Python 3.12 has less
            # room than its parser takes.
            result.unsaid.append(f"{file.path}: too deeply nested for {rule.code} to look at")
        else:
            result.errors.append((rule.code, _internal_error(rule, error)))

    for rule in active:
        try:
            rule.check()
            rule.claimed.extend(rule.claims(file))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            give_up(rule, error)
    walking = [rule for rule in active if rule.visits() and not rule.has_failed]
    if walking and file.problem is None:
        _walk(file, walking, gate, give_up, result)
    for rule in active:
        if not rule.has_failed:
            try:
                rule.finish()
                _report_claims(file, rule)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                give_up(rule, error)


def _report_claims(file: LintedFile, rule: Rule) -> None:
    """Report those of a rule's claims whose place runs and whose error nothing handles."""
    from ..analysis.context import caught_by, dead_code, path_in

    for claim in rule.claimed:
        path = path_in(file, claim.where)
        if path:
            kind = dead_code(path)
            if kind and kind not in rule.dead_code:
                continue
            raises = rule.raises if claim.raises is None else claim.raises
            if any(caught_by(path, error) for error in raises):
                continue
        rule.say(claim, _fix_of(file, claim, path))


def _fix_of(file: LintedFile, claim: Claim, path: Sequence[ast.AST]) -> Fix | None:
    make = claim.fix
    if make is None or isinstance(make, Fix):
        return make
    from ..rule_api.located import Located

    return file.share(Located).at(claim.where, path, claim.node, make)


def _internal_error(rule: Listed, error: BaseException) -> str:
    """What to say of a rule that has raised, with the package that it comes from where that isn't
    this one."""
    from ..plugins.rule_packages import OWN, offer_of

    offer = offer_of(getattr(rule, "module", None) or rule.load().__module__)
    origin = "" if offer in (None, OWN) else f" of {offer.distribution}"
    return f"internal error in {rule.code} ({rule.name}{origin}): {described(error)}"


def _walk(
    file: LintedFile, walking: list[Rule], gate: bool, give_up: GiveUp, result: FileResult
) -> None:
    statements = file.module.facts.statements if file.module is not None else None
    if statements is None:
        _walk_chunk(file, 0, len(file.text), walking, give_up, result)
        return
    if not gate:
        if not _walk_chunk(file, 0, len(file.text), walking, give_up, None):
            for lines_of in statements:
                _walk_chunk(file, *file.span_of_lines(*lines_of), walking, give_up, result)
        return
    whole: dict[tuple[int, int], list[tuple[Rule, Sequence[int] | None]]] = {}
    narrow: dict[tuple[int, int], list[Rule]] = {}
    for rule in walking:
        try:
            lines = rule.lines()
            asked = None if lines is None else sorted(lines)
            around = statements if asked is None else statements_at(statements, asked)
            chosen = {(int(first), int(last)) for first, last in rule.statements()}
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            give_up(rule, error)
            continue
        for statement in chosen:
            narrow.setdefault(statement, []).append(rule)
        for statement in around:
            whole.setdefault(statement, []).append((rule, asked))
    for lines_of, rules in sorted(narrow.items()):
        if not _walk_chunk(file, *file.span_of_lines(*lines_of), rules, give_up, None):
            # A statement that can't be told from what is around it, such as `else: x = 1`.
            for statement in statements_at(statements, [lines_of[0]]):
                whole.setdefault(statement, []).extend((rule, None) for rule in rules)
    for lines_of, asking in sorted(whole.items()):
        omissions = _omissions(file, lines_of, [asked for _, asked in asking])
        walking = list(dict.fromkeys(rule for rule, _ in asking))
        _walk_chunk(file, *file.span_of_lines(*lines_of), walking, give_up, result, omissions)


def _omissions(
    file: LintedFile, lines_of: tuple[int, int], asked: Sequence[Sequence[int] | None]
) -> Iterable[Omission]:
    """What needn't be read of a statement about which rules ask: the lines, or None for all."""
    first, last = lines_of
    merged: set[int] = set()
    for lines in asked:
        if lines is None:
            return ()
        merged.update(lines)
    from ..rule_api.elision import methods

    return methods(file, first, last, sorted(merged))


def _walk_chunk(
    file: LintedFile,
    start: int,
    end: int,
    rules: Iterable[Rule],
    give_up: GiveUp,
    result: FileResult | None,
    omissions: Iterable[Omission] = (),
) -> bool:
    """Walk some statements; False where libcst can't read them, which `result` is told."""
    from ..source.cst_nodes import Dispatcher
    from ..source.cst_statement import Chunk, Unreadable

    try:
        chunk = Chunk(file.text[start:end], start, omissions)
    except Unreadable as error:
        if result is not None:
            line = file.code.position(start)[0] + error.line - 1
            result.unsaid.append(f"{file.path}:{line}: {error.message}")
        return False
    file.chunk = chunk
    try:
        dispatcher = Dispatcher([rule for rule in rules if not rule.has_failed], give_up)
        file.ancestors = dispatcher.ancestors
        dispatcher.walk(chunk.module)
    finally:
        file.chunk = None
    return True
