"""A mail as it was sent, kept; and one that comes back, or is called spam."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
from botocore.exceptions import ClientError

from local.cloud import Cloud
from local.runtime.memories import forget_facts
from local.template import intrinsics
from local.template.reader import TEMPLATE
from sharetrail import calendars
from sharetrail.agenda import jobs
from sharetrail.aws import environment, sealed_objects
from sharetrail.aws.items import dump
from sharetrail.aws.queues import MAILS
from sharetrail.aws.tables import REPORTS
from sharetrail.calendars import moment
from sharetrail.mail import message, suppressions
from sharetrail.merchants import person_hashes, profiles, void_links
from sharetrail.merchants.profile import merchant_id_of
from sharetrail.orders import spilled_facts
from sharetrail.privacy.shop import retained
from sharetrail.questions import privacy_requests, questions, results
from sharetrail.report import span
from sharetrail.report.building import build_report
from sharetrail.report.choosing import choose_reports
from sharetrail.report.issuing import rhythms
from sharetrail.report.keeping import page_links, reports, sent_mail, sent_mails
from sharetrail.report.report_mail import ReportMail, key_of, row_of, unkeyed_code
from tests import calls
from tests.calls import Calls
from tests.chain.test_faults import failing
from tests.shops import Shop, monday

OWNER, OTHER = "owner@shop.example", "other@shop.example"


@pytest.fixture(autouse=True)
def few_zones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "zone_names", lambda: {"America/New_York"})


@pytest.fixture(autouse=True)
def counted() -> Iterator[Calls]:
    with calls.noted() as counted:
        yield counted


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    shop = Shop.onboard(cloud, recipients=[OWNER, OTHER])
    cloud.clock.set_forward(monday(cloud.clock.now()) - calendars.DAY)
    return shop


def next_monday(shop: Shop) -> None:
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    forget_facts()
    assert shop.run("schedule_reports") == []


def eml(shop: Shop, to: str) -> bytes:
    """Of the newest mail to them."""
    return next(mail.eml for mail in shop.cloud.outbox.mails if mail.to == to)


def week(shop: Shop) -> span.Span:
    return span.of_day("week", (shop.cloud.clock.now() - calendars.WEEK).date())


def tell(shop: Shop, fate: str, to: str = OWNER) -> None:
    """By the outbox's button."""
    number = next(mail.number for mail in shop.cloud.outbox.mails if mail.to == to)
    assert shop.ask("POST", f"/_local/outbox/{number}/{fate}").status == 200
    assert shop.cloud.drain()["failed"] == []


# ── what was sent ────────────────────────────────────────────────────────────────────────────────
def test_a_mail_can_be_read_again_as_it_was_sent_by_its_recipients_name_alone(shop: Shop) -> None:
    next_monday(shop)
    first = week(shop)
    sent = shop.cloud.outbox.mails[0].sent_at
    assert (
        sent_mails.read(shop.id, OWNER, first, shop.cloud.clock.now())
        == eml(shop, OWNER)
        != eml(shop, OTHER)
    )
    assert sent_mails.read(shop.id, OWNER.upper(), first, shop.cloud.clock.now()) == eml(
        shop, OWNER
    )
    assert sent_mails.read(shop.id, "nobody@shop.example", first, shop.cloud.clock.now()) is None
    next_monday(shop)
    listed = sent_mails.listed(shop.id, OWNER, shop.cloud.clock.now())
    assert [each for each, _ in listed] == [week(shop), first]
    assert f"{listed[1][1]:%Y-%m-%dT%H:%M}" == sent[:16]
    assert sent_mails.listed(shop.id, "nobody@shop.example", shop.cloud.clock.now()) == []


def as_before_codes_had_a_key(shop: Shop, to: str) -> None:
    """What the previous release leaves of this week's mail to them."""
    code, before = person_hashes.of_recipient(shop.id, to, shop.cloud.clock.now()), unkeyed_code(to)
    row = REPORTS.get(**key_of(shop.id, week(shop), code))
    REPORTS.delete(**key_of(shop.id, week(shop), code))
    REPORTS.put({**row, **key_of(shop.id, week(shop), before)})
    report = REPORTS.get(shop.id, row_of(week(shop)))
    REPORTS.put({**report, "to": {before, *report["to"] - {code}}})
    places = [f"{sent_mails.PREFIX}{shop.id}/{each}/{week(shop).key}" for each in (code, before)]
    sealed_objects.put(shop.id, places[1], sealed_objects.get(places[0]))
    sealed_objects.delete(places[0])


