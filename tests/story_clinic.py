"""The clinic of the story of a visit by video: the day's, which asks at once how it was."""

from django.conf import settings

from almoner.demo import surveys, video
from almoner.ground import clock
from almoner.surveys.models import Rule
from tests import small_clinic


def build() -> None:
    small_clinic.build()
    today = clock.today(settings.TIME_ZONE)
    video.build(today=today)
    surveys.build(today=today, now=clock.now())
    Rule.objects.update(after_minutes=0)
