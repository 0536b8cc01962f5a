import re
from datetime import UTC, datetime

import pytest

from almoner.ground import paper

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DATA = {"from": {"name": "Blue Harbor", "lines": ["1 Way", "Town"]}, "cents": -123_405}


def sample(text="#panic()", **facts):
    return paper.pdf("ground/sample.typ", data=DATA | {"text": text}, at=facts.pop("at", AT))


def test_the_same_data_at_the_same_instant_gives_the_same_bytes():
    first, second = sample(), sample()

    assert first.startswith(b"%PDF-")
    assert first == second
    assert first != sample(text="another")


def test_what_stands_in_the_data_is_text_and_never_markup():
    assert sample(text='#panic("run")').startswith(b"%PDF-")


@pytest.mark.parametrize(
    "name", ["ground/none.typ", "ground/../../settings.py", "none/x.typ", "sample.typ"]
)
def test_a_template_that_is_not_there_is_named(name):
    with pytest.raises(paper.NoSuchTemplate, match=re.escape(name)):
        paper.pdf(name, data={}, at=AT)


def test_no_template_asks_the_network_for_a_package():
    templates = list(paper.HOUSE.glob("*/templates/**/*.typ"))

    assert templates
    for template in templates:
        assert '"@' not in template.read_text(), template