def test_a_mail_of_before_codes_had_a_key_is_read_and_is_sent_no_second_time(shop: Shop) -> None:
    next_monday(shop)
    as_before_codes_had_a_key(shop, OWNER)
    now, sent = shop.cloud.clock.now(), eml(shop, OWNER)
    assert sent_mails.read(shop.id, OWNER, week(shop), now) == sent
    assert [each for each, _ in sent_mails.listed(shop.id, OWNER, now)] == [week(shop)]
    again(shop)
    assert len(shop.cloud.outbox.mails) == 2


def test_a_mail_that_was_begun_before_codes_had_a_key_leaves_once(shop: Shop) -> None:
    shop.onboarded(recipients=[OWNER])
    next_monday(shop)
    as_before_codes_had_a_key(shop, OWNER)
    row = REPORTS.get(**key_of(shop.id, week(shop), unkeyed_code(OWNER)))
    REPORTS.put({name: row[name] for name in row.keys() - {"message", "sent"}} | {"claimed": ""})
    again(shop)
    again(shop)
    assert [mail.to for mail in shop.cloud.outbox.mails] == [OWNER, OWNER]
    assert shop.cloud.outbox.mails[0].eml == shop.cloud.outbox.mails[1].eml


def again(shop: Shop) -> None:
    """The owner's mail of this week comes out of its queue once more."""
    kept = reports.find(shop.id, week(shop))
    assert kept
    mail = ReportMail.of(shop.id, week(shop), kept.snapshot, OWNER)
    MAILS.send_all([(shop.id, mail.body())])
    assert shop.cloud.drain()["failed"] == []


def test_no_code_of_a_recipient_is_computed_without_the_merchants_key(shop: Shop) -> None:
    next_monday(shop)
    pages = boto3.client("s3").list_objects_v2(Bucket=environment.quarantine_bucket())
    stored = json.dumps([[*REPORTS.scan()], pages["Contents"]], default=str)
    assert person_hashes.of_recipient(shop.id, OWNER, shop.cloud.clock.now()) in stored
    assert unkeyed_code(OWNER) not in stored


def test_reports_of_before_have_an_end_by_the_next_week_and_name_no_recipient(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "ALL_END_SINCE", shop.cloud.clock.now() + timedelta(days=1))
    next_monday(shop)
    about = week(shop)
    row = REPORTS.get(shop.id, row_of(about))
    assert row["expires"] == int((moment(row["at"]) + reports.LIFETIME).timestamp())
    REPORTS.put({name: value for name, value in row.items() if name != "expires"})
    for weeks in range(6):
        next_monday(shop)
        kept = REPORTS.get(shop.id, row_of(about))
        assert ("to" in kept) == ("expires" not in kept) == (weeks < 5)
    assert kept == {name: value for name, value in row.items() if name != "to"}


def test_it_is_encrypted_under_the_merchants_name(shop: Shop) -> None:
    next_monday(shop)
    s3, bucket = boto3.client("s3"), environment.quarantine_bucket()
    (first, _) = s3.list_objects_v2(Bucket=bucket, Prefix=sent_mails.PREFIX)["Contents"]
    assert OWNER not in first["Key"]
    assert s3.head_object(Bucket=bucket, Key=first["Key"])["ServerSideEncryption"] == "aws:kms"


