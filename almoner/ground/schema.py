"""What migrations say in SQL because Django's models cannot, and tables made all at once."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, RunSQL
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Models made at once, also those that refer to one another.

    One after the other, each would have every model before it rendered anew: with two hundred of
    them that is a minute of a first start.
    """

    reversible = False

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.models], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)  # rendered again when it is asked for
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


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


def authors_stay(table: str) -> RunSQL:
    """Whoever began a version is among its ``authors``, and who is among them stays.

    Goes with a check that nobody among them publishes it: together, nobody signs their own words.
    """
    return RunSQL(
        sql=f"""
            CREATE FUNCTION {table}_authors_stay() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'INSERT' AND NEW.made_by_id IS NOT NULL
                      AND NOT NEW.made_by_id = ANY (NEW.authors)
                   OR TG_OP = 'UPDATE' AND NOT NEW.authors @> OLD.authors
                THEN
                    RAISE EXCEPTION 'whoever wrote in % stays among its authors', NEW.id
                        USING ERRCODE = 'integrity_constraint_violation',
                              CONSTRAINT = '{table}_authors_stay';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {table}_authors_stay BEFORE INSERT OR UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_authors_stay();
        """,
        reverse_sql=f"DROP FUNCTION {table}_authors_stay() CASCADE;",
    )


def words_signed(table: str, columns: Sequence[str]) -> RunSQL:
    """Words of a set-up table count once somebody who did not write them has signed them.

    ``signed`` keeps the words that count, see `ground.signing.SignedWords`. What comes with the
    house counts as it stands: a row that nobody has written.
    """

    def words(row: str) -> str:
        pairs = ", ".join(f"'{name}', {row}.{name}" for name in columns)
        return f"jsonb_build_object({pairs})"

    return RunSQL(
        sql=f"""
            CREATE FUNCTION {table}_words_signed() RETURNS trigger LANGUAGE plpgsql AS $$
            DECLARE
                rule text;
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    IF cardinality(NEW.authors) = 0 AND NEW.signed_by_id IS NULL THEN
                        NEW.signed := {words("NEW")};
                    ELSIF NEW.signed IS NOT NULL OR NEW.signed_by_id IS NOT NULL THEN
                        rule := 'words_signed_by_another';
                    END IF;
                ELSIF (NEW.signed, NEW.signed_by_id, NEW.signed_at)
                      IS DISTINCT FROM (OLD.signed, OLD.signed_by_id, OLD.signed_at) THEN
                    IF NEW.signed IS DISTINCT FROM {words("OLD")}
                       OR {words("NEW")} <> {words("OLD")}
                       OR NEW.authors <> OLD.authors OR cardinality(NEW.authors) = 0
                       OR NEW.signed_at IS NULL OR NEW.signed_by_id IS NULL
                       OR NEW.signed_by_id = ANY (NEW.authors) THEN
                        rule := 'words_signed_by_another';
                    END IF;
                ELSIF OLD.signed IS DISTINCT FROM {words("OLD")} THEN
                    IF NOT NEW.authors @> OLD.authors THEN
                        rule := 'words_have_an_author';
                    END IF;
                ELSIF {words("NEW")} <> {words("OLD")} AND cardinality(NEW.authors) = 0 THEN
                    rule := 'words_have_an_author';
                END IF;
                IF rule IS NOT NULL THEN
                    RAISE EXCEPTION 'words of % count once another has signed them', NEW.id
                        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = rule;
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER {table}_words_signed BEFORE INSERT OR UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_words_signed();
        """,
        reverse_sql=f"DROP FUNCTION {table}_words_signed() CASCADE;",
    )
