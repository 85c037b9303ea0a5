"""The resources a merchant reads and sets, under a secret key (sk_…).

GET /v1/influencers · GET, PUT /v1/influencers/{id} · GET …/scores · POST …/token
· GET, PATCH /v1/links/{code} · GET /v1/orders/{platform}/{id} · POST …/release
· GET /v1/stats · GET /v1/share-tree · GET, POST /v1/codes · GET, POST /v1/rates
· POST /v1/identities · GET /v1/removal-effects
· GET /v1/quarantine · GET, DELETE /v1/quarantine/{id} · POST /v1/quarantine/{id}/replay
· GET /v1/openapi.json
"""

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from sharetrail import (
    answers,
    coupons,
    influencers,
    late_rates,
    links,
    listings,
    quarantine,
    sharing,
    standings,
    stats,
    stitching,
    views,
    views_effects,
    views_influencers,
    views_orders,
)
from sharetrail.items import dump, iso
from sharetrail.merchant_api import (
    InfluencerId,
    QuarantineId,
    answered,
    described,
    merchant_of,
    now_of,
    resolver,
)
from sharetrail.namings import CodeGift, DayRate, Identity, Naming, Switch

app = resolver()


@app.get("/v1/influencers")
def list_influencers(
    limit: Annotated[int, Query(ge=1, le=listings.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    by: answers.By | None = None,
) -> dict[str, Any]:
    """Everyone in order of their ids; or the last scored week's best by `shares` (who shares),
    `sales` (whose shares sell) or `influence` (who is influential in general)."""
    merchant = merchant_of(app)
    if by:
        return standings.page(merchant, by, limit, cursor, now_of(app))
    return views_influencers.influencer_page(merchant, limit, cursor, now_of(app))


@app.get("/v1/influencers/<influencer_id>")
def show_influencer(influencer_id: InfluencerId) -> dict[str, Any]:
    return views_influencers.one_influencer(merchant_of(app), influencer_id, now_of(app))


@app.put("/v1/influencers/<influencer_id>")
def name_influencer(influencer_id: InfluencerId, naming: Naming) -> dict[str, Any]:
    merchant = merchant_of(app)
    influencers.describe(merchant.id, naming.of(influencer_id, merchant.id, now_of(app)))
    return views_influencers.one_influencer(merchant, influencer_id, now_of(app))


@app.get("/v1/influencers/<influencer_id>/scores")
def list_scores(
    influencer_id: InfluencerId,
    limit: Annotated[int, Query(ge=1, le=listings.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """Every week's score, newest first, and why it rose or fell since the week before."""
    return views_influencers.score_page(merchant_of(app), influencer_id, limit, cursor)


@app.post("/v1/influencers/<influencer_id>/token", status_code=201)
def mint_token(influencer_id: InfluencerId) -> dict[str, Any]:
    """A token with which the shop's page makes links in this influencer's name for a day."""
    return views_influencers.minted_token(merchant_of(app), influencer_id, now_of(app))


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
    return views_orders.order(merchant_of(app), platform, order_id)


@app.post("/v1/orders/<platform>/<order_id>/release")
def release_order(platform: str, order_id: str) -> dict[str, Any]:
    """End the holds on an order's credits."""
    return views_orders.released(merchant_of(app), platform, order_id, now_of(app))


@app.get("/v1/codes")
def list_codes(
    limit: Annotated[int, Query(ge=1, le=listings.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> dict[str, Any]:
    return views.code_page(merchant_of(app), limit, cursor)


@app.post("/v1/codes", status_code=201)
def give_code(gift: CodeGift) -> dict[str, Any]:
    """A coupon code is an influencer's from a time on; orders of the last two weeks that used it
    while it was nobody's follow within the hour."""
    ownership = gift.of(now_of(app))
    coupons.give(merchant_of(app).id, ownership)
    return views.code(ownership)


@app.get("/v1/rates")
def list_rates(
    limit: Annotated[int, Query(ge=1, le=listings.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    return views.rate_page(merchant_of(app), limit, cursor)


@app.post("/v1/rates", status_code=201)
def tell_rate(told: DayRate) -> dict[str, Any]:
    """What a currency is worth in the reports' own, for the orders of that day and the six after
    it that have no rate yet."""
    merchant = merchant_of(app)
    rate = told.of(merchant.currency)
    return {**dump(rate), "orders": late_rates.tell(merchant, rate)}


@app.post("/v1/identities")
def identify(told: Identity) -> dict[str, Any]:
    """These clicks are this person's: their orders from then on count them, on whatever device
    they were made. Names and addresses are kept as keyed hashes alone."""
    merchant, now = merchant_of(app), now_of(app)
    persons = told.persons(merchant.id, now)
    rung = stitching.tell(merchant.id, persons, told.trail, told.since(now))
    return {"since": iso(told.since(now)), "orders": rung}


@app.get("/v1/removal-effects")
def show_effects(week: date | None = None) -> dict[str, Any]:
    """What networks and influencers would have been missed by, in the four weeks up to one."""
    return views_effects.of_week(merchant_of(app), week, now_of(app))


@app.get("/v1/stats")
def show_stats(
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
    by: stats.By | None = None,
) -> dict[str, Any]:
    return stats.answer(merchant_of(app), first, last, by, now_of(app))


@app.get("/v1/share-tree")
def show_share_tree(
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> dict[str, Any]:
    """Who came by whose link and then shared, too: generations, k-factor, second-order revenue."""
    return sharing.answer(merchant_of(app), first, last, now_of(app))


@app.get("/v1/quarantine")
def list_quarantine(
    limit: Annotated[int, Query(ge=1, le=listings.MOST)] = 50,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """Webhooks that are signed and could not be understood, newest first."""
    return views.quarantine_page(merchant_of(app), limit, cursor, now_of(app))


@app.get("/v1/quarantine/<quarantined_id>")
def show_quarantined(quarantined_id: QuarantineId) -> dict[str, Any]:
    """One of them whole, its payload as it came."""
    return views.one_quarantined(merchant_of(app), quarantined_id, now_of(app))


@app.post("/v1/quarantine/<quarantined_id>/replay")
def replay_quarantined(quarantined_id: QuarantineId) -> dict[str, Any]:
    """Reads it again; once it is understood, it leaves quarantine and its fact is stored."""
    return quarantine.replay(merchant_of(app), quarantined_id, now_of(app))


@app.delete("/v1/quarantine/<quarantined_id>")
def discard_quarantined(quarantined_id: QuarantineId) -> dict[str, Any]:
    """Forgets it unread."""
    quarantine.discard(merchant_of(app).id, quarantined_id, now_of(app))
    return {"discarded": quarantined_id}


@app.get("/v1/openapi.json", include_in_schema=False)
def describe() -> Response[str]:
    return described(app)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return answered(app, event, context)
