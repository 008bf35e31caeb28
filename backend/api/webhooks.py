"""Where gateways tell what came of a payment. What they say is signed over the raw body, so no schema reads it first.

The signature is in the header `Spirit-Signature`. The answer is 200 once the notice is stored, also if it was before.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend.api.bodies import bounded
from backend.api.context import rest_of
from backend.api.problems import problem_of
from backend.services.payments import webhook


async def receive(request: Request) -> Response:
    rest = rest_of(request)
    try:
        body = await bounded(request, rest.largest)
        signature = request.headers.get("spirit-signature", "")
        await webhook(rest.deps, request.path_params["gateway"], body, signature)
    except Exception as error:
        return problem_of(error)
    return JSONResponse({})


ROUTES = [Route("/api/v1/webhooks/{gateway}", receive, methods=["POST"])]
