"""Janus for calls of five and more of the demo: told to do that, and no more."""

import shutil
from pathlib import Path

WHERE = ("/usr/lib/*/janus", "/usr/lib/janus", "/usr/local/lib/janus", "/opt/janus/lib/janus")
"""Where its plugins and transports lie, which differs by distribution."""
_PARTS = ("plugins", "transports")
_NEEDED = {"plugins": "libjanus_videoroom.so", "transports": "libjanus_http.so"}
# What we ask is bound to loopback. Pictures and sound go to whatever addresses the machine has: its
# own browsers reach those, and ICE offers no loopback where there is another.
_CORE = """\
general: {{
  configs_folder = "{folder}"
  plugins_folder = "{lib}/plugins"
  transports_folder = "{lib}/transports"
  events_folder = "{folder}"
  loggers_folder = "{folder}"
  api_secret = "{secret}"
  debug_level = 3
  debug_colors = false
  session_timeout = 60
}}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
_HTTP = """\
general: {{
  json = "compact"
  base_path = "/janus"
  http = true
  ip = "127.0.0.1"
  port = {port}
  https = false
}}
admin: {{ admin_http = false admin_https = false }}
"""
_ROOMS = 'general: {{ admin_key = "{admin_key}" }}\n'


def program() -> tuple[str, Path] | None:
    """Janus and where its parts lie; None when it, or the part for rooms, is not installed."""
    found = shutil.which("janus")
    folders = (lib for where in WHERE for lib in sorted(Path("/").glob(where.lstrip("/"))))
    lib = next(
        (lib for lib in folders if all((lib / one / _NEEDED[one]).exists() for one in _PARTS)), None
    )
    return (found, lib) if found and lib else None


def write(folder: Path, at: tuple[str, Path], *, port: int, secret: str, admin_key: str) -> None:
    """What it is told, where it looks for it; the secrets are among no arguments that all see."""
    folder.mkdir(mode=0o700, exist_ok=True)
    _program, lib = at
    others = {
        one: ",".join(
            sorted(each.name for each in (lib / one).glob("*.so") if each.name != _NEEDED[one])
        )
        for one in _PARTS
    }
    told = {"folder": folder, "lib": lib, "secret": secret, "port": port, "admin_key": admin_key}
    for name, text in (
        ("janus.jcfg", _CORE),
        ("janus.transport.http.jcfg", _HTTP),
        ("janus.plugin.videoroom.jcfg", _ROOMS),
    ):
        kept = folder / name
        kept.touch(mode=0o600)
        kept.write_text(text.format(**told, **others))


def command(folder: Path, at: tuple[str, Path]) -> list[str]:
    return [at[0], "--configs-folder", str(folder), "--config", str(folder / "janus.jcfg")]
