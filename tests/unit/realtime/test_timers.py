"""Many deadlines on one timer."""

import asyncio

from realtime.timers import Timers
from tests.support.wait import until


async def test_deadlines_come_in_their_order() -> None:
    """Whatever the order they were set in."""
    timers, came = Timers(asyncio.get_running_loop()), list[str]()
    timers.after(0.03, lambda: came.append("last"))
    timers.after(0.01, lambda: came.append("first"))
    timers.after(0.02, lambda: came.append("second"))
    await until(lambda: len(came) == 3)
    assert came == ["first", "second", "last"]
    assert len(timers) == 0


async def test_a_cancelled_deadline_does_nothing() -> None:
    """And keeps no other back."""
    timers, came = Timers(asyncio.get_running_loop()), list[str]()
    timers.after(0.01, lambda: came.append("cancelled")).cancel()
    timers.after(0.02, lambda: came.append("kept"))
    await until(lambda: came)
    assert came == ["kept"]


async def test_one_that_fails_keeps_no_other_back() -> None:
    """Its failure is logged."""
    timers, came = Timers(asyncio.get_running_loop()), list[str]()
    timers.after(0, lambda: came.append(str(1 // 0)))
    timers.after(0, lambda: came.append("next"))
    await until(lambda: came)
    assert came == ["next"]


async def test_deadlines_may_set_deadlines() -> None:
    """Due at once, they come without waiting for another."""
    timers, came = Timers(asyncio.get_running_loop()), list[str]()
    timers.after(0.01, lambda: timers.after(0, lambda: came.append("nested")) and None)
    timers.after(60, lambda: came.append("far"))
    await until(lambda: came)
    timers.close()
    assert came == ["nested"]
    assert len(timers) == 0
