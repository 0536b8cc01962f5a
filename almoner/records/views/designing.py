"""The clinic's forms: their list, and the builder of drafts."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.ground import shell
from almoner.ground.language import PATIENTS_READ
from almoner.ground.typed import row_id
from almoner.records import actions, forms, queries
from almoner.records.rules import WORDS, Kind
from almoner.records.rules.building import NoSuchItem

DESIGN: dict[str, Any] = {"permission": "records.design", "purpose": Purpose.NO_PATIENT}


@door("GET", **DESIGN)
def form_list(request: DeskRequest) -> HttpResponse:
    """Every form of the clinic: what is in use, what is drafted."""
    return render(request, "records/forms.html", {"lines": queries.form_lines()})


@door("GET", "POST", **DESIGN)
def new_form(request: DeskRequest) -> HttpResponse:
    form = forms.NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.new_form(
                officer=request.user,
                code=form.cleaned_data["code"],
                title=form.words(),
                at=request.reading.at,
            )
        except actions.CodeTaken:
            form.add_error("code", _("Another form has this short name."))
        else:
            return redirect("form_design", made.pk)
    status = 422 if form.errors else 200
    return render(request, "records/new_form.html", {"form": form}, status=status)


@door("POST", **DESIGN)
def ship_forms(request: DeskRequest) -> HttpResponse:
    """The forms that come with the house, those the clinic has not."""
    count = actions.ship(officer=request.user, at=request.reading.at)
    shell.say(request, _("%d forms are in use now.") % count)
    return redirect("form_list")


@door("GET", **DESIGN)
def form_design(request: DeskRequest, form_id: int) -> HttpResponse:
    return _design(request, queries.design(form_id))


def _design(
    request: DeskRequest,
    design: queries.Design,
    *,
    add: forms.AddItem | None = None,
    title: forms.Title | None = None,
    rule: forms.RuleDetails | None = None,
    refused: bool = False,
) -> HttpResponse:
    lacks = set(design.untranslated)
    wrong: dict[str, list[str]] = {}
    for fault in design.faults:
        wrong.setdefault(fault.link_id, []).append(fault.says)
    words = {"en": design.title.en, "es": design.title.es}
    behind = request.GET.get("after", "")
    context = {
        "design": design,
        "lines": [
            (line, forms.KINDS[line.item.kind], forms.when(design.definition, line.item),
             wrong.get(line.item.link_id, []),
             line.item.link_id in lacks)
            for line in design.outline
        ],
        "wrong": wrong.get("", []),
        "title_lacks": "" in lacks,
        "title": title or forms.Title(initial=words),
        "add": add or forms.AddItem(definition=design.definition, initial={"after": behind}),
        "rules": queries.rules_of(design.form_id),
        "rule": rule or forms.RuleDetails(),
        "refused": refused,
    }  # fmt: skip
    bad = any(form is not None for form in (add, title, rule)) or refused
    return render(request, "records/design.html", context, status=422 if bad else 200)


@door("GET", **DESIGN)
def form_preview(request: DeskRequest, form_id: int) -> HttpResponse:
    """The form as patients see it, everything asked."""
    design = queries.design(form_id)
    asked = request.GET.get("lang", "")
    language = asked if asked in PATIENTS_READ else PATIENTS_READ[0]
    context = {
        "design": design,
        "title": design.title.said(language),
        "lines": queries.previewed(design.definition, language),
        "language": language,
        "sheet_words": WORDS[language],
        "languages": [(code, code == language) for code in PATIENTS_READ],
    }
    return render(request, "records/preview.html", context)


@door("POST", **DESIGN)
def draft_form(request: DeskRequest, form_id: int) -> HttpResponse:
    actions.draft_anew(officer=request.user, form_id=form_id, at=request.reading.at)
    return redirect("form_design", form_id)


@door("POST", **DESIGN)
def discard_draft(request: DeskRequest, form_id: int) -> HttpResponse:
    try:
        actions.discard_draft(officer=request.user, form_id=form_id, at=request.reading.at)
    except actions.NoDraft:
        return _gone(request, form_id)
    shell.say(request, _("The draft is thrown away."))
    return shell.go(request, reverse("form_list"))


@door("POST", **DESIGN)
def publish_form(request: DeskRequest, form_id: int) -> HttpResponse:
    """Into use, unless something is wrong with it or lacks Spanish."""
    try:
        edition = row_id(request.POST.get("edition")) or 0
        actions.publish(
            officer=request.user, form_id=form_id, edition=edition, at=request.reading.at
        )
    except actions.NotWhole:
        return _design(request, queries.design(form_id), refused=True)
    except actions.OwnWords:
        shell.say(
            request, _("Whoever wrote in it does not publish it. Ask somebody else."), tone="warn"
        )
        return redirect("form_design", form_id)
    except (actions.NoDraft, actions.ChangedMeanwhile):
        return _gone(request, form_id)
    shell.say(request, _("Published: whoever begins it from now on has this version."))
    return redirect("form_design", form_id)


@door("POST", **DESIGN)
def form_used(request: DeskRequest, form_id: int) -> HttpResponse:
    """Retire a form, or use it again."""
    used = request.POST.get("used") == "1"
    actions.retire(officer=request.user, form_id=form_id, used=used, at=request.reading.at)
    shell.say(
        request, _("In use again.") if used else _("Not used any more; what was signed stays.")
    )
    return redirect("form_design", form_id)


@door("POST", **DESIGN)
def retitle_form(request: DeskRequest, form_id: int) -> HttpResponse:
    form = forms.Title(request.POST)
    if not form.is_valid():
        return _design(request, queries.design(form_id), title=form)
    try:
        actions.retitle(
            officer=request.user, form_id=form_id, title=form.words(), at=request.reading.at
        )
    except actions.NoDraft:
        return _gone(request, form_id)
    return redirect("form_design", form_id)


@door("POST", **DESIGN)
def add_item(request: DeskRequest, form_id: int) -> HttpResponse:
    """A new item; what needs more than its text is gone on with on its page."""
    design = queries.design(form_id)
    form = forms.AddItem(request.POST, definition=design.definition)
    if not form.is_valid():
        return _design(request, design, add=form)
    kind = Kind(form.cleaned_data["kind"])
    try:
        link_id = actions.add_item(
            officer=request.user,
            form_id=form_id,
            kind=kind,
            words=form.words(),
            after=form.cleaned_data["after"],
            at=request.reading.at,
        )
    except (actions.NoDraft, NoSuchItem):
        return _gone(request, form_id)
    if kind == Kind.CHOICE:
        return redirect("form_item", form_id, link_id)
    return _at_item(form_id, link_id)


@door("GET", "POST", **DESIGN)
def form_item(request: DeskRequest, form_id: int, link_id: str) -> HttpResponse:
    """One item of the draft: its texts, answers, conditions."""
    design = queries.design(form_id)
    if not design.is_draft:
        raise Http404
    item = design.item(link_id)
    typed = forms.typed_from(item, design.edition)
    form = forms.ItemDetails(
        request.POST or None, item=item, definition=design.definition, initial=typed
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_item(
                officer=request.user,
                form_id=form_id,
                edition=form.cleaned_data["edition"],
                item=form.wanted(),
                at=request.reading.at,
            )
        except (actions.NoDraft, NoSuchItem):
            return _gone(request, form_id)
        except actions.ChangedMeanwhile:
            form.add_error(None, _("Somebody else changed this draft. Look at it again first."))
        else:
            return _at_item(form_id, link_id)
    context = {"design": design, "item": item, "form": form, "kind": forms.KINDS[item.kind]}
    status = 422 if form.errors else 200
    return render(request, "records/item.html", context, status=status)


@door("POST", **DESIGN)
def move_item(request: DeskRequest, form_id: int, link_id: str) -> HttpResponse:
    up = request.POST.get("way") == "up"
    try:
        actions.move_item(
            officer=request.user, form_id=form_id, link_id=link_id, up=up, at=request.reading.at
        )
    except (actions.NoDraft, NoSuchItem):
        return _gone(request, form_id)
    return _at_item(form_id, link_id)


@door("POST", **DESIGN)
def remove_item(request: DeskRequest, form_id: int, link_id: str) -> HttpResponse:
    try:
        actions.remove_item(
            officer=request.user, form_id=form_id, link_id=link_id, at=request.reading.at
        )
    except (actions.NoDraft, NoSuchItem):
        return _gone(request, form_id)
    return shell.go(request, reverse("form_design", args=[form_id]))


@door("POST", **DESIGN)
def add_rule(request: DeskRequest, form_id: int) -> HttpResponse:
    form = forms.RuleDetails(request.POST)
    if not form.is_valid():
        return _design(request, queries.design(form_id), rule=form)
    actions.assign(officer=request.user, form_id=form_id, at=request.reading.at, **form.rule())
    return redirect("form_design", form_id)


@door("POST", **DESIGN)
def end_rule(request: DeskRequest, rule_id: int) -> HttpResponse:
    form_id = actions.end_rule(officer=request.user, rule_id=rule_id, at=request.reading.at)
    return redirect("form_design", form_id)


def _at_item(form_id: int, link_id: str) -> HttpResponseRedirect:
    """Back to the outline, to the line of the item, where the next key is pressed."""
    answer = redirect("form_design", form_id)
    answer["Location"] += f"?after={link_id}#item-{link_id}"
    return answer


def _gone(request: DeskRequest, form_id: int) -> HttpResponseRedirect:
    queries.design(form_id)  # 404 when there is no such form at all
    shell.say(request, _("That had changed meanwhile; the page is fresh now."), tone="warn")
    return redirect("form_design", form_id)
