import pytest

from almoner.edges import card

pytestmark = pytest.mark.django_db


def test_a_key_the_processor_would_not_take_is_not_sent(processor):
    with pytest.raises(card.Refused, match="45"):
        card.charge(key="k" * 46, cents=1, reference="", device="")


def test_the_same_key_with_another_body_is_an_error_at_the_processor(processor):
    asked = {"reference": "", "device": ""}
    card.charge(key="reused", cents=2_509, **asked)

    with pytest.raises(card.Refused, match="IDEMPOTENCY_KEY_REUSED"):
        card.charge(key="reused", cents=2_609, **asked)


def test_a_processor_that_does_not_know_us_says_so(processor, settings):
    settings.CARD_PROCESSOR_TOKEN = "another"

    with pytest.raises(card.Refused, match="UNAUTHORIZED"):
        card.look_up("some key")


def test_without_an_address_nothing_is_sent(settings):
    settings.CARD_PROCESSOR_URL = ""

    with pytest.raises(card.NotReached):
        card.look_up("some key")
