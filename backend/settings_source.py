"""Where settings come from: the environment, prefix `SPIRIT_`, and the secret that the embedded mode keeps."""

import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

PREFIX = "SPIRIT_"
SHORTEST_SECRET = 32
_ALSO_BARE = ("data", "port")


class BadSettings(ValueError):
    """Some settings have no sound value; the message is one line that names each and says what is wrong."""


class Secret:
    """A text that shows itself to nobody but the caller of `reveal`; false if empty."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(...)"


def words(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def switch(text: str) -> str:
    """`1` or `0` for the ways to say so; other texts as they are."""
    said = text.lower()
    return "1" if said in ("yes", "y", "on", "t") else "0" if said in ("no", "n", "off", "f") else text


def number(text: str) -> float | str:
    """A number in any spelling of Python's; other texts as they are."""
    try:
        return float(text)
    except ValueError:
        return text


def variable(name: str) -> str:
    """The variable of a setting."""
    return PREFIX + name.upper()


def read(kind: type[msgspec.Struct], environment: Mapping[str, str]) -> dict[str, Any]:
    """The values of those fields that the environment sets. A function in a field's annotation makes them of the text.

    An empty variable counts as not set; names are taken in any case.

    Raises:
        BadSettings: naming every variable with a wrong value, but no value.
    """
    given = {name.upper(): text for name, text in environment.items() if text}
    values: dict[str, Any] = {}
    wrong = []
    for field in msgspec.structs.fields(kind):
        bare = given.get(field.name.upper()) if field.name in _ALSO_BARE else None
        text = given.get(variable(field.name), bare)
        if text is None:
            continue
        try:
            values[field.name] = _value(field.type, text)
        except ValueError as refusal:
            wrong.append(f"{variable(field.name)}: {str(refusal).partition(', got ')[0]}")
    if wrong:
        raise BadSettings("; ".join(wrong))
    return values


def _value(annotated: Any, text: str) -> object:
    if text.encode(errors="ignore").decode() != text:
        raise ValueError("Expected text in UTF-8")
    make: Callable[[str], object] = next(filter(callable, annotated.__metadata__), str)
    return msgspec.convert(make(text), annotated, strict=False)


def kept_secret(data: Path) -> Secret:
    """The secret kept in the data folder, readable by its owner alone; of two first starts one makes it.

    Raises:
        BadSettings: the folder cannot be used, or what it keeps is too short.
    """
    path = data / "jwt.secret"
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_secret(path)
        secret = path.read_text().strip()
    except OSError as wrong:
        raise BadSettings(f"{variable('data')}: {data} cannot be used ({wrong.strerror})") from None
    if len(secret.encode()) < SHORTEST_SECRET:
        raise BadSettings(f"{path}: a secret has at least {SHORTEST_SECRET} bytes")
    return Secret(secret)


def _make_secret(path: Path) -> None:
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()
