"""A file's JSON (https://docs.slack.dev/reference/objects/file-object)."""

import mimetypes
from pathlib import PurePosixPath
from urllib.parse import quote

from bot.sandbox.slack.errors import Json
from bot.sandbox.slack.model import File

PREVIEW_LINES = 5


def mimetype_of(file: File) -> str:
    if file.snippet_type:
        return "text/plain"
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def file_json(file: File) -> Json:
    address = f"{file.base_url}/files/{file.id}/{quote(file.name, safe='')}"
    suffix = PurePosixPath(file.name).suffix.removeprefix(".") or "binary"
    kind = mimetype_of(file) if file.processed else ""
    shown: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": kind,
        "filetype": "text" if kind == "text/plain" else suffix if kind else "",
        "user": file.owner,
        "size": file.size,
        "mode": "snippet" if kind.startswith("text/") else "hosted",
        "is_external": False,
        "is_public": True,
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": address,
        "alt_txt": file.alt_text,
    }
    if kind.startswith("text/") and file.content is not None:
        lines = file.content.decode("utf-8", "replace").splitlines()
        more = max(0, len(lines) - PREVIEW_LINES)
        shown |= {"preview": "\n".join(lines[:PREVIEW_LINES]), "lines": len(lines), "lines_more": more}
    return shown
