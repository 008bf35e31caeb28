"""The fan-out: order, gaps, deafness and resets, without sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from realtime.wire import event
from rooms.memory import Hub
from tests.support.wait import until
from tests.unit.realtime.node import Cell, Table, Wire, session

CHANNEL = "quotation:1/agency"


@pytest.fixture
async def cell() -> AsyncIterator[Cell]:
    cell = Cell(Table(), Hub())
    await cell.broker.start()
    yield cell
    await cell.fanout.close()
    await cell.broker.close()


async def test_frames_go_to_every_member_in_order(cell: Cell) -> None:
    """[D1] One encoding, the same text for all."""
    wires = [Wire(), Wire()]
    for number, wire in enumerate(wires):
        await cell.join(session(str(number), wire), CHANNEL)
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL, 3))
    await until(lambda: wires[1].seqs() == [1, 2, 3])
    assert wires[0].texts == wires[1].texts


async def test_what_arrives_during_a_join_follows_its_release(cell: Cell) -> None:
    """[D1] Held until then, and only what the position lacks."""
    wire = Wire()
    who = session("a", wire)
    await cell.fanout.hold(who, (CHANNEL,))
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL, 2))
    place = (await cell.table.position((CHANNEL,)))[CHANNEL]
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL, 2))
    assert wire.texts == []
    cell.fanout.release(who, CHANNEL, place)
    await until(lambda: wire.seqs() == [3, 4])


async def test_a_gap_is_filled_from_the_table(cell: Cell) -> None:
    """[D1] [D2] The broker lost two frames: nobody notices."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    _, _, *later = cell.table.commit(CHANNEL, 4)
    await cell.relay(CHANNEL, *later)
    await until(lambda: wire.seqs() == [1, 2, 3, 4])


async def test_what_is_filled_in_leaves_under_the_rights_of_today(cell: Cell) -> None:
    """[P6] Nobody told this node of the change, which it may never hear of: the table holds what came after it."""
    stays, goes = Wire(), Wire()
    for name, wire in (("stays", stays), ("goes", goes)):
        await cell.join(session(name, wire), CHANNEL)
    _, *later = cell.table.commit(CHANNEL, 3)
    cell.table.revoked.add("goes")
    await cell.relay(CHANNEL, *later)
    await until(lambda: stays.seqs() == [1, 2, 3])
    assert goes.texts == []


async def test_after_a_loss_nothing_leaves_before_rights_were_read(cell: Cell) -> None:
    """[P6] What the new connection brings waits until then."""
    stays, goes = Wire(), Wire()
    for name, wire in (("stays", stays), ("goes", goes)):
        await cell.join(session(name, wire), CHANNEL)
    cell.fanout.on_lost([CHANNEL])
    cell.table.revoked.add("goes")
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL, 2))
    await until(lambda: stays.seqs() == [1, 2])
    assert goes.texts == []


async def test_a_late_copy_is_passed_over(cell: Cell) -> None:
    """[D1] What was filled in from the table is not sent again when it arrives."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    frames = cell.table.commit(CHANNEL, 3)
    cell.fanout.on_frame(CHANNEL, frames[2])
    await until(lambda: wire.seqs() == [1, 2, 3])
    for frame in frames:
        cell.fanout.on_frame(CHANNEL, frame)
    assert wire.seqs() == [1, 2, 3]


async def test_frames_that_come_while_a_gap_is_filled_follow_it(cell: Cell) -> None:
    """[D1] They wait, and are passed on in their place."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    frames = cell.table.commit(CHANNEL, 3)
    cell.fanout.on_frame(CHANNEL, frames[2])
    cell.fanout.on_frame(CHANNEL, cell.table.commit(CHANNEL)[0])
    cell.fanout.on_frame(CHANNEL, cell.table.commit(CHANNEL)[0])
    await until(lambda: wire.seqs() == [1, 2, 3, 4, 5])


