"""How requests to the local Discord go wrong."""

import re
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from tests.discord.loopback.payloads import Json
from tests.discord.loopback.posting import Call


@dataclass
class Fault:
    """Answers requests like these badly, so many times; `path` is a pattern that is searched for.

    Without more it answers `status` after `delay` seconds, and nothing takes effect. `effect` says that the request
    takes effect all the same: "first", and then comes the delay and the bad answer; or "last", after the delay.
    `lost`: there is no answer, the connection breaks. A status of 0 is the answer that there would have been.
    """

    method: str
    path: str
    status: int = 0
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 1
    delay: float = 0.0
    effect: Literal["none", "first", "last"] = "none"
    lost: bool = False

    def __post_init__(self) -> None:
        assert self.status or self.lost or self.effect != "none", "there would be no answer to give"

    def meets(self, call: Call) -> bool:
        """Whether this request goes wrong."""
        return self.times > 0 and self.method == call.method and re.search(self.path, call.path) is not None


def answer_lost(method: str, path: str, times: int = 1) -> Fault:
    """The request takes effect, then the connection is reset."""
    return Fault(method, path, times=times, effect="first", lost=True)


def accepted_but(status: int, method: str, path: str, times: int = 1) -> Fault:
    """The request takes effect and is answered with this status (500, 502, 504) all the same."""
    return Fault(method, path, status, times=times, effect="first")


def accepted_late(seconds: float, method: str, path: str, times: int = 1) -> Fault:
    """The request takes effect after so long, whether or not anybody still waits for the answer."""
    return Fault(method, path, times=times, delay=seconds, effect="last")


def never_arrived(method: str, path: str, times: int = 1) -> Fault:
    """The connection is reset before the request takes effect."""
    return Fault(method, path, times=times, lost=True)


def reset(request: web.Request) -> None:
    """Breaks a request's connection so that the client sees a reset, not an end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
