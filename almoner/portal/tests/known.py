"""Somebody of whom there is something of every kind, and every way by which they reach it."""

import re
from datetime import date, timedelta

from django.urls import reverse

from almoner.access.tests import make as access
from almoner.billing import actions as billing
from almoner.billing.tests import make as owing
from almoner.facility.tests import make as facility
from almoner.ledger.models import Payment
from almoner.patients.tests.details import Phone
from almoner.patients.tests.make import picture
from almoner.portal import actions
from almoner.portal.models import Acting, SelfBooking, Share, Sitting
from almoner.portal.queries import desk_token, kiosk_token, token_of
from almoner.portal.tests.joining import account, ana, body, looked, patient
from almoner.records import actions as records
from almoner.records.models import Document
from almoner.records.rules.papers import PaperKind
from almoner.records.tests import make as forms
from almoner.records.tests.reports import came, measured
from almoner.relations import actions as relations
from almoner.relations.actions import by_post
from almoner.relations.models import Thread
from almoner.scheduling.models import WaitEntry
from almoner.scheduling.tests import make
from almoner.surveys.models import Rule, Survey, Version
from almoner.surveys.tests import make as surveys
from almoner.telehealth import actions as video
from almoner.telehealth.rules import Role
from almoner.telehealth.seat import cookie_of
from almoner.telehealth.tests import make as calls

NOW = owing.LATER
"""When the clock stands still: the rows are made for it."""
DAY = NOW.date()
TEN_MINUTES = timedelta(minutes=10)


def house() -> None:
    """A clinic in which somebody can have something of every kind."""
    owing.organisation()
    forms.ship(at=surveys.SUNDAY)
    calls.text()
    surveys.lead()
    surveys.rule()


