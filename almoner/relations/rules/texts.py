"""Texts that are sent by themselves: what each may name, which wording holds, what is wrong in one.

Words are logic-free: a name in braces stands for a fact, and only the names on the list of its kind
do. What goes to a phone says nothing of anybody's health, since others may hold it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from almoner.ground.words import gettext_noop, saying
from almoner.patients.rules.fold import fold
from almoner.relations.rules.answers import CARE, ENDED, SURVEY
from almoner.relations.rules.phoning import VOICE
from almoner.relations.rules.reading import Ease, ease
from almoner.relations.rules.writing import LONGEST, Measure, measure

OPT_OUT, ADDRESS = "opt_out", "address"
MOST_PARTS = 3
LONGEST_ALOUD = 30  # seconds
_LONGEST_SUBJECT = 120
_NAME = re.compile(r"\{([^{}]*)\}")
_LINK = re.compile(r"https?://\S+")
_CLINICAL = frozenset({"visit_type", "specialty", "reason"})

_SHORT = "https://clinic.example/v/Qm7xYk2Lp9sD"
_ENDS = "https://clinic.example/no-more/Qm7xYk2Lp9sDw3Rt"
SAMPLES: Mapping[str, Mapping[str, str]] = {
    "clinic": {"en": "Northlight Family Health", "es": "Northlight Family Health"},
    "phone": {"en": "608-555-0100", "es": "608-555-0100"},
    "address": {"en": "100 Harbor Street, Madison, WI", "es": "100 Harbor Street, Madison, WI"},
    "name": {"en": "Cy Young", "es": "Cy Young"},
    "clinician": {"en": "Linh Ng, MD", "es": "Linh Ng, MD"},
    "where": {"en": "Lakeside, 100 Harbor Street", "es": "Lakeside, 100 Harbor Street"},
    "day": {"en": "Tue, Dec 1", "es": "mar 1 dic"},
    "time": {"en": "2:20 PM", "es": "2:20 p. m."},
    "link": {"en": _SHORT, "es": _SHORT},
    "opt_out": {"en": _ENDS, "es": _ENDS},
    "change": {
        "en": f"Confirm or change it: {_SHORT} or call 608-555-0100.",
        "es": f"Confírmela o cámbiela: {_SHORT} o llame al 608-555-0100.",
    },
    "language": {"en": "Tiếng Việt", "es": "Español"},
    "number": {"en": "C-1042", "es": "C-1042"},
    "contact": {"en": "Ana Silva", "es": "Ana Silva"},
    "received": {"en": "November 23, 2026", "es": "23 de noviembre de 2026"},
    "completed": {"en": "November 26, 2026", "es": "26 de noviembre de 2026"},
    "next": {"en": "December 7, 2026", "es": "7 de diciembre de 2026"},
    "steps": {"en": "We asked the nurse.", "es": "Hablamos con la enfermera."},
    "result": {"en": "You are right. We are sorry.", "es": "Usted tiene razón. Lo sentimos."},
}  # fmt: skip
"""An example of every fact a text may name, in every language patients are written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextKind:
    """A text that is sent by itself, or a ``part`` of others.

    ``fields`` are the facts it may name and ``needed`` those it must; what an e-mail of its purpose
    must carry is added. ``shipped`` are its words as they come with the house: by language, subject
    (of an e-mail only) and body.
    """

    code: str
    name: str
    channels: tuple[str, ...]
    fields: tuple[str, ...]
    shipped: Mapping[str, tuple[str, str]]
    needed: tuple[str, ...] = ()
    purpose: str = CARE
    part: bool = False
    samples: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def has_subject(self) -> bool:
        return not self.part and bool({"email", "paper"} & set(self.channels))

    @property
    def on_a_phone(self) -> bool:
        """Whether it is read or heard on a phone, which others may hold."""
        return bool({"sms", VOICE} & set(self.channels))

    @property
    def is_said(self) -> bool:
        """Whether it is said aloud, and not read."""
        return VOICE in self.channels

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every fact it may name."""
        return tuple(dict.fromkeys((*self.fields, *self.must_name)))

    @property
    def must_name(self) -> tuple[str, ...]:
        """What it must name: a marketing e-mail our address too (15 USC 7704(a)(5))."""
        more: tuple[str, ...] = ()
        if self.purpose in ENDED and "email" in self.channels:
            more = (OPT_OUT,) if self.purpose == SURVEY else (ADDRESS, OPT_OUT)
        return tuple(dict.fromkeys((*self.needed, *more)))

    def sample(self, language: str) -> dict[str, str]:
        """An example of each fact it may name."""
        known = {**SAMPLES, **self.samples}
        return {name: known[name][language] for name in self.allowed}


CANNED = TextKind(
    code="macro",
    name=gettext_noop("Canned answer"),
    channels=("email",),
    fields=("name", "clinic", "phone", "number"),
    shipped={},
    part=True,
)
"""What an answer that is given often may name; its words are put into an answer."""


@dataclass(frozen=True, slots=True)
class Version:
    """A reviewed wording: of which language, its number, and which number of the English it says.

    ``renews``: its English says something else than before, so that no older translation holds.
    """

    id: int
    language: str
    number: int
    shipped: bool
    of_english: int
    renews: bool


def in_force(versions: Sequence[Version], language: str) -> Version | None:
    """The wording that holds in a language; None: none is reviewed, so English is sent.

    The clinic's own goes before what was shipped, of two alike the later. A translation holds
    unless the English has come to say something else since, or says something that is not in force.
    """
    english = _latest(versions, "en")
    if language == "en" or english is None:
        return english
    renewed = [each.number for each in versions if each.language == "en" and each.renews]
    since = max((each for each in renewed if each <= english.number), default=0)
    return _latest(
        [each for each in versions if since <= each.of_english <= english.number], language
    )


def _latest(versions: Sequence[Version], language: str) -> Version | None:
    mine = [each for each in versions if each.language == language]
    return max(mine, key=lambda each: (not each.shipped, each.number), default=None)


def fill(words: str, facts: Mapping[str, str]) -> str:
    """The words with their facts: nothing but names in braces is looked at.

    Raises KeyError when one that is named is missing.
    """
    return _NAME.sub(lambda found: facts[found[1]], words)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a wording, said in a sentence; ``stops``: so it cannot be reviewed."""

    says: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Lint:
    """All that can be told of a wording: what is wrong, how long and how hard it is, an example."""

    findings: tuple[Finding, ...]
    subject: str
    body: str
    length: Measure
    grade: Ease

    @property
    def stops(self) -> bool:
        return any(each.stops for each in self.findings)


