"""Whether somebody may be written to, by which channel, and if not, why not.

Asked the same way when people are counted, when they are shown, when a campaign takes them in and
before each step; relations asks about consent, hours and limits once more when a text leaves.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from almoner.outreach.rules import CHANNELS, Left


@dataclass(frozen=True, slots=True)
class Terms:
    """What a campaign asks of whoever it writes to; as a segment without one is looked at."""

    purpose: str = "care"
    channels: tuple[str, ...] = CHANNELS
    visit_type_id: int | None = None
    rest_days: int = 30
    campaign_id: int = 0

    def given(self, at: datetime) -> dict[str, Any]:
        return {
            "purpose": self.purpose,
            "by_itself": self.purpose == "care",
            "channels": list(self.channels),
            "booking": self.visit_type_id,
            "rested": at - timedelta(days=self.rest_days),
            "campaign": self.campaign_id,
            "at": at,
        }


# The newest word of a purpose counts; without one the phone's own does for care, as relations has
# it. A number that said STOP gets no text of any purpose, and a landline takes none. An address
# that is closed is none, and what was said at an address is kept in small letters.
WAYS = """
  LEFT JOIN LATERAL (SELECT r.number, r.may_text AND NOT EXISTS (SELECT FROM relations_landline l
              WHERE l.number = r.number) AS may_text
        FROM patients_reachedphone r
        WHERE r.patient_id = p.id ORDER BY r.rank LIMIT 1) phone ON true
  LEFT JOIN LATERAL (SELECT lower(e.address) AS address FROM patients_reachedemail e
        WHERE e.patient_id = p.id AND NOT EXISTS (SELECT FROM relations_closedaddress c
              WHERE c.address = lower(e.address) AND c.opened_at IS NULL)
        ORDER BY e.rank LIMIT 1) mail ON true
  LEFT JOIN LATERAL (SELECT given FROM relations_consent
        WHERE channel = 'sms' AND address = phone.number AND purpose = 'care'
        ORDER BY id DESC LIMIT 1) texts ON true
  LEFT JOIN LATERAL (SELECT given FROM relations_consent
        WHERE channel = 'sms' AND address = phone.number AND purpose = %(purpose)s::text
        ORDER BY id DESC LIMIT 1) of_number ON true
  LEFT JOIN LATERAL (SELECT given FROM relations_consent
        WHERE channel = 'email' AND address = mail.address AND purpose = %(purpose)s::text
        ORDER BY id DESC LIMIT 1) of_mail ON true
  LEFT JOIN LATERAL (SELECT channel FROM unnest(%(channels)s::text[])
             WITH ORDINALITY AS ordered (channel, place)
        WHERE CASE channel
              WHEN 'sms' THEN phone.may_text AND coalesce(texts.given, true)
                              AND coalesce(of_number.given, %(by_itself)s::boolean)
              WHEN 'email' THEN mail.address IS NOT NULL
                              AND coalesce(of_mail.given, %(by_itself)s::boolean)
              ELSE phone.number IS NOT NULL
                              AND (%(by_itself)s::boolean OR coalesce(of_number.given, false)) END
        ORDER BY place LIMIT 1) way ON true
"""
LEFT_OUT = """
  CASE
  WHEN p.deceased THEN 'deceased'
  WHEN EXISTS (SELECT FROM patients_decision d WHERE d.higher_id = p.id AND d.same) THEN 'double'
  WHEN EXISTS (SELECT FROM scheduling_appointment b
        WHERE b.patient_id = p.id AND b.status = 'booked' AND b.starts_at > %(at)s::timestamptz
          AND b.visit_type_id = coalesce(%(booking)s::bigint, b.visit_type_id)) THEN 'booked'
  WHEN EXISTS (SELECT FROM relations_case c WHERE c.patient_id = p.id AND c.state <> 'closed'
          AND c.merged_into_id IS NULL) THEN 'case'
  WHEN EXISTS (SELECT FROM outreach_enrolment r JOIN outreach_campaign k ON k.id = r.campaign_id
        WHERE r.patient_id = p.id AND r.campaign_id <> %(campaign)s::bigint
          AND r.state IN ('waiting', 'reached', 'calling', 'held_out')
          AND k.state IN ('running', 'paused')) THEN 'enrolled'
  WHEN EXISTS (SELECT FROM outreach_enrolment r JOIN outreach_step t ON t.enrolment_id = r.id
        WHERE r.patient_id = p.id AND r.campaign_id <> %(campaign)s::bigint
          AND t.at > %(rested)s::timestamptz) THEN 'contacted'
  WHEN way.channel IS NOT NULL THEN ''
  WHEN phone.number IS NOT NULL OR mail.address IS NOT NULL THEN 'opted_out'
  ELSE 'no_way' END
"""
_OF = f"SELECT p.id, {LEFT_OUT}, coalesce(way.channel, '') FROM patients_patient p {WAYS}"  # noqa: S608 (our own constants)


@dataclass(frozen=True, slots=True)
class Stands:
    """``left`` is why somebody is left alone now; else ``channel`` is how they are reached."""

    left: Left | None
    channel: str


def standing(patient_ids: Collection[int], terms: Terms, *, at: datetime) -> dict[int, Stands]:
    """How each of these stands now, by id. One query."""
    given = terms.given(at) | {"ids": list(patient_ids)}
    with connection.cursor() as sql:
        sql.execute(f"{_OF} WHERE p.id = ANY(%(ids)s::bigint[])", given)
        return {
            id_: Stands(Left(left) if left else None, channel)
            for id_, left, channel in sql.fetchall()
        }
