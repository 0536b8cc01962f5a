"""What officers look up: articles found, read, written, and published by somebody else."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from almoner.access.door import DeskRequest, door
from almoner.access.rules import Purpose
from almoner.facility import queries as facility
from almoner.ground import shell
from almoner.ground.language import PATIENTS_READ
from almoner.ground.typed import page_number
from almoner.relations import actions, forms, queries
from almoner.relations.actions import ArticleRefusal
from almoner.relations.queries import articles as known_articles
from almoner.relations.queries import wording

REFUSALS: dict[ArticleRefusal, Promise] = {
    ArticleRefusal.NO_WORDS: gettext_lazy("Say it in a few words."),
    ArticleRefusal.OWN_WORDS: gettext_lazy(
        "You wrote on it yourself: somebody else must read and publish it."
    ),
    ArticleRefusal.PUBLISHED: gettext_lazy("It is published already. Look again."),
    ArticleRefusal.REVIEW_PAST: gettext_lazy("Choose a day to come."),
    ArticleRefusal.NOT_READ: gettext_lazy("It has changed since you read it. Look again."),
}
TABS = [
    ("published", gettext_lazy("Published")),
    ("drafts", gettext_lazy("To be reviewed")),
    ("due", gettext_lazy("To be looked over")),
]
_A_YEAR = timedelta(days=365)


@door("GET", permission="relations.cases", purpose=Purpose.NO_PATIENT)
def articles(request: DeskRequest) -> HttpResponse:
    """Articles by their words, those that wait for a reviewer, or those to be looked over."""
    show = request.GET.get("show", "")
    show = show if show in known_articles.SHOWS else "published"
    typed = request.GET.get("q", "").strip()[:200]
    page = known_articles.articles(
        show=show,
        typed=typed,
        number=page_number(request.GET.get("page")),
        officer=request.user,
        today=_today(request),
    )
    context = {"page": page, "show": show, "typed": typed, "tabs": TABS}
    return render(request, "relations/articles.html", context)


@door("GET", permission="relations.cases", purpose=Purpose.NO_PATIENT)
def article(request: DeskRequest, article_id: int) -> HttpResponse:
    """One article in a language: what holds, what is drafted, and every version there was."""
    row = known_articles.article(article_id, request.user)
    known = known_articles.holding([row.pk])
    tongues = [each for each in PATIENTS_READ if (row.pk, each) in known]
    asked = request.GET.get("in", "")
    language = asked if asked in PATIENTS_READ else (tongues or ["en"])[0]
    holds, english = known.get((row.pk, language)), known.get((row.pk, "en"))
    draft = known_articles.draft_in(row, language)
    context: dict[str, Any] = {
        "article": row,
        "language": language,
        "languages": [(each, wording.LANGUAGES[each]) for each in PATIENTS_READ],
        "holds": holds,
        "behind": holds is not None and not known_articles.is_reviewed(holds, english),
        "due": bool(holds and holds.review_on and holds.review_on <= _today(request)),
        "draft": draft,
        "own": draft is not None and request.user.pk in draft.written_by,
        "may_publish": request.user.may("relations.publish"),
        "publishing": _publishing(request, draft),
        "votes": known_articles.votes_on(holds, request.user) if holds else None,
        "versions": known_articles.versions(row),
    }
    return render(request, "relations/article.html", context)


def _publishing(request: DeskRequest, draft: Any) -> forms.Publishing:
    seen = draft.written_at.isoformat() if draft else ""
    return forms.Publishing(initial={"review_on": _today(request) + _A_YEAR, "seen": seen})


@door("GET", "POST", permission="relations.cases", purpose=Purpose.NO_PATIENT)
def new_article(request: DeskRequest) -> HttpResponse:
    """Write the first draft of an article."""
    form = forms.NewArticle(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        made = actions.begin_article(
            officer=request.user,
            kind=said["kind"],
            desk=said["desk"],
            roles=said["roles"],
            draft=form.draft(said["language"]),
            at=request.reading.at,
        )
        return _drafted(request, made.article_id, made.language)
    status = 422 if request.method == "POST" else 200
    return render(request, "relations/new_article.html", {"form": form}, status=status)


@door("GET", "POST", permission="relations.cases", purpose=Purpose.NO_PATIENT)
def write_article(request: DeskRequest, article_id: int, language: str) -> HttpResponse:
    """Write the next words of an article in a language; nothing published is changed by it."""
    row = known_articles.article(article_id, request.user)
    if language not in PATIENTS_READ:
        raise Http404
    known = known_articles.holding([row.pk])
    begun = known_articles.draft_in(row, language) or known.get((row.pk, language))
    initial = (
        {"title": begun.title, "body": begun.body, "passage": begun.passage} if begun else None
    )
    form = forms.Article(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.draft_article(
            officer=request.user,
            article=row,
            draft=form.draft(language),
            at=request.reading.at,
        )
        return _drafted(request, row.pk, language)
    context = {
        "form": form,
        "article": row,
        "language": language,
        "english": known.get((row.pk, "en")) if language != "en" else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "relations/write_article.html", context, status=status)


def _drafted(request: DeskRequest, article_id: int, language: str) -> HttpResponse:
    shell.say(request, _("Kept as a draft. Somebody else must read and publish it."))
    return shell.go(request, f"{reverse('article', args=[article_id])}?in={language}")


@door("POST", permission="relations.publish", purpose=Purpose.NO_PATIENT)
def publish_article(request: DeskRequest, version_id: int) -> HttpResponse:
    """Publish a draft that somebody else wrote."""
    row = known_articles.version(version_id, request.user)
    form = forms.Publishing(request.POST)
    try:
        seen = datetime.fromisoformat(request.POST.get("seen", ""))
    except ValueError:
        seen = request.reading.at
    if not form.is_valid():
        return _refused(ArticleRefusal.REVIEW_PAST)
    facts = {"version": row, "seen": seen, "review_on": form.cleaned_data["review_on"]}
    try:
        actions.publish(officer=request.user, at=request.reading.at, **facts)
    except actions.ArticleRefused as refused:
        return _refused(refused.reason)
    return _done(request, _("It is published."))


@door("POST", permission="relations.publish", purpose=Purpose.NO_PATIENT)
def retire_article(request: DeskRequest, article_id: int) -> HttpResponse:
    """Offer an article to nobody any more."""
    row = known_articles.article(article_id, request.user)
    actions.retire_article(officer=request.user, article=row, at=request.reading.at)
    shell.say(request, _("It is offered to nobody any more."))
    return shell.go(request, reverse("articles"))


@door("POST", permission="relations.cases", purpose=Purpose.NO_PATIENT)
def vote_on_article(request: DeskRequest, version_id: int) -> HttpResponse:
    """Say whether the words helped."""
    row = known_articles.version(version_id, request.user)
    useful = request.POST.get("useful") == "yes"
    actions.vote(officer=request.user, version=row, useful=useful, at=request.reading.at)
    return _done(request, _("Thank you. It is counted."))


@door("POST", permission="relations.cases", purpose=Purpose.NO_PATIENT)
def offered_articles(request: DeskRequest) -> HttpResponse:
    """What may help with a call, by what is being written down of it."""
    words = request.POST.get("said", "").strip()
    officer, offers = request.user, []
    if words:
        offers = known_articles.offered(officer, kind="", desk="", words=words, language="en")
    return render(request, "relations/_offered.html", {"offers": offers})


def _today(request: DeskRequest) -> date:
    return queries.local_day(request.reading.at, facility.organisation().time_zone)


def _refused(reason: ArticleRefusal) -> HttpResponse:
    return shell.refused(REFUSALS[reason])


def _done(request: DeskRequest, told: str) -> HttpResponse:
    return shell.afresh(request, told)
