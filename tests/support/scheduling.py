"""Which tests go to which xdist worker."""

from xdist.scheduler import LoadScopeScheduling

# These start whole platforms and browsers, or kill them: never two at once.
_ONE_AT_A_TIME = frozenset({"e2e", "chaos"})
# Their files share servers, which a second worker would have to start again.
_BY_FILE = frozenset({"wire", "integration", "contract"})


def scope(nodeid: str) -> str:
    """Tests of the same scope run on the same worker, in order.

    xdist's own marker for this, `xdist_group`, is without effect under pytest 9.2: its scheduler reads names that
    pytest no longer lets it write.
    """
    _, _, path = nodeid.partition("tests/")
    folder = path.partition("/")[0]
    if folder in _ONE_AT_A_TIME:
        return "one at a time"
    return nodeid.partition("::")[0] if folder in _BY_FILE else nodeid


class ByFolder(LoadScopeScheduling):
    """The scheduler that xdist documents for this, with our scopes."""

    def _split_scope(self, nodeid: str) -> str:
        return scope(nodeid)
