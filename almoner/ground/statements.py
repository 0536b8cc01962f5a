"""SQL that is put together from the parts of several duties."""

from functools import lru_cache


@lru_cache(maxsize=256)
def one_line(sql: str) -> str:
    """The statement without its line breaks and indents.

    psycopg keeps what it has worked out about a statement of up to 4,096 characters; a longer one
    it takes apart again each time it is asked.

    Raises ValueError for a comment, which would swallow what follows it.
    """
    if "--" in sql:
        raise ValueError(sql)
    return " ".join(sql.split())
