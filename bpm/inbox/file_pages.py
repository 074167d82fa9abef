"""Downloads of stored files, for those who may see what the file belongs to."""

from __future__ import annotations

from flask import send_file
from werkzeug.wrappers import Response as AnyResponse

from bpm.files.queries import open_file
from bpm.files.store import FileStore
from bpm.inbox.blueprint import blueprint, current_session
from bpm.web.request import acting_person, settings


@blueprint.get("/files/<public_id>")
def file(public_id: str) -> AnyResponse:
    """Send a file as a download; never shown in the page, whatever it claims to be."""
    store = FileStore(settings().files_folder)
    stored, stream = open_file(current_session(), store, acting_person(), public_id)
    answer = send_file(
        stream,
        mimetype=stored.media_type,
        as_attachment=True,
        download_name=stored.name,
        etag=stored.sha256,
        max_age=0,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
