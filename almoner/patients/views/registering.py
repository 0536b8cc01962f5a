"""Registering somebody new."""

from dataclasses import asdict

from django import forms as django_forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.typed import row_id
from almoner.patients import actions, forms, queries
from almoner.patients.rules.alike import Grade
from almoner.patients.rules.carried import carried
from almoner.patients.rules.person import Person, person


@door("GET", "POST", permission="patients.register", purpose=Purpose.OPERATIONS)
def register(request: DeskRequest) -> HttpResponse:
    """A new patient; who looks like somebody we know must be looked at first."""
    if request.method != "POST":
        return _page(request, forms.Registration(initial=_family_member(request)))
    form = forms.Registration(request.POST)
    told_apart = _numbers(request.POST, "not_same")
    alike = _alike(request, _typed(request.POST), told_apart)
    if form.is_valid():
        if in_doubt := [one for one in alike if _must_look(one) and one.id not in told_apart]:
            form.add_error(None, _must_choose(len(in_doubt)))
        else:
            patient = actions.register(
                officer=request.user,
                details=form.details(),
                at=request.reading.at,
                not_same_as=told_apart,
            )
            request.reading.saw([patient.pk])
            shell.say(request, _("Registered. The record number stands above."))
            return redirect("patient", patient.pk)
    return _page(request, form, alike=alike, told_apart=told_apart, status=422)


@door("POST", permission="patients.register", purpose=Purpose.OPERATIONS)
def register_typed(request: DeskRequest) -> HttpResponse:
    """The form with what was typed into the box that found nobody, and who is like that.

    A POST, so that names stay out of addresses and of the server's log.
    """
    today = timezone.localtime(request.reading.at).date()
    typed = carried(request.POST.get("q", ""), today=today)
    if not typed:
        return redirect("register_patient")
    someone = person(
        names=[(typed.family, typed.given)],
        birth_date=typed.birth_date,
        phones=forms.read_phones(typed.phone),
    )
    form = forms.Registration(initial=asdict(typed))
    return _page(request, form, alike=_alike(request, someone))


def _must_look(one: queries.Alike) -> bool:
    return one.match.grade == Grade.LIKELY or one.match.caution is not None


def _must_choose(count: int) -> str:
    if count == 1:
        return _(
            "Somebody here may be this person. Use that record, or tick “not the same person”, "
            "then save again."
        )
    return _(
        "Some people here may be this person. Use one of the records, or tick each as not the "
        "same person, then save again."
    )


def _page(
    request: DeskRequest,
    form: django_forms.Form,
    *,
    alike: tuple[queries.Alike, ...] = (),
    told_apart: frozenset[int] = frozenset(),
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "alike": alike, "told_apart": told_apart}
    return render(request, "patients/register.html", context, status=status)


@door("POST", permission="patients.register", purpose=Purpose.OPERATIONS)
def alike(request: DeskRequest) -> HttpResponse:
    """While somebody is typed: who this may be, and who lives there already."""
    told_apart = _numbers(request.POST, "not_same")
    context = {
        "alike": _alike(request, _typed(request.POST), told_apart),
        "told_apart": told_apart,
        "homemates": queries.homemates(_typed(request.POST), reading=request.reading),
        "household_with": row_id(request.POST.get("household_with")),
    }
    return render(request, "patients/_alike.html", context)


def _alike(
    request: DeskRequest, someone: Person, told_apart: frozenset[int] = frozenset()
) -> tuple[queries.Alike, ...]:
    found = queries.alike(someone, reading=request.reading)
    return tuple(sorted(found, key=lambda one: one.id in told_apart))


def _typed(data: QueryDict) -> Person:
    """What has been typed so far, as far as it can be read; a half-typed field says nothing."""
    form = forms.Registration(data)
    form.full_clean()
    read = form.cleaned_data
    typed = {name: data.get(name, "")[: forms.LONGEST] for name in ("family", "given", "line")}
    names = [(typed["family"], typed["given"])]
    names += [
        pair
        for pair in (
            (typed["family"], read.get("name_used") or ""),
            (read.get("former_family") or "", typed["given"]),
        )
        if all(pair)
    ]
    return person(
        names=names,
        middle=read.get("middle") or "",
        suffix=read.get("suffix") or "",
        birth_date=read.get("birth_date"),
        sex=read.get("sex") or "",
        phones=[read[name] for name in ("phone", "phone_2") if read.get(name)],
        addresses=[(typed["line"], data.get("zip_code", ""))],
        emails=[read["email"]] if read.get("email") else (),
    )


def _numbers(data: QueryDict, name: str) -> frozenset[int]:
    return frozenset(number for text in data.getlist(name) if (number := row_id(text)) is not None)


def _family_member(request: DeskRequest) -> dict[str, object]:
    """Initial values when the link says whose household the new one belongs to."""
    whose = row_id(request.GET.get("with"))
    if whose is None:
        return {}
    return forms.family_member(queries.record(whose, reading=request.reading))


@door("POST", permission="patients.register", purpose=Purpose.OPERATIONS)
def rows(request: DeskRequest, part: str) -> HttpResponse:
    """The rows of one kind as typed, one more or fewer or in another order; nothing is kept yet."""
    key = row_id(request.GET.get("key"))
    try:
        shown = forms.rows_named(
            part, request.POST, do=request.GET.get("do", ""), key=-1 if key is None else key
        )
    except KeyError as error:
        raise Http404 from error
    return render(request, "patients/_rows.html", {"rows": shown})
