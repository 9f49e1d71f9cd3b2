"""Where alerts go beside the terminal: a file, a mail server, a webhook.

A channel that fails is told and does not keep the others from their alerts.
"""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import asdict
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from detente.errors import SettingError
from detente.measure import Alert, read_alert, write_alert

SECONDS = 20  # that a mail server or a webhook may take


def read_raised(path: Path) -> dict[str, Alert]:
    """Give the alerts of the file, by id; none where there is no file."""
    if not path.exists():
        return {}
    alerts = (read_alert(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return {alert.id: alert for alert in alerts}


def append_alerts(path: Path, alerts: Sequence[Alert]) -> None:
    """Add alerts to the file, a line of JSON each: the memory of what was raised."""
    if alerts:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{write_alert(alert)}\n" for alert in alerts)


def send_mail(server: str, to: Sequence[str], alerts: Sequence[Alert]) -> str | None:
    """Send alerts in one mail; give what went wrong, or None.

    `server` is smtp://user:password@host:port or smtps://…; smtp turns to TLS where the server offers it.
    """
    parts = urlsplit(server)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SettingError(f"alert_mail_server must look like smtp://user:password@host:25, not {parts.scheme}:…")
    message = EmailMessage()
    message["Subject"] = f"détente: {len(alerts)} alert{'s' if len(alerts) != 1 else ''}"
    message["From"] = unquote(parts.username or "") if "@" in unquote(parts.username or "") else "detente@localhost"
    message["To"] = ", ".join(to)
    message.set_content("\n".join(f"{alert.watch}: {alert.reason}" for alert in alerts))
    try:
        _deliver(parts.scheme, parts.hostname, parts.port, parts.username, parts.password, message)
    except (OSError, smtplib.SMTPException) as error:
        return f"mail by {parts.hostname} failed: {error}"
    return None


def _deliver(
    scheme: str, host: str, port: int | None, user: str | None, password: str | None, message: EmailMessage
) -> None:
    if scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=SECONDS)
    else:
        server = smtplib.SMTP(host, port or 25, timeout=SECONDS)
    with server:
        if scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(unquote(user), unquote(password or ""))
        server.send_message(message)


def call_webhook(url: str, alerts: Sequence[Alert]) -> str | None:
    """Post alerts as a JSON list; give what went wrong, or None."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise SettingError(f"alert_webhook must be an http or https address, not {url!r}")
    body = json.dumps([asdict(alert) | {"at": alert.at.isoformat()} for alert in alerts]).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):
            return None
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        return f"webhook {urlsplit(url).hostname} failed: {error}"
