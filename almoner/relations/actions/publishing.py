"""Writing articles that officers look up, and letting somebody else publish them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Max

from almoner.access import actions as access
from almoner.access.models import Officer
from almoner.facility import queries as facility
from almoner.ground import events
from almoner.relations import queries
from almoner.relations.models import Article, ArticleVersion, ArticleVote
from almoner.relations.queries import articles as known_articles


class ArticleRefusal(StrEnum):
    """Why an article cannot be changed in that way."""

    NO_WORDS = "no_words"
    OWN_WORDS = "own_words"
    PUBLISHED = "published"
    REVIEW_PAST = "review_past"
    NOT_READ = "not_read"


class ArticleRefused(Exception):
    """Nothing was changed; ``reason`` says why."""

    def __init__(self, reason: ArticleRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The words of an article in one language, as somebody wrote them."""

    language: str
    title: str
    body: str
    passage: str = ""


@transaction.atomic
def begin_article(
    *, officer: Officer, kind: str, desk: str, roles: list[str], draft: Draft, at: datetime
) -> ArticleVersion:
    """Write the first draft of an article. Raises PermissionDenied; ArticleRefused without words.

    Whoever writes it can read it, whichever roles it is for.
    """
    access.require(officer, "relations.cases")
    row = Article.objects.create(
        kind=kind, desk=desk, roles=roles, begun_at=at, begun_by_id=officer.pk
    )
    return _written(row, draft, officer=officer, at=at)


@transaction.atomic
def draft_article(
    *, officer: Officer, article: Article, draft: Draft, at: datetime
) -> ArticleVersion:
    """Write the next words of an article in a language, or change those not yet published.

    Everybody who wrote on a draft is its author: none of them can publish it.

    Raises PermissionDenied; ArticleRefused without words.
    """
    access.require(officer, "relations.cases")
    row = Article.objects.select_for_update().get(pk=article.pk)
    return _written(row, draft, officer=officer, at=at)


def _written(row: Article, draft: Draft, *, officer: Officer, at: datetime) -> ArticleVersion:
    if not draft.title.strip() or not draft.body.strip():
        raise ArticleRefused(ArticleRefusal.NO_WORDS)
    kept = known_articles.draft_in(row, draft.language)
    if kept is None:
        last = ArticleVersion.objects.filter(article=row, language=draft.language)
        number = (last.aggregate(last=Max("number"))["last"] or 0) + 1
        kept = ArticleVersion(article=row, language=draft.language, number=number, written_by=[])
    if officer.pk not in kept.written_by:
        kept.written_by = [*kept.written_by, officer.pk]
    kept.title, kept.body = " ".join(draft.title.split()), draft.body.strip()
    kept.passage, kept.written_at = draft.passage.strip(), at
    kept.save()
    events.record("relations.article_drafted", at=at, by=officer, about=kept)
    return kept


@transaction.atomic
def publish(
    *, officer: Officer, version: ArticleVersion, seen: datetime, review_on: date, at: datetime
) -> ArticleVersion:
    """Publish the words of a draft: from here on they hold, and nobody changes them.

    ``seen`` is when the words that were read had been written: what changed since is read first.

    Raises PermissionDenied; ArticleRefused when the officer wrote on it, it is published already,
    it has changed since it was read, or would have to be looked over at once.
    """
    access.require(officer, "relations.publish")
    row = ArticleVersion.objects.select_for_update().get(pk=version.pk)
    if row.published_at:
        raise ArticleRefused(ArticleRefusal.PUBLISHED)
    if officer.pk in row.written_by:
        raise ArticleRefused(ArticleRefusal.OWN_WORDS)
    if row.written_at != seen:
        raise ArticleRefused(ArticleRefusal.NOT_READ)
    if review_on <= queries.local_day(at, facility.organisation().time_zone):
        raise ArticleRefused(ArticleRefusal.REVIEW_PAST)
    row.published_at, row.published_by, row.review_on = at, officer, review_on
    row.save(update_fields=["published_at", "published_by", "review_on"])
    events.record("relations.article_published", at=at, by=officer, about=row)
    return row


@transaction.atomic
def retire_article(*, officer: Officer, article: Article, at: datetime) -> Article:
    """Offer an article to nobody any more; it is kept. Raises PermissionDenied."""
    access.require(officer, "relations.publish")
    row = Article.objects.select_for_update().get(pk=article.pk)
    if row.retired_at is None:
        row.retired_at = at
        row.save(update_fields=["retired_at"])
        events.record("relations.article_retired", at=at, by=officer, about=row)
    return row


@transaction.atomic
def vote(*, officer: Officer, version: ArticleVersion, useful: bool, at: datetime) -> ArticleVote:
    """Say whether an article helped; what was said of it before is said anew.

    Raises PermissionDenied.
    """
    access.require(officer, "relations.cases")
    row, _made = ArticleVote.objects.update_or_create(
        version=version, officer=officer, defaults={"useful": useful, "at": at}
    )
    events.record("relations.article_voted", at=at, by=officer, about=row, useful=useful)
    return row
