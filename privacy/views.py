"""Views: what an audience sees of a quotation.

Snapshots, frames, acks, REST, mail and exports all come from here [P5].
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from backend.domain.quotation import Quotation
from privacy.audiences import kind
from privacy.documents import document, hotel_document
from privacy.fields import FIELDS, AudienceKind, condition
from privacy.priced import Document, Shared
from privacy.viewers import Viewer, viewer_of

View = dict[str, Any]

_ROW: Final[tuple[str, ...]] = (
    "id",
    "title",
    "destination",
    "state",
    "invitation",
    "check_in",
    "check_out",
    "deadline",
    "adults",
    "currency",
    "company",
)


@dataclass(frozen=True, eq=False, slots=True)
class _Node:
    """A level of the field table: fields with their conditions, parts, and what each item of a collection has.

    `needs` are all conditions below. Where a level has no parts and one condition, `alike` are its fields' names.
    """

    leaves: tuple[tuple[str, str], ...]
    parts: "tuple[tuple[str, _Node], ...]"
    items: "_Node | None"
    needs: frozenset[str]
    alike: frozenset[str] | None


class Views:
    """The views of one state, each made once. A state of None is before the quotation was there: nobody sees it."""

    def __init__(self, quotation: Quotation | None) -> None:
        self.quotation = quotation
        self._document: Document | None = None
        self._made: dict[str, View] = {}

    def of(self, audience: str) -> View:
        """The audience's view, `{}` when it sees nothing. Views share their parts: they are to be read only."""
        if audience not in self._made:
            self._made[audience] = self._make(audience)
        return self._made[audience]

    def row(self, audience: str) -> View:
        """The quotation's row in the audience's list: a part of its view that no offer ever touches."""
        seen = self.of(audience)
        if not seen:
            return {}
        row = {key: seen[key] for key in _ROW if key in seen}
        row["children"] = len(seen.get("children_ages", ()))
        if "client" in seen:
            row["client"] = {"name": seen["client"]["name"]}
        if kind(audience) == "client" and "selling" in seen:
            row["selling"] = {"total": seen["selling"]["total"]}
        return row

    def _make(self, audience: str) -> View:
        quotation = self.quotation
        viewer = viewer_of(quotation, audience) if quotation else None
        if quotation is None or viewer is None:
            return {}
        if self._document is None:
            self._document = document(quotation)
        seen = self._document
        if viewer.hotel_id is not None:
            seen = hotel_document(quotation, seen, viewer.hotel_id)
        return _members(seen, _table(viewer.kind), viewer, viewer.holds)


def view(quotation: Quotation, audience: str) -> View:
    """What the audience sees of the quotation, as JSON builtins to be read only; `{}` when it sees nothing."""
    return Views(quotation).of(audience)


def row(quotation: Quotation, audience: str) -> View:
    """The quotation as a row of the audience's list; `{}` when it sees nothing."""
    return Views(quotation).row(audience)


def _members(document: View, node: _Node, viewer: Viewer, holds: frozenset[str]) -> View:
    if not isinstance(document, Shared):
        return _shown(document, node, viewer, holds)
    asked = (node, viewer, holds)
    if asked not in document.made:
        document.made[asked] = _shown(document, node, viewer, holds)
    return document.made[asked]


def _shown(document: View, node: _Node, viewer: Viewer, holds: frozenset[str]) -> View:
    if node.alike and document.keys() <= node.alike and node.needs <= holds:
        return document
    seen = {key: document[key] for key, needed in node.leaves if needed in holds and key in document}
    for key, part in node.parts:
        if key in document:
            value = _part(document[key], part, viewer, holds)
            if value:
                seen[key] = value
    return seen


def _part(value: Any, node: _Node, viewer: Viewer, holds: frozenset[str]) -> Any:
    items = node.items
    if node.needs.isdisjoint(holds) and node.needs.isdisjoint(viewer.per_item):
        return None
    if items is None:
        return _members(value, node, viewer, holds)
    if isinstance(value, list):
        return [_members(item, items, viewer, holds) for item in value]
    shown = {}
    for key, item in value.items():
        more = viewer.of_item(item)
        here = holds | more if more else holds
        if not items.needs.isdisjoint(here):
            shown[key] = _members(item, items, viewer, here)
    return shown


@cache
def _table(kind: AudienceKind) -> _Node:
    """The field table of one kind of viewer, as a tree."""
    return _node([(row.path.split("."), needed) for row in FIELDS if (needed := condition(row, kind))])


def _node(rows: list[tuple[list[str], str]]) -> _Node:
    below: dict[str, list[tuple[list[str], str]]] = {}
    for path, needed in rows:
        if len(path) > 1:
            below.setdefault(path[0], []).append((path[1:], needed))
    needs = frozenset(needed for _, needed in rows)
    return _Node(
        leaves=tuple((path[0], needed) for path, needed in rows if len(path) == 1),
        parts=tuple((key, _node(rest)) for key, rest in below.items() if key != "*"),
        items=_node(below["*"]) if "*" in below else None,
        needs=needs,
        alike=frozenset(path[0] for path, _ in rows) if not below and len(needs) == 1 else None,
    )
