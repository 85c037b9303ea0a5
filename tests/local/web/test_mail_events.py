"""The outbox's buttons: what SES would tell of a mail, on the queue where it would come."""

import json

import boto3

from local.cloud import Cloud
from tests.shops import Shop, monday


def a_mail(cloud: Cloud) -> Shop:
    shop = Shop.onboard(cloud)
    for _ in range(2):
        cloud.clock.set_forward(monday(cloud.clock.now()))
        shop.run("schedule_reports")
    return shop


def told(cloud: Cloud) -> list[dict[str, object]]:
    url = cloud.template.queues["sharetrail-bounces-queue"].url
    asked = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [json.loads(each["Body"]) for each in asked.get("Messages", [])]


def test_a_bounce_is_told_as_ses_tells_it(cloud: Cloud) -> None:
    shop = a_mail(cloud)
    mail = cloud.outbox.mails[0]
    answer = shop.ask("POST", f"/_local/outbox/{mail.number}/bounce")
    assert (answer.status, answer.json) == (200, {"told": "bounce"})
    (event,) = told(cloud)
    assert (event["source"], event["detail-type"]) == ("aws.ses", "Email Bounced")
    detail = event["detail"]
    assert isinstance(detail, dict)
    assert detail["bounce"]["bounceType"] == "Permanent"
    assert detail["mail"]["destination"] == [mail.to] == ["owner@shop.example"]
    assert detail["mail"]["messageId"] == mail.message_id != ""
    assert detail["mail"]["tags"]["merchant"] == [shop.id]


def test_a_mail_has_both_buttons_and_each_says_what_it_did(cloud: Cloud) -> None:
    shop = a_mail(cloud)
    page = shop.ask("GET", "/_local/outbox/1").body.decode()
    for fate, said in (("bounce", "refuses mail"), ("complaint", "called the mail spam")):
        assert f'action="/_local/outbox/1/{fate}"' in page
        headers = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded"}
        answer = shop.ask("POST", f"/_local/outbox/1/{fate}", b"", headers)
        assert said in answer.body.decode()
    assert shop.ask("POST", "/_local/outbox/9/bounce").status == 404
