"""What migrations say in SQL because Django's models cannot."""

from django.db.migrations import RunSQL


def append_only(table: str) -> RunSQL:
    """Rows of ``table`` can be inserted and read, never changed or deleted, by anybody.

    A trigger and not a grant: it holds for the owner of the table too, and the application owns it.
    """
    return RunSQL(
        sql=f"""
            CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION ground_refuse_change();
        """,
        reverse_sql=f"DROP TRIGGER {table}_append_only ON {table};",
    )
