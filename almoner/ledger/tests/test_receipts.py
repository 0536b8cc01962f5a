import pytest
from django.urls import reverse

from almoner.ledger import actions
from almoner.ledger.rules import receipts
from almoner.ledger.tests import make

pytestmark = pytest.mark.django_db


def paid(officer, **facts):
    make.drawer(officer)
    lucia = make.patient("Vega", "Lucía", **facts)
    return actions.take_cash(
        officer=officer, taking=make.taking(lucia), tendered=4_000, at=make.NOON
    )


def test_every_language_says_everything_a_receipt_says():
    assert {frozenset(words) for words in receipts.WORDS.values()} == {
        frozenset(receipts.WORDS["en"])
    }


def test_a_receipt_is_read_in_the_patients_language_on_the_page(desk, ana):
    payment = paid(ana, language="es")

    page = desk.get(reverse("payment", args=[payment.pk])).content.decode()

    assert f'<h2 lang="es">Recibo {payment.pk}</h2>' in page
    for word in ("Entregado", "Cambio", "Saldo a favor", "Conserve este recibo", "Efectivo"):
        assert word in page
    assert "2 Mar 2026, 12:00" in page
    assert "Handed over" not in page


@pytest.mark.parametrize("preferred", ["en", "vi"])
def test_a_receipt_is_english_for_everybody_else(desk, ana, preferred):
    payment = paid(ana, language=preferred)

    page = desk.get(reverse("payment", args=[payment.pk])).content.decode()

    assert "Handed over" in page
    assert "Recibo" not in page


def test_who_pays_may_have_the_receipt_in_the_other_language(desk, ana):
    payment = paid(ana, language="es")
    address = reverse("payment", args=[payment.pk])

    page = desk.get(address, {"language": "en"}).content.decode()
    nonsense = desk.get(address, {"language": "xx"}).content.decode()

    assert "Handed over" in page
    assert "Entregado" in nonsense


def test_the_printed_receipt_is_in_the_patients_language(desk, ana):
    payment = paid(ana, language="es-MX")
    address = reverse("receipt_pdf", args=[payment.pk])

    spanish = desk.get(address).content
    english = desk.get(address, {"language": "en"}).content

    # The title stands in the clear in the paper's own description, with its language.
    assert f"Recibo {payment.pk}".encode() in spanish
    assert f"Receipt {payment.pk}".encode() in english
    assert b"Recibo" not in english