def lint(
    kind: TextKind, language: str, *, subject: str, body: str, english: str | None = None
) -> Lint:
    """Look a wording over. ``english`` is what it translates: it should name the same facts."""
    sample = kind.sample(language)
    shown = _shown(body, sample)
    length = measure(shown)
    plain = _LINK.sub("link", _shown(body, sample | _PLAIN))
    grade = ease(plain, language)
    found = [
        *_words(kind, subject, body),
        *_names(kind, f"{subject}\n{body}"),
        *_missing(kind, body),
        *_health(kind, subject, body),
        *_size(kind, subject, length, grade),
        *(_differs(english, body) if english is not None else ()),
    ]
    return Lint(tuple(found), _shown(subject, sample), shown, length, grade)


_PLAIN = {
    "clinician": "Ng",
    "where": "Lakeside",
    "clinic": "Northlight",
    "phone": "us",
    "link": "link",
}
"""Names and numbers say nothing of how hard the words around them are."""


def _shown(words: str, sample: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: sample.get(found[1], found[0]), words)


def named(words: str) -> frozenset[str]:
    """The facts that words name."""
    return frozenset(_NAME.findall(words))


def _stray_braces(words: str) -> list[str]:
    return sorted(set("{}") & set(_NAME.sub("", words)))


def unfillable(words: str, allowed: Collection[str]) -> list[str]:
    """What in words cannot be filled in: names that are not allowed, and braces without one."""
    return [*sorted(named(words) - set(allowed)), *_stray_braces(words)]


def _stop(pattern: str, **facts: object) -> Finding:
    return Finding(saying(pattern, **facts), stops=True)


def _warn(pattern: str, **facts: object) -> Finding:
    return Finding(saying(pattern, **facts), stops=False)


def _words(kind: TextKind, subject: str, body: str) -> list[Finding]:
    found = []
    if not body.strip():
        found.append(_stop(gettext_noop("There are no words yet.")))
    if kind.has_subject and not subject.strip():
        found.append(_stop(gettext_noop("An e-mail and a letter have a subject.")))
    if "\n" in subject or "\r" in subject:
        found.append(_stop(gettext_noop("A subject is one line.")))
    if _stray_braces(f"{subject}{body}"):
        found.append(_stop(gettext_noop("A brace stands alone, and a fact is named like {day}.")))
    return found


