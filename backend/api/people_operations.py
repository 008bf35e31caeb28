"""What admins do with people."""

from backend.api import schemas
from backend.api.bodies import converted
from backend.api.operations import Call, Operation
from backend.services import people


async def _change(call: Call) -> object:
    return await people.change(call.rest.deps, call.who, call.path("person_id"), converted(call.body, people.Rights))


async def _revoke(call: Call) -> object:
    return await people.revoke(call.rest.deps, call.who, call.path("person_id"))


OPERATIONS = (
    Operation(
        name="change_person",
        method="PATCH",
        path="/api/v1/people/{person_id}",
        summary="Change somebody's role, agency or hotel, or shut them out; in force everywhere when it is answered",
        tag="people",
        handler=_change,
        answer=schemas.PersonView,
        body=people.Rights,
    ),
    Operation(
        name="revoke_person",
        method="POST",
        path="/api/v1/people/{person_id}/revoke",
        summary="End all logins of somebody's, and their sessions",
        tag="people",
        handler=_revoke,
        answer=schemas.Empty,
    ),
)
