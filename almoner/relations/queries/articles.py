"""What officers look up while they answer: found by its words, offered by what a case is about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Count, Q

from almoner.access.models import Officer
from almoner.relations.models import Article, ArticleVersion, ArticleVote

SIZE = 25
OFFERED = 3
SHOWS = ("published", "drafts", "due")

_HOLDS = """
    published_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM relations_articleversion newer
         WHERE newer.article_id = version.article_id AND newer.language = version.language
           AND newer.published_at IS NOT NULL AND newer.number > version.number)
"""
_READABLE = "article.retired_at IS NULL AND (article.roles = '{}' OR article.roles && %(roles)s)"
_FOUND = f"""
    SELECT article.id
      FROM relations_articleversion version
      JOIN relations_article article ON article.id = version.article_id
     WHERE {_HOLDS} AND {_READABLE}
       AND (version.words @@ websearch_to_tsquery('english', %(typed)s) AND version.language = 'en'
         OR version.words @@ websearch_to_tsquery('spanish', %(typed)s) AND version.language = 'es')
     GROUP BY article.id
     ORDER BY max(ts_rank(version.words, CASE version.language
                  WHEN 'es' THEN websearch_to_tsquery('spanish', %(typed)s)
                  ELSE websearch_to_tsquery('english', %(typed)s) END)) DESC, article.id
     LIMIT 200
"""  # noqa: S608 (our own words)
_OFFERED = f"""
    WITH asked AS (  -- any of the words, not all of them: what is said at a desk is no search
        SELECT replace(plainto_tsquery('english', %(words)s)::text, '&', '|')::tsquery AS english,
               replace(plainto_tsquery('spanish', %(words)s)::text, '&', '|')::tsquery AS spanish
    ), fitting AS (
        SELECT article.id, (article.kind <> '' AND article.kind = %(kind)s)::int
                         + (article.desk <> '' AND article.desk = %(desk)s)::int AS named,
               CASE version.language WHEN 'es' THEN ts_rank(version.words, asked.spanish)
                                     ELSE ts_rank(version.words, asked.english) END AS likeness
          FROM asked, relations_articleversion version
          JOIN relations_article article ON article.id = version.article_id
         WHERE {_HOLDS} AND {_READABLE} AND (%(kind)s = '' OR article.kind IN ('', %(kind)s))
    )
    SELECT id FROM fitting
     GROUP BY id HAVING max(likeness) > 0 OR max(named) > 0
     ORDER BY max(likeness) * 10 + max(named) DESC, id
     LIMIT %(most)s
"""  # noqa: S608 (our own words)


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article in a list, by the words that hold: in which languages, and until when."""

    id: int
    title: str
    kind: str
    desk: str
    languages: tuple[str, ...]
    drafts: tuple[str, ...]
    review_on: date | None
    due: bool
    useful: int
    votes: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An article offered while somebody answers.

    ``passage`` is what may be said in the patient's language, reviewed; ``unreviewed`` says that
    there is none in that language, or none since the English was published anew.
    """

    id: int
    title: str
    passage: str
    unreviewed: bool


def article_ids(typed: str, officer: Officer) -> list[int]:
    """The articles an officer may read that have these words, the likest first. One query."""
    return _ids(_FOUND, {"typed": typed, "roles": officer.roles})


def articles(*, show: str, typed: str, number: int, officer: Officer, today: date) -> Page[Any]:
    """A page of articles: those that hold, those with a draft, or those to be looked over.

    Four queries.
    """
    rows = _readable(officer)
    if show == "drafts":
        rows = rows.filter(versions__published_at=None).distinct()
    elif show == "due":
        rows = rows.filter(pk__in=due_ids(today))
    else:
        rows = rows.filter(versions__published_at__isnull=False).distinct()
    ids = list(rows.order_by("-id").values_list("pk", flat=True))
    if typed:
        allowed = set(ids)
        ids = [each for each in article_ids(typed, officer) if each in allowed]
    page: Page[Any] = Paginator(ids, SIZE).get_page(number)
    page.object_list = _lines(list(page.object_list), today)
    return page


def due_ids(today: date) -> list[int]:
    """The articles of which words that hold must be looked over by now. One query."""
    return _ids(
        f"""SELECT DISTINCT version.article_id FROM relations_articleversion version
              JOIN relations_article article ON article.id = version.article_id
             WHERE {_HOLDS} AND article.retired_at IS NULL AND version.review_on <= %(today)s
             ORDER BY 1""",  # noqa: S608 (our own words)
        {"today": today},
    )


def articles_waiting(today: date) -> tuple[int, int]:
    """How many drafts wait for a reviewer, and how many articles are to be looked over."""
    drafts = ArticleVersion.objects.filter(published_at=None, article__retired_at=None).count()
    return drafts, len(due_ids(today))


def _readable(officer: Officer) -> Any:
    """The articles for an officer's roles; whoever may publish reads all of them."""
    rows = Article.objects.filter(retired_at=None)
    if officer.may("relations.publish"):
        return rows
    theirs = Q(roles=[]) | Q(roles__overlap=officer.roles)
    return rows.filter(theirs | Q(begun_by_id=officer.pk))


