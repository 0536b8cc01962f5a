"""Articles: versions that stay, somebody else reads them before they hold, in both languages."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from almoner.access.tests import make as access
from almoner.ground import clock
from almoner.ground.constraints import violated
from almoner.patients.tests import make as patients
from almoner.relations import actions
from almoner.relations.models import ArticleVersion
from almoner.relations.queries import articles as known_articles
from almoner.relations.rules import Kind
from almoner.relations.tests.make import NOON, SECOND, case

HTMX = {"HX-Request": "true"}
NEXT_YEAR = date(2027, 11, 23)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def house(clinic, sent, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON + 10 * SECOND)
    return sent


@pytest.fixture
def mara(db):
    return access.officer("mara", roles=("manager",))


def draft(title="How to read a statement", *, language="en", passage="The total is at the foot."):
    return actions.Draft(
        language=language, title=title, body="Each charge is a line.", passage=passage
    )


def begun(officer, words=None, *, kind="", desk="", roles=(), at=NOON):
    return actions.begin_article(
        officer=officer, kind=kind, desk=desk, roles=list(roles), draft=words or draft(), at=at
    )


def publish(officer, row, *, at=NOON, review_on=NEXT_YEAR):
    seen = ArticleVersion.objects.get(pk=row.pk).written_at
    return actions.publish(officer=officer, version=row, seen=seen, review_on=review_on, at=at)


def published(writer, reviewer, words=None, *, at=NOON, review_on=NEXT_YEAR, **facts):
    return publish(reviewer, begun(writer, words, at=at, **facts), at=at, review_on=review_on)


def offered(officer, words="", *, kind="question", language="en"):
    return known_articles.offered(officer, kind=kind, desk="front", words=words, language=language)


def translate(ana, mara, article, *, at=NOON):
    words = draft("Cómo leer su cuenta", language="es", passage="El total está abajo.")
    row = actions.draft_article(officer=ana, article=article, draft=words, at=at)
    return publish(mara, row, at=at)


# --- Writing and publishing.


def test_nobody_publishes_what_they_wrote_and_nobody_without_the_right_publishes(ana, mara):
    hers = begun(mara)
    with pytest.raises(actions.ArticleRefused) as refused:
        publish(mara, hers)
    assert refused.value.reason == "own_words"
    with pytest.raises(PermissionDenied):
        publish(ana, hers)


def test_who_changed_a_word_of_a_draft_is_its_author_too(ana, mara):
    row = begun(ana)
    actions.draft_article(officer=mara, article=row.article, draft=draft("Better"), at=NOON)

    with pytest.raises(actions.ArticleRefused):
        publish(mara, row)
    assert ArticleVersion.objects.get().number == 1


def test_the_database_lets_no_author_publish_and_no_published_word_change(ana, mara):
    row = begun(ana)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        ArticleVersion.objects.filter(pk=row.pk).update(
            published_at=NOON, published_by=ana, review_on=NEXT_YEAR
        )
    assert violated(error.value, "article_published_by_another")

    publish(mara, row)
    for change in (
        lambda rows: rows.update(body="Other words."),
        lambda rows: rows.update(review_on=TODAY),
        lambda rows: rows.delete(),
    ):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            change(ArticleVersion.objects.filter(pk=row.pk))
        assert violated(error.value, "article_published_stays")


def test_what_was_changed_after_it_was_read_is_not_published(ana, mara):
    row = begun(ana)
    actions.draft_article(officer=ana, article=row.article, draft=draft("Else"), at=NOON + SECOND)

    with pytest.raises(actions.ArticleRefused) as refused:
        actions.publish(officer=mara, version=row, seen=NOON, review_on=NEXT_YEAR, at=NOON)
    assert refused.value.reason == "not_read"


def test_the_next_version_holds_once_it_is_published_and_the_first_is_kept(ana, mara):
    first = published(ana, mara)
    second = actions.draft_article(
        officer=ana, article=first.article, draft=draft("Read your bill"), at=NOON
    )
    holds = known_articles.holding([first.article_id])
    assert holds[first.article_id, "en"].number == 1

    publish(mara, second)

    assert known_articles.holding([first.article_id])[first.article_id, "en"].number == 2
    assert [line.number for line in known_articles.versions(first.article)] == [2, 1]


# --- Finding and offering.


def test_words_are_found_in_each_language_by_its_own_stems(ana, mara):
    row = published(ana, mara)
    translate(ana, mara, row.article)

    def found(typed):
        return known_articles.articles(
            show="published", typed=typed, number=1, officer=ana, today=TODAY
        )

    for typed in ("reading statements", "cuentas totales", "charges -visit"):
        assert [line.id for line in found(typed)] == [row.article_id], typed
    assert list(found("charges -line")) == []
    assert list(found("'\";%s")) == []


def test_drafts_are_offered_to_nobody(ana):
    begun(ana, kind="question")

    assert offered(ana, "How do I read my statement?") == []


def test_what_a_case_is_about_decides_what_is_offered_first(ana, mara):
    parking = published(ana, mara, draft("Parking at the clinic"))
    bill = published(ana, mara, draft("A good-faith estimate"), kind="billing_dispute")
    asks = published(ana, mara, draft("Who may ask a question"), kind="question")

    def ids(words, **more):
        return [each.id for each in offered(ana, words, **more)]

    assert ids("Where is the parking?") == [parking.article_id, asks.article_id]
    assert ids("", kind="billing_dispute") == [bill.article_id]
    assert ids("the of a") == [asks.article_id]


def test_only_roles_it_is_for_find_it_read_it_and_are_offered_it(client, ana, mara):
    ben = access.officer("ben", roles=("biller",))
    row = published(mara, access.officer("max", roles=("manager",)), roles=["biller"])

    assert offered(ana, "statement") == []
    assert [each.id for each in offered(ben, "statement")] == [row.article_id]
    client.force_login(ana)
    assert client.get(reverse("article", args=[row.article_id])).status_code == 404
    assert "How to read" not in client.get(reverse("articles")).content.decode()
    client.force_login(ben)
    assert "How to read" in client.get(reverse("articles")).content.decode()


def test_a_passage_is_given_in_the_patients_language_only_once_it_is_reviewed(ana, mara):
    row = published(ana, mara)

    [offer] = offered(ana, "statement", language="es")
    assert (offer.passage, offer.unreviewed) == ("", True)

    words = draft("Cómo leer su cuenta", language="es", passage="El total está abajo.")
    spanish = actions.draft_article(officer=ana, article=row.article, draft=words, at=NOON)
    assert offered(ana, "statement", language="es")[0].passage == ""
    publish(mara, spanish)
    [offer] = offered(ana, "statement", language="es")
    assert (offer.passage, offer.unreviewed) == ("El total está abajo.", False)


def test_a_translation_is_not_reviewed_any_more_once_the_english_is_published_anew(ana, mara):
    row = published(ana, mara)
    translate(ana, mara, row.article)
    later = NOON + timedelta(days=1)
    anew = actions.draft_article(officer=ana, article=row.article, draft=draft(), at=later)
    publish(mara, anew, at=later)

    assert offered(ana, "statement", language="es")[0].unreviewed
    assert offered(ana, "statement", language="en")[0].passage
    translate(ana, mara, row.article, at=later + timedelta(days=1))
    assert not offered(ana, "statement", language="es")[0].unreviewed


# --- Whether it helped, and until when it is good.


def test_each_officers_last_word_counts(ana, mara):
    row = published(ana, mara)

    for officer, useful in ((ana, True), (mara, True), (ana, False)):
        actions.vote(officer=officer, version=row, useful=useful, at=NOON)

    assert known_articles.votes_on(row, ana) == (1, 2, False)


def test_what_is_past_its_day_is_work_until_it_is_published_anew(client, ana, mara):
    row = published(ana, mara, at=NOON - timedelta(days=9), review_on=date(2026, 11, 22))
    client.force_login(mara)
    assert "1 to be looked over" in client.get(reverse("home")).content.decode()
    assert "How to read" in client.get(reverse("articles") + "?show=due").content.decode()

    anew = actions.draft_article(officer=ana, article=row.article, draft=draft(), at=NOON)
    assert "1 draft to be reviewed" in client.get(reverse("home")).content.decode()
    publish(mara, anew)
    said = client.get(reverse("home")).content.decode()
    assert "to be looked over" not in said
    assert "to be reviewed" not in said


# --- The pages.


def test_an_article_is_written_by_one_and_published_by_another_on_its_page(client, ana, mara):
    client.force_login(ana)
    form = {"title": "Changing a visit", "body": "Ask for two identifiers.", "language": "en"}
    assert client.post(reverse("new_article"), form | {"body": " "}).status_code == 422
    answer = client.post(reverse("new_article"), form)
    page = client.get(answer.url).content.decode()
    assert "Somebody who has not written on it" in page
    row = ArticleVersion.objects.get()
    where = reverse("publish_article", args=[row.pk])
    review = {"review_on": "11/23/2027", "seen": row.written_at.isoformat()}
    assert client.post(where, review).status_code == 403

    client.force_login(mara)
    client.post(where, review, headers=HTMX)
    row.refresh_from_db()
    assert row.published_by == mara

    page = client.get(reverse("article", args=[row.article_id])).content.decode()
    assert "published by Mara" in page
    client.post(reverse("vote_on_article", args=[row.pk]), {"useful": "yes"}, headers=HTMX)
    page = client.get(reverse("article", args=[row.article_id])).content.decode()
    assert "1 of 1 found it useful" in page


def test_an_answer_to_a_case_offers_the_passage_by_a_key_and_refuses_the_unreviewed(
    client, ana, mara
):
    ines = patients.patient(language="es", emails=("ines@people.example",))
    article = published(ana, mara, kind="question").article
    row = case(ana, kind=Kind.QUESTION, patient_id=ines.pk)
    client.force_login(ana)

    page = client.get(reverse("answer_case", args=[row.pk])).content.decode()
    assert "is not reviewed in Spanish: it cannot be put in." in page
    assert 'data-add="id_words"' not in page
    assert "The total is at the foot." not in page

    translate(ana, mara, article)
    page = client.get(reverse("answer_case", args=[row.pk])).content.decode()
    assert 'data-words="El total está abajo."' in page
    assert (
        reverse("article", args=[article.pk])
        in client.get(reverse("case", args=[row.pk])).content.decode()
    )


def test_a_call_is_offered_what_fits_what_is_being_written_of_it(client, ana, mara):
    row = published(ana, mara, kind="billing_dispute", desk="billing")
    parking = published(ana, mara, draft("Where to park", passage=""))
    client.force_login(ana)

    where = reverse("offered_articles")
    page = client.post(where, {"said": "cannot read her statement"}).content.decode()
    assert reverse("article", args=[row.article_id]) in page
    assert reverse("article", args=[parking.article_id]) not in page
    assert client.post(where, {"said": ""}).content.decode().strip() == ""


def test_an_article_taken_away_is_found_by_nobody(client, ana, mara):
    row = published(ana, mara)
    client.force_login(mara)

    client.post(reverse("retire_article", args=[row.article_id]), headers=HTMX)

    assert offered(ana, "statement") == []
    assert client.get(reverse("article", args=[row.article_id])).status_code == 404


def test_a_list_of_articles_takes_no_more_queries_with_more_on_it(
    client, ana, mara, django_assert_max_num_queries
):
    for number in range(9):
        published(ana, mara, draft(f"Statement {number}"))
    client.force_login(ana)

    with django_assert_max_num_queries(12):
        client.get(reverse("articles") + "?q=statement")
