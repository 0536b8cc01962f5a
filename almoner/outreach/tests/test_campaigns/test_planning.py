"""Deciding what a campaign is to be, who reads its words, and starting, pausing and ending it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from almoner.access.rules import PERMISSIONS, Role
from almoner.access.tests import make as access
from almoner.outreach import actions
from almoner.outreach.models import Campaign, Enrolment
from almoner.outreach.tests import make
from almoner.outreach.tests.make import DAY, NOW, place
from almoner.outreach.tests.test_campaigns.shared import HOUR, deliver, run


@pytest.fixture
def paz():
    return access.officer("paz", roles=("administrator",))


def test_a_paused_campaign_writes_to_nobody_and_shifts_those_whose_day_had_not_come(mara, sent):
    people = [make.due(f"Due {each}") for each in range(4)]
    row = make.started(mara, pace=2)
    run()
    before = {each.pk: place(row, each).starts_at for each in people}

    actions.pause(officer=mara, campaign=row, at=NOW + HOUR)
    run(NOW + 3 * DAY)
    assert len(sent) == 2
    actions.resume(officer=mara, campaign=row, at=NOW + HOUR + 3 * DAY)

    later = [place(row, each).starts_at - before[each.pk] for each in people]
    assert sorted(later) == [0 * DAY, 0 * DAY, 3 * DAY, 3 * DAY]
    run(NOW + 4 * DAY)
    assert len(sent) == 4


def test_a_finished_campaign_leaves_everybody_alone_and_takes_back_what_waits(mara, who, sent):
    row = make.started(mara)
    actions.send_due(at=NOW)

    actions.finish(officer=mara, campaign=row, at=NOW)
    deliver()
    run(NOW + DAY)

    assert (sent, place(row, who).stopped_why) == ([], "finished")
    with pytest.raises(actions.OutreachRefused):
        actions.resume(officer=mara, campaign=row, at=NOW)


def test_after_their_days_people_are_let_be(mara, who, sent):
    row = make.started(mara, window_days=30)
    run()

    run(NOW + 30 * DAY)

    assert place(row, who).state == "over"


def test_words_of_ones_own_are_read_by_another_before_it_starts(mara, paz, who):
    draft = make.campaign(mara, spanish="Hola {phone}")
    with pytest.raises(actions.OutreachRefused, match="not_reviewed"):
        actions.start(officer=mara, campaign=draft, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="own_words"):
        actions.approve_words(officer=mara, campaign=draft, read=draft.said, at=NOW)

    actions.approve_words(officer=paz, campaign=draft, read=draft.said, at=NOW)

    assert actions.start(officer=mara, campaign=draft, at=NOW).state == "running"


def test_whoever_reads_texts_approves_them_and_may_do_nothing_else(mara, monkeypatch):
    monkeypatch.setitem(PERMISSIONS, Role.BILLER, frozenset({"relations.texts"}))
    reader = access.officer("reader", roles=("biller",))
    draft = make.campaign(mara, spanish="Hola {phone}")

    actions.approve_words(officer=reader, campaign=draft, read=draft.said, at=NOW)

    with pytest.raises(PermissionDenied):
        actions.change_campaign(officer=reader, campaign=draft, plan=make.plan(), at=NOW)
    for act in (actions.start, actions.pause, actions.resume, actions.finish):
        with pytest.raises(PermissionDenied):
            act(officer=reader, campaign=draft, at=NOW)


def test_words_that_are_changed_are_read_again_and_not_by_who_changed_them(mara, paz, who):
    draft = make.campaign(mara, spanish="Hola {phone}")
    actions.approve_words(officer=paz, campaign=draft, read=draft.said, at=NOW)
    slower = make.plan(spanish="Hola {phone}", pace=2)
    kept = actions.change_campaign(officer=paz, campaign=draft, plan=slower, at=NOW)
    assert (kept.reviewed_by_id, kept.authors) == (paz.pk, [mara.pk])

    other = make.plan(spanish="Buenos días {phone}")
    changed = actions.change_campaign(officer=paz, campaign=draft, plan=other, at=NOW)

    assert (changed.reviewed_at, changed.authors) == (None, sorted([mara.pk, paz.pk]))
    third = access.officer("third", roles=("manager",))
    with pytest.raises(actions.OutreachRefused, match="changed"):
        actions.approve_words(officer=third, campaign=draft, read=draft.said, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="own_words"):
        actions.approve_words(officer=paz, campaign=changed, read=changed.said, at=NOW)


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"state": "running", "started_at": NOW, "started_by_id": 1}, "campaign_words_reviewed"),
        ({"reviewed_at": NOW, "reviewed_by_id": "mara"}, "campaign_reviewed_by_another"),
        ({"reviewed_at": NOW}, "campaign_reviewed_by_another"),
        ({"words": "mine"}, "campaign_words_known"),
    ],
)
def test_the_database_keeps_unread_words_from_leaving(mara, facts, named):
    draft = make.campaign(mara, spanish="Hola {phone}")
    said = {name: mara.pk if value == "mara" else value for name, value in facts.items()}

    with pytest.raises(IntegrityError, match=named):
        Campaign.objects.filter(pk=draft.pk).update(**said)


def test_nothing_starts_twice_or_for_nobody(mara, who):
    draft = make.campaign(mara)
    actions.start(officer=mara, campaign=draft, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="state"):
        actions.start(officer=mara, campaign=draft, at=NOW)
    with pytest.raises(actions.OutreachRefused, match="nobody"):
        make.started(mara)  # whoever was due is in the first

    assert Enrolment.objects.count() == 1


def test_a_draft_takes_its_segment_as_it_asks_now_and_a_campaign_keeps_its_own(mara, who):
    draft = make.campaign(mara)
    segment = draft.version.segment
    asked = {"diagnosis": ["E11"]}
    second = actions.save_segment(
        officer=mara, name=segment.name, conditions=asked, at=NOW, segment=segment
    )
    actions.change_campaign(officer=mara, campaign=draft, plan=make.plan(), at=NOW)
    row = actions.start(officer=mara, campaign=draft, at=NOW)

    actions.save_segment(
        officer=mara, name=segment.name, conditions={"seen": 3}, at=NOW, segment=segment
    )

    assert Campaign.objects.get(pk=row.pk).version_id == second.pk


def test_words_that_cannot_be_filled_in_make_no_campaign(mara):
    with pytest.raises(actions.OutreachRefused, match="words"):
        make.campaign(mara, english="Dear {name}")


@pytest.mark.parametrize("purpose", ["care", "marketing"])
@pytest.mark.parametrize(
    "words", [{"english": "Your diabetes asks for it"}, {"subject_spanish": "Sus medicamentos"}]
)
def test_words_that_tell_of_health_make_no_campaign(mara, purpose, words):
    with pytest.raises(actions.OutreachRefused, match="health"):
        make.campaign(mara, purpose=purpose, **words)


def test_officers_work_the_list_and_neither_build_nor_start(mara, ana, who):
    draft = make.campaign(mara)

    for act in (actions.start, actions.pause, actions.resume, actions.finish):
        with pytest.raises(PermissionDenied):
            act(officer=ana, campaign=draft, at=NOW)
    with pytest.raises(PermissionDenied):
        make.campaign(ana)
