"""Keeping segments, running campaigns, writing and calling."""

from almoner.outreach.actions.calling import give_back, record_call, take_call
from almoner.outreach.actions.campaigns import (
    Plan,
    approve_words,
    change_campaign,
    draft_campaign,
    finish,
    pause,
    resume,
    start,
)
from almoner.outreach.actions.refused import OutreachRefused, Refusal
from almoner.outreach.actions.segments import save_segment
from almoner.outreach.actions.sending import go_on_otherwise, send_due, write_to

__all__ = [
    "OutreachRefused",
    "Plan",
    "Refusal",
    "approve_words",
    "change_campaign",
    "draft_campaign",
    "finish",
    "give_back",
    "go_on_otherwise",
    "pause",
    "record_call",
    "resume",
    "save_segment",
    "send_due",
    "start",
    "take_call",
    "write_to",
]
