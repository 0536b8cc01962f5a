"""Somebody texts STOP: how soon it holds."""

import os
import time
from secrets import token_hex
from urllib.parse import urlencode

from bench.client import load, request
from bench.harness import Figure, Sample, at_most, figure
from bench.pages import _desk, _note
from bench.serving import CONNECTIONS

NUMBERS = 1000
WEBHOOK = "https://clinic.example/messages/received/"
TOKEN = token_hex(16)  # signs what this bench itself posts
_LAST = """
    SELECT number FROM patients_phone WHERE use <> 'old'
     GROUP BY number HAVING count(*) = 1 ORDER BY max(patient_id) DESC LIMIT %s
"""
_OBEYED = """
    SELECT count(DISTINCT address) FROM relations_consent
     WHERE channel = 'sms' AND NOT given AND how = 'text' AND address = ANY(%s) AND at >= %s
"""


@figure("STOP by text, 200,000 patients", clinic=True)
def stop() -> Figure:
    """From the carrier's post to its answer, which comes once the refusal is kept."""
    from django.db import connection
    from django.urls import reverse

    from almoner.edges import sms
    from almoner.ground import clock

    with connection.cursor() as sql:
        sql.execute(_LAST, [NUMBERS])
        numbers = [number for (number,) in sql.fetchall()]
    run, began = time.time_ns(), clock.now()
    os.environ |= {"ALMONER_SMS_WEBHOOK_URL": WEBHOOK, "ALMONER_SMS_TOKEN": TOKEN}
    asked = []
    for place, number in enumerate(numbers):
        fields = {"MessageSid": f"SM{run}{place}", "From": number, "Body": "STOP"}
        signed = sms.signature(WEBHOOK, {name: [said] for name, said in fields.items()}, TOKEN)
        headers = {sms.SIGNATURE: signed}
        where = reverse("text_received")
        asked.append(request("POST", where, headers=headers, body=urlencode(fields)))
    with _desk() as (port, _send):
        told = load(port, asked, connections=CONNECTIONS, once=True)
    with connection.cursor() as sql:
        sql.execute(_OBEYED, [numbers, began])
        obeyed = sql.fetchone()[0]
    latencies = Sample(tuple(told.latencies))
    whole = set(told.statuses) == {"200"} and obeyed == NUMBERS
    note = f"{obeyed} of {NUMBERS} obeyed; {_note(latencies)}"
    return Figure(latencies, at_most(1000.0, "p95"), also=whole, note=note)
