"""What the demo clinic's officers look up: one wrote it, another published it, in two languages."""

from datetime import datetime, timedelta
from typing import NamedTuple

from almoner.access.models import Officer
from almoner.relations import actions, queries
from almoner.relations.models import Article
from almoner.relations.rules import Desk, Kind

DAY = timedelta(days=1)


class Words(NamedTuple):
    title: str
    body: str
    passage: str = ""


class Shipped(NamedTuple):
    """An article: for which kind and desk, published so many days ago, good for so many."""

    kind: str
    desk: str
    ago: int
    good_for: int
    english: Words
    spanish: Words | None = None
    spanish_reviewed: bool = True


ARTICLES = [
    Shipped(
        Kind.BILLING, Desk.BILLING, 60, 365,
        Words(
            "How to read a statement",
            "A statement lists each visit, what was charged, what the plan took off, what it paid,"
            " and what is left for the patient.\n\nWhat the plan took off was agreed between the"
            " plan and us: nobody pays it. What is left is a co-pay, a part of the cost, or what"
            " the plan has not begun to pay this year.\n\nCompare it with what the plan itself"
            " wrote to the patient. Where the two differ, open a billing dispute.",
            "Your statement shows what we charged, what your plan took off and paid, and what is"
            " left for you. The amount to pay is at the end. If your plan's letter says something"
            " else, tell us and do not pay yet.",
        ),
        Words(
            "Cómo leer su estado de cuenta",
            "El estado de cuenta muestra cada cita, lo que se cobró, lo que el seguro descontó, lo"
            " que pagó y lo que le queda al paciente.\n\nLo que el seguro descontó se acordó con"
            " nosotros: nadie lo paga.\n\nSi la carta del seguro dice otra cosa, abra una disputa.",
            "Su estado de cuenta muestra lo que cobramos, lo que su seguro descontó y pagó, y lo"
            " que le queda a usted. La cantidad por pagar está al final. Si la carta de su seguro"
            " dice otra cosa, avísenos y no pague todavía.",
        ),
    ),
    Shipped(
        "", Desk.FRONT, 40, 365,
        Words(
            "How to change a visit",
            "Ask for two identifiers. Offer the next openings of the same clinician first, then"
            " of any other.\n\nWho moves a visit keeps its place until the new time is booked:"
            " never cancel first.",
            "You can change your visit by the link in our text, or by calling us. Your time is"
            " yours until you choose another.",
        ),
        Words(
            "Cómo cambiar una cita",
            "Pida dos datos de identidad. Ofrezca primero horarios con el mismo profesional.\n\n"
            "La cita se conserva hasta que se reserve la nueva: nunca cancele primero.",
            "Puede cambiar su cita con el enlace de nuestro mensaje de texto o por teléfono. Su"
            " hora es suya hasta que elija otra.",
        ),
    ),
    Shipped(
        Kind.QUESTION, "", 30, 365,
        Words(
            "What a good-faith estimate is",
            "Whoever has no insurance, or does not want to use it, is told in writing beforehand"
            " what a visit will likely cost.\n\nIt is due within one business day when the visit"
            " is at least three business days away, and within three when it is at least ten away"
            " or when somebody asks (45 CFR 149.610).\n\nWho is billed 400 dollars or more above"
            " it can dispute the bill within 120 days.",
            "If you have no insurance, or do not use it, you have a right to know in writing what"
            " your visit will likely cost, before it. If the bill is 400 dollars or more above"
            " that, you can dispute it.",
        ),
        Words(
            "Qué es un presupuesto de buena fe",
            "Quien no tiene seguro, o no lo quiere usar, recibe por escrito y con anticipación lo"
            " que su cita probablemente costará (45 CFR 149.610).",
            "Si no tiene seguro, o no lo usa, tiene derecho a saber por escrito, antes de su cita,"
            " lo que probablemente costará. Si la factura es 400 dólares o más por encima de eso,"
            " puede disputarla.",
        ),
    ),
    Shipped(
        Kind.RECORDS, Desk.RECORDS, 20, 365,
        Words(
            "A copy of the record",
            "The patient, or who acts for them, has a right to it within 30 days of asking (45 CFR"
            " 164.524). Ask in which form they want it. Another clinic gets it by the signed"
            " form.\n\nWhat a helper may have depends on what the patient allowed: look under"
            " signing in from outside.",
            "You have a right to a copy of your record. Tell us in which form you want it, and we"
            " give it to you within 30 days, mostly sooner.",
        ),
        Words(
            "Una copia de su expediente",
            "El paciente, o quien actúa por él, tiene derecho a recibirla en 30 días"
            " (45 CFR 164.524).",
            "Tiene derecho a una copia de su expediente. Díganos en qué forma la quiere y se la"
            " damos en 30 días, casi siempre antes.",
        ),
        spanish_reviewed=False,
    ),
    Shipped(
        Kind.COMPLAINT, Desk.RELATIONS, 400, 365,
        Words(
            "When somebody complains",
            "Listen to the end. Say that you are sorry it was so, and what happens next.\n\nAsk"
            " the questions of the case: they say whether it is a grievance. Promise no result,"
            " and a day by which they hear from us.",
        ),
    ),
]  # fmt: skip


def build(*, now: datetime) -> None:
    """Write and publish them; nothing where there are some already."""
    if Article.objects.exists():
        return
    staff = {each.username: each for each in Officer.objects.all()}
    for each in ARTICLES:
        _ship(each, writer=staff["ana"], reviewer=staff["mara"], now=now)


def _ship(shipped: Shipped, *, writer: Officer, reviewer: Officer, now: datetime) -> None:
    at = now - shipped.ago * DAY
    good_until = queries.local_day(at + shipped.good_for * DAY, "America/Chicago")
    first = actions.begin_article(
        officer=writer, kind=shipped.kind, desk=shipped.desk, roles=[],
        draft=actions.Draft(language="en", **shipped.english._asdict()), at=at,
    )  # fmt: skip
    drafts = [first]
    if shipped.spanish:
        words = actions.Draft(language="es", **shipped.spanish._asdict())
        spanish = actions.draft_article(
            officer=writer, article=first.article, draft=words, at=at + DAY
        )
        drafts += [spanish] if shipped.spanish_reviewed else []
    for each in drafts:
        actions.publish(
            officer=reviewer, version=each, seen=each.written_at, review_on=good_until,
            at=at + 2 * DAY,
        )  # fmt: skip
    actions.vote(officer=writer, version=first, useful=True, at=at + 3 * DAY)