def _names(kind: TextKind, words: str) -> list[Finding]:
    unknown = sorted(named(words) - set(kind.allowed))
    return [
        _stop(
            gettext_noop("{%(name)s} tells what somebody is seen for, and no text may name it."),
            name=name,
        )
        if name in _CLINICAL
        else _stop(gettext_noop("{%(name)s} is no fact that this text may name."), name=name)
        for name in unknown
    ]


def _missing(kind: TextKind, body: str) -> list[Finding]:
    lacks = [name for name in kind.must_name if name not in named(body)]
    pattern = gettext_noop("It must name {%(name)s}.")
    return [_stop(_WHY_NEEDED.get(name, pattern), name=name) for name in lacks]


_WHY_NEEDED = {
    ADDRESS: gettext_noop("It must name {%(name)s}, as e-mails that advertise carry our address."),
    OPT_OUT: gettext_noop("It must name {%(name)s}, where whoever gets it can end such messages."),
}


def _health(kind: TextKind, subject: str, body: str) -> list[Finding]:
    """Words that tell of somebody's health, where others may read them."""
    open_words = f"{subject} {body}" if kind.on_a_phone else subject
    told = tells_of_health(open_words)
    found = [
        _stop(gettext_noop("“%(word)s” tells of health, and others may read it."), word=word)
        for word in told
    ]
    more = [word for word in tells_of_health(body) if word not in told]
    if "email" in kind.channels:
        found += [
            _warn(
                gettext_noop("“%(word)s” may tell of health, and an e-mail is not sealed."),
                word=word,
            )
            for word in more
        ]
    return found


def tells_of_health(words: str) -> list[str]:
    """Those of the words, folded, that tell of somebody's health."""
    folded = f" {fold(_NAME.sub(' ', words))} "
    return [each for each in HEALTH if f" {each} " in folded]


HEALTH = (
    "abortion", "allergy", "antibiotic", "anxiety", "biopsy", "blood test", "cancer", "chemo",
    "condition", "covid", "depression", "diabetes", "diabetic", "diagnosed", "diagnosis", "disease",
    "drug", "hepatitis", "hiv", "illness", "infection", "lab", "labs", "mammogram", "medication",
    "medications", "medicine", "mental health", "oncology", "pap", "positive", "pregnancy",
    "pregnant", "prescription", "psychiatry", "psychiatric", "result", "results", "screening",
    "sti", "std", "surgery", "symptom", "symptoms", "therapy", "treatment", "tumor", "vaccine",
    "x ray",
    "aborto", "alergia", "analisis", "ansiedad", "antibiotico", "cancer de", "cirugia",
    "depresion", "diabetico", "diabetica", "diagnostico", "embarazada", "embarazo", "enfermedad",
    "examen de sangre", "infeccion", "laboratorio", "mamografia", "medicamento", "medicamentos",
    "medicina", "positivo", "psiquiatria", "quimioterapia", "radiografia", "receta", "resultado",
    "resultados", "salud mental", "sida", "sintoma", "sintomas", "terapia", "tratamiento", "vacuna",
    "vih",
)  # fmt: skip
"""Words that tell of somebody's health, folded. A person reads it as well."""


def _size(kind: TextKind, subject: str, length: Measure, grade: Ease) -> list[Finding]:
    found = []
    if len(subject) > _LONGEST_SUBJECT:
        found.append(_stop(gettext_noop("The subject is longer than a line.")))
    if "sms" in kind.channels and length.characters > LONGEST:
        found.append(_stop(gettext_noop("The carrier takes no text that long.")))
    if "sms" in kind.channels and length.parts > MOST_PARTS:
        pattern = gettext_noop("It is sent, and paid, as %(count)s texts.")
        found.append(_warn(pattern, count=length.parts))
    if kind.is_said and length.seconds > LONGEST_ALOUD:
        pattern = gettext_noop("It takes %(count)s seconds to say, and nobody listens that long.")
        found.append(_warn(pattern, count=length.seconds))
    if not grade.easy:
        found.append(_warn(gettext_noop("It reads hard. Shorter sentences and words help.")))
    return found


def _differs(english: str, body: str) -> list[Finding]:
    return [
        _warn(gettext_noop("The English names {%(name)s}, and this does not."), name=name)
        for name in sorted(named(english) - named(body))
    ]
