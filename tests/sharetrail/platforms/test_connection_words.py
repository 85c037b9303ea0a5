"""Whatever can be the matter is said in words, with what to do."""

from itertools import product
from typing import get_args

import pytest

from sharetrail.orders.order_fact import Vendor
from sharetrail.platforms.connection_words import sentence_of
from sharetrail.platforms.credential import CREDENTIALS, ShopifyApp, StripeKey, WooCommerceKey
from sharetrail.platforms.trouble import Trouble, TroubleKind


@pytest.mark.parametrize(("platform", "kind"), [*product(get_args(Vendor), get_args(TroubleKind))])
def test_every_trouble_of_every_system_has_a_sentence(platform: Vendor, kind: TroubleKind) -> None:
    said = sentence_of(platform, Trouble(kind=kind, detail="shop.example"))
    assert said.endswith((".", "?"))
    assert "{" not in said


def test_a_credential_prints_none_of_its_secrets() -> None:
    printed = repr(
        [
            ShopifyApp(client_id="an-id-of-eight", client_secret="the-secret"),
            WooCommerceKey(consumer_key="ck_of_eight", consumer_secret="the-secret"),
            StripeKey(secret_key="sk_test_the-secret"),
        ]
    )
    assert "the-secret" not in printed
    assert CREDENTIALS.keys() == {*get_args(Vendor)}