async def test_a_deaf_node_finds_out_by_comparing(cell: Cell) -> None:
    """[D2] The first comparison may only be early; the second one fills in."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    cell.table.commit(CHANNEL, 2)
    await cell.fanout.compare()
    assert wire.seqs() == []
    await cell.fanout.compare()
    await until(lambda: wire.seqs() == [1, 2])
    await cell.fanout.compare()
    await cell.fanout.compare()
    assert wire.seqs() == [1, 2]


async def test_a_lost_reset_is_found_by_comparing(cell: Cell) -> None:
    """[P6] [D2.5] Also when nothing follows it; other channels are left alone."""
    wire, other = Wire(), Wire()
    await cell.join(session("a", wire), CHANNEL)
    await cell.join(session("b", other), "quotation:2/agency")
    cell.table.reset(CHANNEL)
    await cell.fanout.compare()
    await cell.fanout.compare()
    await until(lambda: wire.events)
    assert wire.events == [
        ("room.reset", {"room": "quotation:1", "epoch": "epoch-2", "seq": 0, "snapshot": {"seen": 0}})
    ]
    assert other.texts == []


async def test_more_than_a_replay_may_hold_is_a_reset(cell: Cell) -> None:
    """[D1] Members are told a declared reset, with a snapshot, in place of endless frames."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    cell.table.commit(CHANNEL, 60)
    await cell.fanout.compare()
    await cell.fanout.compare()
    await until(lambda: wire.events)
    assert wire.events == [
        ("room.reset", {"room": "quotation:1", "epoch": "epoch-1", "seq": 60, "snapshot": {"seen": 60}})
    ]
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL))
    await until(lambda: wire.seqs() == [61])


async def test_a_reset_sends_those_who_may_stay_a_snapshot_and_the_others_out(cell: Cell) -> None:
    """[P6] Rights are read again for each; nothing of the new epoch goes to who lost them."""
    stays, goes = Wire(), Wire()
    await cell.join(session("stays", stays), CHANNEL)
    await cell.join(session("goes", goes), CHANNEL)
    cell.table.banned.add("goes")
    await cell.relay(CHANNEL, cell.table.reset(CHANNEL))
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL, 2))
    await until(lambda: cell.closed)
    await until(lambda: stays.events)
    assert cell.closed == [("goes", "quotation:1", "room.forbidden")]
    assert goes.texts == []
    name, body = stays.events[0]
    assert (name, body["epoch"]) == ("room.reset", "epoch-2")
    await until(lambda: [body["seq"], *stays.seqs()][-1] == 2)
    assert stays.seqs() == list(range(body["seq"] + 1, 3))


async def test_a_join_after_a_reset_goes_by_its_own_ack(cell: Cell) -> None:
    """[D1] Where the ack says that somebody stands is where they go on, though the reset's reading ends before."""
    wire = Wire()
    who = session("a", wire)
    await cell.join(who, CHANNEL)
    cell.fanout.on_frame(CHANNEL, cell.table.reset(CHANNEL))
    await cell.fanout.hold(who, (CHANNEL,))
    place = (await cell.table.position((CHANNEL,)))[CHANNEL]
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL, 2))
    await until(lambda: cell.confirmed)
    assert wire.events == []
    cell.fanout.release(who, CHANNEL, place)
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL))
    await until(lambda: wire.seqs()[-1:] == [3])
    assert [name for name, _ in wire.events] == ["fact", "fact", "fact"]


async def test_a_lost_reset_is_seen_in_the_next_frame(cell: Cell) -> None:
    """[P6] Any frame of a newer generation is one."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    cell.table.reset(CHANNEL)
    cell.fanout.on_frame(CHANNEL, cell.table.commit(CHANNEL)[0])
    await until(lambda: wire.events)
    assert wire.events == [
        ("room.reset", {"room": "quotation:1", "epoch": "epoch-2", "seq": 1, "snapshot": {"seen": 1}})
    ]


async def test_after_a_lost_broker_nothing_passes_before_rights_were_read(cell: Cell) -> None:
    """[P6] A frame of the old generation that was on its way goes nowhere."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    late = cell.table.commit(CHANNEL)[0]
    cell.table.reset(CHANNEL)
    cell.table.banned.add("a")
    cell.fanout.on_lost([CHANNEL])
    cell.fanout.on_frame(CHANNEL, late)
    await until(lambda: cell.closed)
    assert wire.texts == []


