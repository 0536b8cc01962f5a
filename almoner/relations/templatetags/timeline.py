"""How what happened reads: staff's words for the codes that events keep."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from almoner.ground.money import dollars
from almoner.ground.templatetags.desk import badge, in_words
from almoner.relations.queries import Happening
from almoner.relations.queries.wording import OUTCOMES

register = template.Library()

SENTENCES: dict[str, Promise] = {
    "patients.registered": _("Registered"),
    "patients.changed": _("Details changed"),
    "patients.imported": _("Record imported"),
    "patients.identified": _("Identified by {confirmed_by}"),
    "patients.left_household": _("Left the household"),
    "patients.reviewed": _("Details reviewed, nothing changed"),
    "patients.pictured": _("Photo taken"),
    "patients.photo_removed": _("Photo removed"),
    "patients.told_apart": _("Told apart from somebody alike"),
    "patients.confidential_asked": _("Asked for confidential contact"),
    "patients.address_proven": _(
        "Showed by a code that a phone or address is theirs, by {channel}"
    ),
    "patients.confidential_ended": _("Confidential contact ended"),
    "patients.confirmed_same": _("Confirmed: another record is the same person's"),
    "patients.undecided": _("Took back what was decided about another record"),
    "scheduling.booked": _("Booked {visit_type} with {clinician}, {when}"),
    "scheduling.moved": _("Moved to {when} with {clinician}"),
    "scheduling.confirmed": _("Will come on {when}"),
    "scheduling.cancelled": _("Cancelled the visit of {when}"),
    "scheduling.no_show": _("Did not come on {when}"),
    "scheduling.undone": _("Took back the last change of the visit of {when}"),
    "scheduling.wait_added": _("Waits for a place: {visit_type}"),
    "scheduling.wait_ended": _("Waits no longer: {visit_type} {reason}"),
    "scheduling.offered": _("Offered {when} with {clinician}, kept until {until}"),
    "scheduling.offer_accepted": _("Took the place of {when} that was offered"),
    "scheduling.offer_declined": _("Did not want the place of {when} that was offered"),
    "scheduling.offer_expired": _("Did not answer in time to the place of {when}"),
    "scheduling.offer_withdrawn": _("The place of {when} is not offered any more"),
    "coverage.added": _("Coverage added: {payer}, {plan}"),
    "coverage.changed": _("Coverage changed: {payer}, {plan}"),
    "coverage.ended": _("Coverage ended: {payer}, {plan}"),
    "coverage.retired": _("Coverage taken back: {payer}, {plan}"),
    "coverage.ranked": _("Coverage put first: {payer}, {plan}"),
    "coverage.card_kept": _("Insurance card kept ({side})"),
    "coverage.asked": _("Asked {payer} about coverage"),
    "coverage.answered": _("{payer} answered about coverage"),
    "coverage.rejected": _("{payer} could not answer about coverage"),
    "coverage.silent": _("{payer} did not answer about coverage"),
    "coverage.failed": _("The question did not reach {payer}"),
    "coverage.unreadable": _("The answer of {payer} could not be read"),
    "arrivals.arrived": _("Arrived"),
    "arrivals.checked_in": _("Checked in"),
    "arrivals.said_ahead": _("Said before the visit: {thing}"),
    "arrivals.card_taken": _("Sent a photo of the insurance card ({side})"),
    "arrivals.prepared": _("Prepared the visit online"),
    "arrivals.set_out": _("On the way to the visit"),
    "arrivals.accepted_ahead": _("Accepted what the patient said before the visit: {thing}"),
    "arrivals.refused_ahead": _(
        "Did not accept what the patient said before the visit: {thing} ({reason})"
    ),
    "arrivals.card_refused": _("Threw away a photo of an insurance card ({reason})"),
    "arrivals.moved": _("Moved on: {state} {room}"),
    "arrivals.left": _("Left {left_early}"),
    "portal.let_in": _("Opened the page of a visit by its link"),
    "portal.not_let_in": _("Somebody with the link of a visit said a wrong birth date"),
    "portal.closed": _("The link of a visit closed after too many wrong birth dates"),
    "portal.kiosk_found": _("Said who they are at a kiosk: {name}"),
    "portal.invited": _("Code for signing in from outside made"),
    "portal.invitation_withdrawn": _("Code for signing in from outside withdrawn"),
    "portal.code_wrong": _("Somebody with a sign-in code said a wrong birth date"),
    "portal.errand_made": _("Link sent by which they book: {visit_type}"),
    "portal.errand_let_in": _("Opened a link to a free place or to booking"),
    "portal.errand_not_let_in": _("Somebody with such a link said a wrong birth date"),
    "portal.errand_closed": _("Such a link closed after too many wrong birth dates"),
    "portal.join_code_sent": _("Code for making an account sent, as somebody asked"),
    "portal.join_code_wrong": _("Somebody who asked for an account typed a wrong code"),
    "portal.join_checked": _("Typed the code that was sent, to make an account"),
    "portal.joined": _("{name} made an account to sign in from outside"),
    "portal.entered": _("{name} signed in from outside"),
    "portal.not_entered": _("Somebody tried to sign in as {name} and could not"),
    "portal.shared": _("{name} shared a part of the record for a while, by code"),
    "portal.share_ended": _("{name} ended what was shared"),
    "portal.share_opened": _("Opened what was shared: {name}, from outside"),
    "portal.share_wrong": _("Somebody with a code to what was shared said a wrong birth date"),
    "portal.recovered": _("{name} used a recovery code, {left} left"),
    "portal.codes_made": _("{name} made new recovery codes"),
    "portal.passkey_added": _("{name} added a passkey"),
    "portal.passkey_forgotten": _("{name} removed a passkey"),
    "portal.acting_over": _("{name} may not sign in any more: the last day was {day}"),
    "portal.acting_narrows": _("{name} will see less from {day} on, because of the patient's age"),
    "portal.acting_ended": _("{name} may not sign in any more: {reason}"),
    "billing.kept_private": _("Asked that a visit be kept private"),
    "billing.private_ended": _("A visit is kept private no longer"),
    "billing.denial_taken_back": _(
        "The payer took back its answer, and with it what was decided on {amount}"
    ),
    "telehealth.identified": _("Identified for the visit by video"),
    "telehealth.located": _("Said to be in {state} for the visit by video"),
    "telehealth.agreed": _("Agreed to a visit by video, version {version}"),
    "telehealth.tested": _("Tested camera and sound"),
    "telehealth.entered": _("Entered the waiting room of the visit by video"),
    "telehealth.noted": _("Left a note in the waiting room"),
    "telehealth.invited": _("Link made for the visit by video: {role}"),
    "telehealth.joined": _("{name} took part in the visit by video"),
    "telehealth.removed": _("{name} was taken out of the visit by video"),
    "telehealth.admitted": _("Let in to the visit by video"),
    "telehealth.picture_asked": _("Asked to allow a picture in the visit by video"),
    "telehealth.picture_allowed": _("Allowed one picture in the visit by video"),
    "telehealth.picture_not_allowed": _("Did not allow a picture in the visit by video"),
    "telehealth.wrote": _("Wrote in the visit by video"),
    "telehealth.left": _("Left the visit by video: {role}"),
    "telehealth.host_lost": _("The clinician lost the line of the visit by video"),
    "telehealth.patient_lost": _("The patient lost the line of the visit by video"),
    "telehealth.locked": _("The room of the visit by video was locked"),
    "telehealth.unlocked": _("The room of the visit by video was unlocked"),
    "telehealth.gathered": _("Five in the visit by video: it went on through the gateway"),
    "telehealth.by_phone": _("The visit by video went on by phone: {cause}"),
    "telehealth.ended": _("The visit by video is over"),
    "telehealth.end_taken_back": _("The visit by video is not over yet"),
    "telehealth.phone_taken_back": _("The visit by phone went back to video"),
    "telehealth.began_anew": _("The visit by video begins anew at another time"),
    "surveys.asked": _("Asked by text how the visit was"),
    "surveys.reminded": _("Asked once more how the visit was"),
    "surveys.scored": _("Said how the visit was: {score} of {of}"),
    "surveys.said": _("Said in own words how the visit was"),
    "surveys.finished": _("Finished the survey about the visit"),
    "ledger.paid": _("Paid {amount} by {method}"),
    "ledger.card_asked": _("Card asked for {amount}"),
    "ledger.card_declined": _("Card declined: {amount}"),
    "ledger.card_cancelled": _("Card payment of {amount} cancelled"),
    "ledger.card_failed": _("Card payment of {amount} failed, nothing charged"),
    "ledger.card_unknown": _("Card payment of {amount}: outcome not known yet"),
    "ledger.refund_asked": _("Refund of {amount} asked"),
    "ledger.refund_unknown": _("Refund of {amount}: outcome not known yet"),
    "ledger.refunded": _("Refunded {amount}"),
    "ledger.reversed": _("An entry was reversed: {reason}"),
    "ledger.check_returned": _("The bank returned the check of {amount}: {reason}"),
    "ledger.payment_undone": _("Payment of {amount} taken back: {reason}"),
    "ledger.payment_moved": _("Payment of {amount} was another patient's: {reason}"),
    "billing.charges_saved": _("Charges written down, not yet posted"),
    "billing.charged": _("Charges entered: {amount}"),
    "billing.claim_held": _("Claim {number} held: something must be mended"),
    "billing.claim_ready": _("Claim {number} ready to be sent"),
    "billing.claim_queued": _("Claim {number} on its way"),
    "billing.claim_sent": _("Claim {number} sent to {payer}"),
    "billing.claim_accepted": _("Claim {number} accepted"),
    "billing.claim_rejected": _("Claim {number} rejected"),
    "billing.next_payer": _("Claim {number}: {payer} is asked for what is left, {amount}"),
    "billing.earlier_payer_changed": _(
        "Claim {number} to {payer}: a payer before it changed its answer"
    ),
    "billing.claim_stands": _("Claim {number} stands as it was sent"),
    "billing.parked_applied": _("Money of a refused answer applied to claim {number}: {amount}"),
    "billing.remitted": _("{payer} answered claim {number} and paid {amount}"),
    "billing.denied": _("Denied on claim {number}: {amount}"),
    "billing.estimate_made": _("Estimate made: {amount}"),
    "billing.estimate_given": _("Estimate given: {amount}"),
    "billing.estimate_asked": _("Asked what a visit will cost"),
    "billing.statement_sent": _("Statement sent: {amount}"),
    "billing.statement_paid": _("Statement {number} paid"),
    "billing.statement_over": _("Statement {number} closed: nothing of it is owed"),
    "records.begun": _("Form begun: {form}"),
    "records.signed": _("Form signed: {form}, by {name}"),
    "records.on_paper": _("Form signed on paper: {form}"),
    "records.declined": _("Form not signed: {form} ({reason})"),
    "records.document_came": _("Document came: {title}"),
    "records.document_filed": _("Document filed: {title}"),
    "records.document_refused": _("Document not taken: {title}"),
    "records.result_final": _("Result came"),
    "records.result_preliminary": _("Preliminary result came"),
    "records.result_reviewed": _("Result reviewed"),
    "records.result_taken_away": _("Result taken out of this record: {reason}"),
    "portal.result_opened": _("Read a result in the account: {name}"),
    "portal.result_wish": _("Said when to be told of results: {name}"),
    "records.agreed": _("Agreed to sign electronically"),
    "records.agreement_withdrawn": _("Wants to sign on paper from now on"),
    "records.proposal_accepted": _("Taken from a form into the registration: {part}"),
    "records.proposal_refused": _("Written on a form, not taken into the registration: {part}"),
    "outreach.to_call": _("To be called for a visit that is due"),
    "outreach.stopped": _("Left alone by a campaign: {cause}"),
    "relations.queued": _("On its way by {channel}: {subject}"),
    "relations.requeued": _("On its way again by {channel}: {subject}"),
    "relations.waits": _("Waits until {until}, by {channel}: {subject} ({why})"),
    "relations.sent": _("Handed to the carrier, by {channel}: {subject}"),
    "relations.failed": _("Not sent by {channel}: {subject} ({trouble})"),
    "relations.unknown": _("Nobody knows whether it arrived, by {channel}: {subject} ({trouble})"),
    "relations.delivered": _("Arrived by {channel}: {subject}"),
    "relations.not_delivered": _("Did not arrive by {channel}: {subject} ({trouble})"),
    "relations.withdrawn": _("Not sent, it was not true any more: {subject}"),
    "relations.handled": _("Told otherwise: {subject} ({why})"),
    "relations.address_closed": _("No e-mails to their address any more ({why})"),
    "relations.address_opened": _("E-mails to their address again ({why})"),
    "relations.mails_ended": _("Ended e-mails by the link in one"),
    "relations.consented": _("Agreed to be written to by {channel} for more than care"),
    "relations.declined": _("Wants nothing of a kind by {channel}"),
    "relations.code_sent": _("A code was sent by {channel}, to be read back"),
    "relations.called": _("Phone call: {disposition}"),
    "relations.phoned": _("Called by machine: {subject} ({came})"),
    "relations.call_again": _("{why}, so the call is tried again: {subject}"),
    "relations.calls_ended": _("No more calls by a machine to their number: 9 was pressed"),
    "relations.noted": _("Note beside the conversation"),
    "relations.asked": _("A colleague was asked beside the conversation"),
    "relations.mailed": _("Wrote us an e-mail"),
    "relations.posted": _("{name} wrote in the account: “{words}”"),
    "relations.opened": _("{name} read our message in the account"),
    "relations.recognised": _("Wrote us: “{words}”"),
    "relations.agreed_to_surveys": _("May be asked by text how a visit was"),
    "relations.declined_surveys": _("Does not want to be asked how a visit was"),
    "relations.revoked": _("No more texts to the number of this text: “{words}”"),
    "relations.case_opened": _("Case {number} opened: {case_kind}"),
    "relations.case_decided": _("Case {number} is theirs"),
    "relations.case_attached": _("Case {number}: also about something more"),
    "relations.case_noted": _("Case {number}: note"),
    "relations.case_asked": _("Case {number}: a colleague was asked"),
    "relations.case_taken": _("Case {number} taken"),
    "relations.case_assigned": _("Case {number} given to somebody"),
    "relations.case_moved": _("Case {number} sent to another desk"),
    "relations.case_due": _("Case {number} is due at another time"),
    "relations.case_snoozed": _("Case {number} set aside"),
    "relations.case_waits": _("Case {number} waits"),
    "relations.case_resumed": _("Case {number} goes on"),
    "relations.case_answered": _("Case {number} answered"),
    "relations.case_classified": _("Case {number} is a {case_kind}"),
    "relations.case_completed": _("Case {number}: what its letter must say"),
    "relations.case_drafted": _("Case {number}: letter drafted"),
    "relations.case_sent": _("Case {number}: letter sent"),
    "relations.case_delivered": _("Case {number}: letter arrived"),
    "relations.case_warned": _("Case {number} is due soon"),
    "relations.case_unanswered": _("Case {number} waits for its first answer too long"),
    "relations.case_overdue": _("Case {number} is overdue"),
    "relations.case_stranded": _("Case {number}: nobody here has the skill it asks for"),
    "relations.case_closed": _("Case {number} closed"),
    "relations.case_reopened": _("Case {number} opened again"),
    "relations.case_merged": _("Case {number} made part of another"),
    "relations.case_took_in": _("Case {number} took another in"),
    "relations.case_taken_out": _("Case {number} stands for itself again"),
    "relations.case_split": _("Case {number} divided"),
    "relations.seen_to": _("Saw to the text “{words}”: {why}"),
}

_WORDS: dict[str, Promise] = {
    "sms": _("text"),
    "voice": _("phone call"),
    "email": _("e-mail"),
    "portal": _("account"),
    "cash": pgettext_lazy("paid by", "cash"),
    "card": pgettext_lazy("paid by", "card"),
    "check": pgettext_lazy("paid by", "check"),
    "front": pgettext_lazy("side of a card", "front"),
    "back": pgettext_lazy("side of a card", "back"),
    "patient": _("patient"),
    "clinician": _("clinician"),
    "interpreter": _("interpreter"),
    "family": _("family"),
    "camera": _("camera"),
    "sound": _("sound"),
    "connection": _("connection"),
    "other": _("another reason"),
    "arrived": _("arrived"),
    "ready": _("ready"),
    "roomed": _("roomed"),
    "with_clinician": _("with clinician"),
    "done": _("done"),
    "name": _("name"),
    "birth_date": _("birth date"),
    "phone": _("phone"),
    "address": _("address"),
    "mrn": _("record number"),
    "settled": _("settled"),
    "passed_on": _("passed on"),
    "left_message": _("left a message"),
    "no_answer": _("no answer"),
    "wrong_number": _("wrong number"),
    "question": _("question"),
    "request": _("request"),
    "complaint": _("complaint"),
    "grievance": _("grievance"),
    "billing_dispute": _("billing dispute"),
    "records_request": _("records request"),
    "call_back": _("call back"),
    "task": _("task"),
    "member_id": _("member id"),
    "photo_id": _("photo ID"),
    "name_used": _("name used"),
    "pronouns": _("pronouns"),
    "other_phone": _("another phone"),
    "language": _("preferred language"),
    "emergency": _("emergency contact"),
    "policy": _("coverage"),
    "new_policy": _("new coverage"),
    "company": _("who comes along"),
    "reason": _("reason for the visit"),
    "needs": _("what helps"),
    "contact": _("emergency contact"),
    "opted_out": _("said no, or has not agreed"),
    "no_way": _("no way to reach them"),
    "declined": _("wants no visit"),
    "unreached": _("not reached by phone"),
    **OUTCOMES,
}
"""Words for codes among an event's facts. What has none is a name or somebody's own words."""
_KEPT = ("trouble", "reason", "why", "subject")
"""Facts that may be a sentence of ours; see `ground.words`."""
_CODED = (
    "channel", "method", "side", "state", "confirmed_by", "disposition", "thing", "role", "cause",
    "part", "case_kind", "came",
)  # fmt: skip


class _Known(dict[str, str]):
    def __missing__(self, _key: str) -> str:
        return "…"


def _word(code: object) -> str:
    return str(_WORDS.get(str(code).replace(" ", "_")) or str(code).replace("_", " "))


def _said(name: str, value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(name, each) for each in value)
    if name in _KEPT:
        return in_words(str(value))
    return _word(value) if name in _CODED else str(value).replace("_", " ")


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened, as a line of the patient's timeline; the bare kind when nobody wrote one."""
    pattern = SENTENCES.get(kind)
    if pattern is None:
        duty, _dot, verb = kind.partition(".")
        return f"{verb.replace('_', ' ').capitalize()} ({duty})"
    words = _Known({name: _said(name, value) for name, value in facts.items()})
    cents = facts.get("cents", facts.get("paid_cents"))
    if isinstance(cents, int):
        words["amount"] = dollars(cents)
    return str(pattern).format_map(words).strip()


