"""What handlers are given: the parts of a running node."""

from dataclasses import dataclass

from backend.services.deps import Deps
from backend.services.tokens import Signer
from realtime.fanout import Fanout
from realtime.presence import Presence
from realtime.sessions import Sessions
from rooms.broker import Broker


@dataclass(frozen=True, slots=True)
class Live:
    """`replay_limit` and `inbox_page` are the bounds of one join's replay and of one page."""

    deps: Deps
    broker: Broker
    signer: Signer
    sessions: Sessions
    fanout: Fanout
    presence: Presence
    replay_limit: int
    inbox_page: int
