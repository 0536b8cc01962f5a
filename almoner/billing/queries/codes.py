"""Reads of the code sets. Nothing is held in memory; a lookup is one indexed statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q

from almoner.billing.models import ChargeItem, CodeRelease, ReasonWording
from almoner.billing.queries.wording import REASONS, REMARKS
from almoner.billing.rules import codes


@dataclass(frozen=True, slots=True)
class ReleaseOfDay:
    """The diagnosis release used for a day of service.

    ``stale``: the publisher made it for days before this one, and no newer one is loaded.
    """

    id: int
    name: str
    stale: bool


@dataclass(frozen=True, slots=True)
class DiagnosisLine:
    """One code as a list shows it."""

    code: str
    dotted: str
    description: str
    billable: bool


RELEASE = """
    SELECT id, name, ends <= %(day)s FROM billing_coderelease
     WHERE system = 'icd10cm' AND starts <= %(day)s ORDER BY starts DESC LIMIT 1
"""

LOOKUP = """
    SELECT code, description, billable FROM billing_diagnosiscode
     WHERE release_id = %(release)s AND code = ANY(%(codes)s)
"""

SEARCH = """
    WITH hit AS (
        (SELECT id, code, description, billable, 0 AS how FROM billing_diagnosiscode
          WHERE release_id = %(release)s AND code LIKE %(prefix)s
          ORDER BY code LIMIT %(most)s)
        UNION ALL
        (SELECT id, code, description, billable, 1 AS how FROM billing_diagnosiscode
          WHERE release_id = %(release)s AND words @@ to_tsquery('simple', %(words)s)
          ORDER BY NOT billable, length(description), code LIMIT %(most)s)
    )
    SELECT code, description, billable
      FROM (SELECT DISTINCT ON (id) * FROM hit ORDER BY id, how) AS one
     ORDER BY how, CASE WHEN how = 0 THEN code END, NOT billable, length(description), code
     LIMIT %(most)s
"""


def release_on(day: date) -> ReleaseOfDay | None:
    """The release that reaches this day of service; None when the oldest one begins later."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, {"day": day})
        row = cursor.fetchone()
    return ReleaseOfDay(*row) if row else None


def diagnoses(wanted: Sequence[str], *, release_id: int) -> dict[str, DiagnosisLine]:
    """These codes (without dots) as the release has them; a code it lacks is left out."""
    with connection.cursor() as cursor:
        cursor.execute(LOOKUP, {"release": release_id, "codes": list(wanted)})
        return {row[0]: _line(row) for row in cursor.fetchall()}


def find_diagnoses(typed: str, *, day: date, most: int = 20) -> list[DiagnosisLine]:
    """Codes that begin with what was typed, then those whose description has all its words.

    Words may be unfinished; common abbreviations are spelled out (`rules.codes.ABBREVIATIONS`).
    Complete codes come before headings, short descriptions before long ones.
    """
    release = release_on(day)
    words = codes.search_words(typed)
    if release is None or not words:
        return []
    prefix = codes.bare_diagnosis(typed).replace("\\", "").replace("%", "").replace("_", "")
    with connection.cursor() as cursor:
        cursor.execute(
            SEARCH,
            {
                "release": release.id,
                "prefix": f"{prefix}%" if any(c.isdigit() for c in prefix) else "",
                "words": " & ".join(f"{word}:*" for word in words),
                "most": most,
            },
        )
        return [_line(row) for row in cursor.fetchall()]


def _line(row: tuple[str, str, bool]) -> DiagnosisLine:
    return DiagnosisLine(row[0], codes.dotted(row[0]), row[1], row[2])


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A line of the charge master in force; the fee is for one unit, in cents."""

    code: str
    description: str
    fee_cents: int
    modifiers: tuple[str, ...]


def find_items(typed: str, *, day: date, most: int = 20) -> list[ItemLine]:
    """Charge items in force on a day whose code begins with, or whose wording holds, the words."""
    found = ChargeItem.objects.filter(_in_force(day))
    for word in typed.split()[:8]:
        found = found.filter(Q(code__istartswith=word) | Q(description__icontains=word))
    return [_item(item) for item in found.order_by("code", "-starts")[:most]]


def items_on(wanted: Sequence[str], *, day: date) -> dict[str, ItemLine]:
    """The charge items with these codes in force on a day."""
    found = ChargeItem.objects.filter(_in_force(day), code__in=wanted).order_by("code", "starts")
    return {item.code: _item(item) for item in found}


def _in_force(day: date) -> Q:
    return Q(starts__lte=day) & (Q(ends__isnull=True) | Q(ends__gt=day))


def _item(item: ChargeItem) -> ItemLine:
    return ItemLine(item.code, item.description, item.fee_cents, tuple(item.modifiers))


def wordings(reasons: Sequence[str], remarks: Sequence[str] = ()) -> dict[str, str]:
    """Wording by code: the site's licensed text where it loaded one, else ours, else nothing."""
    ours = {code: str(REASONS.get(code, "")) for code in reasons}
    ours |= {code: str(REMARKS.get(code, "")) for code in remarks}
    theirs = ReasonWording.objects.filter(
        Q(kind="carc", code__in=reasons) | Q(kind="rarc", code__in=remarks)
    ).values_list("code", "wording")
    return ours | dict(theirs)


@dataclass(frozen=True, slots=True)
class CodeSetState:
    """What the doctor tells of the diagnosis codes."""

    name: str
    codes: int
    stale: bool


def code_set_state(today: date) -> CodeSetState | None:
    """The release today's visits are coded with; None when none is loaded."""
    release = release_on(today)
    if release is None:
        return None
    count = CodeRelease.objects.values_list("codes", flat=True).get(pk=release.id)
    return CodeSetState(release.name, count, release.stale)
