from django.db import migrations

from almoner.ground.schema import append_only


class Migration(migrations.Migration):
    """Seals and their leaves are never changed."""

    dependencies = [("access", "0002_access_event")]

    operations = [append_only("access_seal"), append_only("access_leaf")]