@register.filter
def says(line: Happening) -> str:
    return sentence(line.kind, line.facts)


CHANNELS: dict[str, Promise] = {
    "sms": _("Text"),
    "voice": _("Phone call by a machine"),
    "email": _("E-mail"),
    "portal": _("In the account"),
}
STATES: dict[str, tuple[str, Promise]] = {
    "waiting": ("wait", _("On its way")),
    "sending": ("wait", _("Being sent")),
    "sent": ("good", _("Sent")),
    "failed": ("bad", _("Not sent")),
    "unknown": ("warn", _("Outcome not known")),
    "withdrawn": ("plain", _("Taken back")),
    "queued": ("wait", _("With the carrier")),
    "delivered": ("good", _("Arrived")),
    "undelivered": ("bad", _("Did not arrive")),
}


@register.filter
def channel(code: str) -> str:
    return str(CHANNELS.get(code, code))


WAYS: dict[tuple[str, bool], Promise] = {
    ("message", False): _("We wrote"),
    ("received", True): _("They wrote"),
    ("call", True): _("They called"),
    ("call", False): _("We called"),
}
DISPOSITIONS: dict[str, Promise] = {
    "settled": _("Settled"),
    "passed_on": _("Passed on"),
    "left_message": _("Left a message"),
    "no_answer": _("No answer"),
    "wrong_number": _("Wrong number"),
}