def test_a_mail_that_leaves_at_the_second_attempt_is_the_one_of_the_first(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    raws, real = list[bytes](), message.send

    def noted(to: str, raw: bytes, merchant_id: str) -> str:
        raws.append(raw)
        return real(to, raw, merchant_id)

    shop.onboarded(recipients=[OWNER])
    away = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")
    monkeypatch.setattr(message, "send", failing(1, noted, away))
    next_monday(shop)
    assert raws == [eml(shop, OWNER)]
    assert sent_mails.read(shop.id, OWNER, week(shop), shop.cloud.clock.now()) == eml(shop, OWNER)


def test_a_name_that_looks_like_a_link_of_the_page_changes_no_mail_that_was_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a run that dies when SES has the mail: who gets it twice gets the same."""
    shop.onboarded(recipients=[OWNER])
    stranger = {"id": "ana", "name": f"x/reports/{'a' * 40}"}
    trail = shop.click(shop.share(influencer=stranger).json["code"])
    shop.buy("1001", "50.00", trail, visit=trail)
    assert shop.cloud.drain()["failed"] == []
    real, raws = message.send, list[bytes]()

    def dying(to: str, raw: bytes, merchant_id: str) -> str:
        raws.append(raw)
        number = real(to, raw, merchant_id)
        if len(raws) == 1:
            raise ClientError({"Error": {"Code": "RequestTimeout"}}, "SendEmail")
        return number

    monkeypatch.setattr(message, "send", dying)
    next_monday(shop)
    assert len(raws) == 2
    assert raws[0] == raws[1] == sent_mails.read(shop.id, OWNER, week(shop), shop.cloud.clock.now())


def test_a_mail_whose_links_were_ended_before_it_left_is_composed_anew(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, raws = message.send, list[bytes]()

    def ended_meanwhile(to: str, raw: bytes, merchant_id: str) -> str:
        raws.append(raw)
        if len(raws) == 1:
            void_links.end(shop.id, OWNER, shop.cloud.clock.now())
            raise ClientError({"Error": {"Code": "TooManyRequestsException"}}, "SendEmail")
        return real(to, raw, merchant_id)

    shop.onboarded(recipients=[OWNER])
    monkeypatch.setattr(message, "send", ended_meanwhile)
    next_monday(shop)
    (mail,) = shop.cloud.outbox.mails
    assert (
        raws[1]
        == mail.eml
        == sent_mails.read(shop.id, OWNER, week(shop), shop.cloud.clock.now())
        != raws[0]
    )
    (address,) = set(re.findall(r"/reports/[0-9a-f]{40}", mail.html))
    assert shop.ask("GET", address).status == 200


@pytest.mark.parametrize("days", [7, 9])
def test_a_mail_that_is_sent_back_after_days_carries_links_by_which_one_can_act(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    """As it was kept, as long as its own links are good for that."""
    shop.onboarded(recipients=[OWNER])
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    about, raws = week(shop), list[bytes]()

    def refused(_to: str, raw: bytes, _merchant: str) -> str:
        raws.append(raw)
        raise ClientError({"Error": {"Code": "SendingPausedException"}}, "SendEmail")

    with monkeypatch.context() as paused:
        paused.setattr(message, "send", refused)
        assert shop.run("schedule_reports") != []
    kept = reports.find(shop.id, about)
    assert kept
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + timedelta(days=days))
    body = ReportMail.of(shop.id, about, kept.snapshot, OWNER).body()
    for _ in range(2):
        MAILS.send_all([(shop.id, body)])
        assert shop.cloud.drain()["failed"] == []
    (mail,) = shop.cloud.outbox.mails
    assert sent_mails.read(shop.id, OWNER, about, shop.cloud.clock.now()) == mail.eml
    assert (mail.eml == raws[0]) == (days == 7)
    (token,) = sent_mail.page_tokens(mail.eml, environment.public_base_url())
    now = shop.cloud.clock.now()
    assert page_links.find(token, now).may_act(now)


def test_a_recipient_who_is_written_in_two_ways_is_one_and_gets_one_mail(shop: Shop) -> None:
    shop.onboarded(recipients=["Owner@Shop.example", OTHER, OWNER])
    assert profiles.find(shop.id, shop.cloud.clock.now()).recipients == (
        "Owner@Shop.example",
        OTHER,
    )
    next_monday(shop)
    assert sorted(mail.to for mail in shop.cloud.outbox.mails) == ["Owner@Shop.example", OTHER]
    shop.onboarded(recipients=[OWNER.upper(), OTHER.title(), OTHER])
    jobs.note(rhythms.job_of(shop.id, week(shop)), shop.cloud.clock.now())
    assert shop.run("schedule_reports") == []
    assert len(shop.cloud.outbox.mails) == 2


def test_mails_that_wait_for_one_recipient_written_in_two_ways_are_one(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a merchant whose recipients were written anew while its mails waited."""
    shop.onboarded(recipients=[OWNER])
    next_monday(shop)
    kept = reports.find(shop.id, week(shop))
    assert kept
    code = person_hashes.of_recipient(shop.id, OWNER, shop.cloud.clock.now())
    REPORTS.delete(shop.id, key_of(shop.id, week(shop), code)["sk"])
    again = [ReportMail.of(shop.id, week(shop), kept.snapshot, to) for to in (OWNER, OWNER.upper())]
    MAILS.send_all((shop.id, each.body()) for each in again)
    assert shop.cloud.drain()["failed"] == []
    assert len(shop.cloud.outbox.mails) == 2


@pytest.mark.parametrize("after", [False, True])
def test_whoever_dies_at_any_write_sent_nothing_that_is_not_kept_and_never_two_kinds(
    shop: Shop, counted: Calls, after: bool
) -> None:
    shop.onboarded(recipients=[OWNER])
    counted.watch(shop.cloud)
    for write in range(6):
        counted.die("send_report", write, after=after)
        next_monday(shop)
        assert counted.dying == ""
        mails = [mail.eml for mail in shop.cloud.outbox.mails[:2] if mail.sent_at >= today(shop)]
        assert {*mails} == {sent_mails.read(shop.id, OWNER, week(shop), shop.cloud.clock.now())}


def today(shop: Shop) -> str:
    return f"{shop.cloud.clock.now():%Y-%m-%d}"


def test_each_kind_of_object_in_the_bucket_has_its_own_time_to_live() -> None:
    """Of two rules that fit S3 goes by the shorter, so none fits all."""
    (bucket,) = (
        each["Properties"]
        for name, each in intrinsics.read(TEMPLATE.read_text())["Resources"].items()
        if name == "QuarantineBucket"
    )
    rules = bucket["LifecycleConfiguration"]["Rules"]
    days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules}
    kinds = (
        *(spilled_facts.PREFIX, questions.PREFIX, results.PREFIX, sent_mails.PREFIX),
        *(privacy_requests.ERASURES_PREFIX, privacy_requests.EXPORTS_PREFIX, retained.PREFIX),
    )
    for key in (*kinds, f"{merchant_id_of('shop.example')}/"):
        assert len([prefix for prefix in days if key.startswith(prefix)]) == 1, key
    assert days[sent_mails.PREFIX] >= 13 * 30.5
    assert {"m_", *kinds} == days.keys()


