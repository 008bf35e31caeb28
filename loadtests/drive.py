"""`python -m loadtests.drive`: so many real clients at a deployment, of its own or a given one.

Exit status 1 if a count is wrong: somebody not connected, a frame lost, one doubled. Times and sizes are only told.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import gethostbyname
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from loadtests import report
from loadtests.clients import Deployment
from loadtests.people import population
from loadtests.processes import most_files
from loadtests.run import Run
from loadtests.scenarios import SCENARIOS, Plan, ramp
from loadtests.seeding import seed
from loadtests.sockets import Address
from loadtests.stand import Stand, stand, stop_as_by_ctrl_c

DEFAULTS = Plan()


def main(  # one parameter per option
    scenarios: Annotated[list[str] | None, typer.Argument(help=f"Any of {', '.join(SCENARIOS)}, in order.")] = None,
    sockets: Annotated[int, typer.Option(help="How many clients, each its own person.")] = DEFAULTS.sockets,
    ramp_seconds: Annotated[float, typer.Option("--ramp", help="Time over which they connect.")] = DEFAULTS.ramp,
    patience: Annotated[float, typer.Option(help="Longest wait for everybody to have everything.")] = DEFAULTS.patience,
    hold: Annotated[float, typer.Option(help="Seconds of nothing but heartbeats.")] = DEFAULTS.hold,
    announcements: Annotated[int, typer.Option(help="How many.")] = DEFAULTS.announcements,
    every: Annotated[float, typer.Option(help="Seconds between announcements.")] = DEFAULTS.every,
    size: Annotated[int, typer.Option(help="An announcement's characters.")] = DEFAULTS.size,
    quotations: Annotated[int | None, typer.Option(help="Teams of six; by default one per 50 people.")] = None,
    work: Annotated[float, typer.Option(help="Seconds that the teams work.")] = DEFAULTS.work,
    pause: Annotated[float, typer.Option(help="Seconds between two commands of a team.")] = DEFAULTS.pause,
    slow: Annotated[int, typer.Option(help="Readers that stop reading.")] = DEFAULTS.slow,
    slow_over: Annotated[float, typer.Option(help="One after the other, over so many seconds.")] = DEFAULTS.slow_over,
    slow_for: Annotated[float, typer.Option(help="For so many seconds.")] = DEFAULTS.slow_for,
    churn: Annotated[float, typer.Option(help="People a second who leave or break off.")] = DEFAULTS.churn,
    churn_for: Annotated[float, typer.Option(help="For so many seconds.")] = DEFAULTS.churn_for,
    nodes: Annotated[int, typer.Option(help="Web nodes of the own stand.")] = 1,
    setting: Annotated[list[str] | None, typer.Option(help="SPIRIT_NAME=value for the own stand.")] = None,
    url: Annotated[list[str] | None, typer.Option(help="A given node, instead of a stand; may be repeated.")] = None,
    pid: Annotated[list[int] | None, typer.Option(help="A given node's process, to be measured.")] = None,
    ttl: Annotated[float, typer.Option(help="Life of the tokens in seconds.")] = 900.0,
    out: Annotated[Path | None, typer.Option(help="The report's folder.")] = None,
) -> None:
    """Connects many clients, runs the scenarios and writes a report.

    With --url, SPIRIT_JWT_SECRET and SPIRIT_DATABASE_URL must be the deployment's.
    """
    wanted = scenarios or ["hold", "announce"]
    if unknown := [name for name in wanted if name not in SCENARIOS]:
        raise typer.BadParameter(f"no such scenario: {', '.join(unknown)}")
    if url and "storm" in wanted:
        raise typer.BadParameter("only a node of the own stand can be killed")
    plan = Plan(
        sockets=sockets,
        ramp=ramp_seconds,
        patience=patience,
        hold=hold,
        announcements=announcements,
        every=every,
        size=size,
        quotations=quotations,
        work=work,
        pause=pause,
        slow=slow,
        slow_over=slow_over,
        slow_for=slow_for,
        churn=churn,
        churn_for=churn_for,
    )
    settings = dict(one.split("=", 1) for one in setting or ())
    stop_as_by_ctrl_c()
    folder = out or Path("var/load") / time.strftime("%Y%m%d-%H%M%S")
    with _target(url or [], nodes, settings) as own:
        found = drive(plan, wanted, own, url or [], pid or [], ttl, folder)
    typer.echo(f"\n{report.summary(found)}\n{folder / 'report.html'}")
    if not all(one["holds"] for one in found["counts"]):
        raise typer.Exit(1)


def drive(
    plan: Plan, scenarios: list[str], own: Stand | None, urls: list[str], pids: list[int], ttl: float, folder: Path
) -> dict[str, Any]:
    """Seeds the people, runs the ramp and the scenarios in their order, and writes the report, which it also gives."""
    most_files()
    people = population(plan.sockets, plan.quotations)
    seed(own.database_url if own else os.environ["SPIRIT_DATABASE_URL"], people)
    secret = own.secret if own else os.environ["SPIRIT_JWT_SECRET"]
    nodes = tuple(_address(one) for one in (own.urls if own else urls))
    run = Run(Deployment(nodes, secret, ttl, people), own.pids if own else lambda: {"nodes": pids}, own)
    try:
        ramp(run, plan)
        for name in scenarios:
            SCENARIOS[name](run, plan)
        run.settle()
        return report.write(run, plan, folder)
    finally:
        run.stop()


@contextmanager
def _target(urls: list[str], nodes: int, settings: dict[str, str]) -> Iterator[Stand | None]:
    if urls:
        yield None
        return
    with stand(nodes, settings) as own:
        yield own


def _address(url: str) -> Address:
    parts = urlsplit(url)
    return Address(gethostbyname(parts.hostname or ""), parts.port or 80)


if __name__ == "__main__":
    typer.run(main)
