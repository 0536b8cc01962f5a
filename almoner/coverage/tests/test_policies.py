from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DataError, IntegrityError, connection, transaction
from PIL import Image

from almoner.access.tests import make as access
from almoner.coverage import actions, queries
from almoner.coverage.models import CardImage, Policy
from almoner.coverage.rules import can_be_sent
from almoner.coverage.rules.member_ids import SENDABLE as SENDABLE_AS
from almoner.coverage.tests import make
from almoner.ground.models import Event
from almoner.patients.models import Patient
from almoner.patients.tests import make as patients

pytestmark = pytest.mark.django_db


def lines(patient, on=make.DAY):
    return queries.policies_of(patient.pk, on=on, reading=access.reading(make.clerk()))


def test_a_policy_is_added_with_its_event_and_its_member_id_finds_the_patient():
    cy = patients.patient()

    policy = make.policy(cy, member_id=" w-99 ")

    assert policy.member_id == "W-99"
    assert list(cy.extra_keys.values_list("value", flat=True)) == ["W-99"]
    event = Event.objects.get(kind="coverage.added")
    assert (event.patient_id, event.data["payer"]) == (cy.pk, "Blue Harbor Health")


def test_a_policy_of_oneself_names_no_other_subscriber():
    policy = make.policy(subscriber_family="SOMEBODY", subscriber_given="ELSE")

    assert (policy.subscriber_family, policy.subscriber_given) == ("", "")


SENDABLE = ["W1234567", "1EG4-TE5-MK73", "ZGP 123 456", "A/12.3", "W9", "A" * 80, "X#[]_{}|&"]
ODD = ["AB*12", "A~B", "ABC:1", "A^B", "É12", "ÅBC", "A\tB", "A\n", "A", " AB", "AB ", "A" * 81, ""]


@pytest.mark.parametrize("member_id", [*SENDABLE, *ODD])
def test_the_database_keeps_the_member_ids_a_payer_can_be_sent_and_no_other(member_id):
    policy = make.policy()
    kept = True
    try:
        with transaction.atomic():
            Policy.objects.filter(pk=policy.pk).update(member_id=member_id)
    except (IntegrityError, DataError):
        kept = False

    assert kept == can_be_sent(member_id) == (member_id in SENDABLE)


def test_every_character_is_judged_alike_by_the_rule_and_the_database():
    every = [f"A{chr(code)}B" for code in range(1, 0x250)]
    with connection.cursor() as sql:
        sql.execute(
            "SELECT id FROM unnest(%s::text[]) AS id WHERE id ~ %s", [every, f"^{SENDABLE_AS}$"]
        )
        kept = {row[0] for row in sql.fetchall()}

    assert kept == {member_id for member_id in every if can_be_sent(member_id)}


def test_two_policies_are_never_primary_at_one_time():
    cy = patients.patient()
    make.policy(cy)

    with pytest.raises(actions.RankTaken):
        make.policy(cy, member_id="W2")

    assert [line.member_id for line in lines(cy)] == ["W1234567"]


def test_a_policy_of_a_later_time_may_be_primary_too():
    cy = patients.patient()
    first = make.policy(cy)
    actions.end_policy(officer=make.clerk(), policy_id=first.pk, last_day=date(2026, 2, 28),
                       reason="new job", at=make.NOON)  # fmt: skip

    make.policy(cy, member_id="W2", valid_from=date(2026, 3, 1))

    assert [(line.member_id, line.current) for line in lines(cy)] == [
        ("W2", True),
        ("W1234567", False),
    ]


def test_two_policies_trade_ranks_in_one_act():
    cy = patients.patient()
    first = make.policy(cy)
    second = make.policy(cy, member_id="W2", rank=2)

    actions.put_first(officer=make.clerk(), policy_id=second.pk, on=make.DAY, at=make.NOON)

    assert [(line.id, line.rank) for line in lines(cy)] == [(second.pk, 1), (first.pk, 2)]


def test_a_change_made_on_an_older_state_is_refused():
    policy = make.policy()
    facts = {"officer": make.clerk(), "policy_id": policy.pk, "version": 1, "at": make.NOON}
    actions.change_policy(details=make.details(member_id="W2"), **facts)

    with pytest.raises(actions.Stale):
        actions.change_policy(details=make.details(member_id="W3"), **facts)

    assert Policy.objects.get().member_id == "W2"


def test_a_policy_taken_back_no_longer_finds_the_patient():
    cy = patients.patient()
    policy = make.policy(cy)

    actions.retire_policy(officer=make.clerk(), policy_id=policy.pk, reason="typo", at=make.NOON)

    assert lines(cy) == []
    assert not Patient.objects.get(pk=cy.pk).extra_keys.exists()


def test_an_end_before_the_beginning_is_refused():
    policy = make.policy(valid_from=date(2026, 3, 1))

    with pytest.raises(ValueError, match="2026-02-27"):
        actions.end_policy(officer=make.clerk(), policy_id=policy.pk, last_day=date(2026, 2, 27),
                           reason="", at=make.NOON)  # fmt: skip


def test_dot_who_may_not_change_coverage_changes_nothing():
    cy = patients.patient()
    make.policy(cy)
    dot = access.officer("dot", roles=("clinician",))

    with pytest.raises(PermissionDenied):
        actions.add_policy(officer=dot, patient=cy, details=make.details(rank=2), at=make.NOON)

    assert Policy.objects.count() == 1


def test_policies_are_listed_in_one_query(django_assert_num_queries):
    cy = patients.patient()
    for rank in (1, 2, 3):
        make.policy(cy, member_id=f"W{rank}", rank=rank)
    reading = access.reading(make.clerk())

    with django_assert_num_queries(1):
        found = queries.policies_of(cy.pk, on=make.DAY, reading=reading)

    assert len(found) == 3
    assert reading.patient_ids == {cy.pk}


def picture(kind="PNG", size=(3200, 2000), **more):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def keep(policy, upload, side=CardImage.Side.FRONT):
    return actions.keep_card(
        officer=make.clerk(), policy_id=policy.pk, side=side, upload=upload, at=make.NOON
    )


def test_a_card_is_encoded_anew_without_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x9286] = "taken at home"
    policy = make.policy()

    keep(policy, picture("JPEG", exif=exif))

    jpeg = queries.card(policy.pk, "front", reading=access.reading(make.clerk()))
    assert b"taken at home" not in jpeg
    with Image.open(BytesIO(jpeg)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1600, 1000), {})


def test_a_newer_card_replaces_the_older_which_stays():
    policy = make.policy()
    keep(policy, picture())
    keep(policy, picture(size=(100, 60)))

    assert policy.cards.count() == 2
    assert policy.cards.get(replaced_at__isnull=True).width == 100
    assert lines(policy.patient)[0].has_front
    assert not lines(policy.patient)[0].has_back


@pytest.mark.parametrize("upload", [b"", b"<svg/>", picture()[:300], picture("GIF"), b"BM" * 99])
def test_what_is_no_picture_is_refused(upload):
    policy = make.policy()

    with pytest.raises(actions.NotAnImage):
        keep(policy, upload)

    assert not policy.cards.exists()


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    policy = make.policy()

    with pytest.raises(actions.NotAnImage):
        keep(policy, picture(size=(9000, 6000)))