async def test_signals_wait_for_nobody_while_a_channel_is_settled(cell: Cell) -> None:
    """[D6] They are dropped."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    signal = event("typing.changed", b"{}")
    cell.fanout.signal(CHANNEL, signal)
    cell.fanout.on_lost([CHANNEL])
    cell.fanout.signal(CHANNEL, signal)
    assert wire.events == [("typing.changed", {})]


async def test_a_database_that_is_away_is_waited_for(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Members stay held, nothing is lost, and all goes on when it is back."""
    wire = Wire()
    await cell.join(session("a", wire), CHANNEL)
    frames = cell.table.commit(CHANNEL, 2)
    cell.table.away = True
    monkeypatch.setattr("realtime.tasks.AGAIN_SECONDS", 0.01)
    cell.fanout.on_frame(CHANNEL, frames[1])
    asked = cell.table.reads
    await until(lambda: cell.table.reads > asked + 2)
    assert wire.texts == []
    cell.table.away = False
    await until(lambda: wire.seqs() == [1, 2])


async def test_the_last_to_leave_ends_the_subscription(cell: Cell) -> None:
    """And somebody who comes back at once is heard again."""
    first, second = Wire(), Wire()
    one, two = session("a", first), session("b", second)
    await cell.join(one, CHANNEL)
    cell.fanout.leave(one, (CHANNEL,))
    await cell.join(two, CHANNEL)
    await cell.relay(CHANNEL, *cell.table.commit(CHANNEL))
    await until(lambda: second.seqs() == [1])
    assert first.texts == []
    assert set(cell.fanout.channels()) == {CHANNEL}


async def test_who_is_gone_in_the_turn_in_which_they_came_is_heard_for_no_more(cell: Cell) -> None:
    """[S2] Else the node would hear a channel without members for ever."""
    who = session("a", Wire())
    joining = asyncio.create_task(cell.fanout.hold(who, (CHANNEL,)))
    await asyncio.sleep(0)
    cell.fanout.leave(who, (CHANNEL,))
    await joining
    await cell.join(who, "quotation:2/agency")
    assert cell.broker._subscribed == {"quotation:2/agency"}


async def test_a_join_whose_client_is_gone_meanwhile_finds_nothing_passed(cell: Cell) -> None:
    """[S2] Its connection broke while it was held: that is no failure of ours."""
    who = session("a", Wire())
    await cell.fanout.hold(who, (CHANNEL,))
    assert cell.fanout.passed(CHANNEL) == 0
    cell.fanout.leave(who, (CHANNEL,))
    assert cell.fanout.passed(CHANNEL) == -1


async def test_two_nodes_over_one_broker_send_the_same() -> None:
    """[D1] Whichever node a member is on."""
    table, hub = Table(), Hub()
    cells = [Cell(table, hub), Cell(table, hub)]
    wires = [Wire(), Wire()]
    for cell, wire in zip(cells, wires, strict=True):
        await cell.broker.start()
        await cell.join(session("a", wire), CHANNEL)
    await cells[0].relay(CHANNEL, *table.commit(CHANNEL, 2))
    await until(lambda: wires[0].seqs() == wires[1].seqs() == [1, 2])
    for cell in cells:
        await cell.fanout.close()
        await cell.broker.close()


async def test_the_channels_that_are_furthest_behind_are_known_until_they_are_not(cell: Cell) -> None:
    """The worst first, as many as are asked for; what came meanwhile counts."""
    wire = Wire()
    for name, count in (("quotation:1/agency", 2), ("quotation:2/agency", 5), ("quotation:3/agency", 0)):
        await cell.join(session(name, wire), name)
        cell.table.commit(name, count)
    assert cell.fanout.lagging(20) == []
    await cell.fanout.compare()
    assert cell.fanout.lagging(20) == [("quotation:2/agency", 5), ("quotation:1/agency", 2)]
    assert cell.fanout.lagging(1) == [("quotation:2/agency", 5)]
    await cell.relay("quotation:1/agency", *cell.table.commit("quotation:1/agency", 1))
    await until(lambda: cell.fanout.lagging(20) == [("quotation:2/agency", 5)])
    cell.table.reset("quotation:3/agency")
    await cell.fanout.compare()
    await until(lambda: [name for name, _ in cell.fanout.lagging(20)] == ["quotation:3/agency"])
