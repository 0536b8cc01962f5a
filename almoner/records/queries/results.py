"""Results at the desk: those to review, one patient's, one in its versions, and nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from almoner.access.queries import Evidence, Reading
from almoner.records.models import Result, ResultReview, ResultValue, ResultVersion
from almoner.records.rules.results import Flag, flag_of

PAGE = 25
PANEL = 4
FOLLOW_UP = timedelta(days=14)
"""After it was reviewed, a result is a reason to look for so long."""
FLAGS: Mapping[int, tuple[str, Promise]] = {
    Flag.CRITICAL: ("bad", _("Critical")),
    Flag.ABNORMAL: ("warn", _("Abnormal")),
}
FLAG_WORDS: Mapping[str, Promise] = {
    "H": _("High"),
    "L": _("Low"),
    "HH": _("Critical high"),
    "LL": _("Critical low"),
    "HU": _("Very high"),
    "LU": _("Very low"),
    "A": _("Abnormal"),
    "AA": _("Critical abnormal"),
    "N": _("Normal"),
    ">": _("Above what can be measured"),
    "<": _("Below what can be measured"),
    "POS": _("Positive"),
    "NEG": _("Negative"),
    "DET": _("Detected"),
    "ND": _("Not detected"),
}
"""FHIR's codes of interpretations; whatever else came is shown in the words it came with."""
STATUSES: Mapping[str, tuple[str, Promise]] = {
    "registered": ("wait", _("Not yet begun")),
    "partial": ("wait", _("In part")),
    "preliminary": ("wait", _("Preliminary")),
    "final": ("good", _("Final")),
    "amended": ("info", _("Amended")),
    "corrected": ("info", _("Corrected")),
    "appended": ("info", _("Added to")),
    "cancelled": ("plain", _("Cancelled")),
    "entered-in-error": ("bad", _("Entered in error")),
    "unknown": ("wait", _("Not known")),
}
WHOSE: Mapping[str, Promise] = {"mine": _("Mine"), "nobody": _("Nobody's")}
"""Whose results a clinician looks through: those they ordered, or those that name no clinician."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A result on a list of work, or of a patient: then ``name`` and ``mrn`` are empty."""

    id: int
    patient_id: int
    title: str
    on: date
    status: str
    number: int
    flag: int
    waits_since: datetime | None
    name: str = ""
    mrn: str = ""

    @property
    def badge(self) -> tuple[str, Promise] | None:
        return FLAGS.get(self.flag)

    @property
    def stands(self) -> tuple[str, Promise]:
        return STATUSES[self.status]


_LINE = ("id", "patient_id", "shown__name", "shown__on", "shown__status", "shown__number", "flag",
         "waits_since")  # fmt: skip
_NEWEST = ("id", "patient_id", "versions__name", "versions__on", "versions__status",
           "versions__number", "versions__flag", "waits_since")  # fmt: skip


def _waiting() -> QuerySet[Result]:
    return Result.objects.filter(waits_since__isnull=False)


def results_to_review(whose: str, *, number: int, reading: Reading) -> Page[Any]:
    """A page of what waits for review, the most pressing first, then the oldest. Two queries.

    ``whose`` is a name of `WHOSE`. Who is no clinician that patients are booked with has none.
    """
    mine = reading.officer.clinician_id
    rows = Result.objects.none()
    if whose == "nobody":
        rows = _waiting().filter(clinician__isnull=True)
    elif mine:
        rows = _waiting().filter(clinician_id=mine)
    name = Concat("patient__family", Value(", "), "patient__given", output_field=TextField())
    ordered = rows.order_by("-flag", "waits_since", "id").values_list(*_LINE, name, "patient__mrn")
    page = Paginator(ordered, PAGE).get_page(number)
    page.object_list = [ReviewLine(*row) for row in page.object_list]
    reading.saw(line.patient_id for line in page.object_list)
    return page


def results_today(reading: Reading) -> dict[str, Any]:
    """How many of theirs wait for review, and how many of those are critical. Two queries."""
    mine = reading.officer.clinician_id
    rows = _waiting().filter(clinician_id=mine) if mine else Result.objects.none()
    return {"count": rows.count(), "critical": rows.filter(flag=Flag.CRITICAL).count()}


def results_of(
    patient_id: int, *, reading: Reading, page: int = 1, size: int = PAGE
) -> tuple[list[ReviewLine], bool]:
    """Those of one patient, the newest first; and whether there are more. One query.

    Also what is not final yet and no patient sees: somebody must be able to find it here.
    """
    reading.saw([patient_id])
    rows = Result.objects.filter(patient=patient_id, versions__number=F("newest"))
    rows = rows.order_by("-versions__on", "-id")
    told = rows.values_list(*_NEWEST)[(page - 1) * size : page * size + 1]
    lines = [ReviewLine(*row) for row in told]
    return lines[:size], len(lines) > size


