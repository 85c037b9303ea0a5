"""sharetrail.js in three engines: pages, carts and clocks as shops really have them."""

from datetime import timedelta

import pytest

from tests.browser.pages import FIRST, KEY, SECOND, SHOPIFY, Stage, click_id, shop_page
from tests.browser.visitor import Visitor

PRODUCT = '<sharetrail-buttons product="1" networks="x facebook"></sharetrail-buttons>'


def wishes(stage: Stage) -> list[dict]:
    return [asked.json for asked in stage.to("/v1/links")]


def shared(visitor: Visitor, stage: Stage, network: str = "x") -> dict:
    """What a press asks the API for."""
    before = len(stage.to("/v1/links"))
    visitor.press(network)
    visitor.until(lambda: len(stage.to("/v1/links")) > before)
    return wishes(stage)[-1]


# ── The page's own address ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="https://medium.example/author/post">',
        '<link rel="canonical" href="https://localhost/shirt">',
        '<link rel="canonical" href="http://www.localhost/shirt">',
        '<base href="https://cdn.example/x/"><link rel="canonical" href="/shirt">',
        '<link rel="canonical" href="http://[">',
    ],
    ids=["another site", "another scheme", "www", "base", "no address"],
)
def test_a_canonical_address_that_leads_elsewhere_is_not_the_page_s(visitor, stage, head):
    visitor.go("/shirt?size=m", html=shop_page(PRODUCT, head=head))
    assert shared(visitor, stage)["url"] == f"{stage.shop}/shirt?size=m"
    visitor.leave()
    visitor.until(lambda: stage.events_of("open"))
    assert stage.events[0]["url"] == f"{stage.shop}/shirt?size=m"


def test_a_canonical_address_of_the_page_s_own_site_is_what_is_shared(visitor, stage):
    visitor.go(html=shop_page(PRODUCT, head='<link rel="canonical" href="/products/shirt">'))
    assert shared(visitor, stage)["url"] == f"{stage.shop}/products/shirt"


def test_the_sharer_s_own_ad_and_mail_ids_stay_behind(visitor, stage):
    theirs = (
        "fbclid=IwAR1&gclid=2&msclkid=3&ttclid=4&mc_eid=5&_hsenc=6&mkt_tok=7&vero_id=8&utm_id=9"
    )
    visitor.go(f"/shirt?color=red&{theirs}&email=ann%40mail.example&%75tm_source=x&fbclid",
               html=shop_page(PRODUCT))  # fmt: skip
    assert shared(visitor, stage)["url"] == f"{stage.shop}/shirt?color=red&email=ann%40mail.example"


def test_what_is_long_is_cropped_and_the_share_goes_on(visitor, stage):
    spaced = PRODUCT.replace('"1"', '" 1\n "')
    image = '<meta property="og:image" content="/{}.png">'.format("i" * 1_000)
    title = "<script>document.title = '👕'.slice(1) + '👕'.repeat(301)</script>"
    visitor.go("/shirt?q=" + "x" * 2_100 + "#top", html=shop_page(title + spaced, head=image))
    wish = shared(visitor, stage)
    assert wish["url"] == f"{stage.shop}/shirt"
    assert wish["product"] == {"id": "1", "title": "👕" * 300}


# ── Pages that change without being left ─────────────────────────────────────────────────────────
NEXT = """
history.pushState({}, "", "/kettle");
document.querySelector("sharetrail-buttons").remove();
const next = document.createElement("sharetrail-buttons");
document.querySelector("main").append(next);
next.setAttribute("product", "2");
next.setAttribute("networks", "x facebook");
"""


@pytest.mark.parametrize("head", ["", '<link rel="canonical" href="/shirt">'])
def test_each_product_of_a_single_page_shop_has_its_own_view_open_share_and_link(
    visitor, stage, head
):
    visitor.go(html=shop_page(PRODUCT, head=head))
    visitor.until(lambda: stage.events_of("view"))
    shared(visitor, stage)
    visitor.until(lambda: stage.events_of("share"))
    visitor.run(NEXT)
    visitor.until(lambda: len(stage.events_of("view")) == 2)
    shared(visitor, stage)
    visitor.until(lambda: len(stage.events_of("share")) == 2)
    assert [wish["url"] for wish in wishes(stage)] == [
        f"{stage.shop}/shirt",
        f"{stage.shop}/kettle",
    ]
    for kind in ("view", "open", "share"):
        assert [event["product"]["id"] for event in stage.events_of(kind)] == ["1", "2"]


