"""Who and where: locations, clinicians, rooms, devices, hours, holidays, visit types."""
