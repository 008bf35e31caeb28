"""What admins do with workflows that were given up."""

from backend.api import ops_schemas
from backend.api.operations import Call, Operation
from backend.services import letters


async def _list(call: Call) -> object:
    return await letters.dead_letters(call.rest.deps, call.who)


async def _get(call: Call) -> object:
    return await letters.workflow(call.rest.deps, call.who, call.path("workflow_id"))


async def _retry(call: Call) -> object:
    return await letters.retry(call.rest.deps, call.who, call.path("workflow_id"))


async def _drop(call: Call) -> object:
    return await letters.drop(call.rest.deps, call.who, call.path("workflow_id"))


OPERATIONS = (
    Operation(
        name="list_dead_letters",
        method="GET",
        path="/api/v1/ops/dead-letters",
        summary="Workflows that were given up, for admins",
        tag="ops",
        handler=_list,
        answer=ops_schemas.DeadLetterList,
    ),
    Operation(
        name="get_workflow",
        method="GET",
        path="/api/v1/ops/workflows/{workflow_id}",
        summary="A workflow as it stands, for admins",
        tag="ops",
        handler=_get,
        answer=ops_schemas.WorkflowView,
    ),
    Operation(
        name="retry_workflow",
        method="POST",
        path="/api/v1/ops/workflows/{workflow_id}/retry",
        summary="Have a workflow that was given up tried again",
        tag="ops",
        handler=_retry,
        answer=ops_schemas.WorkflowView,
    ),
    Operation(
        name="drop_workflow",
        method="POST",
        path="/api/v1/ops/workflows/{workflow_id}/drop",
        summary="Have a workflow that was given up be over, untried",
        tag="ops",
        handler=_drop,
        answer=ops_schemas.WorkflowView,
    ),
)
