"""The streams of places in calls, with both ends played by the test."""

import asyncio

from almoner.config.calls import MOST_OF_ONE, Calls, Page
from almoner.telehealth.queries import Heard

ROOM = {"state": "waiting"}


class Line:
    """A browser that listens until it hangs up."""

    def __init__(self):
        self.hung_up = asyncio.Event()
        self.sent = []

    async def client_disconnect(self):
        await self.hung_up.wait()

    def response_stream(self, _status, _headers):
        return self

    async def send_bytes(self, data):
        self.sent.append(data)


class Silent(Page):
    """A page that asks no database; it counts how often it was said to have gone."""

    gone = 0

    def look(self, *, stay):
        return Heard(ROOM, [], [])

    def go(self):
        type(self).gone += 1


async def opened(calls, number, place=7):
    line = Line()
    page = Silent(place, "secret", f"session-{number}", visit_id=1)
    stream = asyncio.ensure_future(calls._stream(page, line))
    while len(line.sent) < 2:
        await asyncio.sleep(0.01)
    return line, stream


def calls_that_hear_nothing(monkeypatch):
    monkeypatch.setattr("almoner.config.calls._asked", lambda question: question())
    calls = Calls("")

    async def follow():
        await asyncio.Event().wait()

    monkeypatch.setattr(calls.words, "_follow", follow)
    monkeypatch.setattr(Silent, "gone", 0)
    return calls


def test_a_place_holds_two_streams_and_a_newer_one_ends_the_oldest(monkeypatch):
    async def scene():
        calls = calls_that_hear_nothing(monkeypatch)
        first, *others = [await opened(calls, number) for number in range(MOST_OF_ONE + 1)]
        another = await opened(calls, 9, place=8)
        await asyncio.wait_for(first[1], 1)

        assert not any(stream.done() for _line, stream in [*others, another])
        assert (len(calls.words), Silent.gone) == (MOST_OF_ONE + 1, 0)

        for line, stream in [*others, another]:
            line.hung_up.set()
            await asyncio.wait_for(stream, 1)
        assert (len(calls.words), Silent.gone, dict(calls.open)) == (0, 2, {})

    asyncio.run(scene())