class Known:
    """A patient with a row of every kind; ``words`` are what nobody else may read.

    ``entries`` are the cookies by which each address of a visit opens. ``born``, ``cents`` and the
    names have to be of nobody else. ``browser`` carries every other cookie that its owner can come
    by: an account's, an errand's, a guest's, a place's and a kiosk's.
    """

    def __init__(self, *, given: str, family: str, born: date, cents: int) -> None:
        self.given, self.login, self.born = given, given.lower(), born
        number = f"+1608555{born.year}"
        self.person = patient(given=given, family=family, birth_date=born,
                              phones=(Phone(number),))  # fmt: skip
        self.clinician = f"Dr{family[::-1].lower()}"
        self.browser, self.secret = account(self.person, login=self.login)
        self._owes(cents)
        self._papers()
        self._says()
        self._visits()
        self._ways()
        amount = f"{cents / 100:.2f}"
        self.words = {
            given, family, self.person.mrn, amount, number[2:], f"555-{born.year}",
            f"{born:%m/%d/%Y}", f"{born:%Y-%m-%d}", f"{born:%B} {born.day}, {born.year}",
            self.clinician, *(f"{word}{family}" for word in ("Quimper", "Xylophone", "Zeppelin",
            "Quetelet", "Ytterbium", "Brief", "Urkunde", "Zulieferer")),
        }  # fmt: skip

    def _owes(self, cents: int) -> None:
        claim = owing.sent(self.person)
        self.seen = claim.slip.encounter
        answer = owing.answer(claim, (("PR", "1", cents),), ())
        owing.post(owing.era(answer, envelope=claim.pk, trace=f"EFT{claim.pk}"))
        self.bill = billing.issue_statement(
            officer=owing.biller(), patient_id=self.person.pk, at=NOW
        )
        self.payment = Payment.objects.create(
            key=f"p{self.person.pk}", patient=self.person, cents=cents, method="card",
            location=owing.location(), asked_at=NOW, state="completed", settled_at=NOW,
            for_item=f"statement:{self.bill.pk}",
        )  # fmt: skip

    def _papers(self) -> None:
        family = self.person.family
        self.signature = forms.signed(self.person, at=NOW)
        self.result = came(
            self.person, name=f"Quetelet{family}",
            values=[measured("8.88", name=f"Ytterbium{family}")], at=NOW,
        )  # fmt: skip
        sent = {"file": picture(), "title": f"Brief{family}"}
        self.browser.post(reverse("my_documents"), sent)
        self.document = Document.objects.get(patient=self.person)
        self.paper = records.add_document(
            officer=ana(), patient_id=self.person.pk, content=picture().read(),
            title=f"Urkunde{family}", kind=PaperKind.REFERRAL, at=NOW,
        )  # fmt: skip

    def _says(self) -> None:
        family = self.person.family
        said = {"topic": "visit", "subject": f"Quimper{family}", "words": f"Xylophone{family}"}
        self.browser.post(reverse("my_new_message"), said | {"key": "0" * 32})
        draft = said | {"words": f"Zeppelin{family}", "key": "1" * 32}
        self.browser.post(reverse("my_draft"), draft)
        self.thread = Thread.objects.get(patient=self.person)
        self.letter = by_post.write_letter(
            officer=ana(), patient_id=self.person.pk, words=f"Yperite{family}", language="en",
            key=f"{self.person.pk:032x}", about=None, up_to=0, at=NOW,
        )  # fmt: skip
        by_post.post_letter(officer=ana(), message=self.letter, on=DAY, at=NOW)
        looked(self.person, screen="patients.record", at=NOW)

    def _visits(self) -> None:
        """One that is to come, one by video that begins, and one that is over and asked about."""
        asked = {"patient": self.person, "asked_at": NOW - timedelta(days=1)}
        self.place_of = facility.location(self.clinician)
        self.kind = facility.visit_type("Check-up")
        self.visit = self._visit(
            facility.visit_type(), make.at(9, day=DAY + timedelta(days=1)), asked
        )
        by_video = facility.visit_type("Video", by_video=True)
        self.by_video = self._visit(by_video, NOW + TEN_MINUTES, asked)
        calls.licence(self.by_video.clinician)
        self.seat = calls.waiting(self.by_video)[1]
        self.invitation = video.invite(
            officer=calls.host(self.by_video, f"host-{self.login}"), at=NOW,
            appointment_id=self.by_video.pk, role=Role.FAMILY, language="en",
        )  # fmt: skip
        relations.agree_to_surveys_own(patient_id=self.person.pk, given=True, at=surveys.SUNDAY)
        rule, seen = Rule.objects.get(), self.seen
        message = relations.tell(
            patient_id=self.person.pk, text="account-acting", facts=lambda _language: {},
            step=f"asked-{self.login}", at=NOW,
        )[0]  # fmt: skip
        self.survey = Survey.objects.create(
            appointment_id=seen.appointment_id, patient=self.person, rule=rule,
            version=Version.objects.get(), clinician_id=seen.clinician_id,
            location_id=seen.location_id, visit_type_id=seen.appointment.visit_type_id,
            way="in_person", visit_on=seen.service_date, chosen_at=NOW, ask_at=NOW, message=message,
            closes_at=NOW + timedelta(days=9), language="en",
            peace=(NOW, NOW + timedelta(days=9)),
        )  # fmt: skip
        actions.open_visit(seen.appointment_id, "en", NOW)
        self.place = WaitEntry.objects.create(
            patient=self.person, visit_type=self.kind, added_at=NOW,
            last_day=DAY + timedelta(days=30),
        )  # fmt: skip

    def _visit(self, kind, starts_at, asked):
        who = facility.clinician(self.clinician, at=self.place_of, does=(kind,))
        made = make.appointment(
            visit_type=kind, location=self.place_of, clinician=who, starts_at=starts_at, **asked
        )
        actions.open_visit(made.pk, "en", NOW)
        return made

    def _ways(self) -> None:
        """Every cookie of theirs, in one browser."""
        SelfBooking.objects.create(
            visit_type=self.kind, name_en="Check-up", name_es="Control", whom="anybody",
            notice_hours=4,
        )  # fmt: skip
        where, _left = actions.link_to_book(
            officer=ana(), patient=self.person, visit_type=self.kind, at=NOW
        )
        self.errand = where.rstrip("/").rpartition("/")[2]
        self.link, self.over = token_of(self.visit.pk), token_of(self.survey.appointment_id)
        self.video = token_of(self.by_video.pk)
        where = self.browser.post(reverse("my_visit", args=[self.visit.pk])).url
        self.own_visit = where.split("/")[2]
        self.entries = {self.own_visit: self.browser.cookies["visit"].value}
        where = self.browser.post(reverse("my_visit", args=[self.seen.appointment_id])).url
        self.own_over = where.split("/")[2]  # a week ago: no link opens it any more
        self.entries[self.own_over] = self.browser.cookies["visit"].value
        said = {"month": self.born.month, "day": self.born.day, "year": self.born.year}
        ways = {self.over: "survey_link", self.video: "visit_link", self.link: "visit_link"}
        for token, name in ways.items():
            assert self.browser.post(reverse(name, args=[token]), said).status_code == 302
            self.entries[token] = self.browser.cookies["visit"].value
        assert self.browser.post(reverse("errand", args=[self.errand]), said).status_code == 302
        shown = body(self.browser.post(reverse("my_share"), {
            "kind": ["visits", "documents", "papers", "results"], "hours": 1,
        }))  # fmt: skip
        code = re.search(r'id="code">([A-Z0-9-]+)<', shown).group(1)
        guest = said | {"code": code, "who": f"Zulieferer{self.person.family}"}
        assert self.browser.post(reverse("shared_enter"), guest).status_code == 302
        self.share = Share.objects.get(patient=self.person)
        self.browser.cookies[cookie_of(self.seat.participant_id)] = self.seat.secret
        self._at_kiosk()

    def _at_kiosk(self) -> None:
        manager = access.officer(f"mo-{self.login}", roles=("manager",))
        self.kiosk, code = actions.new_kiosk(
            officer=manager, name=f"Door {self.login}", location=self.place_of, wait_en="",
            wait_es="", at=NOW,
        )  # fmt: skip
        assert self.browser.post(reverse("kiosk_enrol"), {"code": code}).status_code == 302
        sitting = Sitting.objects.create(
            kiosk=self.kiosk, appointment=self.visit, language="en", began_at=NOW, seen_at=NOW
        )
        self.at_kiosk = kiosk_token(sitting)
        asked = Sitting.objects.create(
            officer_id=manager.pk, appointment=self.visit, language="en", began_at=NOW, seen_at=NOW
        )
        self.at_desk = desk_token(asked)

    def given_for(self, name: str) -> dict[str, object]:
        """What the address of a route of theirs names."""
        return {
            "my_visit": {"appointment_id": self.visit.pk},
            "my_thread": {"thread_id": self.thread.pk},
            "my_letter": {"message_id": self.letter.pk},
            "my_place": {"entry_id": self.place.pk},
            "my_bill": {"number": self.bill.number},
            "my_bill_letter": {"number": self.bill.number},
            "my_receipt": {"payment_id": self.payment.pk},
            "my_document": {"signature_id": self.signature.pk},
            "my_sent_paper": {"document_id": self.document.pk},
            "my_paper": {"document_id": self.paper.pk},
            "shared_paper": {"document_id": self.paper.pk},
            "my_result": {"result_id": self.result.pk},
            "my_result_paper": {"result_id": self.result.pk},
            "my_share_end": {"share_id": self.share.pk},
            "shared_document": {"signature_id": self.signature.pk},
            "shared_result": {"result_id": self.result.pk},
            "shared_result_paper": {"result_id": self.result.pk},
            "call_invitation": {"token": self.invitation},
        }.get(name, {})

    def asked_for(self, name: str) -> str:
        """What the address of a route of theirs asks for."""
        return {
            "visit_statement": f"?number={self.bill.number}",
            "visit_receipt": f"?of={self.payment.pk}",
        }.get(name, "")

    def posted(self) -> dict[str, object]:
        """What somebody posts who knows the number of everything."""
        acting = Acting.objects.filter(patient=self.person).order_by("pk").values_list("pk")
        return {
            "acting": acting[0][0], "end": acting.last()[0], "forget": 1, "opening": "1",
            "wish": "later", "appointment_id": self.visit.pk, "patient_id": self.person.pk,
            "subject": "x", "words": "x", "topic": "visit", "key": "9" * 32, "amount": "1.00",
        }  # fmt: skip
