"""Where factories tell their days: one signed message, taken in once.

The answer is given when the message is on the disk; the lake has it some
seconds later. Sent again, it is the message that is there already.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from ballast.portal.api.callers import Asker
from ballast.portal.api.problems import ProblemRoute
from ballast.portal.api.shapes import Shape
from ballast.portal.plant_receiving import Received, receive

__all__ = ["PATH", "router"]

router = APIRouter(route_class=ProblemRoute, tags=["plant"])

PATH = "/api/v1/plant-days"


class TakenIn(Shape):
    """A message that is in the inbox."""

    message: int = Field(description="Its number.")
    uscc: str
    days: int = Field(description="How many lines it has: one for each group of machines and day.")
    repeated: bool = Field(description="It had arrived before; nothing was added.")


_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["key", "signature", "body"],
                    "properties": {
                        "key": {
                            "type": "string",
                            "description": "Short name of the factory's public key.",
                        },
                        "signature": {
                            "type": "string",
                            "description": "Ed25519 signature, base64.",
                        },
                        "body": {
                            "type": "string",
                            "description": "The signed bytes, base64.",
                        },
                    },
                }
            }
        },
    }
}


@router.post(PATH, operation_id="tellPlantDays", status_code=201, openapi_extra=_BODY)
async def tell_plant_days(ask: Asker, request: Request) -> TakenIn:
    """Take in the signed days of a factory; `ballast plant push` writes and sends them."""
    ask.private()
    envelope = await request.body()

    def taken() -> Received:
        found = receive(ask.context.state, envelope, ask.viewer, own_only=True)
        if found.new:
            ask.audit(f"plant_daily: {found.uscc}", 1, "receive")
        return found

    found = await run_in_threadpool(taken)  # it waits for the disk
    return TakenIn(message=found.seq, uscc=found.uscc, days=found.days, repeated=not found.new)
