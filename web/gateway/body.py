"""Receives the body of a request: bounded in size and time, in memory while small, else on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol, cast

from web.gateway.refusal import Refusal

IN_MEMORY = 256 * 2**10


class Chunks(Protocol):
    """A body as it arrives; the last chunk is empty."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """``size`` in bytes, ``idle`` the longest pause and ``total`` the longest time in seconds."""

    size: int
    idle: float
    total: float


@dataclass(frozen=True, slots=True)
class Received:
    """A body, whole, with its length; or why there is none: a refusal, or a client that is gone."""

    file: IO[bytes] | None
    length: int
    refusal: Refusal | None = None
    gone: bool = False


async def receive(chunks: Chunks, declared: int | None, limits: BodyLimits) -> Received:
    """Receive a body; ``declared`` is its Content-Length.

    A body over the limit is not received further: its length alone is returned, for the application to
    refuse.
    """
    if declared is not None and declared > limits.size:
        return Received(None, declared)
    file = cast("IO[bytes]", SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115  closed with the request
    length = 0
    try:
        async with asyncio.timeout(limits.total):
            arriving = aiter(chunks)
            while chunk := await asyncio.wait_for(_next(arriving), limits.idle):
                length += len(chunk)
                if length > limits.size:
                    file.close()
                    return Received(None, length)
                file.write(chunk)
    except TimeoutError:
        file.close()
        return Received(None, length, _slow(length, declared, limits))
    except Exception:  # granian: the connection broke
        file.close()
        return Received(None, length, gone=True)
    if declared is not None and length < declared:
        file.close()
        return Received(None, length, gone=True)
    file.seek(0)
    return Received(file, length)


async def _next(arriving: AsyncIterator[bytes]) -> bytes:
    try:
        return await anext(arriving)
    except StopAsyncIteration:
        return b""


def _slow(length: int, declared: int | None, limits: BodyLimits) -> Refusal:
    of = "" if declared is None else f" of {declared:,}"
    return Refusal(
        408,
        f"{length:,}{of} bytes of the body arrived; a pause may last {limits.idle:g} s and the whole body "
        f"{limits.total:g} s. Send it again, or over a faster connection",
    )