@register.filter
def way(kind: str, incoming: bool) -> str:
    """Who said it, and in which way."""
    return str(WAYS[kind, incoming])


@register.filter
def ended(disposition: str) -> str:
    """How a phone call ended."""
    return str(DISPOSITIONS[disposition])


MEANINGS: dict[str, tuple[str, Promise]] = {
    "stop": ("warn", _("No more texts")),
    "start": ("good", _("Texts again")),
    "help": ("plain", _("Asked for help")),
    "other": ("info", _("Words of their own")),
    "machine": ("plain", _("Sent by a machine")),
}
SUGGESTIONS: dict[str, Promise] = {
    "stop": _("They may want no more texts."),
    "visit": _("This may be about a visit: look whether one is to be cancelled or moved."),
    "wrong_number": _("The number may have another owner now: no more texts, and mend the phone."),
}


@register.simple_tag
def meant(meaning: str) -> SafeString:
    """What a text that came in said, as a badge."""
    tone, word = MEANINGS[meaning]
    return badge(tone, str(word))


@register.filter
def suggested(suggestion: str) -> str:
    """What a text may want, for the person who reads it; empty when nothing suggests itself."""
    return str(SUGGESTIONS.get(suggestion, ""))


@register.simple_tag
def delivery(state: str) -> SafeString:
    """What became of a message, as a badge."""
    tone, word = STATES[state]
    return badge(tone, str(word))