def results_panel(patient_id: int, reading: Reading) -> Mapping[str, Any]:
    kept, more = results_of(patient_id, reading=reading, size=PANEL)
    return {
        "patient_id": patient_id,
        "kept": kept,
        "more": more,
        "reason": reading.work_item or "",
    }


@dataclass(frozen=True, slots=True)
class Measured:
    """One value with the words of its flags."""

    row: ResultValue
    flags: str
    tone: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A result at the desk: its versions, the one that is read, and what clinicians said.

    ``clinician`` ordered it; ``said`` is the name it gives the patient.
    """

    row: Result
    version: ResultVersion
    versions: list[ResultVersion]
    values: list[Measured]
    reviews: dict[int, ResultReview]
    clinician: str
    said: str

    @property
    def review(self) -> ResultReview | None:
        return self.reviews.get(self.version.pk)

    @property
    def newest(self) -> bool:
        return self.version.number == self.row.newest

    @property
    def reviewable(self) -> bool:
        return self.row.waits_since is not None and self.version.pk == self.row.shown_id

    @property
    def stands(self) -> tuple[str, Promise]:
        return STATUSES[self.version.status]

    @property
    def badge(self) -> tuple[str, Promise] | None:
        return FLAGS.get(self.version.flag)


def result(result_id: int, *, reading: Reading, number: int | None = None) -> ResultPage:
    """One result of a patient, by default its newest version. Four queries. Raises Http404."""
    row = Result.objects.select_related("clinician").filter(
        pk=result_id, patient__isnull=False
    ).first()  # fmt: skip
    if row is None or row.patient_id is None:
        raise Http404
    reading.saw([row.patient_id])
    versions = list(row.versions.order_by("-number"))
    version = next((one for one in versions if one.number == number), versions[0])
    reviews = ResultReview.objects.filter(version__in=versions, patient_id=row.patient_id)
    return ResultPage(
        row=row,
        version=version,
        versions=versions,
        values=[_measured(value) for value in version.values.order_by("place")],
        reviews={one.version_id: one for one in reviews},
        clinician=str(row.clinician) if row.clinician else row.ordered_by,
        said=row.said_name,
    )


def _measured(row: ResultValue) -> Measured:
    flag = flag_of(code for code, _said in row.flags)
    words = ", ".join(str(FLAG_WORDS.get(code.upper(), said or code)) for code, said in row.flags)
    return Measured(row, words, FLAGS[flag][0] if flag in FLAGS else "")


@dataclass(frozen=True, slots=True)
class Nobodys:
    """A result whose patient nobody knows yet, and what it says of them.

    ``again``: it was taken out of a record, or refused, before.
    """

    id: int
    title: str
    on: date
    performer: str
    said_name: str
    said_born: date | None
    said_mrn: str
    made_at: datetime
    again: bool


_NOBODYS = ("id", "versions__name", "versions__on", "versions__performer", "said_name", "said_born",
            "said_mrn", "made_at", "by_hand")  # fmt: skip


def _of_nobody() -> QuerySet[Result]:
    rows = Result.objects.filter(patient=None, refused_at=None)
    return rows.filter(versions__number=F("newest"))


def results_of_nobody(*, number: int, reading: Reading) -> Page[Any]:
    """A page of results without a patient, the oldest first. Two queries.

    They name people of whom nobody knows yet which patients they are.
    """
    page = Paginator(_of_nobody().order_by("id").values_list(*_NOBODYS), PAGE).get_page(number)
    page.object_list = [Nobodys(*row) for row in page.object_list]
    if page.object_list:
        reading.saw_strangers()
    return page


def result_of_nobody(result_id: int, *, reading: Reading) -> Nobodys:
    """One result without a patient. Raises Http404."""
    row = _of_nobody().filter(pk=result_id).values_list(*_NOBODYS).first()
    if row is None:
        raise Http404
    reading.saw_strangers()
    return Nobodys(*row)


def nobodys_today(_reading: Reading) -> dict[str, Any]:
    """How many results wait for a patient. One query."""
    return {"count": Result.objects.filter(patient=None, refused_at=None).count()}


def result_evidence(item_id: int) -> Evidence | None:
    """What a result proves as a reason to look: whose it is; a laboratory sent it. One query."""
    newest = ResultVersion.objects.filter(result=OuterRef("pk"), number=OuterRef("newest"))
    reviewed = ResultReview.objects.filter(version=OuterRef("shown"), patient=OuterRef("patient"))
    row = (
        Result.objects.filter(pk=item_id, patient__isnull=False)
        .values_list(
            "patient_id",
            "waits_since",
            Subquery(newest.values("filed_by_id")),
            Coalesce(Subquery(reviewed.values("at")), Subquery(newest.values("came_at"))),
        )
        .first()
    )
    if row is None or row[0] is None:
        return None
    patient_id, waits_since, filed_by, settled = row
    until = settled + FOLLOW_UP if waits_since is None else None
    return Evidence(frozenset({patient_id}), filed_by, until=until)
