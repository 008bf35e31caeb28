"""A process that sets documents: sheets come in on stdin, documents go out on stdout, until stdin ends.

Started by its path, it imports nothing of the product. What is said in both directions is a JSON head or a status byte
with a length, and as many bytes.
"""

import json
import resource
import struct
import sys
from pathlib import Path
from typing import Any, BinaryIO

TEMPLATES = Path(__file__).with_name("templates")
LENGTH = struct.Struct(">I")
ANSWER = struct.Struct(">?I")
_MOST_MEMORY = 2 << 30
_PPI = 96.0


def main() -> None:
    """Works until stdin ends."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    setter = Setter()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while head := source.read(LENGTH.size):
        asked = json.loads(source.read(*LENGTH.unpack(head)))
        _answer(sink, setter, asked)


class Setter:
    """One compiler for each template: what templates have in common is read once. Fonts are Typst's own, so that
    every machine sets the same."""

    def __init__(self) -> None:
        import typst  # 30 MB, and the node that knows this module by its framing never sets anything

        self._compiler = typst.Compiler
        self._fonts = typst.Fonts(include_system_fonts=False)
        self._compilers: dict[str, typst.Compiler] = {}

    def set(self, asked: dict[str, str]) -> bytes:
        """Raises:
        RuntimeError: the template is wrong.
        """
        kind, form = asked["kind"], asked["format"]
        if kind not in self._compilers:
            self._compilers[kind] = self._compiler(
                str(TEMPLATES / f"{kind}.typ"), root=str(TEMPLATES), font_paths=self._fonts, ignore_system_fonts=True
            )
        inputs = {"language": asked["language"], "data": asked["data"]}
        pages: Any = self._compilers[kind].compile(format=form, ppi=_PPI, sys_inputs=inputs)  # type: ignore[arg-type]  # pdf or png
        made: bytes = pages[0] if isinstance(pages, list) else pages
        return made


def _answer(sink: BinaryIO, setter: Setter, asked: dict[str, str]) -> None:
    try:
        good, content = True, setter.set(asked)
    except RuntimeError as error:
        good, content = False, str(error).encode()
    sink.write(ANSWER.pack(good, len(content)) + content)
    sink.flush()


if __name__ == "__main__":
    main()
