"""`almoner log`: a head of the sealed access log that is kept elsewhere."""

import pytest

from almoner.access.tests.test_sealing import log, tamper  # noqa: F401 (a fixture)
from almoner.config import cli, commands


@pytest.mark.usefixtures("log")
def test_the_head_is_kept_and_compared_on_the_command_line(capsys):
    def almoner(*words):
        asked = cli.parser().parse_args(["log", *words])
        act = {"head": commands.log_head, "verify": commands.log_verify}[words[0]]
        return act(asked), capsys.readouterr().out.strip()

    code, kept = almoner("head")
    assert (code, kept.split()[0]) == (0, "3")
    assert almoner("verify", "--head", kept)[0] == 0
    tamper("DELETE FROM access_leaf WHERE number = 2", "DELETE FROM access_seal WHERE size = 3")

    assert almoner("verify")[0] == 0
    code, said = almoner("verify", "--head", kept)
    assert code == 1
    assert "a head kept elsewhere knew 3" in said
