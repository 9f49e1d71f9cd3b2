"""A second reader: any endpoint that speaks the OpenAI protocol for chat, such as a local Ollama or vLLM.

Off unless its address is set. What it answers is text from outside and trusted in nothing; the caller
checks it. The key comes from the environment only, and stands in no record, recipe or message.
"""

import json
import os
import time
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from detente.errors import EngineError, SettingError

KEY_VARIABLE = "SECOND_READER_KEY"
MOST_BYTES = 2**20  # of an answer
_CHUNK = 2**14


class AnswerError(EngineError):
    """The second reader gave no usable answer; says why."""


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: the key goes to the address that was set and nowhere else."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Refuse, whatever the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReader:
    """Asks one endpoint; `url` is what stands before /chat/completions, `seconds` bounds a whole answer."""

    url: str
    model: str
    seconds: float

    def __post_init__(self) -> None:
        if urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname:
            raise SettingError(f"second_reader_url is {self.url!r}, but must be such as http://localhost:11434/v1")
        if not self.model:
            raise SettingError("second_reader_url is set, so second_reader_model must name a model too")

    @property
    def recipe(self) -> str:
        """Name of the model; the address is the desk's own affair."""
        return f"second-{self.model}"

    def ask(self, task: str, text: str) -> object:
        """Give the JSON that the endpoint answers to a task on a text; raises AnswerError if there is none."""
        messages = [{"role": "system", "content": task}, {"role": "user", "content": text}]
        body = {
            "model": self.model, "messages": messages, "temperature": 0, "response_format": {"type": "json_object"}
        }  # fmt: skip
        try:
            said = json.loads(self._post(json.dumps(body).encode("ascii")))
            content = said["choices"][0]["message"]["content"]
            return json.loads(_unfenced(content))
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise AnswerError(f"the second reader's answer is not as agreed ({type(error).__name__})") from None

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get(KEY_VARIABLE, "").strip():
            headers["Authorization"] = f"Bearer {key}"
        request = Request(self.url.rstrip("/") + "/chat/completions", body, headers)
        end = time.monotonic() + self.seconds
        answer = bytearray()
        try:
            with build_opener(_NoRedirect).open(request, timeout=self.seconds) as reply:
                while chunk := reply.read1(_CHUNK):
                    answer += chunk
                    if len(answer) > MOST_BYTES:
                        raise AnswerError("the second reader's answer is too long")
                    if time.monotonic() > end:
                        raise TimeoutError
        except TimeoutError:
            raise AnswerError(f"the second reader took longer than {self.seconds:g} seconds") from None
        except HTTPError as error:
            raise AnswerError(f"the second reader answered with HTTP status {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = "it took too long" if "timed out" in str(error) else type(error).__name__
            raise AnswerError(f"the second reader cannot be reached or broke off ({reason})") from None
        return bytes(answer)


def _unfenced(content: str) -> str:
    """Give the JSON of an answer that wraps it in a code fence."""
    text = content.strip()
    if text.startswith("```"):
        text = text.partition("\n")[2].rpartition("```")[0]
    return text
