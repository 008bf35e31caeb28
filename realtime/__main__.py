"""`python -m realtime`: the web node; in the embedded mode the whole platform in one process."""

import socket

import uvloop

from backend.adapters.exits import refuse, refuse_after
from backend.config import BadSettings, Settings, load
from realtime import memory
from realtime.listening import bound


def main() -> None:
    """Runs until Ctrl-C or SIGTERM. A bad setting or a taken port is one line on standard error and exit status 2."""
    try:
        settings = load()
    except BadSettings as wrong:
        refuse(str(wrong))
    crypto = any(one.asymmetric for one in settings.jwt_issuers) or bool(settings.broker_keys)
    memory.prepare(clients=settings.embedded, crypto=crypto)
    _configure_logs(settings)
    listening = _bind(settings)
    uvloop.run(_serve(settings, listening))


async def _serve(settings: Settings, listening: socket.socket) -> None:
    from realtime.app import serve  # imported late: a bad start is told at once

    answers = False

    def ready(url: str) -> None:
        nonlocal answers
        answers = True
        memory.settle()
        print(_welcome(settings, url), flush=True)

    try:
        await serve(settings, listening, ready)
    except Exception as failure:
        if answers or settings.log_level == "debug":
            raise
        refuse_after(failure)


def _configure_logs(settings: Settings) -> None:
    from backend.adapters import logs  # imported after it was decided what structlog is to find

    logs.configure(settings.log_level)


def _bind(settings: Settings) -> socket.socket:
    try:
        return bound(settings.host, settings.port, reuse_port=settings.reuse_port)
    except OSError as wrong:
        refuse(f"cannot listen on {settings.host}:{settings.port}: {wrong.strerror}; set PORT to another")


def _welcome(settings: Settings, url: str) -> str:
    if not settings.demo:
        return f"Spirit Tours live: {url}"
    from workers.demo.people import ACCOUNTS, PASSWORD  # only where there is a demo

    lines = [f"  {email:22} {role:7} {name}" for email, name, role, _ in ACCOUNTS]
    return "\n".join((f"Spirit Tours live: {url}", f"Demo accounts, password `{PASSWORD}`:", *lines, "Ctrl-C stops."))


if __name__ == "__main__":
    main()
