"""The words for what is kept as codes: languages, sexes, and why two records look alike."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from almoner.patients.rules.alike import Caution, Sign, Verdict
from almoner.patients.rules.details import age

LANGUAGES: dict[str, str | Promise] = {
    "en": _("English"), "es": _("Spanish"), "zh": _("Chinese"), "vi": _("Vietnamese"),
    "hmn": _("Hmong"), "so": _("Somali"), "ar": _("Arabic"), "ru": _("Russian"),
    "fr": _("French"), "ht": _("Haitian Creole"), "ko": _("Korean"), "tl": _("Tagalog"),
    "pt": _("Portuguese"), "pl": _("Polish"), "de": _("German"), "hi": _("Hindi"),
    "ur": _("Urdu"), "bn": _("Bengali"), "gu": _("Gujarati"), "pa": _("Punjabi"),
    "fa": _("Persian"), "am": _("Amharic"), "sw": _("Swahili"), "my": _("Burmese"),
    "ne": _("Nepali"), "uk": _("Ukrainian"), "it": _("Italian"), "ja": _("Japanese"),
    "ps": _("Pashto"), "km": _("Khmer"), "lo": _("Lao"), "th": _("Thai"), "el": _("Greek"),
    "he": _("Hebrew"), "tr": _("Turkish"), "nl": _("Dutch"), "fi": _("Finnish"),
    "ase": _("American Sign Language"),
}  # fmt: skip
"""BCP 47 codes of the languages a patient may prefer, as most clinics here meet them."""

SEXES: dict[str, str | Promise] = {
    "female": _("Female"),
    "male": _("Male"),
    "other": _("Other"),
    "unknown": _("Not known"),
}

PHONE_USES: dict[str, str | Promise] = {
    "mobile": _("Mobile"),
    "home": _("Home"),
    "work": _("Work"),
    "old": _("No longer in use"),
}
WHOSE: dict[str, str | Promise] = {
    "": _("The patient's own"),
    "parent": _("A parent's"),
    "guardian": _("A guardian's"),
    "spouse": _("A spouse's"),
    "child": _("A child's"),
    "carer": _("A carer's"),
    "other": _("Somebody else's"),
}
"""Whose a phone or e-mail address is that stands in the patient's record."""

ADDRESS_USES: dict[str, str | Promise] = {
    "home": _("Home"),
    "mail": _("Mail"),
    "work": _("Work"),
    "temporary": _("For a while"),
    "old": _("No longer"),
}
CONTACT_KINDS: dict[str, str | Promise] = {
    "emergency": _("In an emergency"),
    "guardian": _("Guardian"),
}
NAME_KINDS: dict[str, str | Promise] = {
    "maiden": _("Name at birth"),
    "former": _("Former name"),
    "alias": _("Also known as"),
}
LONGEST_ZIP = 12


def language(code: str) -> str:
    return str(LANGUAGES.get(code, code))


def whose(relation: str, name: str) -> str:
    """``A parent's: Ruth Ochoa``; empty for what is the patient's own."""
    return f"{WHOSE.get(relation, relation)}: {name}" if relation else ""


def whose_phone(relation: str, name: str) -> str:
    """``A parent's phone: Ruth Ochoa``."""
    of = {"whose": WHOSE.get(relation, relation), "name": name}
    return gettext("%(whose)s phone: %(name)s") % of


def sex(code: str) -> str:
    """Empty when it is not known: a label says nothing then."""
    return "" if code == "unknown" else str(SEXES.get(code, code))


_WEEKS, _MONTHS = 12, 24  # ages told in weeks until 12 weeks, in months until 24 months


def age_words(birth_date: date | None, *, on: date) -> str:
    """``41 y``, ``7 mo`` or ``5 wk``: children's ages are told as clinics tell them."""
    if birth_date is None or birth_date > on:
        return ""
    weeks = (on - birth_date).days // 7
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month
    months -= on.day < birth_date.day
    if weeks < _WEEKS:
        return gettext("%(age)s wk") % {"age": weeks}
    if months < _MONTHS:
        return gettext("%(age)s mo") % {"age": months}
    return gettext("%(age)s y") % {"age": age(birth_date, on=on)}


_FIELDS: dict[str, str | Promise] = {
    "birth_date": _("Birth date"),
    "family": _("Family name"),
    "given": _("Given name"),
    "names": _("Names"),
    "middle": _("Middle name"),
    "suffix": _("Suffix"),
    "sex": _("Sex"),
    "phone": _("Phone"),
    "address": _("Address"),
    "email": _("E-mail"),
    "member_id": _("Member id"),
}
_VERDICTS: dict[str | tuple[str, str], str | Promise] = {
    Verdict.SAME: _("the same"),
    Verdict.COMMON: _("the same, and a common one"),
    Verdict.PART: _("one half of a double name"),
    Verdict.FORMER: _("another name of the same person"),
    Verdict.NICKNAME: _("a short form of the other"),
    Verdict.SIMILAR: _("spelled almost the same"),
    Verdict.SOUNDS: _("sounds the same"),
    Verdict.INITIAL: _("the same initial"),
    Verdict.SWAPPED: _("family and given name swapped"),
    Verdict.DIGIT: _("one digit differs, or two are swapped"),
    Verdict.DAY: _("same day, another year"),
    Verdict.DIFFERS: _("differs"),
    ("birth_date", Verdict.SWAPPED): _("same numbers, day and month swapped"),
}
_CAUTIONS: dict[str, str | Promise] = {
    Caution.TWIN: _("Same birth date and family name, another given name: this may be a twin."),
    Caution.GENERATION: _(
        "Same name and home, another birth date or suffix: this may be a parent or a child."
    ),
}


def sign(said: Sign) -> tuple[str, str]:
    """``("Birth date", "same numbers, day and month swapped")``."""
    verdict = _VERDICTS.get((said.field, said.verdict)) or _VERDICTS[said.verdict]
    return str(_FIELDS[said.field]), str(verdict)


def caution(said: Caution | None) -> str:
    return str(_CAUTIONS[said]) if said else ""


def identifier(name: str) -> str:
    """What a person is confirmed by, as the access log and the page name it."""
    if name == "name":
        return pgettext("identifier", "Name")
    if name == "mrn":
        return gettext("Record number")
    return str(_FIELDS[name])