def test_buttons_that_stay_while_the_address_changes_are_seen_anew(visitor, stage):
    visitor.go(html=shop_page("<sharetrail-buttons></sharetrail-buttons>"))
    visitor.until(lambda: stage.events_of("view"))
    visitor.run("history.pushState({}, '', '/kettle'); document.title = 'Kettle'")
    visitor.until(lambda: len(stage.events_of("view")) == 2)
    visitor.run("history.replaceState({}, '', '/kettle?colour=red'); document.title = 'Red'")
    visitor.pause(1.3)
    visitor.leave()
    assert [event["url"] for event in stage.events_of("view")] == [
        f"{stage.shop}/shirt",
        f"{stage.shop}/kettle",
    ]


def test_a_router_s_fragment_is_part_of_the_address(visitor, stage):
    visitor.go("/#/product/7", html=shop_page(PRODUCT, head='<link rel="canonical" href="/">'))
    assert shared(visitor, stage)["url"] == f"{stage.shop}/#/product/7"


# ── The visit ────────────────────────────────────────────────────────────────────────────────────
def test_whoever_comes_back_from_paying_or_logging_in_makes_the_same_visit(visitor, stage):
    visitor.land(FIRST, html=shop_page(head=SHOPIFY))
    visitor.come_from_elsewhere("/checkout")
    assert visitor.visit == FIRST
    visitor.come_from_elsewhere("/checkout?utm_nooverride=1&utm_source=paypal")
    assert visitor.visit == FIRST


@pytest.mark.parametrize("query", ["utm_source=newsletter", "gclid=1", "mc_eid=2"])
def test_another_campaign_begins_another_visit_and_keeps_the_trail(visitor, stage, query):
    visitor.land(FIRST, html=shop_page())
    visitor.come_from_elsewhere(f"/shirt?{query}")
    assert (visitor.trail, visitor.visit) == (FIRST, "other")
    visitor.land(SECOND)
    visitor.come_from_elsewhere(f"/shirt?{query}")
    assert visitor.visit == "other", "the newsletter once more, after another link"


def test_the_same_campaign_told_again_is_the_same_visit(visitor, stage):
    visitor.go(f"/shirt?st={FIRST}&utm_source=facebook&utm_medium=share", html=shop_page())
    visitor.come_from_elsewhere("/socks?utm_source=facebook&utm_medium=share")
    assert visitor.visit == FIRST
    visitor.driver.refresh()
    assert visitor.visit == FIRST


@pytest.mark.parametrize("slow", [660, 3_600, 400 * 86_400])
def test_a_device_whose_clock_is_slow_loses_no_click(visitor, slow):
    late = f"<script>{{const now = Date.now; Date.now = () => now() - {slow}e3}}</script>"
    visitor.land(now := click_id(), html=shop_page(head=late))
    visitor.go("/socks")
    assert (visitor.trail, visitor.visit) == (now, now)


# ── The cart ─────────────────────────────────────────────────────────────────────────────────────
def test_what_the_cart_knows_of_the_trail_outlives_the_browser_s_storage(visitor, stage):
    visitor.land(click := click_id(timedelta(minutes=5)), html=shop_page(head=SHOPIFY))
    visitor.until(lambda: stage.cart.get("sharetrail") == click)
    visitor.run("localStorage.clear(); sessionStorage.clear()")
    visitor.go("/socks")
    visitor.until(lambda: visitor.trail == click)
    assert visitor.visit == click, "five minutes are no rest"
    assert {cart["sharetrail"] for cart in stage.carts} == {click}


