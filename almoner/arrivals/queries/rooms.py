"""Where somebody can be put now."""

from almoner.arrivals.models import Encounter
from almoner.arrivals.rules import IN_ROOM
from almoner.facility.models import Room


def free_rooms(location_id: int) -> list[tuple[int, str]]:
    """Rooms of the location nobody is in, by name: (id, name). One query."""
    taken = Encounter.objects.filter(location=location_id, state__in=IN_ROOM).values("room_id")
    rooms = Room.objects.filter(location=location_id, active=True).exclude(pk__in=taken)
    return list(rooms.order_by("name", "id").values_list("id", "name"))