# ── what comes back ──────────────────────────────────────────────────────────────────────────────
def test_a_mailbox_that_refuses_gets_no_more_and_the_others_are_told(shop: Shop) -> None:
    next_monday(shop)
    tell(shop, "bounce")
    next_monday(shop)
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OWNER) == 1
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OTHER) == 2
    (refused,) = shop.onboarded()["undeliverable"]
    assert (refused["recipient"], refused["why"]) == (OWNER, "bounced")
    shop.onboarded(resubscribe=[OWNER])
    next_monday(shop)
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OWNER) == 2
    assert shop.onboarded()["undeliverable"] == []


def test_where_every_mailbox_refuses_nothing_is_built_until_one_takes_mail_again(
    shop: Shop,
) -> None:
    next_monday(shop)
    for to in (OWNER, OTHER):
        tell(shop, "bounce", to)
    next_monday(shop)
    assert reports.find(shop.id, week(shop)) is None
    shop.onboarded(resubscribe=[OWNER])
    next_monday(shop)
    assert len(shop.cloud.outbox.mails) == 3


def test_who_called_a_mail_spam_gets_one_again_when_they_say_so_themselves(shop: Shop) -> None:
    next_monday(shop)
    tell(shop, "complaint")
    shop.onboarded(resubscribe=[OWNER])
    next_monday(shop)
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OWNER) == 1
    suppressions.lift_all(shop.id, OWNER, shop.cloud.clock.now())
    next_monday(shop)
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OWNER) == 2


def test_who_chose_something_before_they_called_an_older_mail_spam_gets_no_more(shop: Shop) -> None:
    next_monday(shop)
    merchant = profiles.find(shop.id, shop.cloud.clock.now())
    choose_reports.choose(merchant, OWNER, ["weekly"], shop.cloud.clock.now())
    shop.cloud.clock.set_forward(shop.cloud.clock.now() + calendars.DAY)
    tell(shop, "complaint")
    next_monday(shop)
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OWNER) == 1


def test_a_mail_that_is_on_its_way_to_a_mailbox_that_refuses_does_not_leave(shop: Shop) -> None:
    next_monday(shop)
    shop.cloud.clock.set_forward(monday(shop.cloud.clock.now()))
    assert shop.cloud.schedule("schedule_reports").error is None
    number = next(mail.number for mail in shop.cloud.outbox.mails if mail.to == OWNER)
    assert shop.ask("POST", f"/_local/outbox/{number}/bounce").status == 200
    while any(
        q.step() for q in shop.cloud.event_sources.queues if q.trigger.folder != "send_report"
    ):
        pass
    assert shop.cloud.drain()["failed"] == []
    assert [mail.to for mail in shop.cloud.outbox.mails].count(OWNER) == 1


def test_the_report_names_who_gets_none(shop: Shop) -> None:
    next_monday(shop)
    tell(shop, "bounce", OTHER)
    merchant = profiles.read(shop.id)
    assert merchant
    now = shop.cloud.clock.now()
    report = build_report.build(merchant, week(shop), None, now)
    assert report.undeliverable == ("o…@shop.example",)
    assert OTHER not in json.dumps(dump(report)), "what is kept and mailed has no address"


def test_what_nobody_understands_of_ses_keeps_nothing_else_waiting_and_rings(shop: Shop) -> None:
    next_monday(shop)
    url = shop.cloud.template.queues["sharetrail-bounces-queue"].url
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    number = shop.cloud.outbox.mails[0].number
    shop.ask("POST", f"/_local/outbox/{number}/bounce")
    (failed,) = shop.cloud.drain()["failed"]
    assert failed["destination"] == "sharetrail-failed-bounces"
    assert len(shop.onboarded(recipients=[OWNER, OTHER])["undeliverable"]) == 1
