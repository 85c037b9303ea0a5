"""The resources a merchant reads and sets, under a secret key (sk_…).

GET /v1/influencers · GET, PUT /v1/influencers/{id} · POST /v1/influencers/{id}/token
· GET, PATCH /v1/links/{code} · GET /v1/orders/{platform}/{id} · GET /v1/stats
· GET /v1/openapi.json
"""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail import influencers, links, stats, views
from sharetrail.merchant_api import (
    InfluencerId,
    answered,
    described,
    merchant_of,
    now_of,
    resolver,
)
from sharetrail.namings import Naming, Switch

app = resolver()


@app.get("/v1/influencers")
def list_influencers(
    limit: Annotated[int, Query(ge=1, le=views.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    return views.influencer_page(merchant_of(app), limit, cursor)


@app.get("/v1/influencers/<influencer_id>")
def show_influencer(influencer_id: InfluencerId) -> dict[str, Any]:
    return views.one_influencer(merchant_of(app), influencer_id)


@app.put("/v1/influencers/<influencer_id>")
def name_influencer(influencer_id: InfluencerId, naming: Naming) -> dict[str, Any]:
    merchant = merchant_of(app)
    influencers.describe(merchant.id, naming.of(influencer_id, now_of(app)))
    return views.one_influencer(merchant, influencer_id)


@app.post("/v1/influencers/<influencer_id>/token", status_code=201)
def mint_token(influencer_id: InfluencerId) -> dict[str, Any]:
    """A token with which the shop's page makes links in this influencer's name for a day."""
    return views.minted_token(merchant_of(app), influencer_id, now_of(app))


@app.get("/v1/links/<code>")
def show_link(code: str) -> dict[str, Any]:
    return views.one_link(merchant_of(app), code)


@app.patch("/v1/links/<code>")
def switch_link(code: str, switch: Switch) -> dict[str, Any]:
    """Disable a link or enable it again; whoever follows it notices within a minute."""
    merchant = merchant_of(app)
    links.switch(merchant.id, code, disabled=switch.disabled, now=now_of(app))
    return views.one_link(merchant, code)


@app.get("/v1/orders/<platform>/<order_id>")
def show_order(platform: str, order_id: str) -> dict[str, Any]:
    return views.order(merchant_of(app), platform, order_id)


@app.get("/v1/stats")
def show_stats(
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    by: stats.By | None = None,
) -> dict[str, Any]:
    return stats.answer(merchant_of(app), first, last, by, now_of(app))


@app.get("/v1/openapi.json", include_in_schema=False)
def describe() -> Response[str]:
    return described(app)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return answered(app, event, context)
