"""The child process that fills one template: reads an order from its input, writes the answer.

Limits itself before it looks at the template; never touches the database.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import sys
from typing import Any


def limit(memory: int, seconds: int) -> None:
    """Never use more memory (bytes) and processor time than this; not on Windows, which has no such call."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def fill(template: bytes, values: dict[str, Any]) -> bytes:
    """Fill a Word template in the present language."""
    from docxtpl.template import DocxTemplate

    from bpm.documents.sandbox import TemplateSandbox

    document = DocxTemplate(io.BytesIO(template))
    # autoescape has to be said here too, or & and < break the document
    document.render(values, jinja_env=TemplateSandbox(), autoescape=True)
    filled = io.BytesIO()
    document.save(filled)
    return filled.getvalue()


def main() -> None:
    """Do one order."""
    order = json.loads(sys.stdin.buffer.read())
    from bpm.engine import values as encoding
    from bpm.language import using

    limit(order["memory"], order["seconds"])
    values = {name: encoding.decode(value) for name, value in order["values"].items()}
    try:
        with using(order["language"], order["time_zone"]):
            document = fill(base64.b64decode(order["template"]), values)
        answer = {"document": base64.b64encode(document).decode("ascii")}
    except MemoryError:
        answer = {"error": "not enough memory"}
    except Exception as error:
        answer = {"error": f"{error}"[:500] or type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
