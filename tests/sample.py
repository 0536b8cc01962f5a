"""One page with every part of the look on it. Only tests know it."""

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines

from almoner.ground import clock
from almoner.ground import forms as desk

HERE = Path(__file__).resolve().parent
ICONS = HERE.parent / "almoner/ground/static/ground/icons.svg"


class Registration(forms.Form):
    family = forms.CharField(label="Family name")
    given = forms.CharField(label="Given name")
    birth_date = desk.TypedDate(label="Birth date", past=True)
    sex = forms.ChoiceField(choices=[("f", "Female"), ("m", "Male"), ("u", "Not known")])
    phone = forms.CharField(required=False, help_text="Texts go here")
    language = forms.ChoiceField(choices=[("en", "English"), ("es", "Spanish")])
    copay = desk.TypedMoney(label="Co-pay", required=False)
    at = desk.TypedTime(label="Time", required=False)
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), required=False)
    interpreter = forms.BooleanField(label="Interpreter needed", required=False)
    reminders = forms.ChoiceField(
        label="Reminders by",
        widget=forms.RadioSelect,
        choices=[("sms", "Text"), ("mail", "E-mail"), ("none", "None")],
    )


class Refund(forms.Form):
    amount = desk.TypedMoney()
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}))


def rows():
    lines = """
    8:00 AM|Okonkwo, Adaeze|03/04/1985|MRN 100482|Follow-up|good|Left|0
    8:20 AM|Lindqvist, Per|11/30/1951|MRN 100017|New patient|info|Roomed|2500
    8:40 AM|Silva-Ramírez, María José|07/19/2019|MRN 101233|Well child|wait|Arrived|0
    9:00 AM|Nguyen, Thanh|01/02/1990|MRN 100900|Follow-up|warn|Coverage ended|9000
    9:20 AM|Abernathy, Constance|05/05/1948|MRN 100003|Annual physical|plain|Expected|
    """
    names = ("time", "name", "born", "mrn", "visit", "tone", "state", "due")
    for line in lines.strip().splitlines():
        facts = dict(zip(names, line.strip().split("|"), strict=True))
        yield SimpleNamespace(**facts | {"due": int(facts["due"]) if facts["due"] else None})


WHO = SimpleNamespace(
    name="María José Silva-Ramírez",
    legal_name="Mario José Silva Ramírez",
    pronouns="she/her",
    birth_date=clock.today("America/Chicago").replace(year=1985, month=3, day=4),
    age="41 y",
    sex="Female",
    mrn="101233",
    phone="(608) 555-0142",
    language="Spanish",
    interpreter_needed=True,
    initials="MS",
    photo_url="",
    deceased_on=None,
    balance=12840,
    url="/sample/",
    alerts=[
        SimpleNamespace(tone="warn", text="Coverage ended Oct 31", url="/sample/"),
        SimpleNamespace(tone="info", text="Prefers texts", url=""),
    ],
)


def page(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string((HERE / "templates/sample.html").read_text())
    context = {
        "rows": list(rows()),
        "order": "time",
        "who": WHO,
        "form": Registration(),
        "small": Refund(prefix="small"),
        "since": clock.now() - timedelta(seconds=24),
        "listed": Paginator(range(480), 5).get_page(3),
        "icons": re.findall(r'symbol id="(\w+)"', ICONS.read_text()),
    }
    return HttpResponse(template.render(context, request))


def fragment(request: HttpRequest, form: forms.Form) -> str:
    """The form alone, as an answer to htmx brings it back."""
    template = engines["django"].from_string(
        '<form class="form" method="post" novalidate {% hx %} hx-post="/sample/form"'
        ' hx-target="this" hx-swap="outerHTML">{{ form }}'
        '<button class="primary">Register</button></form>'
    )
    request.user = request.session = None
    return template.render({"form": form}, request)
