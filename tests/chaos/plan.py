"""What happens in a run: who does what when, and what breaks. All of it follows from the seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.chaos.people import AUTHORS, PEOPLE, TABS

SECONDS: Final = 5.0
ACTS_A_SECOND: Final = 40.0
FEWEST_FAULTS, MOST_FAULTS = 5, 9

NODES, RELAYS, WORKERS = 3, 2, 1
PROCESSES: Final = tuple(
    f"{role} {number}"
    for role, count in (("node", NODES), ("relay", RELAYS), ("worker", WORKERS))
    for number in range(count)
)


@dataclass(frozen=True, order=True)
class Act:
    """At `at` seconds somebody does something to the quotation of number `on`; `value` chooses what exactly."""

    at: float
    who: str
    kind: str
    on: int
    value: int


@dataclass(frozen=True, order=True)
class Fault:
    """At `at` seconds something breaks, for `lasting` seconds where it does not mend at once."""

    at: float
    kind: str
    target: str
    lasting: float


@dataclass(frozen=True)
class Plan:
    """`broker` is `redis` or `cluster`; `seconds` is how long things happen."""

    seed: int
    broker: str
    seconds: float
    acts: tuple[Act, ...]
    faults: tuple[Fault, ...]


_ANYBODY: Final = {"focus": 2.0, "rejoin": 1.0, "break": 0.5, "again": 1.0, "inbox": 1.0}
_ACTS: Final[Mapping[str, Mapping[str, float]]] = {
    "agent": {
        "notes": 5.0,
        "internal": 3.0,
        "markup": 1.0,
        "rooms": 1.0,
        "clash": 1.0,
        "mention": 0.5,
        "invite": 1.0,
        "uninvite": 0.4,
        "extend": 0.7,
        "restore": 0.5,
        "close": 0.15,
        "award": 0.5,
        "cancel": 0.07,
        "trespass": 0.7,
        **_ANYBODY,
    },
    "hotel": {"submit": 7.0, "withdraw": 0.6, "confirm": 1.0, "decline": 0.3, "trespass": 0.7, **_ANYBODY},
    "client": {"accept": 1.0, "reject": 0.3, "rooming": 1.0, "trespass": 0.5, **_ANYBODY},
    "admin": {"margin": 1.0, "grant": 1.0, "revoke": 0.7, "announce": 2.0, **_ANYBODY},
    "guide": {"trespass": 1.0, "break": 1.0},
}
"""How often the people of a role do what."""

_OF_ROLES: Final = {"agent": 9.0, "hotel": 6.0, "client": 1.5, "admin": 2.0, "guide": 0.2}

_LINKS: Final = ("cut", "delay", "sever", "refuse")
_FAULTS: Final[Mapping[str, tuple[float, float, float]]] = {
    "kill": (5.0, 0.1, 1.2),
    "freeze": (3.0, 0.4, 2.5),
    "deploy": (0.7, 0.0, 0.0),
    "redis flush": (1.5, 0.0, 0.0),
    "redis restart": (1.5, 0.1, 1.0),
    "redis freeze": (1.0, 0.3, 2.0),
    "postgres crash": (1.0, 0.0, 0.0),
    "postgres terminate": (1.0, 0.0, 0.0),
    "link": (5.0, 0.2, 2.0),
    "slow reader": (1.0, 0.5, 2.0),
    "dead reader": (1.0, 2.5, 4.0),
}
"""How often what breaks, and for how long: least and most."""

_OF_THE_CLUSTER: Final[Mapping[str, tuple[float, float, float]]] = {
    "cluster failover": (2.0, 0.0, 0.0),
    "cluster kill": (1.5, 0.5, 2.0),
    "cluster move": (2.0, 0.0, 0.0),
}
_SINGLE_ONLY: Final = ("redis restart",)


def make(seed: int, broker: str = "redis", seconds: float = SECONDS) -> Plan:
    """The plan of a seed."""
    chance = random.Random(f"{broker} {seed}")  # noqa: S311 - replayable
    acts = sorted(_act(chance, seconds) for _ in range(round(seconds * ACTS_A_SECOND)))
    kinds = _kinds(broker)
    count = chance.randint(FEWEST_FAULTS, MOST_FAULTS)
    faults = sorted(_fault(chance, kinds, seconds) for _ in range(count))
    return Plan(seed, broker, seconds, tuple(acts), tuple(_one_deploy(faults)))


def told(plan: Plan) -> str:
    """The plan for people, one line each, in order."""
    lines = [(act.at, f"{act.who}: {act.kind} on {act.on} ({act.value})") for act in plan.acts]
    lines += [(fault.at, f"** {fault.kind} {fault.target} for {fault.lasting:.2f} s") for fault in plan.faults]
    body = [f"{at:6.2f}  {what}" for at, what in sorted(lines)]
    return "\n".join((f"seed {plan.seed} on {plan.broker}, {plan.seconds} s", *body))


def _kinds(broker: str) -> Mapping[str, tuple[float, float, float]]:
    if broker == "redis":
        return _FAULTS
    both = {**_FAULTS, **_OF_THE_CLUSTER}
    return {kind: how for kind, how in both.items() if kind not in _SINGLE_ONLY}


def _act(chance: random.Random, seconds: float) -> Act:
    role = _one_of(chance, _OF_ROLES)
    who = chance.choice([name for name, person in PEOPLE.items() if person.role == role])
    kind = _one_of(chance, _ACTS[role])
    return Act(round(chance.uniform(0, seconds), 3), who, kind, chance.randrange(len(AUTHORS)), chance.randrange(10**6))


def _fault(chance: random.Random, kinds: Mapping[str, tuple[float, float, float]], seconds: float) -> Fault:
    kind = _one_of(chance, {name: weight for name, (weight, _, _) in kinds.items()})
    _, least, most = kinds[kind]
    at, lasting = round(chance.uniform(0, seconds), 3), round(chance.uniform(least, most), 3)
    if kind == "link":
        kind, target = _link(chance, clustered="cluster kill" in kinds)
    else:
        target = _target(chance, kind)
    return Fault(at, kind, target, lasting)


def _link(chance: random.Random, *, clustered: bool) -> tuple[str, str]:
    """Processes find the members of a cluster by themselves: no link leads there."""
    process = chance.choice(PROCESSES)
    ends = ["postgres"] if clustered else ["postgres", "redis"]
    ends += ["clients"] if process.startswith("node") else []
    return f"link {chance.choice(_LINKS)}", f"{process} - {chance.choice(ends)}"


def _target(chance: random.Random, kind: str) -> str:
    if kind in ("kill", "freeze"):
        return chance.choice(PROCESSES)
    if kind.endswith("reader"):
        name, tab = chance.choice(TABS)
        return f"{name}/{tab}"
    return str(chance.randrange(1_000)) if kind.startswith(("cluster", "redis")) else ""


def _one_deploy(faults: list[Fault]) -> list[Fault]:
    """Of several deploys the first: they would be waiting for each other."""
    first = next((fault for fault in faults if fault.kind == "deploy"), None)
    return [fault for fault in faults if fault.kind != "deploy" or fault is first]


def _one_of(chance: random.Random, weights: Mapping[str, float]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]
