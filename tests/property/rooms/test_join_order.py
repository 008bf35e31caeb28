"""Joins, resets and frames in any interleaving: each member has a snapshot first, then what follows it, frame by
frame and within one generation, and in the end everything [D1] [D2] [P6].
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from rooms.membership import Membership
from rooms.positions import Cursor, Frame, Verdict

CHANNEL = "quotation:1/agency"
NAMES = st.sampled_from(["ana", "bruno", "carla"])


class Client:
    """What one member was sent."""

    def __init__(self) -> None:
        self.at: Cursor | None = None

    def snapshot(self, at: Cursor) -> None:
        assert self.at is None or at >= self.at, "a snapshot took something back"
        self.at = at

    def frame(self, frame: Frame) -> None:
        assert self.at is not None, "a frame before the ack"
        assert (frame.gen, frame.seq) == (self.at.gen, self.at.seq + 1), f"{frame} at {self.at}"
        self.at = Cursor(frame.gen, frame.seq)


class Node(RuleBasedStateMachine):
    """A table that is ahead, a relay that lags behind it, and a node that forwards to its members."""

    def __init__(self) -> None:
        super().__init__()
        self.table = [Cursor(1, 0)]
        self.relayed = 0
        self.at = self.table[0]
        self.membership: Membership[str] = Membership(hold_limit=3)
        self.clients: dict[str, Client] = {}
        self.reads: dict[str, Cursor] = {}

    @rule(times=st.integers(1, 4))
    def commit(self, times: int) -> None:
        for _ in range(times):
            last = self.table[-1]
            self.table.append(Cursor(last.gen, last.seq + 1))

    @rule()
    def rights_change(self) -> None:
        self.table.append(Cursor(self.table[-1].gen + 1, 0))

    @rule(name=NAMES)
    def join(self, name: str) -> None:
        self.membership.join(CHANNEL, name)
        self.clients[name] = Client()
        self.reads.pop(name, None)

    @rule(name=NAMES)
    def leave(self, name: str) -> None:
        self.membership.leave(CHANNEL, name)
        self.clients.pop(name, None)
        self.reads.pop(name, None)

    @rule(name=NAMES)
    def read(self, name: str) -> None:
        if name in self.clients:
            self.reads[name] = self.table[-1]

    @rule(name=NAMES)
    def ack_and_release(self, name: str) -> None:
        at = self.reads.pop(name, None)
        if at is None or not self._is_held(name):
            return
        missed = self.membership.release(CHANNEL, name, at)
        if missed is None:
            return
        self.clients[name].snapshot(at)
        for frame in missed:
            self.clients[name].frame(frame)

    @precondition(lambda self: self.relayed + 1 < len(self.table))
    @rule(times=st.integers(1, 5), twice=st.booleans())
    def relay(self, times: int, twice: bool) -> None:
        for _ in range(min(times, len(self.table) - 1 - self.relayed)):
            self.relayed += 1
            for _ in range(1 + twice):
                self._arrive(self.table[self.relayed])

    @precondition(lambda self: self.relayed + 1 < len(self.table))
    @rule(times=st.integers(1, 5))
    def lose(self, times: int) -> None:
        self.relayed = min(self.relayed + times, len(self.table) - 1)

    def _arrive(self, at: Cursor) -> None:
        frame = Frame(at.gen, f"epoch-{at.gen}", at.seq, "offer.submitted", b"{}")
        match self.at.judge(at.gen, at.seq):
            case Verdict.DELIVER:
                for name in self.membership.deliver(CHANNEL, frame):
                    self.clients[name].frame(frame)
            case Verdict.RESET:
                for name in self.membership.reset(CHANNEL, frame):
                    self.reads.pop(name, None)
            case Verdict.GAP:
                self._catch_up(at)
            case Verdict.IGNORE:
                return
        self.at = at

    def _catch_up(self, upto: Cursor) -> None:
        """The node compares with the table and passes on what it did not hear."""
        for missing in [at for at in self.table if self.at < at <= upto]:
            self._arrive(missing)

    def _is_held(self, name: str) -> bool:
        return name in self.membership.members(CHANNEL) and name not in self.membership.released(CHANNEL)

    def teardown(self) -> None:
        """In the end everybody has everything, and nobody was sent the reset frame itself."""
        self._catch_up(self.table[-1])
        for name, client in self.clients.items():
            self.read(name)
            self.ack_and_release(name)
            assert client.at == self.table[-1]


def test_d1_p6_members_follow_their_snapshot_frame_by_frame() -> None:
    run_state_machine_as_test(Node, settings=settings(max_examples=200, stateful_step_count=40, deadline=None))
