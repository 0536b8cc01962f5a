from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from almoner.ground.signing import SignedWords
from almoner.relations.rules import script as rules

CALLERS = [
    (rules.CallerKind.PATIENT.value, _("The patient")),
    (rules.CallerKind.ACTS_FOR.value, _("Acts for the patient")),
    (rules.CallerKind.PROVIDER.value, _("Provider's office")),
    (rules.CallerKind.PAYER.value, _("Payer")),
    (rules.CallerKind.UNKNOWN.value, _("Somebody else, or unclear")),
]
ASKED = [
    (rules.Asked.CALLER_NAME.value, _("who is calling")),
    (rules.Asked.PATIENT_NAME.value, _("the patient's name")),
    (rules.Asked.BIRTH_DATE.value, _("the birth date")),
    (rules.Asked.ONE_MORE.value, _("one more identifier")),
    (rules.Asked.RELATION.value, _("how they are related")),
    (rules.Asked.AUTHORITY.value, _("whether they may act")),
    (rules.Asked.OFFICE.value, _("which office")),
    (rules.Asked.REFERENCE.value, _("the claim or reference number")),
    (rules.Asked.PURPOSE.value, _("what it is about")),
    (rules.Asked.CALL_BACK.value, _("where to call back")),
]
TOLD = (rules.TOLD, _("what may be said afterwards"))


class ScriptLine(SignedWords):
    """What one kind of caller is asked, and in which words; or what they may be told afterwards.

    ``asks`` is what the call's log keeps of it, once for each kind of caller; ``place`` is its
    order. ``ask_en`` tells the officer what to ask or look at, the others are read out to the
    caller. All of it counts once another has signed it.
    """

    WORDS = ("ask_en", "say_en", "say_es")

    caller = models.TextField(_("who calls"), choices=CALLERS)
    asks = models.TextField(_("asks for"), choices=[*ASKED, TOLD])
    place = models.PositiveSmallIntegerField(_("place in the order"))
    ask_en = models.TextField(_("what the officer does"))
    say_en = models.TextField(_("read out in English"))
    say_es = models.TextField(_("read out in Spanish"))

    class Meta:
        verbose_name = _("line of the script of a call")
        verbose_name_plural = _("script of a call")
        constraints = [
            models.UniqueConstraint(fields=["caller", "asks"], name="script_asks_once"),
            models.CheckConstraint(
                name="script_caller_known",
                condition=Q(caller__in=[each.value for each in rules.CallerKind]),
            ),
            models.CheckConstraint(
                name="script_asks_known",
                condition=Q(asks__in=[rules.TOLD, *(each.value for each in rules.Asked)]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_caller_display()}: {self.get_asks_display()}"
