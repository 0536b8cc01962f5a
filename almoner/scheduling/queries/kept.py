"""Time that is kept for somebody who was offered it, and given up by the clock alone."""

from datetime import datetime

from almoner.scheduling.models import PlaceOffer
from almoner.scheduling.rules.waitlist import OfferState

# The days with what offers kept that are over now, and that nobody has given back yet: for the
# minute between an offer's end and the job that writes it down.
LESS_OVER = """
    (SELECT day.kind, day.local_day, day.resource_id, day.location_id, day.midnight, day.template,
            day.free | (day.template & coalesce((
                SELECT bit_or(scheduling_ticks(lower(h.during), upper(h.during), day.midnight))
                  FROM scheduling_hold h JOIN scheduling_placeoffer o ON o.id = h.offer_id
                 WHERE h.kind = day.kind AND h.resource_id = day.resource_id AND h.live
                   AND o.state = 'open' AND o.expires_at <= '{at}'::timestamptz
                   AND h.during && tstzrange(day.midnight, day.midnight + interval '25 hours')
            ), 0::bit(300))) AS free
       FROM scheduling_resource_day day)
"""


def any_over(at: datetime) -> bool:
    """Whether any offer is over by the clock that still stands as open. One query."""
    return PlaceOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=at).exists()
