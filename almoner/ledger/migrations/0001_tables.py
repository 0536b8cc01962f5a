import almoner.ledger.rules.accounts
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from almoner.ground.schema import CreateTables


class Migration(migrations.Migration):
    replaces = [("ledger", "0001_initial")]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("facility", "0001_tables"),
        ("patients", "0001_tables"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="CardNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("event_id", models.TextField(unique=True)),
                        ("heard_at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="Deposit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("prepared", "Prepared"),
                                    ("brought", "Brought"),
                                    ("taken_apart", "Taken Apart"),
                                ],
                                default="prepared",
                            ),
                        ),
                        ("cash_cents", models.BigIntegerField()),
                        ("checks_cents", models.BigIntegerField()),
                        ("prepared_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        ("bank_reference", models.TextField(blank=True, default="")),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                        (
                            "prepared_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "settled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["-prepared_at", "-id"], name="deposit_latest")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("cash_cents__gte", 0),
                                    ("checks_cents__gte", 0),
                                    models.Q(("cash_cents", 0), ("checks_cents", 0), _negated=True),
                                ),
                                name="deposit_is_of_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("settled_at__isnull", True),
                                        ("settled_by__isnull", True),
                                        ("state", "prepared"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "prepared"), _negated=True),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="deposit_settled_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Drawer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("till", models.TextField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("open", "Open"),
                                    ("counted", "Counted"),
                                    ("closed", "Closed"),
                                ],
                                default="open",
                            ),
                        ),
                        ("float_cents", models.BigIntegerField()),
                        ("opened_at", models.DateTimeField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drawers_closed",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deposit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drawers",
                                to="ledger.deposit",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="drawers",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=("location", "till"),
                                name="drawer_till_free",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("officer",),
                                name="drawer_one_for_each_officer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("closed_at__isnull", False),
                                        ("closed_by__isnull", False),
                                        ("state", "closed"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "closed"), _negated=True),
                                        ("closed_at__isnull", True),
                                        ("closed_by__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="drawer_closed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("float_cents__gte", 0)),
                                name="drawer_float_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("deposit__isnull", True), ("state", "closed"), _connector="OR"
                                ),
                                name="drawer_deposited_once_closed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DrawerCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("pieces", models.JSONField()),
                        ("counted_cents", models.BigIntegerField()),
                        ("expected_cents", models.BigIntegerField()),
                        ("reason", models.TextField(blank=True, default="")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "drawer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counts",
                                to="ledger.drawer",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Journal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.TextField(
                                choices=[
                                    ("charge", "charge"),
                                    ("remittance", "remittance"),
                                    ("adjustment", "adjustment"),
                                    ("transfer", "transfer"),
                                    ("payment", "payment"),
                                    ("credit_applied", "credit_applied"),
                                    ("refund", "refund"),
                                    ("recoupment", "recoupment"),
                                    ("drawer", "drawer"),
                                    ("deposit", "deposit"),
                                    ("settled", "settled"),
                                    ("returned", "returned"),
                                    ("fee", "fee"),
                                    ("reversal", "reversal"),
                                ]
                            ),
                        ),
                        ("source", models.TextField()),
                        ("external_id", models.TextField()),
                        ("digest", models.CharField(max_length=64)),
                        ("effective_date", models.DateField()),
                        ("recorded_at", models.DateTimeField()),
                        ("recorded_by_id", models.BigIntegerField(null=True)),
                        ("memo", models.TextField(blank=True, default="")),
                        (
                            "transaction",
                            models.BigIntegerField(
                                db_default=django.db.models.expressions.RawSQL(
                                    "pg_current_xact_id()::text::bigint", ()
                                ),
                                editable=False,
                            ),
                        ),
                        (
                            "reverses",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="ledger.journal",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "external_id"), name="journal_once"
                            ),
                            models.UniqueConstraint(
                                fields=("reverses",), name="journal_reversed_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            almoner.ledger.rules.accounts.Kind["CHARGE"],
                                            almoner.ledger.rules.accounts.Kind["REMITTANCE"],
                                            almoner.ledger.rules.accounts.Kind["ADJUSTMENT"],
                                            almoner.ledger.rules.accounts.Kind["TRANSFER"],
                                            almoner.ledger.rules.accounts.Kind["PAYMENT"],
                                            almoner.ledger.rules.accounts.Kind["CREDIT_APPLIED"],
                                            almoner.ledger.rules.accounts.Kind["REFUND"],
                                            almoner.ledger.rules.accounts.Kind["RECOUPMENT"],
                                            almoner.ledger.rules.accounts.Kind["DRAWER"],
                                            almoner.ledger.rules.accounts.Kind["DEPOSIT"],
                                            almoner.ledger.rules.accounts.Kind["SETTLED"],
                                            almoner.ledger.rules.accounts.Kind["RETURNED"],
                                            almoner.ledger.rules.accounts.Kind["FEE"],
                                            almoner.ledger.rules.accounts.Kind["REVERSAL"],
                                        ],
                                    )
                                ),
                                name="journal_kind_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Incoming",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("origin", models.TextField(unique=True)),
                        (
                            "source",
                            models.TextField(choices=[("cards", "cards"), ("payer", "payer")]),
                        ),
                        ("name", models.TextField(blank=True, default="")),
                        ("reference", models.TextField(blank=True, default="")),
                        ("payer_id", models.BigIntegerField(null=True)),
                        ("cents", models.BigIntegerField()),
                        ("expected_on", models.DateField()),
                        ("told_at", models.DateTimeField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("expected", "Expected"),
                                    ("arrived", "Arrived"),
                                    ("missing", "Missing"),
                                ],
                                default="expected",
                            ),
                        ),
                        ("seen_cents", models.BigIntegerField(null=True)),
                        ("seen_on", models.DateField(null=True)),
                        (
                            "because",
                            models.TextField(
                                blank=True,
                                choices=[
                                    ("fee", "fee"),
                                    ("short", "short"),
                                    ("over", "over"),
                                    ("missing", "missing"),
                                ],
                                default="",
                            ),
                        ),
                        ("note", models.TextField(blank=True, default="")),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "journal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journal",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["expected_on", "id"], name="incoming_by_day"),
                            models.Index(
                                condition=models.Q(("state", "expected")),
                                fields=["expected_on"],
                                name="incoming_expected",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("cents", 0), _negated=True),
                                name="incoming_is_of_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("journal__isnull", True),
                                        ("seen_cents__isnull", True),
                                        ("settled_at__isnull", True),
                                        ("settled_by__isnull", True),
                                        ("state", "expected"),
                                    ),
                                    models.Q(
                                        models.Q(("state", "expected"), _negated=True),
                                        ("journal__isnull", False),
                                        ("seen_cents__isnull", False),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="incoming_settled_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("because", ""), ("seen_cents__isnull", True)),
                                    models.Q(("because", ""), ("seen_cents", models.F("cents"))),
                                    models.Q(
                                        models.Q(("seen_cents", models.F("cents")), _negated=True),
                                        models.Q(("because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="incoming_difference_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "missing"), _negated=True),
                                    models.Q(("because", "missing"), ("seen_cents", 0)),
                                    _connector="OR",
                                ),
                                name="incoming_missing_shows_nothing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("payer_id__isnull", False), ("source", "payer")),
                                    models.Q(("payer_id__isnull", True), ("source", "cards")),
                                    _connector="OR",
                                ),
                                name="incoming_of_a_payer_names_it",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "account",
                            models.TextField(
                                choices=[
                                    ("patient_ar", "patient_ar"),
                                    ("insurance_ar", "insurance_ar"),
                                    ("unapplied", "unapplied"),
                                    ("refund_liability", "refund_liability"),
                                    ("revenue", "revenue"),
                                    ("contractual", "contractual"),
                                    ("denial_write_off", "denial_write_off"),
                                    ("bad_debt", "bad_debt"),
                                    ("charity", "charity"),
                                    ("recoupment", "recoupment"),
                                    ("forwarded", "forwarded"),
                                    ("withheld", "withheld"),
                                    ("interest", "interest"),
                                    ("fees", "fees"),
                                    ("remittance", "remittance"),
                                    ("payer_unapplied", "payer_unapplied"),
                                    ("card_clearing", "card_clearing"),
                                    ("cash_drawer", "cash_drawer"),
                                    ("safe", "safe"),
                                    ("checks", "checks"),
                                    ("bank", "bank"),
                                    ("bank_fees", "bank_fees"),
                                    ("bank_difference", "bank_difference"),
                                    ("petty_cash", "petty_cash"),
                                    ("over_short", "over_short"),
                                ]
                            ),
                        ),
                        ("cents", models.BigIntegerField()),
                        ("payer_id", models.BigIntegerField(null=True)),
                        ("visit_id", models.BigIntegerField(null=True)),
                        ("line_id", models.BigIntegerField(null=True)),
                        (
                            "drawer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="ledger.drawer",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="patients.patient",
                            ),
                        ),
                        (
                            "journal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="ledger.journal",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "entries",
                        "indexes": [
                            models.Index(fields=["patient", "account"], name="entry_of_patient"),
                            models.Index(fields=["account", "payer_id"], name="entry_of_account"),
                            models.Index(fields=["visit_id"], name="entry_of_visit"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("cents", 0), _negated=True),
                                name="entry_is_not_zero",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "account__in",
                                        [
                                            almoner.ledger.rules.accounts.Account["PATIENT_AR"],
                                            almoner.ledger.rules.accounts.Account["INSURANCE_AR"],
                                            almoner.ledger.rules.accounts.Account["UNAPPLIED"],
                                            almoner.ledger.rules.accounts.Account[
                                                "REFUND_LIABILITY"
                                            ],
                                            almoner.ledger.rules.accounts.Account["REVENUE"],
                                            almoner.ledger.rules.accounts.Account["CONTRACTUAL"],
                                            almoner.ledger.rules.accounts.Account[
                                                "DENIAL_WRITE_OFF"
                                            ],
                                            almoner.ledger.rules.accounts.Account["BAD_DEBT"],
                                            almoner.ledger.rules.accounts.Account["CHARITY"],
                                            almoner.ledger.rules.accounts.Account["RECOUPMENT"],
                                            almoner.ledger.rules.accounts.Account["FORWARDED"],
                                            almoner.ledger.rules.accounts.Account["WITHHELD"],
                                            almoner.ledger.rules.accounts.Account["INTEREST"],
                                            almoner.ledger.rules.accounts.Account["FEES"],
                                            almoner.ledger.rules.accounts.Account["REMITTANCE"],
                                            almoner.ledger.rules.accounts.Account[
                                                "PAYER_UNAPPLIED"
                                            ],
                                            almoner.ledger.rules.accounts.Account["CARD_CLEARING"],
                                            almoner.ledger.rules.accounts.Account["CASH_DRAWER"],
                                            almoner.ledger.rules.accounts.Account["SAFE"],
                                            almoner.ledger.rules.accounts.Account["CHECKS"],
                                            almoner.ledger.rules.accounts.Account["BANK"],
                                            almoner.ledger.rules.accounts.Account["BANK_FEES"],
                                            almoner.ledger.rules.accounts.Account[
                                                "BANK_DIFFERENCE"
                                            ],
                                            almoner.ledger.rules.accounts.Account["PETTY_CASH"],
                                            almoner.ledger.rules.accounts.Account["OVER_SHORT"],
                                        ],
                                    )
                                ),
                                name="entry_account_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "account__in",
                                            [
                                                almoner.ledger.rules.accounts.Account[
                                                    "INSURANCE_AR"
                                                ],
                                                almoner.ledger.rules.accounts.Account["PATIENT_AR"],
                                                almoner.ledger.rules.accounts.Account[
                                                    "REFUND_LIABILITY"
                                                ],
                                                almoner.ledger.rules.accounts.Account["UNAPPLIED"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    ("patient__isnull", False),
                                    _connector="OR",
                                ),
                                name="entry_names_its_patient",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "account__in",
                                            [
                                                almoner.ledger.rules.accounts.Account["FORWARDED"],
                                                almoner.ledger.rules.accounts.Account[
                                                    "INSURANCE_AR"
                                                ],
                                                almoner.ledger.rules.accounts.Account["INTEREST"],
                                                almoner.ledger.rules.accounts.Account[
                                                    "PAYER_UNAPPLIED"
                                                ],
                                                almoner.ledger.rules.accounts.Account["RECOUPMENT"],
                                                almoner.ledger.rules.accounts.Account["REMITTANCE"],
                                                almoner.ledger.rules.accounts.Account["WITHHELD"],
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    ("payer_id__isnull", False),
                                    _connector="OR",
                                ),
                                name="entry_names_its_payer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "account__in",
                                            [almoner.ledger.rules.accounts.Account["CASH_DRAWER"]],
                                        ),
                                        _negated=True,
                                    ),
                                    ("drawer__isnull", False),
                                    _connector="OR",
                                ),
                                name="entry_names_its_drawer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=45)),
                        ("visit_id", models.BigIntegerField(null=True)),
                        ("for_item", models.TextField(blank=True, default="")),
                        (
                            "method",
                            models.TextField(
                                choices=[("cash", "cash"), ("card", "card"), ("check", "check")]
                            ),
                        ),
                        ("cents", models.BigIntegerField()),
                        ("refunded_cents", models.BigIntegerField(default=0)),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("asked", "Asked"),
                                    ("sent", "Sent"),
                                    ("unknown", "Unknown"),
                                    ("completed", "Completed"),
                                    ("declined", "Declined"),
                                    ("cancelled", "Cancelled"),
                                    ("failed", "Failed"),
                                    ("bounced", "Bounced"),
                                    ("undone", "Undone"),
                                ]
                            ),
                        ),
                        ("trouble", models.TextField(blank=True, default="")),
                        ("tendered_cents", models.BigIntegerField(blank=True, null=True)),
                        ("check_number", models.TextField(blank=True, default="")),
                        ("checkout_id", models.TextField(blank=True, default="")),
                        ("processor_payment_id", models.TextField(blank=True, default="")),
                        ("card_brand", models.TextField(blank=True, default="")),
                        ("card_last_four", models.CharField(blank=True, default="", max_length=4)),
                        ("page_url", models.TextField(blank=True, default="")),
                        ("asked_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "deposit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="ledger.deposit",
                            ),
                        ),
                        (
                            "drawer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="ledger.drawer",
                            ),
                        ),
                        (
                            "incoming",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="ledger.incoming",
                            ),
                        ),
                        (
                            "location",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, to="facility.location"
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                fields=["patient", "-asked_at"], name="payment_of_patient"
                            ),
                            models.Index(fields=["visit_id"], name="payment_of_visit"),
                            models.Index(
                                condition=models.Q(("state__in", ["asked", "sent", "unknown"])),
                                fields=["asked_at"],
                                name="payment_unresolved",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("incoming__isnull", True),
                                    ("method", "card"),
                                    ("state", "completed"),
                                ),
                                fields=["settled_at"],
                                name="payment_unbatched",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("key",), name="payment_key_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["asked", "sent", "unknown"])),
                                fields=("patient", "visit_id"),
                                name="payment_one_unresolved",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("cents__gt", 0)), name="payment_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("refunded_cents__gte", 0),
                                    ("refunded_cents__lte", models.F("cents")),
                                ),
                                name="payment_refunded_within",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("method", "cash"), _negated=True),
                                    ("drawer__isnull", False),
                                    _connector="OR",
                                ),
                                name="payment_of_cash_has_a_drawer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("method", "card"),
                                    ("state__in", ["completed", "bounced", "undone"]),
                                    _connector="OR",
                                ),
                                name="payment_only_cards_wait",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("asked_by__isnull", False), ("page_url", "")),
                                    models.Q(("asked_by", None), ("method", "card")),
                                    _connector="OR",
                                ),
                                name="payment_by_link_is_by_card",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("method", "check"),
                                    models.Q(("state", "bounced"), _negated=True),
                                    _connector="OR",
                                ),
                                name="payment_only_checks_bounce",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("method", "check"), ("deposit__isnull", True), _connector="OR"
                                ),
                                name="payment_only_checks_are_deposited",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("method", "card"), ("incoming__isnull", True), _connector="OR"
                                ),
                                name="payment_only_cards_are_batched",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("card_last_four", ""),
                                    ("card_last_four__regex", "^\\d{4}$"),
                                    _connector="OR",
                                ),
                                name="payment_last_four_only",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Refund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("key", models.CharField(max_length=45)),
                        ("cents", models.BigIntegerField()),
                        ("reason", models.TextField()),
                        (
                            "state",
                            models.TextField(
                                choices=[
                                    ("asked", "Asked"),
                                    ("sent", "Sent"),
                                    ("unknown", "Unknown"),
                                    ("completed", "Completed"),
                                    ("declined", "Declined"),
                                    ("cancelled", "Cancelled"),
                                    ("failed", "Failed"),
                                    ("bounced", "Bounced"),
                                    ("undone", "Undone"),
                                ]
                            ),
                        ),
                        ("trouble", models.TextField(blank=True, default="")),
                        ("processor_refund_id", models.TextField(blank=True, default="")),
                        ("asked_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "drawer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="ledger.drawer",
                            ),
                        ),
                        (
                            "incoming",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="ledger.incoming",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="ledger.payment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("key",), name="refund_key_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["asked", "sent", "unknown"])),
                                fields=("payment",),
                                name="refund_one_unresolved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("cents__gt", 0)), name="refund_is_positive"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="refund_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Undoing",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.TextField(
                                choices=[
                                    ("bounced", "Bounced"),
                                    ("mistaken", "Mistaken"),
                                    ("moved", "Moved"),
                                ]
                            ),
                        ),
                        ("reason", models.TextField()),
                        ("fee_cents", models.BigIntegerField(default=0)),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "journal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ledger.journal",
                            ),
                        ),
                        (
                            "moved_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moved_from",
                                to="ledger.payment",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undoings",
                                to="ledger.payment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("payment",), name="payment_undone_once"
                            ),
                            models.UniqueConstraint(
                                fields=("journal",), name="undoing_has_its_own_journal"
                            ),
                            models.UniqueConstraint(
                                fields=("moved_to",), name="undoing_moves_to_one"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="undoing_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("fee_cents", 0),
                                    models.Q(("fee_cents__gt", 0), ("kind", "bounced")),
                                    _connector="OR",
                                ),
                                name="undoing_fee_is_for_a_returned_check",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "moved"), ("moved_to__isnull", False)),
                                    models.Q(
                                        models.Q(("kind", "moved"), _negated=True),
                                        ("moved_to__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="undoing_moved_somewhere",
                            ),
                        ],
                    },
                ),
            ]
        )
    ]
