"""What a browser sends back of a form in which nothing was touched."""

from django.http import QueryDict


def untouched(form) -> QueryDict:
    data = QueryDict(mutable=True)
    for part in (form, *(row for rows in form.parts for row in rows.rows)):
        for bound in part:
            value = bound.value()
            if isinstance(value, bool):
                value = "on" if value else None
            if value is not None:
                data[bound.html_name] = str(value)
    for rows in form.parts:
        data.setlist(rows.part, [str(row.key) for row in rows.rows])
    return data
