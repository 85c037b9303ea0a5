"""The whole chain over HTTP, without a browser: link, click, order, credit, score, mail."""

from local.cloud import Cloud
from tests.shops import Shop, monday


def test_a_shared_link_that_sells_is_credited_and_named_in_mondays_mail(cloud: Cloud) -> None:
    shop = Shop.onboard(cloud)
    link = shop.share("ana").json
    trail = shop.click(link["code"])
    assert shop.buy("1001", "48.50", trail, visit=trail).status == 200
    assert cloud.drain()["failed"] == []

    order = shop.order("1001")
    assert order["influence"] == "last_click"
    assert order["credits"]["last"][0]["amount"] == "48.50"

    cloud.clock.set_forward(monday(cloud.clock.now()))
    cloud.schedule("schedule_reports")
    assert cloud.drain()["failed"] == []
    (mail,) = cloud.outbox.mails
    assert "Ana" in mail.html
    assert "$48.50" in mail.html
