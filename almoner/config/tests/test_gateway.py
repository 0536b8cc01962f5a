"""What the demo's Janus is told, and that none is made of one that is not there."""

from almoner.config import gateway

PARTS = {
    "plugins": ("libjanus_videoroom.so", "libjanus_sip.so", "libjanus_recordplay.so"),
    "transports": ("libjanus_http.so", "libjanus_websockets.so"),
}


def installed(folder, *, without=""):
    for part, names in PARTS.items():
        (folder / "lib" / part).mkdir(parents=True)
        for name in names:
            if name != without:
                (folder / "lib" / part / name).touch()
    program = folder / "janus"
    program.touch(mode=0o755)
    return folder / "lib"


def test_a_janus_is_one_with_the_part_for_rooms(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(gateway, "WHERE", (str(tmp_path / "whole/lib"), str(tmp_path / "half/lib")))
    assert gateway.program() is None

    installed(tmp_path / "half", without="libjanus_videoroom.so")
    (tmp_path / "half/janus").rename(tmp_path / "janus")
    assert gateway.program() is None

    lib = installed(tmp_path / "whole")
    assert gateway.program() == (str(tmp_path / "janus"), lib)


def test_it_is_told_to_hold_rooms_and_nothing_else_and_only_we_read_its_secrets(tmp_path):
    folder = tmp_path / "gateway"
    lib = installed(tmp_path / "janus")

    gateway.write(folder, ("janus", lib), port=8_131, secret="a secret", admin_key="a key")

    told = {path.name: path.read_text() for path in folder.iterdir()}
    assert 'plugins: { disable = "libjanus_recordplay.so,libjanus_sip.so" }' in told["janus.jcfg"]
    assert 'transports: { disable = "libjanus_websockets.so" }' in told["janus.jcfg"]
    assert 'api_secret = "a secret"' in told["janus.jcfg"]
    assert 'admin_key = "a key"' in told["janus.plugin.videoroom.jcfg"]
    assert 'ip = "127.0.0.1"' in told["janus.transport.http.jcfg"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert "secret" not in " ".join(gateway.command(folder, ("janus", lib)))
