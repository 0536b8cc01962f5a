"""What the demo clinic means to do about those who are due: two segments, and one campaign's draft.

Nobody is written to before somebody starts it.
"""

from datetime import datetime

from almoner.access.models import Officer
from almoner.outreach import actions, rules
from almoner.outreach.models import Segment

SEGMENTS = (
    ("Diabetics not seen for a month", {"diagnosis": ["E10", "E11"], "not_seen": 1,
                                        "future": "no"}),
    ("Diabetics not seen for 6 months", {"diagnosis": ["E10", "E11"], "not_seen": 6}),
    ("65 and older, never seen", {"never_seen": True, "age_from": 65}),
)  # fmt: skip


def build(*, now: datetime) -> None:
    """Write them down; nothing where there are some already."""
    if Segment.objects.exists():
        return
    mara = Officer.objects.get(username="mara")
    kept = [
        actions.save_segment(officer=mara, name=name, conditions=conditions, at=now)
        for name, conditions in SEGMENTS
    ]
    english, spanish = rules.SHIPPED["en"], rules.SHIPPED["es"]
    plan = actions.Plan(
        name="Diabetics: time for a visit", purpose="care", channels=("sms", "email", "call"),
        subject_english=english[0], english=english[1],
        subject_spanish=spanish[0], spanish=spanish[1],
        visit_type_id=None, window_days=30, remind_after_days=10,
        held_out_percent=10, pace=20, rest_days=30,
    )  # fmt: skip
    actions.draft_campaign(officer=mara, version=kept[0], plan=plan, at=now)
