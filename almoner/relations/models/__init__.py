"""What is said between us and patients, and the cases that come of it."""

from almoner.relations.models.articles import Article, ArticleVersion, ArticleVote
from almoner.relations.models.by_post import Paper
from almoner.relations.models.cases import Case, CaseLine, CaseThing
from almoner.relations.models.colleagues import (
    SKILLS,
    WAITS_FOR,
    Mention,
    Note,
    OfficerSkills,
    Routine,
)
from almoner.relations.models.consents import PhoneConsent
from almoner.relations.models.desks import (
    DESKS,
    KINDS,
    DeskHours,
    DeskLead,
    GrievanceTerm,
    Macro,
    SavedView,
    ServiceLevel,
)
from almoner.relations.models.files import File
from almoner.relations.models.grievances import Grievance, Letter
from almoner.relations.models.leaving import Counted, Delivery
from almoner.relations.models.phoning import Landline, Spoken
from almoner.relations.models.posting import Opened, Thread
from almoner.relations.models.proving import AddressCode
from almoner.relations.models.script import ScriptLine
from almoner.relations.models.talk import (
    Call,
    ClosedAddress,
    Consent,
    Conversation,
    Message,
    Received,
)
from almoner.relations.models.texts import TextVersion

__all__ = [
    "DESKS",
    "KINDS",
    "SKILLS",
    "WAITS_FOR",
    "AddressCode",
    "Article",
    "ArticleVersion",
    "ArticleVote",
    "Call",
    "Case",
    "CaseLine",
    "CaseThing",
    "ClosedAddress",
    "Consent",
    "Conversation",
    "Counted",
    "Delivery",
    "DeskHours",
    "DeskLead",
    "File",
    "Grievance",
    "GrievanceTerm",
    "Landline",
    "Letter",
    "Macro",
    "Mention",
    "Message",
    "Note",
    "OfficerSkills",
    "Opened",
    "Paper",
    "PhoneConsent",
    "Received",
    "Routine",
    "SavedView",
    "ScriptLine",
    "ServiceLevel",
    "Spoken",
    "TextVersion",
    "Thread",
]
