from django.db import migrations, models


class Migration(migrations.Migration):
    """A member id is one a payer can be sent (rules/member_ids.py)."""

    dependencies = [("coverage", "0003_what_headers_need")]
    operations = [
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    member_id__regex=r"^[!-)+-9;-\]_-}][ !-)+-9;-\]_-}]{0,78}[!-)+-9;-\]_-}]$"
                ),
                name="policy_member_id_can_be_sent",
            ),
        ),
    ]