def article(article_id: int, officer: Officer) -> Article:
    """One article this officer may read. Raises Article.DoesNotExist."""
    row: Article = _readable(officer).get(pk=article_id)
    return row


def holding(ids: list[int]) -> dict[tuple[int, str], ArticleVersion]:
    """The words that hold, by article and language. One query."""
    rows = ArticleVersion.objects.filter(article__in=ids, published_at__isnull=False)
    newest = rows.order_by("article_id", "language", "-number").distinct("article_id", "language")
    return {(row.article_id, row.language): row for row in newest}


def draft_in(row: Article, language: str) -> ArticleVersion | None:
    """The draft of an article in a language, if there is one. One query."""
    return ArticleVersion.objects.filter(article=row, language=language, published_at=None).first()


def version(version_id: int, officer: Officer) -> ArticleVersion:
    """One version of an article this officer may read. Raises ArticleVersion.DoesNotExist."""
    rows = ArticleVersion.objects.filter(article__in=_readable(officer))
    return rows.select_related("article").get(pk=version_id)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version of an article in its history, with who wrote it and who published it."""

    number: int
    language: str
    written_at: datetime
    written_by: str
    published_at: datetime | None
    published_by: str


def versions(row: Article) -> list[VersionLine]:
    """Every version of an article, the newest first. Two queries."""
    rows = list(
        ArticleVersion.objects.filter(article=row)
        .select_related("published_by")
        .order_by("-written_at", "-id")[:50]
    )
    writers = {each for one in rows for each in one.written_by}
    names = dict(Officer.objects.filter(pk__in=writers).values_list("pk", "name"))
    return [
        VersionLine(
            one.number,
            one.language,
            one.written_at,
            ", ".join(names.get(each, "") for each in one.written_by),
            one.published_at,
            one.published_by.name if one.published_by else "",
        )
        for one in rows
    ]


def votes_on(known: ArticleVersion, officer: Officer) -> tuple[int, int, bool | None]:
    """How many found a version useful, of how many, and what this officer said. Two queries."""
    found = ArticleVote.objects.filter(version=known)
    counted = found.aggregate(all=Count("id"), useful=Count("id", filter=Q(useful=True)))
    said = found.filter(officer=officer).values_list("useful", flat=True).first()
    return counted["useful"], counted["all"], said


def offered(officer: Officer, *, kind: str, desk: str, words: str, language: str) -> list[Offer]:
    """The articles that may help with a case or a call, the likest first. Two queries.

    Those for its kind or desk, and those that have any of its words. A call is of no kind yet.
    """
    facts = {"kind": kind, "desk": desk, "words": words[:400], "most": OFFERED}
    ids = _ids(_OFFERED, facts | {"roles": officer.roles})
    if not ids:
        return []
    known = holding(ids)
    return [_offer(each, known, language) for each in ids]


def _offer(article_id: int, known: dict[tuple[int, str], ArticleVersion], language: str) -> Offer:
    english, theirs = known.get((article_id, "en")), known.get((article_id, language))
    title = english or next(row for (number, _), row in known.items() if number == article_id)
    reviewed = is_reviewed(theirs, english)
    passage = theirs.passage if theirs and reviewed else ""
    return Offer(article_id, title.title, passage, not reviewed)


def is_reviewed(theirs: ArticleVersion | None, english: ArticleVersion | None) -> bool:
    """Whether words may be told: published, and of a translation not before the English was."""
    if theirs is None or theirs.published_at is None:
        return False
    if theirs.language == "en" or english is None or english.published_at is None:
        return True
    return theirs.published_at >= english.published_at


def _lines(ids: list[int], today: date) -> list[ArticleLine]:
    rows = {row.pk: row for row in Article.objects.filter(pk__in=ids)}
    known = holding(ids)
    drafts = list(ArticleVersion.objects.filter(article__in=ids, published_at=None))
    counted = ArticleVote.objects.filter(version__in=[one.pk for one in known.values()])
    votes = {
        row["version__article"]: row
        for row in counted.values("version__article").annotate(
            all=Count("id"), helped=Count("id", filter=Q(useful=True))
        )
    }
    lines = []
    for each in ids:
        row = rows[each]
        hold = {tongue: one for (number, tongue), one in known.items() if number == each}
        open_now = [one for one in drafts if one.article_id == each]
        first = hold.get("en") or next(iter([*hold.values(), *open_now]))
        review_on = min((one.review_on for one in hold.values() if one.review_on), default=None)
        vote = votes.get(each, {"all": 0, "helped": 0})
        lines.append(
            ArticleLine(
                id=each, title=first.title, kind=row.kind, desk=row.desk,
                languages=tuple(sorted(hold)),
                drafts=tuple(sorted(one.language for one in open_now)), review_on=review_on,
                due=review_on is not None and review_on <= today, useful=vote["helped"],
                votes=vote["all"],
            )
        )  # fmt: skip
    return lines


def _ids(statement: str, facts: dict[str, Any]) -> list[int]:
    with connection.cursor() as sql:
        sql.execute(statement, facts)
        return [row[0] for row in sql.fetchall()]
