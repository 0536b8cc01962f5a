"""Documents of a patient: what they may be, why one is not taken, and what stands where.

No database, no clock.
"""

from enum import StrEnum

LONGEST_TITLE = 120
MOST_WAITING = 20
"""Of one patient, not yet looked at by anybody at the desk: more are not taken."""


class PaperKind(StrEnum):
    """What a document is. It is said at the desk; whoever sends one says it in own words."""

    REFERRAL = "referral"
    IDENTITY = "identity"
    INSURANCE = "insurance"
    RESULT = "result"
    LETTER = "letter"
    RECORD = "record"
    PICTURE = "picture"
    NOTES = "notes"  # psychotherapy notes, kept apart from the rest (45 CFR 164.501)
    OTHER = "other"


class Withheld(StrEnum):
    """Why a document that is filed is not shown to the patient in their account."""

    NOTES = "notes"  # 45 CFR 164.524(a)(1)(i)
    PROCEEDING = "proceeding"  # made for one at law; (a)(1)(ii)
    CONFIDENCE = "confidence"  # told by somebody who was promised it; (a)(2)(v)
    HARM = "harm"  # a clinician has decided so; (a)(3)
    SOMEBODY_ELSE = "somebody_else"  # tells of another person


def withheld_by_itself(kind: PaperKind) -> Withheld | None:
    """Why a document of this kind is never shown by itself, whoever files it."""
    return Withheld.NOTES if kind is PaperKind.NOTES else None


class PaperState(StrEnum):
    WAITING = "waiting"
    FILED = "filed"
    REFUSED = "refused"


class NotTaken(StrEnum):
    """Why the desk did not take one; the patient is told in words of their own language."""

    UNREADABLE = "unreadable"
    SOMEBODY_ELSE = "somebody_else"
    NOT_NEEDED = "not_needed"
    TWICE = "twice"


class Source(StrEnum):
    """Where it was handed over."""

    DESK = "desk"
    LINK = "link"
    ACCOUNT = "account"
    CALL = "call"
    MAIL = "mail"
    TEXT = "text"
    LETTER = "letter"


class Fault(StrEnum):
    """Why what was handed over is no document that can be kept."""

    EMPTY = "empty"
    NO_FILE = "no_file"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    ACTS = "acts"
    UNREADABLE = "unreadable"
    BUSY = "busy"
    FULL = "full"


def titled(said: str) -> str:
    """What it is in the sender's words, on one line."""
    return " ".join(said.replace("\0", " ").split())[:LONGEST_TITLE]


