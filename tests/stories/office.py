"""People at work, for the stories: everything goes through the API or the pages, as it would in life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from lxml import html

from tests.api_client import ApiClient

ADMINISTRATOR = "adam.kaminski"


class Office:
    """``office.decide("olga.ivanova", "Allow production", "allow")``; people are named by their log-ins."""

    def __init__(
        self,
        api_of: Callable[[str], ApiClient],
        client_of: Callable[[str], FlaskClient],
        run_due: Callable[[], int],
        pass_time: Callable[..., int],
    ) -> None:
        self.api_of = api_of
        self.client_of = client_of
        self.run_due = run_due
        self.pass_time = pass_time

    # --- records ---------------------------------------------------------------------------------

    def new(self, kind: str, by: str = "olga.ivanova", responsible: str | None = None, **values: Any) -> Any:
        """Make a record; links are given as records."""
        body = {"values": {name: _reference(value) for name, value in values.items()}}
        stage = body["values"].pop("stage", None)
        body |= {"responsible": responsible} if responsible else {}
        body |= {"stage": stage} if stage else {}
        return self.api_of(by).post(f"/records/{kind}", body)

    def look(self, record: Any, by: str = "olga.ivanova") -> Any:
        """Read a record anew."""
        return self.api_of(by).get(f"/records/{record['type']}/{record['id']}")

    def enter(self, login: str, record: Any, event: str, **fields: Any) -> None:
        """Press a button for an outside event on the record's card."""
        page = f"/records/{record['type']}/{record['id']}"
        client = self.client_of(login)
        answer = client.post(f"{page}/events/{event}", data={**fields, "csrf_token": token_of(client, page)})
        assert answer.status_code == 302, answer.get_data(as_text=True)[:3000]
        self.run_due()

    # --- cases -----------------------------------------------------------------------------------

    def start(self, process: str, by: str, record: Any, **variables: Any) -> Any:
        """Start a case from a record and run what is due."""
        body = {"record": record["id"], "variables": {n: _reference(v) for n, v in variables.items()}}
        case = self.api_of(by).post(f"/processes/{process}/instances", body)
        self.run_due()
        return case

    def case(self, case: Any, by: str = ADMINISTRATOR) -> Any:
        """Read a case anew; whatever failed in it stops the story."""
        found = self.api_of(by).get(f"/instances/{case['id']}")
        assert not found["incidents"], found["incidents"]
        return found

    # --- tasks -----------------------------------------------------------------------------------

    def tasks(self, login: str) -> list[Any]:
        """Everything that the person has to do or may take."""
        api = self.api_of(login)
        mine, offered = api.get("/tasks", assignee="me"), api.get("/tasks", candidate="me")
        return [*mine["items"], *offered["items"]]

    def titles(self, login: str) -> list[str]:
        """Titles of the person's tasks."""
        return [plain(task["title"]) for task in self.tasks(login)]

    def task(self, login: str, words: str) -> Any:
        """The person's one task with these words in its title, with its form."""
        found = [task for task in self.tasks(login) if words in plain(task["title"])]
        assert len(found) == 1, f"{login} has {self.titles(login)}, not one “{words}”"
        return self.api_of(login).get(f"/tasks/{found[0]['id']}")

    def decide(self, login: str, words: str, outcome: str, comment: str = "", **values: Any) -> Any:
        """Decide a task and run what is due."""
        task = self.task(login, words)
        done = self.decide_known(login, task["id"], outcome, comment, **values)
        assert done.status_code == 200, done.get_data(as_text=True)[:2000]
        self.run_due()
        return done.get_json()

    def decide_known(self, login: str, task_id: str, outcome: str, comment: str = "", **values: Any) -> Any:
        """Try to decide a task, whatever comes of it."""
        body = {
            "outcome": outcome,
            "comment": comment,
            "values": {n: _reference(v) for n, v in values.items()},
        }
        return self.api_of(login).call("POST", f"/tasks/{task_id}/complete", body)

    def upload(self, login: str, name: str) -> dict[str, Any]:
        """Send a file; the result stands for it in a form."""
        return self.api_of(login).upload(name, f"This is {name}.".encode())

    # --- letters ---------------------------------------------------------------------------------

    def letters(self, login: str, words: str = "") -> list[str]:
        """Subjects of the letters written to a person, the newest first, as the outbox shows them."""
        self.run_due()
        client = self.client_of(ADMINISTRATOR)
        client.post("/me/appearance", data={"language": "en"})
        page = html.fromstring(
            client.get("/outbox", query_string={"text": f"{login}@"}).get_data(as_text=True)
        )
        subjects = [plain(link.text_content()) for link in page.cssselect("tbody td:first-child a")]
        return [subject for subject in subjects if words in subject]


def plain(text: str) -> str:
    """Write every kind of blank as one."""
    return " ".join(text.split())


def _reference(value: Any) -> Any:
    if isinstance(value, dict) and "type" in value and "id" in value:
        return {"record": value["type"], "id": value["id"]}
    return value


def token_of(client: FlaskClient, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:3000]
    return str(
        html.fromstring(answer.get_data(as_text=True)).cssselect("meta[name=csrf-token]")[0].get("content")
    )
