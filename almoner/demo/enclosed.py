"""What people send along from the demo's page, and the carrier's store of what came with texts."""

import base64
import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs
from uuid import uuid4

_MOST = 50


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file as its sender names it."""

    name: str
    media: str
    content: bytes

    def with_mail(self, message: EmailMessage) -> None:
        """Attach it as mail programs do."""
        major, _slash, minor = self.media.partition("/")
        message.add_attachment(
            self.content, maintype=major, subtype=minor or "octet-stream", filename=self.name
        )


def posted(content_type: str, body: bytes) -> tuple[dict[str, str], Enclosed | None]:
    """The fields of a form, and the file in it."""
    if not content_type.startswith("multipart/form-data"):
        return {name: each[0] for name, each in parse_qs(body.decode()).items()}, None
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    fields: dict[str, str] = {}
    found: Enclosed | None = None
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        raw = part.get_payload(decode=True)
        content = raw if isinstance(raw, bytes) else b""
        if filename := part.get_filename():
            found = Enclosed(filename, part.get_content_type(), content)
        elif part.get_filename() is None:
            fields[name] = content.decode()
    return fields, found


class Store:
    """What came with texts, until the clinic has fetched it; by basic authentication alone."""

    def __init__(self, url: str, account: str, token: str) -> None:
        self.url, self.account = url, account
        self._right = f"{account}:{token}"
        self._kept: OrderedDict[str, Enclosed] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, enclosed: Enclosed, message: str) -> str:
        """The address at which the clinic finds it."""
        path = f"/2010-04-01/Accounts/{self.account}/Messages/{message}/Media/ME{uuid4().hex}"
        with self._lock:
            self._kept[path] = enclosed
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return f"{self.url}{path}"

    def get(self, path: str, given: str) -> tuple[int, Enclosed | None]:
        """HTTP's word for what came of it, and the file when that is 200."""
        right = "Basic " + base64.b64encode(self._right.encode()).decode()
        if not hmac.compare_digest(given.encode(), right.encode()):
            return 401, None
        found = self._kept.get(path)
        return (200, found) if found else (404, None)
