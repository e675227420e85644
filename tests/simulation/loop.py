"""An event loop whose time is made up: it passes only while nobody has anything to do, and then at once.

The same calls give the same order of everything, in every run. Not modelled: threads, sockets, signals, subprocesses.
"""

import asyncio
import heapq
from asyncio import events
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from contextvars import Context
from itertools import count
from typing import Any, TypeVarTuple

Ts = TypeVarTuple("Ts")

AT_ONCE = 20_000
"""So many steps in one moment are taken for a loop without an end."""

TICK = 30.0
"""A worker that has nothing to do looks again after so many seconds."""


class EndlessError(Exception):
    """Much was done and no time passed."""


class VirtualLoop(asyncio.AbstractEventLoop):
    """`mains` are the tasks whose ticks are idle ones: all but the last before `leap` may be left out. `halted`: no more is done."""

    def __init__(self) -> None:
        self.leap: Callable[[], float] = lambda: 0.0
        self.mains: set[asyncio.Task[None]] = set()
        self.failures: list[str] = []
        self.changed = 0.0
        self.halted = False
        self.on_task: Callable[[asyncio.Task[Any]], None] = lambda _: None
        self._now = 0.0
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._idle: list[tuple[float, float, int, asyncio.TimerHandle]] = []
        self._numbers = count()

    # ------------------------------------------------------------ what asyncio asks of a loop

    def time(self) -> float:
        return self._now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(self._now + delay, callback, args, self, context)
        if delay == TICK and asyncio.current_task(self) in self.mains:
            heapq.heappush(self._idle, (handle.when(), self._now, next(self._numbers), handle))
        else:
            heapq.heappush(self._timers, (handle.when(), next(self._numbers), handle))
        return handle

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        heapq.heappush(self._timers, (when, next(self._numbers), handle))
        return handle

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """A cancelled timer is left where it is until its time."""

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(
        self,
        coro: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> asyncio.Task[Any]:
        task: asyncio.Task[Any] = asyncio.Task(coro, loop=self, name=name, context=context)
        self.on_task(task)
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.failures.append(f"{context.get('message')}: {context.get('exception')!r}")

    # ------------------------------------------------------------ what the simulation asks of it

    async def sleep_until(self, when: float) -> None:
        """Returns at that time; unlike `asyncio.sleep`, it is never taken for an idle sleep."""
        waiter = self.create_future()
        timer = self.call_at(when, _wake, waiter)
        try:
            await waiter
        finally:
            timer.cancel()

    def run_until(self, end: float) -> None:
        """Does all that is to be done before that time."""
        events._set_running_loop(self)  # noqa: SLF001 - made for those who write a loop
        steps = 0
        try:
            while not self.halted:
                if self._ready:
                    steps += 1
                    if steps > AT_ONCE:
                        raise EndlessError
                    handle = self._ready.popleft()
                    if not handle.cancelled():
                        handle._run()  # noqa: SLF001 - as above
                    continue
                if not self._advance(end):
                    return
                steps = 0
        finally:
            events._set_running_loop(None)  # noqa: SLF001

    def _advance(self, end: float) -> bool:
        """Goes on to the next timer before `end`; False: there is none."""
        timers, idle = self._timers, self._idle
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        while idle and idle[0][3].cancelled():
            heapq.heappop(idle)
        first = timers[0][0] if timers else end
        if idle and idle[0][0] < first:
            self._leave_out(min(first, end))
            idle = self._idle
        tick = bool(idle) and idle[0][0] < first
        when = idle[0][0] if tick else first
        if when >= end:
            self._now = end
            return False
        self._now = max(self._now, when)
        while idle and idle[0][0] <= when:
            self._ready.append(heapq.heappop(idle)[3])
        while timers and timers[0][0] <= when:
            self._ready.append(heapq.heappop(timers)[2])
        return True

    def _leave_out(self, until: float) -> None:
        """Postpones idle ticks, by whole ticks, while surely nothing would come of them."""
        idle = [entry for entry in self._idle if not entry[3].cancelled()]
        if any(began <= self.changed + TICK for _, began, _, _ in idle):
            # Not everybody has looked twice since: the first look may have found a clock to be asked for first.
            return
        until = min(until, self.leap())
        self._idle = []
        for when, began, number, handle in idle:
            ticks = max(int((until - when) // TICK), 0)
            heapq.heappush(self._idle, (when + ticks * TICK, began, number, handle))


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
