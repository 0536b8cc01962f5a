"""Files that are handed over: what they are is found in their bytes, never in their name."""

from almoner.ground.pictures import NotAPicture, encoded_anew

LARGEST_PDF = 15 * 1024 * 1024


class NotAFile(Exception):
    """Neither a picture we can read nor a PDF, or too large; nothing was kept."""


def kept_file(content: bytes) -> tuple[str, bytes]:
    """Its media type and what is kept: a picture encoded anew, a PDF as it is. Raises NotAFile.

    A PDF cannot be made harmless here: it is only ever handed out as a file to keep.
    """
    if content.startswith(b"%PDF-"):
        if len(content) > LARGEST_PDF or b"%%EOF" not in content[-2048:]:
            raise NotAFile
        return "application/pdf", content
    try:
        return "image/jpeg", encoded_anew(content).jpeg
    except NotAPicture as error:
        raise NotAFile from error
