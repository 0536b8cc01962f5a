"""The patients' role may know that a visit is held by video, and nothing else of its kind."""

from django.db import migrations

FORWARD = "GRANT SELECT (id, by_video) ON facility_visittype TO almoner_patient;"
BACK = "REVOKE ALL ON facility_visittype FROM almoner_patient;"


class Migration(migrations.Migration):
    dependencies = [("portal", "0007_forms_of_patients"), ("facility", "0004_video_and_licences")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
