"""How a request and its answer pass between a worker and a fork: an anonymous file each."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

Headers = list[tuple[str, str]]
Environ = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the application, whole."""

    status: int
    headers: Headers
    body: bytes


def write_request(environ: Environ, body: IO[bytes] | None) -> IO[bytes]:
    """Return a file of a request: the texts of its environment, then its body."""
    file = cast("IO[bytes]", TemporaryFile())  # noqa: SIM115  closed when the answer is there
    texts = {name: value for name, value in environ.items() if isinstance(value, str)}
    file.write(orjson.dumps(texts) + b"\n")
    if body is not None:
        shutil.copyfileobj(body, file, 2**20)
    file.flush()
    file.seek(0)
    return file


def read_request(file: IO[bytes]) -> Environ:
    """Return the environment of a request, its body next in the file."""
    environ: Environ = orjson.loads(file.readline())
    return {
        **environ,
        "wsgi.input": file,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": True,
    }


def answered(app: WSGIApplication, environ: Environ) -> Answer:
    """Ask the application and return its answer."""
    status: list[int] = []
    headers: list[Headers] = []

    def start(line: str, listed: Headers, _: object = None) -> Any:
        status.append(int(line[:3]))
        headers.append(listed)

    parts: Iterable[bytes] = app(environ, start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
    return Answer(status[-1], headers[-1], body)


def write_answer(answer: Answer, file: IO[bytes]) -> None:
    """Write an answer into a file."""
    file.write(orjson.dumps([answer.status, answer.headers]) + b"\n")
    file.write(answer.body)
    file.flush()


def read_answer(file: IO[bytes]) -> Answer:
    """Read the answer that :func:`write_answer` wrote."""
    file.seek(0)
    status, headers = orjson.loads(file.readline())
    return Answer(status, [(name, value) for name, value in headers], file.read())
