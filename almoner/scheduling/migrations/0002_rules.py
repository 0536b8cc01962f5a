"""The ticks of a day, and room on each page for its next row."""

from django.db import migrations

RULES = """
CREATE FUNCTION scheduling_ticks(since timestamptz, until timestamptz, midnight timestamptz)
RETURNS bit(300) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ((~ 0::bit(300)) >> least(300, greatest(0,
                floor(extract(epoch FROM since - midnight) / 300)))::int)
         & ~ ((~ 0::bit(300)) >> least(300, greatest(0,
                ceil(extract(epoch FROM until - midnight) / 300)))::int)
$$;

COMMENT ON FUNCTION scheduling_ticks IS
    'The five-minute ticks of the day beginning at midnight that [since, until) touches.';

-- Half of each page stays empty, so that a booking rewrites its row on the same page without touching
-- the index.
ALTER TABLE scheduling_resource_day SET (fillfactor = 50);
"""


class Migration(migrations.Migration):
    replaces = [("scheduling", "0004_waitlist")]
    dependencies = [("scheduling", "0001_tables"), ("ground", "0002_append_only")]

    operations = [
        migrations.RunSQL(RULES),
    ]