WORDS = {
    "en": {
        "papers": "Documents",
        "papers_why": "Send us a paper: a referral, an ID, a letter. Somebody at the desk looks at"
        " it before it is put into your record.",
        "add": "Add a document",
        "file": "Photo or PDF",
        "file_hint": "A photo of the paper, or a PDF of at most 15 MB.",
        "title": "What is it?",
        "title_hint": "For example: referral of Dr. Lee",
        "send": "Send the document",
        "sent": "We have it. Somebody at the desk will look at it.",
        "yours": "What you sent",
        "none": "You have sent nothing yet.",
        "newer": "Newer",
        "older": "Older",
        "state_waiting": "waits to be looked at",
        "state_filed": "in your record",
        "state_refused": "not taken",
        "why_unreadable": "It could not be read. Please send it again.",
        "why_somebody_else": "It is about somebody else.",
        "why_not_needed": "We do not need it.",
        "why_twice": "We have it already.",
        "fault_empty": "Choose a photo or a PDF first.",
        "fault_no_file": "That is neither a photo (JPEG, PNG or WebP) nor a PDF. Take a photo of"
        " the paper and send that.",
        "fault_too_large": "That file is too large. A photo or a PDF may have 15 MB.",
        "fault_too_many_pages": "That PDF has more than 100 pages. Send only those that matter.",
        "fault_locked": "That PDF is locked by a password. Save it without one, or send a photo.",
        "fault_acts": "That PDF carries a program or other files. Print it to a new PDF, or send a"
        " photo of each page.",
        "fault_unreadable": "That file cannot be read. Take a photo of the paper and send that.",
        "fault_busy": "Others are sending files right now. Send it again in a minute.",
        "fault_full": "Many documents of yours wait to be looked at. Please call us first.",
        "untitled": "Document",
        "in_record": "Documents in your record",
        "in_record_why": "What was filed in your record: by the clinic, or sent by you. If you miss"
        " something, call us and ask for it: you have a right to your record.",
        "none_in_record": "There is no document yet.",
        "open": "Open",
        "kind_referral": "referral",
        "kind_identity": "photo ID",
        "kind_insurance": "insurance card or letter",
        "kind_result": "result from elsewhere",
        "kind_letter": "letter",
        "kind_record": "record from elsewhere",
        "kind_picture": "clinical photo",
        "kind_notes": "notes",
        "kind_other": "document",
    },
    "es": {
        "papers": "Documentos",
        "papers_why": "Envíenos un papel: una orden de referencia, una identificación, una carta."
        " Alguien en la recepción lo mira antes de ponerlo en su expediente.",
        "add": "Agregar un documento",
        "file": "Foto o PDF",
        "file_hint": "Una foto del papel, o un PDF de 15 MB como máximo.",
        "title": "¿Qué es?",
        "title_hint": "Por ejemplo: referencia del Dr. Lee",
        "send": "Enviar el documento",
        "sent": "Lo tenemos. Alguien en la recepción lo mirará.",
        "yours": "Lo que usted envió",
        "none": "Todavía no ha enviado nada.",
        "newer": "Más nuevos",
        "older": "Más antiguos",
        "state_waiting": "espera a que lo miremos",
        "state_filed": "en su expediente",
        "state_refused": "no se aceptó",
        "why_unreadable": "No se pudo leer. Envíelo otra vez, por favor.",
        "why_somebody_else": "Es de otra persona.",
        "why_not_needed": "No lo necesitamos.",
        "why_twice": "Ya lo tenemos.",
        "fault_empty": "Primero elija una foto o un PDF.",
        "fault_no_file": "Eso no es una foto (JPEG, PNG o WebP) ni un PDF. Tome una foto del papel"
        " y envíela.",
        "fault_too_large": "Ese archivo es demasiado grande. Una foto o un PDF puede tener 15 MB.",
        "fault_too_many_pages": "Ese PDF tiene más de 100 páginas. Envíe solo las que hacen falta.",
        "fault_locked": "Ese PDF tiene contraseña. Guárdelo sin ella, o envíe una foto.",
        "fault_acts": "Ese PDF lleva un programa u otros archivos. Imprímalo en un PDF nuevo, o"
        " envíe una foto de cada página.",
        "fault_unreadable": "Ese archivo no se puede leer. Tome una foto del papel y envíela.",
        "fault_busy": "Otros están enviando archivos en este momento. Envíelo de nuevo en un"
        " minuto.",
        "fault_full": "Muchos documentos suyos esperan a que los miremos. Llámenos antes, por"
        " favor.",
        "untitled": "Documento",
        "in_record": "Documentos en su expediente",
        "in_record_why": "Lo que está en su expediente: lo puso la clínica, o lo envió usted. Si le"
        " falta algo, llámenos y pídalo: tiene derecho a su expediente.",
        "none_in_record": "Todavía no hay documentos.",
        "open": "Abrir",
        "kind_referral": "orden de referencia",
        "kind_identity": "identificación con foto",
        "kind_insurance": "tarjeta o carta del seguro",
        "kind_result": "resultado de otro lugar",
        "kind_letter": "carta",
        "kind_record": "expediente de otro lugar",
        "kind_picture": "foto clínica",
        "kind_notes": "notas",
        "kind_other": "documento",
    },
}
"""What stands on a patient's page about documents."""
