"""The forms of the clinic: what is in use, and what each version asks. Nothing about a patient."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from almoner.records import rules
from almoner.records.models import FormVersion
from almoner.records.rules import Definition, Words


@dataclass(frozen=True, slots=True)
class InUse:
    """The version of a form that is begun now."""

    form_id: int
    code: str
    version_id: int
    number: int
    title: Words


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is filled; ``sha256`` is of its questions, whatever stored them."""

    id: int
    form_id: int
    code: str
    number: int
    definition: Definition
    sha256: bytes


def in_use(form_ids: Collection[int] | None = None) -> dict[int, InUse]:
    """By form, the version in use of each that is not retired. One query."""
    rows = FormVersion.objects.filter(published_at__isnull=False, form__retired_at__isnull=True)
    if form_ids is not None:
        rows = rows.filter(form_id__in=form_ids)
    newest = rows.order_by("form_id", "-number").distinct("form_id")
    told = newest.values_list(
        "form_id", "form__code", "id", "number", "body__title", "body___title"
    )
    return {row[0]: InUse(*row[:4], title_of(row[4], row[5])) for row in told}


def title_of(title: Any, element: Any) -> Words:
    """The words of a title that was read without the rest of its form."""
    return rules.read({"resourceType": "Questionnaire", "title": title, "_title": element})[0].title


def digest(body: Mapping[str, Any]) -> bytes:
    """SHA-256 of what a version says, the same for the same words in any order of keys."""
    told = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).digest()


def version(version_id: int) -> Version:
    """A published version. One query. Raises Http404 when there is none."""
    row = (
        FormVersion.objects.filter(pk=version_id, published_at__isnull=False)
        .values_list("id", "form_id", "form__code", "number", "body")
        .first()
    )
    if row is None:
        raise Http404
    id_, form_id, code, number, body = row
    return Version(id_, form_id, code, number, rules.parsed(body), digest(body))