def test_a_tab_knows_its_trail_where_the_browser_lost_it_and_no_cart_does(visitor, stage):
    visitor.land(FIRST, SECOND, html=shop_page())
    visitor.run("localStorage.clear()")
    visitor.go("/socks")
    assert visitor.trail == f"{FIRST},{SECOND}"
    visitor.run("sharetrail.consent(false)")
    assert visitor.run("return [localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_cart_that_cannot_be_read_is_not_told_that_there_is_no_trail(visitor, stage):
    unreadable = (
        "<script>{const ask = fetch; window.fetch = (url, ...how) => /cart.js$/.test(url) ?"
    )
    unreadable += " Promise.reject(new Error('gone')) : ask(url, ...how)}</script>"
    visitor.go(html=shop_page(head=SHOPIFY + unreadable))
    visitor.pause(0.3)
    assert stage.carts == []


def test_a_cart_that_knows_is_not_told_again(visitor, stage):
    visitor.go(html=shop_page(head=SHOPIFY))
    visitor.until(lambda: stage.carts == [{"sharetrail": "none", "sharetrail_visit": "other"}])
    visitor.go("/socks")
    visitor.pause(0.3)
    assert len(stage.carts) == 1


def test_another_click_adds_to_what_the_cart_knows_where_storage_lost_it(visitor, stage):
    visitor.land(FIRST, html=shop_page(head=SHOPIFY))
    visitor.until(lambda: stage.cart.get("sharetrail") == FIRST)
    visitor.run("localStorage.clear(); sessionStorage.clear()")
    visitor.land(SECOND)
    visitor.until(
        lambda: stage.cart == {"sharetrail": f"{FIRST},{SECOND}", "sharetrail_visit": SECOND}
    )
    assert visitor.trail == f"{FIRST},{SECOND}"


def test_a_full_storage_keeps_the_trail_by_the_cart(visitor, stage):
    full = "<script>Storage.prototype.setItem = () => { throw new Error('full') }</script>"
    visitor.land(FIRST, html=shop_page(head=SHOPIFY + full))
    visitor.until(lambda: stage.cart.get("sharetrail") == FIRST)
    visitor.go("/socks")
    visitor.until(lambda: visitor.trail == FIRST)
    assert {cart["sharetrail"] for cart in stage.carts} == {FIRST}


LATE_FORM = """<script>setTimeout(() => {
  const form = document.createElement("form");
  form.action = "/cart/add";
  document.body.append(form);
}, 300)</script>"""
RESTLESS = """<p id="left"></p><script>(function tick() {
  document.getElementById("left").textContent = performance.now();
  requestAnimationFrame(tick);
})()</script>"""


def test_a_page_that_never_rests_gets_the_trail_into_forms_that_come_late(visitor):
    visitor.land(FIRST, html=shop_page(RESTLESS + LATE_FORM, head=SHOPIFY))
    value = "return document.querySelector('form [name=\"properties[_sharetrail]\"]')?.value"
    visitor.until(lambda: visitor.run(value) == FIRST)


# ── Other people's code ──────────────────────────────────────────────────────────────────────────
LIBRARIES = {
    "MooTools": "Array.from = (item) => item == null ? [] : Array.isArray(item) ? item : "
    "item.length === undefined ? [item] : Array.prototype.slice.call(item);"
    "Object.prototype.each = () => {}; window.Event = function () {}",
    "Prototype": "Array.prototype.toJSON = function () { return `[${this.join(', ')}]` };"
    "Array.prototype.reduce = function () { return this.length > 1 ? this : this[0] };"
    "Element.prototype.show = Element.prototype.hide = function () { return this }",
}


# The drivers lean on the same builtins: so the page itself presses its button.
PRESSING = """<script>addEventListener("load", () => setTimeout(() =>
  document.querySelector("sharetrail-buttons").shadowRoot.querySelector("button").click(), 50
))</script>"""


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_that_replaces_builtins_changes_nothing(visitor, stage, library):
    head = f"{SHOPIFY}<script>{LIBRARIES[library]}</script>"
    for count, path in enumerate((f"/shirt?st={FIRST}", "/socks"), 1):
        visitor.go(path, html=shop_page(PRODUCT + PRESSING, head=head))
        visitor.until(lambda n=count: len(stage.events_of("share")) == n)
    first, second = wishes(stage)
    assert first["influencer"] == second["influencer"]
    assert first["trail"] == second["trail"] == [FIRST]
    visitor.until(lambda: stage.cart.get("sharetrail") == FIRST)


FORM = '<form action="/cart/add"><input name="append"><input name="querySelector"></form>'
THROWING = """<script>
  MutationObserver.prototype.observe = () => { throw new Error("not here") };
  document.addEventListener = () => { throw new Error("nor here") };
</script>"""


@pytest.mark.parametrize("page", [FORM, FORM + THROWING], ids=["form", "throwing"])
def test_what_fails_on_a_page_stops_nothing_else(visitor, stage, page):
    visitor.land(FIRST, html=shop_page(page + PRODUCT, head=SHOPIFY))
    visitor.until(lambda: "st=" not in visitor.driver.current_url)
    assert shared(visitor, stage)["trail"] == [FIRST]
    visitor.until(lambda: stage.cart.get("sharetrail") == FIRST)
    form = "[...document.forms[0].elements].map(({value}) => value).slice(2)"
    assert visitor.run(f"return {form}") == [FIRST, FIRST]


def test_a_browser_as_old_as_the_syntax_draws_buttons(visitor, stage):
    older = "<script>delete Object.hasOwn; delete window.CSSStyleSheet; delete Array.prototype.at;"
    older += "delete AbortSignal.timeout; delete window.ClipboardItem</script>"
    visitor.land(FIRST, html=shop_page(PRODUCT + PRESSING, head=older))
    visitor.until(lambda: wishes(stage))
    assert wishes(stage)[0]["trail"] == [FIRST]


def test_a_page_that_isolates_itself_loads_the_script(visitor, stage):
    stage.headers["cross-origin-embedder-policy"] = "require-corp"
    visitor.land(FIRST, html=shop_page())
    assert visitor.trail == FIRST


# ── How the tag comes into the page ──────────────────────────────────────────────────────────────
BY_HAND = """<script>
  const tag = document.createElement("script");
  tag.src = "{API}/sharetrail.js";
  tag.dataset.key = "pk_test";
  document.head.append(tag);
  tag.remove();
</script>"""
BY_A_LOADER = """<script src="{API}/sharetrail.js?key=pk_test" type="late"></script><script>
  const waiting = document.querySelector("[type=late]");
  fetch(waiting.src).then((got) => got.text()).then((text) => {
    const running = document.createElement("script");
    running.text = text;
    document.head.append(running);
  });
</script>"""


@pytest.mark.parametrize(
    "tag",
    [
        BY_HAND,
        BY_A_LOADER,
        f'<script defer src="{{API}}/sharetrail.js" data-key="{KEY}"></script>',
        f'<script defer src="{{API}}/sharetrail.js?consent=optional&key={KEY}"></script>',
    ],
    ids=["taken out again", "run by a loader", "key beside", "all in the address"],
)
def test_the_tag_works_however_it_comes(visitor, stage, tag):
    html = (
        shop_page(PRODUCT)
        .replace("<script defer", tag + "<i hidden")
        .replace("></script></head>", "></i></head>")
    )
    visitor.land(FIRST, html=html)
    visitor.until(lambda: visitor.run("return window.sharetrail?.trail") == FIRST)
    assert shared(visitor, stage)["trail"] == [FIRST]
    assert stage.to("/v1/links")[-1].headers["authorization"] == f"Bearer {KEY}"


def test_a_click_under_an_encoded_name_leaves_the_address_too(visitor, stage):
    visitor.go(f"/shirt?%73t={FIRST}&size=m", html=shop_page())
    assert visitor.trail == FIRST
    visitor.until(lambda: visitor.driver.current_url == f"{stage.shop}/shirt?size=m")


# ── Consent ──────────────────────────────────────────────────────────────────────────────────────
def test_where_the_shop_s_country_asks_nothing_is_kept_before_a_yes(visitor, stage):
    stage.consent = "required"
    visitor.land(FIRST, html=shop_page())
    assert (visitor.trail, visitor.stored) == ("denied", None)
    visitor.run("sharetrail.consent(true)")
    visitor.go("/socks")
    assert visitor.trail == FIRST


def test_a_tag_without_a_key_in_its_address_asks_for_its_shop_s_country(visitor, stage):
    stage.consent = "required"
    visitor.land(FIRST, html=shop_page(query="", install=f'data-key="{KEY}"'))
    visitor.until(lambda: visitor.run("return window.sharetrail?.trail") == "denied")
    assert visitor.stored is None


def test_a_strict_page_lets_the_script_ask(visitor, stage):
    stage.headers["content-security-policy"] = (
        f"default-src 'none'; script-src {stage.api}; connect-src {stage.api}; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    html = shop_page(query="", install=f'data-key="{KEY}"')
    visitor.land(FIRST, html=html)
    visitor.until(lambda: visitor.run("return window.sharetrail?.trail") == FIRST)


def test_the_tag_can_say_otherwise_than_the_country(visitor, stage):
    stage.consent = "required"
    visitor.land(FIRST, html=shop_page(install='data-consent="optional"'))
    assert visitor.trail == FIRST
    stage.consent = "optional"
    visitor.go("/socks", html=shop_page(install='data-consent="required"'))
    assert (visitor.trail, visitor.stored) == ("denied", None)


UNREADABLE = {
    "fails": "loadFeatures: (features, then) => then(new Error('blocked'))",
    "throws": "loadFeatures() { throw new Error('blocked') }",
    "never answers": "loadFeatures() {}",
    "knows nothing": "customerPrivacy: {}",
    "says neither": "customerPrivacy: {analyticsProcessingAllowed: () => undefined}",
}


@pytest.mark.parametrize("why", UNREADABLE)
def test_consent_that_cannot_be_read_is_not_given(visitor, stage, why):
    head = f"<script>window.Shopify = {{{UNREADABLE[why]}}}</script>"
    visitor.land(FIRST, html=shop_page(head=head))
    visitor.until(lambda: stage.cart.get("sharetrail") == "denied")
    assert (visitor.trail, visitor.stored) == ("denied", None)
    assert visitor.run("return document.cookie") == ""


ANSWERS = """<script>window.Shopify = {customerPrivacy: {
  analyticsProcessingAllowed: () => true,
  currentVisitorConsent: () => ({analytics: "%s"}),
}}</script>"""


@pytest.mark.parametrize(
    ("consent", "answer", "is_given"),
    [("required", "", False), ("required", "yes", True), ("optional", "", True)],
)
def test_what_a_shopify_shop_allows_without_asking_is_no_yes_where_one_is_needed(
    visitor, stage, consent, answer, is_given
):
    stage.consent = consent
    visitor.land(FIRST, html=shop_page(head=ANSWERS % answer))
    assert visitor.trail == (FIRST if is_given else "denied")


def test_a_consent_api_that_answers_late_loses_nothing_of_who_agreed_before(visitor, stage):
    visitor.land(FIRST, html=shop_page(head=SHOPIFY))
    visitor.until(lambda: stage.cart.get("sharetrail") == FIRST)
    late = "<script>window.Shopify = {loadFeatures: (_, then) => { window.then = then }}</script>"
    visitor.go("/socks", html=shop_page(head=late))
    visitor.until(lambda: stage.cart.get("sharetrail") == "denied")
    assert visitor.stored["trail"] == [FIRST]
    visitor.run("Shopify.customerPrivacy = {analyticsProcessingAllowed: () => true}; then()")
    assert visitor.trail == FIRST
    visitor.until(lambda: stage.cart.get("sharetrail") == FIRST)


def test_a_yes_in_one_tab_is_not_undone_by_a_no_in_another(visitor, stage):
    stage.consent = "required"
    visitor.land(FIRST, html=shop_page())
    visitor.run("sharetrail.consent(false)")
    agreed = (
        f'{{"id":"{"a" * 32}","trail":["{FIRST}"],"visit":"{FIRST}","seen":{2**41},"agreed":true}}'
    )
    visitor.run("localStorage.setItem('sharetrail', arguments[0])", agreed)
    visitor.run("dispatchEvent(new StorageEvent('storage', {key: 'sharetrail', newValue: '{}'}))")
    assert visitor.stored["trail"] == [FIRST]


def test_a_page_that_the_browser_kept_keeps_nothing_of_who_said_no_since(visitor, stage):
    visitor.land(FIRST, html=shop_page(head=SHOPIFY))
    visitor.until(lambda: stage.carts)
    visitor.run("localStorage.clear()")  # as the page that was told no did
    visitor.run("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    visitor.run("dispatchEvent(new Event('scroll'))")
    visitor.pause(0.2)
    assert visitor.stored is None
    assert len(stage.carts) == 1


def test_where_nobody_can_say_where_the_shop_is_it_matters_where_the_visitor_is(visitor, stage):
    zone = (
        "<script>Intl.DateTimeFormat = () => ({resolvedOptions: () => ({timeZone: '%s'})})</script>"
    )
    stage.consent = "unknown"
    for name, trail in (
        ("Europe/Berlin", "denied"),
        ("America/Lima", FIRST),
        ("Atlantic/Canary", "denied"),
    ):
        visitor.land(FIRST, html=shop_page(head=zone % name))
        assert visitor.trail == trail


def test_a_consent_api_that_comes_late_is_heeded(visitor):
    visitor.land(FIRST, html=shop_page(head=SHOPIFY))
    assert visitor.trail == FIRST
    visitor.run("Shopify.customerPrivacy = {analyticsProcessingAllowed: () => false}")
    visitor.run("document.dispatchEvent(new CustomEvent('shopifyCustomerPrivacyApiLoaded'))")
    assert (visitor.trail, visitor.stored) == ("denied", None)


# ── Events ───────────────────────────────────────────────────────────────────────────────────────
def test_a_beacon_that_is_refused_is_sent_later(visitor, stage):
    refusing = """<script>
      navigator.sendBeacon = () => false;
      const ask = fetch;
      window.fetch = (...what) => window.open_again ? ask(...what) : Promise.reject(new Error());
    </script>"""
    visitor.land(FIRST, html=shop_page(head=refusing))
    visitor.pause(1.2)
    assert stage.events == []
    visitor.run("window.open_again = true; dispatchEvent(new Event('pagehide'))")
    visitor.until(lambda: stage.events_of("visit"))


def test_who_comes_back_to_a_page_that_the_browser_kept_sees_it_once_more(visitor, stage):
    visitor.go(html=shop_page())
    visitor.until(lambda: stage.events_of("view"))
    visitor.run("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    visitor.until(lambda: len(stage.events_of("view")) == 2)
