"""What a carrier answers, as its documents say and as it may come."""

import httpx
import pytest

from almoner.edges import sms

CARRIER = sms.Carrier("http://127.0.0.1:1", "AC1", "secret", "+16085550100")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            httpx.Response(400, json={"code": 21211, "message": "Not a number we can reach"}),
            "Not a number we can reach (21211)",
        ),
        (httpx.Response(401, json={"message": "Who are you?"}), "Who are you? (401)"),
        (httpx.Response(404, text="<h1>Not here</h1>"), "404: <h1>Not here</h1>"),
        (httpx.Response(400, json=["no"]), '400: ["no"]'),
        (httpx.Response(400, json={"message": None}), '400: {"message":null}'),
    ],
)
def test_a_refusal_is_told_in_the_carriers_own_words(monkeypatch, answer, said):
    monkeypatch.setattr(httpx, "post", lambda *_a, **_k: answer)

    with pytest.raises(sms.Refused) as refused:
        sms.send(CARRIER, to="+16085550000", body="x")

    assert str(refused.value) == said
