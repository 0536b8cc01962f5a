"""Results of an account's pages, read as the patients' role; a preliminary one is no row to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet
from django.http import Http404

from almoner.portal import rules
from almoner.portal.models import Account, ResultOpened, ResultWish
from almoner.portal.queries.accounts import local_day
from almoner.portal.queries.acting import as_the_desk
from almoner.portal.rules import results
from almoner.portal.rules.result_words import flags_text
from almoner.portal.rules.results import Figure, Wish
from almoner.records import queries as records
from almoner.records.models import Result, ResultReview, ResultValue, ResultVersion
from almoner.records.rules.results import WITHDRAWN, Flag, flag_of

PAGE = 20
_MOST_COURSE = 400
"""Values read for the courses of one page, the newest first."""
_TONES = {Flag.CRITICAL: "bad", Flag.ABNORMAL: "warn", Flag.NONE: "plain"}
_RESULT = ("id", "patient_id", "clinician__given", "clinician__family", "clinician__credentials",
           "ordered_by", "shown_id")  # fmt: skip
_VERSION = ("id", "result_id", "number", "status", "code", "system", "name", "issued", "on",
            "conclusion", "performer", "flag", "document_id")  # fmt: skip
"""Columns the patients' role may read; see ``migrations/0003``."""


def wish_of(patient_id: int) -> Wish:
    """When the patient wants to be told. One query."""
    row = ResultWish.objects.filter(patient_id=patient_id).values_list("wish", flat=True).first()
    return Wish(row) if row else Wish.AT_ONCE


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result on the list: how it stands in words with a tone; ``behind``: values are asked for.

    ``pressing`` says that a laboratory marked it, empty while it stands behind “show it now”.
    """

    id: int
    name: str
    day: str
    stands: str
    pressing: str
    tone: str
    new: bool
    behind: bool


def result_lines(
    patient_id: int, account: Account | None, *, wish: Wish, language: str, page: int
) -> tuple[list[ResultLine], bool]:
    """One page, from 1, of the results, the newest first; whether there are more. Three queries.

    ``account`` None is a guest's page: nothing is new to them.
    """
    rows = _of(patient_id).order_by("-shown__on", "-id")[(page - 1) * PAGE : page * PAGE + 1]
    told = rows.values_list(
        "id", "shown_id", "shown__name", "shown__on", "shown__status", "shown__number",
        "shown__flag", "shown__came_at",
    )  # fmt: skip
    found = list(told)
    shown = found[:PAGE]
    versions = [row[1] for row in shown]
    reviews = dict(_reviews(patient_id, versions).values_list("version_id", "by_name"))
    opened = set(_read(patient_id, account).filter(version__in=versions)) if account else set()
    lines = []
    for id_, version, name, on, status, number, flag, came_at in shown:
        behind = results.stands_behind(wish, reviewed=version in reviews)
        stands = _stands(status, number, reviews.get(version), language)
        new = account is not None and version not in opened and came_at >= account.made_at
        lines.append(
            ResultLine(
                id_, name, rules.date_text(on, language), stands,
                "" if behind else _pressing(flag, language),
                "plain" if behind else _TONES[flag], new, behind,
            )
        )  # fmt: skip
    return lines, len(found) > PAGE


def _of(patient_id: int) -> QuerySet[Result]:
    return Result.objects.filter(patient_id=patient_id, shown__isnull=False)


def _reviews(patient_id: int, versions: Iterable[int]) -> QuerySet[ResultReview]:
    return ResultReview.objects.filter(patient_id=patient_id, version_id__in=versions)


def _read(patient_id: int, account: Account) -> QuerySet[ResultOpened, int]:
    """Versions that an account has read, with the word of a clinician where there is one."""
    word_since = ResultReview.objects.filter(
        patient_id=patient_id, version_id=OuterRef("version_id"), at__gt=OuterRef("at")
    ).exclude(note="")
    rows = ResultOpened.objects.filter(account_id=account.pk).exclude(Exists(word_since))
    return rows.values_list("version_id", flat=True)


def _stands(status: str, number: int, by: str | None, language: str) -> str:
    words = rules.WORDS[language]
    if status in WITHDRAWN:
        return words["result_withdrawn"]
    looked = rules.said(language, "result_reviewed", name=by) if by else ""
    corrected = words["result_corrected"] if number > 1 and status != "final" else ""
    return " · ".join(filter(None, (corrected, looked or words["result_not_reviewed"])))


def _pressing(flag: int, language: str) -> str:
    words = rules.WORDS[language]
    told = {Flag.CRITICAL: words["result_critical"], Flag.ABNORMAL: words["result_outside"]}
    return told.get(flag, "")


def unread_results(patient_id: int, account: Account, *, wish: Wish) -> int:
    """Results that came since the account was made and that it has not read. One query.

    Of who wants to be told after a clinician has looked, only those that one has looked at.
    """
    rows = _of(patient_id).filter(shown__came_at__gte=account.made_at)
    rows = rows.exclude(shown_id__in=_read(patient_id, account))
    if wish == Wish.REVIEWED:
        rows = rows.filter(shown_id__in=_all_reviewed(patient_id))
    return rows.count()


def _all_reviewed(patient_id: int) -> QuerySet[ResultReview, int]:
    reviews = ResultReview.objects.filter(patient_id=patient_id)
    return reviews.values_list("version_id", flat=True)


@dataclass(frozen=True, slots=True)
class CourseLine:
    day: str
    value: str
    flag: str


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value in words; ``figure`` and ``course`` are the same thing in time, the newest last."""

    name: str
    value: str
    range: str
    flag: str
    tone: str
    note: str
    figure: Figure | None
    course: list[CourseLine]


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A version of a result as its page shows it.

    ``versions`` are all that can be read: number, words, and whether it is this one. ``behind``:
    nothing of it is shown until it is asked for.
    """

    id: int
    version_id: int
    name: str
    day: str
    made: str
    ordered: str
    stands: str
    pressing: str
    tone: str
    newest: bool
    behind: bool
    values: list[ValueLine]
    conclusion: str
    note: str
    note_by: str
    document_id: int | None
    versions: list[tuple[int, str, bool]]


def shown_result(
    result_id: int, patient_id: int, *, wish: Wish, number: int | None, asked: bool, language: str
) -> ShownResult:
    """A result, by default its newest version; ``asked``: “show it now” was pressed.

    Raises Http404 when it is not of whom one acts for. At most five queries.
    """
    row = _of(patient_id).filter(pk=result_id).values_list(*_RESULT).first()
    if row is None:
        raise Http404
    _id, _patient, given, family, credentials, ordered_by, shown_id = row
    versions = list(
        ResultVersion.objects.filter(result_id=result_id).only(*_VERSION).order_by("number")
    )
    wanted = [one for one in versions if one.number == number] if number else []
    version = wanted[0] if wanted else next(one for one in versions if one.pk == shown_id)
    reviews = {
        one.version_id: one
        for one in _reviews(patient_id, [one.pk for one in versions]).only(
            "version_id", "at", "by_name", "note"
        )
    }
    review, newest = reviews.get(version.pk), reviews.get(shown_id)
    # What stands behind is the newest; with it all before it, which it may have corrected.
    behind = not asked and results.stands_behind(wish, reviewed=newest is not None)
    clinician = " ".join(filter(None, (given, family)))
    clinician = ", ".join(filter(None, (clinician, credentials))) or ordered_by
    return ShownResult(
        id=result_id,
        version_id=version.pk,
        name=version.name,
        day=rules.date_text(version.on, language),
        made=_by(version.performer, "result_made", language),
        ordered=_by(clinician, "result_ordered", language),
        stands=_stands(
            version.status, version.number, review.by_name if review else None, language
        ),
        pressing="" if behind else _pressing(version.flag, language),
        tone="plain" if behind else _TONES[version.flag],
        newest=version.pk == shown_id,
        behind=behind,
        values=[] if behind else _values(version, patient_id, wish, language),
        conclusion="" if behind else version.conclusion,
        note="" if behind or not review else review.note,
        note_by=_note_by(review, language),
        document_id=None if behind else version.document_id,
        versions=[
            (one.number, _version_text(one, language), one.pk == version.pk) for one in versions
        ],
    )


def _by(name: str, word: str, language: str) -> str:
    return rules.said(language, word, name=name) if name else ""


def _note_by(review: ResultReview | None, language: str) -> str:
    if review is None:
        return ""
    day = rules.date_text(local_day(review.at), language)
    return rules.said(language, "result_note", name=review.by_name, day=day)


def _version_text(version: ResultVersion, language: str) -> str:
    day = rules.date_text(local_day(version.issued), language)
    return rules.said(language, "result_version", number=version.number, day=day)


def _values(version: ResultVersion, patient_id: int, wish: Wish, language: str) -> list[ValueLine]:
    rows = list(ResultValue.objects.filter(version_id=version.pk).order_by("place"))
    courses = _courses(version, rows, patient_id, wish)
    return [_value(row, courses.get(_same(row), []), language) for row in rows]


def _value(
    row: ResultValue, course: Sequence[tuple[date, ResultValue]], language: str
) -> ValueLine:
    codes = [(str(code), str(said)) for code, said in row.flags]
    many = course if len(course) > 1 else []
    return ValueLine(
        name=row.name,
        value=_written(row),
        range=range_text(row, language),
        flag=flags_text(codes, language),
        tone=_TONES[flag_of(code for code, _said in codes)],
        note=row.note,
        figure=results.figure(
            [(day, one.number) for day, one in many if one.number is not None],
            low=_bound(row.low), high=_bound(row.high),
        ),
        course=[
            CourseLine(
                rules.date_text(day, language), _written(one),
                flags_text([(str(code), str(said)) for code, said in one.flags], language),
            )
            for day, one in many
        ],
    )  # fmt: skip


def _written(row: ResultValue) -> str:
    return " ".join(filter(None, (row.value, row.unit if row.value else "")))


def range_text(row: ResultValue, language: str) -> str:
    """The range in the words it came with, else its bounds in a sentence."""
    if row.range:
        return row.range
    word = {(1, 1): "range_between", (1, 0): "range_from", (0, 1): "range_until"}.get(
        (int(bool(row.low)), int(bool(row.high)))
    )
    return rules.said(language, word, low=row.low, high=row.high) if word else ""


def _bound(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _same(row: ResultValue) -> tuple[str, str, str]:
    """What makes two values comparable: nothing is converted, so the unit too."""
    return row.system, row.code, row.unit


def _courses(
    version: ResultVersion, rows: Iterable[ResultValue], patient_id: int, wish: Wish
) -> dict[tuple[str, str, str], list[tuple[date, ResultValue]]]:
    """Values of the same kinds up to this version, the earliest first. One query.

    Of other results only the newest version counts, and only what stands open on the list: the
    course must not tell what the list does not.
    """
    codes = {row.code for row in rows if row.code and row.number is not None}
    if not codes:
        return {}
    others = _of(patient_id).exclude(pk=version.result_id).exclude(shown__status__in=WITHDRAWN)
    others = others.filter(shown__on__lte=version.on).order_by("-shown__on")
    if wish == Wish.REVIEWED:
        others = others.filter(shown_id__in=_all_reviewed(patient_id))
    found = (
        ResultValue.objects.filter(code__in=codes, number__isnull=False)
        .filter(
            version_id__in=[*others.values_list("shown_id", flat=True)[:_MOST_COURSE], version.pk]
        )
        .select_related("version")
        .only(*(field.name for field in ResultValue._meta.fields), "version__on")
        .order_by("-version__on", "-version_id", "-place")
    )
    courses: dict[tuple[str, str, str], list[tuple[date, ResultValue]]] = {}
    for row in found[:_MOST_COURSE]:
        courses.setdefault(_same(row), []).insert(0, (row.version.on, row))
    return courses


def result_paper(result_id: int, patient_id: int) -> tuple[str, bytes]:
    """The paper a result came on, its media type and its bytes. Raises Http404."""
    rows = ResultVersion.objects.filter(
        result_id=result_id, result__patient_id=patient_id, document_id__isnull=False
    )
    document_id = rows.order_by("-number").values_list("document_id", flat=True).first()
    if document_id is None:
        raise Http404
    with as_the_desk():
        return records.bytes_of_document(document_id)


def kept_from_who_acts() -> Func:
    """Of a result whether it is shown to the patient alone; see ``migrations/0003``."""
    return Func(F("pk"), function="portal_result_is_kept", output_field=BooleanField())


def result_about(result_id: int, patient_id: int, *, language: str) -> str:
    """What a message about a result is about, in a few words. Raises Http404. One query.

    Empty when the result is kept from who acts for the patient: they may read the messages.
    """
    rows = _of(patient_id).filter(pk=result_id)
    row = rows.values_list("shown__name", "shown__on", kept_from_who_acts()).first()
    if row is None:
        raise Http404
    if row[2]:
        return ""
    return rules.said(language, "result_about", name=row[0], day=rules.date_text(row[1], language))
