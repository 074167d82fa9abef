"""Settings of one installation, from the environment or ``settings.toml`` in its folder."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LANGUAGES = ("en", "ru", "pl")
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Everything an installation can be told from outside; see ``docs/settings.md``."""

    instance: Path = ROOT / "instance"
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    secret_key: str = ""
    demo: bool = True
    language: str = "en"
    time_zone: str = "Europe/Warsaw"
    smtp_url: str = ""
    mail_from: str = "bpm@localhost"
    base_url: str = ""
    files_url: str = ""
    test_clock: bool = False
    allowed_hosts: tuple[str, ...] = field(default_factory=tuple)
    metrics_token: str = ""
    upload_limit: int = 25 * 1024 * 1024

    @property
    def address(self) -> str:
        """The address under which people open the pages, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def files_folder(self) -> Path:
        """The folder of uploads and produced documents."""
        if self.files_url.startswith("file://"):
            return Path(self.files_url.removeprefix("file://"))
        return self.instance / "files"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; the environment wins over ``settings.toml``.

    Creates the instance folder and, once, its secret key.

    Raises:
        ValueError: a setting has a value that cannot be used; the text names it.
    """
    environment = os.environ if environment is None else environment
    instance = Path(environment.get("BPM_INSTANCE", str(ROOT / "instance"))).resolve()
    instance.mkdir(parents=True, exist_ok=True)
    values = _from_file(instance / "settings.toml")
    values.update({name: text for name, text in environment.items() if text != ""})

    def text(name: str, default: str) -> str:
        return values.get(name, default)

    return Settings(
        instance=instance,
        database_url=text("DATABASE_URL", f"sqlite:///{instance / 'bpm.sqlite3'}"),
        host=text("BPM_HOST", "127.0.0.1"),
        port=_port(text("BPM_PORT", "8000")),
        secret_key=text("BPM_SECRET_KEY", "") or _secret_key(instance / "secret_key"),
        demo=_flag("BPM_DEMO", text("BPM_DEMO", "1")),
        language=_language(text("BPM_LANGUAGE", "en")),
        time_zone=text("BPM_TIME_ZONE", "Europe/Warsaw"),
        smtp_url=text("SMTP_URL", ""),
        mail_from=text("BPM_MAIL_FROM", "bpm@localhost"),
        base_url=text("BPM_BASE_URL", ""),
        files_url=text("BPM_FILES_URL", ""),
        test_clock=_flag("BPM_TEST_CLOCK", text("BPM_TEST_CLOCK", "0")),
        metrics_token=text("BPM_METRICS_TOKEN", ""),
        allowed_hosts=tuple(text("BPM_ALLOWED_HOSTS", "").replace(",", " ").split()),
    )


def _from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    return {name: str(value) for name, value in tomllib.loads(path.read_text("utf-8")).items()}


def _secret_key(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), "ascii")
    return path.read_text("ascii").strip()


def _flag(name: str, text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError(f"{name} is {text!r}; write 1 or 0.")
    return words[text.lower()]


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"BPM_PORT is {text!r}; write a number from 1 to 65535.")
    return int(text)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError(f"BPM_LANGUAGE is {text!r}; write one of {', '.join(LANGUAGES)}.")
    return text
