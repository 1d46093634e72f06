"""One file: which rules look at it, what they claim, and which claims are reported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache, partial

from ..base.finding import SEVERITIES, Finding, Fix, Related, is_as_severe
from ..base.report import UNREADABLE, FileResult
from ..base.typed import TYPE_CHECKING
from ..index.extractor import has_any
from ..index.model import FILE
from ..index.questions import has_facts
from ..index.tracking import WHOLE
from ..parsing import syntax
from ..rule_api.claim import Claim, RelatedPlace
from ..rule_api.faults import FileFault, described, is_deep
from ..rule_api.file import FileContext, Range
from ..source.generated import is_not_written_here, is_template
from ..source.text import Source, SourceError
from ..workspace.workspace import Workspace

if TYPE_CHECKING:
    import ast

    from ..base.settings import Settings
    from ..plugins.registry import Listed
    from ..rule_api.rule import Rule


BASES = "derived_classes"
"""The question of rules that ask for the bases of all classes of a file."""


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
        gate: run only the rules that could say something. Without, all are run; the findings are
            the same, which is what the tests check.
        noqa: leave out what `# noqa` comments suppress; what others do is left out anyway.
    """
    result = FileResult(path)
    try:
        with syntax.deep_recursion(), workspace.project.tracker.record() as inputs:
            source = _look(workspace, path, rules, gate, result)
        _conclude(result, source, noqa, workspace.settings)
        if result.findings and source is not None:
            result.contents = workspace.contents_of(source, result.findings)
        result.inputs = sorted((kind, of, "") for kind, of in inputs if of != WHOLE)
        result.faults |= {
            of: workspace.faults[of]
            for kind, of in inputs
            if kind == FILE and of in workspace.faults
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
    try:
        _ask_rules(file, rules, gate, result, workspace.settings)
    finally:
        file.close()
    return file.source


def _ask_rules(
    file: FileContext,
    rules: Collection[Listed],
    gate: bool,
    result: FileResult,
    settings: Settings,
) -> None:
    result.newer = file.newer
    if file.source.notebook is not None and file.source.notebook.language:
        result.skipped.append(
            f"{file.path}: its code is {file.source.notebook.language}, not Python"
        )
    readable = _readable(rules, file)
    chosen = list(_applying(readable, file, gate, result))
    made = [made for rule in chosen if (made := _made(rule, file, result)) is not None]
    done = [rule for rule in made if _report(file, rule, partial(rule.claims, file), result)]
    if file.problem is not None and not any(rule.code == UNREADABLE[0] for rule in rules):
        for problem in file.problems:
            _report_unreadable(settings, rules, result, *problem)
    ran: set[str] = set()
    if not result.skipped and file.problem is None:
        failed = {rule.code for rule in chosen} - {rule.code for rule in done}
        ran = {rule.code for rule in readable} - failed
    _review(file, done, ran, result)
    if file.module is not None and any(BASES in rule.facts for rule in rules):
        models = file.module.classes if has_facts(file.module, BASES) else ()
        unresolved = sum(1 for model in models if model.declared_mro is None)
        result.classes = (len(file.module.facts.classes), unresolved)


def _report_unreadable(
    settings: Settings,
    rules: Collection[Listed],
    result: FileResult,
    message: str,
    line: int,
    column: int,
) -> None:
    """Say that a file can't be read, whatever is selected: nothing else is said of it.

    Where the settings ignore the code on purpose, it is only a note.
    """
    code, name = UNREADABLE
    if any(rule.code == code for rule in rules) or not settings.ignores(result.path, code):
        place = (line, column, line, column + 1)
        found = Finding(code, name, message, result.path, *place, severity="error")
        result.findings.append(found)
    else:
        result.skipped.append(f"{result.path}:{line}: {message}")


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
    if is_template(result.path, settings.root):
        for each in result.findings:
            if each.code == UNREADABLE[0]:
                result.skipped.append(f"{each.path}:{each.line}: a template: {each.message}")
        result.findings = [each for each in result.findings if each.code != UNREADABLE[0]]
    if result.findings and source is not None:
        from ..plugins.registry import codes_by_name
        from ..source.noqa import Suppressions

        suppressions = Suppressions(source, codes_by_name)
        is_suppressed = suppressions.suppresses if noqa else suppressions.disables
        result.findings = [
            finding for finding in result.findings if not is_suppressed(finding.line, finding.code)
        ]
    _weigh(result, source, settings)
    if any(finding.fix and finding.fix.python3 for finding in result.findings):
        from .fixer import resolve_conversion_fixes

        result.findings = resolve_conversion_fixes(result.findings)
    result.findings.sort(key=lambda finding: finding.sort_key)


def _weigh(result: FileResult, source: Source | None, settings: Settings) -> None:
    """Give the findings the severities that the settings say, and leave out those that count for
    nothing: what is less severe than is asked for, notes about files that are not written here."""
    if settings.severity:
        result.findings = [
            each._replace(severity=settings.severity_of(each.code) or each.severity)
            for each in result.findings
        ]
    if settings.min_severity != SEVERITIES[-1]:
        result.findings = [
            each for each in result.findings if is_as_severe(each.severity, settings.min_severity)
        ]
    if source is None or all(each.severity != "note" for each in result.findings):
        return
    if settings.is_generated(result.path) or is_not_written_here(
        result.path, settings.root, source.text
    ):
        result.findings = [each for each in result.findings if each.severity != "note"]


def _made(rule: Listed, file: FileContext, result: FileResult) -> Rule | None:
    """An instance of a rule; None where it can't be made, which the result is told."""
    try:
        instance = rule.load()(file)
        # What a rule's own `__init__` may have left out.
        _ = instance.file
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        from ..plugins.registry import RegistryError

        if isinstance(error, RegistryError):
            result.faults[str(error.entry_point)] = error.what
        else:
            result.errors.append((rule.code, _internal_error(rule, error)))
        return None
    return instance


def _applying(
    rules: Collection[Listed], file: FileContext, gate: bool, result: FileResult
) -> Iterator[Listed]:
    """The rules, of those that can read the file, that have what they look for in it."""
    text, module = file.text, file.module
    # Rules share their words and facts with others.
    has_words = cache(partial(has_any, text))
    has = None if module is None else cache(partial(has_facts, module))
    for rule in rules:
        if gate and rule.words and not has_words(rule.words):
            continue
        if file.problem is not None and rule.reads_broken_files:
            yield rule
            continue
        if gate and rule.facts and has is not None:
            try:
                if not any(map(has, rule.facts)):
                    continue
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                result.errors.append((rule.code, _internal_error(rule, error)))
                continue
        yield rule


def _readable(rules: Collection[Listed], file: FileContext) -> Collection[Listed]:
    """The rules that can read the file."""
    is_stub = file.path.endswith(".pyi")
    if file.module is not None and not is_stub:
        return rules  # as it is with nearly all files
    return [
        rule
        for rule in rules
        if (
            file.module is not None
            or (file.newer and not rule.needs_index)
            or rule.reads_broken_files
        )
        and (rule.reads_stubs or not is_stub)
    ]


def _review(file: FileContext, rules: Iterable[Rule], ran: set[str], result: FileResult) -> None:
    """Run the `review` of the rules that examine what other rules have found."""
    reviewing = [rule for rule in rules if type(rule).reviews()]
    findings = tuple(result.findings) if reviewing else ()
    for rule in reviewing:
        _report(file, rule, partial(rule.review, findings, ran), result)


def _report(
    file: FileContext, rule: Rule, claims: Callable[[], Iterable[Claim]], result: FileResult
) -> bool:
    """Put into the result those of a rule's claims that hold; False, and none of them, where the
    rule fails."""
    try:
        result.findings += [
            finding for claim in claims() if (finding := _finding(file, rule, claim)) is not None
        ]
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if isinstance(error, RecursionError) and is_deep(file):
            # libcst's own code passes through C for each level, for which Python 3.12 has less
            # room than its parser takes.
            result.skipped.append(f"{file.path}: too deeply nested for {rule.code} to look at")
        else:
            result.errors.append((rule.code, _internal_error(rule, error)))
        return False
    return True


def _finding(file: FileContext, rule: Rule, claim: Claim) -> Finding | None:
    """What is reported of a claim; None where its place never runs, or its error is handled."""
    _check(claim)
    if claim.in_source:
        assert not callable(claim.fix), "there is no node for a fix in the source"
        fix = file.possible_fix(claim.fix)
        return _reported(file, rule, claim, claim.message, claim.where, fix)
    from ..analysis.context import caught_by, dead_code, path_in

    if file.is_masked(claim.where.start_line):
        return None
    path = path_in(file, claim.where)
    if path:
        kind = dead_code(path)
        if kind and kind not in rule.dead_code:
            return None
        raises = rule.raises if claim.raises is None else claim.raises
        if any(caught_by(path, error) for error in raises):
            return None
        is_error = raises or (claim.severity or rule.severity) == "error"
        if is_error and file.expects_errors(file.original_range(claim.where).start_line):
            return None
    message, fix = claim.message, file.possible_fix(file.original_fix(_fix_of(file, claim, path)))
    if file.translation is not None:
        message = file.translation.spelled(message)
    return _reported(file, rule, claim, message, file.original_range(claim.where), fix)


def _reported(
    file: FileContext, rule: Rule, claim: Claim, message: str, where: Range, fix: Fix | None
) -> Finding:
    severity = rule.severity if claim.severity is None else claim.severity
    related = tuple([_related(file, claim, place) for place in claim.related])
    place = (file.path, *where)
    return Finding(rule.code, rule.name, message, *place, fix, severity, related, claim.thing)


def _related(file: FileContext, claim: Claim, place: RelatedPlace) -> Related:
    if place.path and place.path != file.path:
        return Related(place.message, place.path, *place.where)
    where = place.where if claim.in_source else file.original_range(place.where)
    message = place.message
    if file.translation is not None:
        message = file.translation.spelled(message)
    return Related(message, file.path, *where)


def _check(claim: object) -> None:
    """Tell here what is no claim: told of the rule, not of the code that comes to look at it."""
    if not isinstance(claim, Claim):
        raise TypeError(f"it claims {claim!r:.60}, which is no Claim")
    if not isinstance(claim.message, str):
        raise TypeError(f"the message is {claim.message!r:.60}, not a str")
    if len(claim.where) != 4 or not all(isinstance(number, int) for number in claim.where):
        raise TypeError(f"the place is {claim.where!r:.60}, not a Range of int")
    if claim.severity is not None and claim.severity not in SEVERITIES:
        raise TypeError(f"the severity is {claim.severity!r:.60}, none of {', '.join(SEVERITIES)}")


def _fix_of(file: FileContext, claim: Claim, path: Sequence[ast.AST]) -> Fix | None:
    make = claim.fix
    if make is None or isinstance(make, Fix):
        return make
    from ..rule_api.located import Located

    return file.cached(Located).at(claim.where, path, claim.node, make)


def _internal_error(rule: Listed, error: BaseException) -> str:
    """What to say of a rule that has raised, with the package that it comes from where that isn't
    this one."""
    from ..plugins.rule_packages import OWN, entry_point_of

    entry_point = entry_point_of(getattr(rule, "module", None) or rule.load().__module__)
    origin = "" if entry_point in (None, OWN) else f" of {entry_point.distribution}"
    return f"internal error in {rule.code} ({rule.name}{origin}): {described(error)}"
