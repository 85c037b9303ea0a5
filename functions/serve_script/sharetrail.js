/*
 * Remembers which share clicks led a visitor here, writes them into the cart, and draws
 * <sharetrail-buttons>.
 *   <script defer src="https://API/sharetrail.js" data-key="pk_…"></script>
 * With data-consent="required" nothing is stored until sharetrail.consent(true), which is then
 * remembered. A "no" is stored nowhere, so say sharetrail.consent(false) on every page.
 * With data-cookie the shop's own server can read the trail where it makes the order.
 */
(() => {
  "use strict";

  const KEY = "sharetrail";
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const WINDOW = 30 * 24 * 60 * MINUTE;
  const IDLE = 30 * MINUTE;
  const CLOCK_SKEW = 10 * MINUTE;
  const NEWEST = 19;
  const OTHER = "other";
  const CLICK = /^[0-9a-hjkmnp-tv-z]{9}[0-7][0-9a-hjkmnp-tv-z]{16}$/;
  const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  const IN_APP =
    /FBA[NV]|Instagram|Barcelona|\bLine\/|TikTok|musical_ly|BytedanceWebview|Pinterest|Snapchat|Twitter|LinkedInApp|MicroMessenger|; wv\)/i;

  const script = document.querySelector('script[src*="/sharetrail.js"][data-key]');
  if (!script || window.sharetrail?.version) return;
  const { key, consent: consentMode } = script.dataset;
  const API = new URL(script.src).origin;

  /** What `act` answers; undefined where it fails. */
  function quietly(act) {
    try {
      return act();
    } catch {
      return undefined;
    }
  }

  const randomId = () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");

  const done = new Set();
  const once = (what) => !done.has(what) && done.add(what);

  function post(url, body, options, headers) {
    headers = { "Content-Type": "application/json", ...headers };
    return fetch(url, { method: "POST", headers, body: JSON.stringify(body), ...options });
  }

  // --- Click ids: nine characters of time, a shard, sixteen random ---

  function isFresh(id) {
    if (typeof id !== "string" || !CLICK.test(id)) return false;
    const time = [...id.slice(0, 9)].reduce((sum, digit) => sum * 32 + DIGITS.indexOf(digit), 0);
    const age = Date.now() - time;
    return age <= WINDOW && age >= -CLOCK_SKEW;
  }

  /** The first and the newest inside the window, oldest first, for ids sort by their time. */
  function tidy(ids) {
    const [first, ...later] = [...new Set([].concat(ids).filter(isFresh))].sort();
    return first ? [first, ...later.slice(-NEWEST)] : [];
  }

  // --- Memory ---

  let spare; // stands in where the browser blocks storage
  let stranger = randomId(); // the sharer's id while nothing is stored

  /** Read anew each time, for another tab may have written; nothing in it is believed. */
  function recall() {
    const found = Object(quietly(() => JSON.parse(spare ?? localStorage.getItem(KEY))));
    return {
      id: /^[0-9a-f]{32}$/.test(found.id) ? `${found.id}` : stranger,
      trail: tidy(found.trail),
      visit: isFresh(found.visit) ? found.visit : OTHER,
      seen: Math.min(found.seen, Date.now()) || 0,
      agreed: found.agreed,
    };
  }

  function keep(memory) {
    spare = JSON.stringify({ ...memory, seen: Date.now() });
    quietly(() => {
      localStorage.setItem(KEY, spare);
      spare = undefined;
    });
  }

  function forget() {
    spare = undefined;
    quietly(() => localStorage.removeItem(KEY));
    stranger = randomId();
    queue = queue.filter((event) => !event.trail);
  }

  const trail = () => (granted ? recall().trail : []);
  const visit = () => (granted ? recall().visit : OTHER);
  const trailOnWire = () => (granted ? trail().join() || "none" : "denied");

  // --- Consent ---

  let granted = false;
  let choice; // what the shop told sharetrail.consent() on this page

  function isGranted() {
    if (navigator.globalPrivacyControl) return false;
    if (choice !== undefined) return choice;
    if (consentMode === "required") return recall().agreed;
    const privacy = window.Shopify?.customerPrivacy;
    if (!privacy?.analyticsProcessingAllowed) return true;
    return quietly(() => privacy.analyticsProcessingAllowed() !== false) ?? false;
  }

  /** Consent may have changed: begin, go on, or leave nothing behind. */
  function settle() {
    const before = granted;
    granted = isGranted();
    if (!granted) forget();
    else if (!before) arrive();
    publish();
  }

  function heedOtherTab(stored) {
    if (stored === null) choice = false; // withdrawn there
    settle();
  }

  // --- The visit ---

  // In memory alone until there is consent.
  const landing = new URLSearchParams(location.search).getAll("st").find(isFresh);
  const isFromOutside = quietly(() => {
    // A reload, or a step back, shows the referrer of the first time again.
    if (/reload|back/.test(performance.getEntriesByType("navigation")[0]?.type)) return false;
    const { host } = new URL(document.referrer);
    return host !== location.host && host !== new URL(API).host;
  });

  function arrive() {
    const memory = recall();
    const isNew = isFromOutside || Date.now() - memory.seen > IDLE;
    const visit = landing || (isNew ? OTHER : memory.visit);
    if (landing) memory.trail = tidy([...memory.trail, landing]);
    if (choice) memory.agreed = true;
    begin(memory, visit, isNew || visit !== memory.visit);
  }

  function begin(memory, visit, isNew) {
    keep({ ...memory, visit });
    if (isNew && memory.trail.length) record("visit", { trail: memory.trail });
  }

  /** After half an hour without a sign of life, what follows is another visit. */
  function noteActivity() {
    if (!granted) return;
    const memory = recall();
    const rest = Date.now() - memory.seen;
    if (rest > IDLE) {
      begin(memory, OTHER, true);
      publish();
    } else if (rest > MINUTE) keep(memory);
  }

  /** A copied address must not carry this click to others; "open in Safari" must. */
  function cleanAddress() {
    const { href } = withoutParameters(location, isClick);
    if (href !== location.href && !IN_APP.test(navigator.userAgent)) {
      history.replaceState(history.state, "", href);
    }
  }

  // --- The order: the shop's own server reads a cookie, Shopify its cart ---

  function publish() {
    if ("cookie" in script.dataset) {
      writeCookie(KEY, trailOnWire());
      writeCookie(`${KEY}_visit`, visit());
    }
    if (window.Shopify) publishToCart();
  }

  /** Until the browser is closed; without consent there is none. */
  function writeCookie(name, value) {
    const age = granted ? "" : ";max-age=0";
    quietly(() => (document.cookie = `${name}=${value};path=/;samesite=lax${age}`));
  }

  let inCart = "";
  let cartTurn = Promise.resolve();

  function publishToCart() {
    writeForms();
    const attributes = { sharetrail: trailOnWire(), sharetrail_visit: visit() };
    const wanted = JSON.stringify(attributes);
    if (wanted === inCart) return;
    inCart = wanted;
    const url = `${Shopify.routes?.root || "/"}cart/update.js`;
    // One after the other, so that the newest values arrive last.
    cartTurn = cartTurn
      .then(() => post(url, { attributes }, { keepalive: true }))
      .then((answer) => answer.ok || Promise.reject())
      .catch(() => {
        inCart = ""; // the next change tries again
      });
  }

  /** "Buy it now" skips the cart: there the product form carries the trail. */
  function writeForms() {
    for (const form of document.querySelectorAll('form[action*="/cart/add"]')) {
      writeProperty(form, "properties[_sharetrail]", trailOnWire());
      writeProperty(form, "properties[_sharetrail_visit]", visit());
    }
  }

  function writeProperty(form, name, value) {
    const input = form.querySelector(`input[name="${name}"]`);
    if (input) input.value = value;
    else form.append(make("input", { type: "hidden", name, value }));
  }

  function watchForms() {
    let soon; // a pause: two scripts that tidy one form must not freeze it
    new MutationObserver(() => {
      clearTimeout(soon);
      soon = setTimeout(writeForms, 50);
    }).observe(document, { childList: true, subtree: true });
  }

  // --- Events ---

  let queue = [];
  let flushTimer;

  function record(type, details) {
    const at = new Date().toISOString();
    queue.push({ id: randomId(), type, url: pageAddress(isClick), at, ...details });
    clearTimeout(flushTimer);
    flushTimer = setTimeout(flush, document.hidden ? 0 : SECOND);
  }

  function flush() {
    if (!queue.length) return;
    const url = `${API}/v1/events`;
    const body = JSON.stringify({ key, events: queue });
    queue = [];
    // As text: a beacon of JSON is preflighted, and dropped when the page closes.
    if (quietly(() => navigator.sendBeacon(url, body))) return;
    const options = { method: "POST", body, keepalive: true, mode: "no-cors", credentials: "omit" };
    fetch(url, options).catch(() => {});
  }

  // --- The page ---

  const isClick = (pair) => pair.startsWith("st=") && CLICK.test(pair.slice(3));
  const isCampaign = (pair) => pair.startsWith("utm_") || isClick(pair);

  /** The other parameters stay as they are, byte for byte. */
  function withoutParameters(address, leaves) {
    const url = new URL(address);
    url.search = url.search.slice(1).split("&").filter((pair) => !leaves(pair)).join("&");
    return url;
  }

  function pageAddress(leaves) {
    const canonical = document.querySelector("link[rel=canonical][href]")?.href;
    const url = withoutParameters(absolute(canonical) || location, leaves);
    url.hash = "";
    return absolute(url);
  }

  /** Links refuse what browsers leave bare in a query. */
  const absolute = (address) =>
    address &&
    quietly(() =>
      new URL(address, document.baseURI).href.replace(/[\\^`{|}]/g, encodeURIComponent),
    );

  const openGraph = (name) => document.querySelector(`meta[property="og:${name}"]`)?.content;

  // --- The buttons ---

  // White has a contrast of 4 or more on each colour.
  const NETWORKS = {
    facebook: ["Facebook", "#1769d8", "M16 4.5h-1.5c-2 0-3 1.3-3 3V20M8 11.5h7.5"],
    x: ["X", "#0f1419", "M5 5h3l11 14h-3zM18.5 5l-5.5 6M11 13l-5.5 6"],
    pinterest: ["Pinterest", "#cf0a22", "M8 13c-3-4 0-8 4.5-8 3 0 5 2 5 5s-2 5.5-4 5.5c-1.5 0-2.5-1-2.5-2M12.5 9l-3 11"],
    whatsapp: ["WhatsApp", "#11804a", "M4 20l1.3-4a8 8 0 1 1 3 2.8zM9 8c0 4 3 7 7 7v-2l-2-1-1 1-2-2 1-1-1-2z"],
    telegram: ["Telegram", "#0b7cb5", "M20.5 4.5l-17 6.5 6 2.5zl-3.5 14.5-7.5-5.5V19l3-3"],
    linkedin: ["LinkedIn", "#0a66c2", "M6.5 6h.01M6.5 10.5V18M11 18v-7.5M11 14c0-4.5 6.5-4.5 6.5 0v4"],
    reddit: ["Reddit", "#d03800", "M12 9c10.5 0 10.5 10.5 0 10.5S1.5 9 12 9l1-4.5 4 1M9 13.5h.01M15 13.5h.01M9.5 16.3c1.5 1 3.5 1 5 0"],
    threads: ["Threads", "#0f0f0f", "M18 9c-1-8-12-6-12 3s7 10 10.5 6.5S15 9 10 12s5 7 5 0-5-4-5.5-2.5"],
    bluesky: ["Bluesky", "#0a6fdb", "M12 11C9 5 4 3 4 7s1 5 5 5c-5 0-4 4-2 6s4-1 5-4c1 3 3 6 5 4s3-6-2-6c4 0 5-1 5-5s-5-2-8 4z"],
    email: ["E-mail", "#54606f", "M4 6h16v12H4zl8 7 8-7"],
    sms: ["SMS", "#0f7a75", "M4 5h16v11h-8l-4 4v-4H4zM8 10.5h.01M12 10.5h.01M16 10.5h.01"],
    copy: ["Copy link", "#3b4654", "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"],
    device: ["More", "#3b4654", "M12 14.5V4M8 8l4-4 4 4M8 11H5.5v9h13v-9H16"],
  };

  let styles = `
    :host { display: block; position: relative }
    :host([hidden]) { display: none }
    .heading { margin: 0 0 10px; font-weight: 600 }
    .group { display: flex; flex-wrap: wrap; gap: var(--sharetrail-gap, min(8px, 1.5vw)) }
    button {
      display: grid; place-items: center; padding: 0; cursor: pointer;
      color: #fff; fill: none; stroke-width: 2;
      inline-size: var(--sharetrail-size, 44px); block-size: var(--sharetrail-size, 44px);
      border: 1px solid #fff4; border-radius: var(--sharetrail-radius, 50%);
    }
    svg { inline-size: 56%; stroke: currentColor; stroke-linecap: round; stroke-linejoin: round }
    .facebook, .linkedin { stroke-width: 2.6 }
    .bluesky { fill: currentColor }
    button:active, [aria-busy] { filter: brightness(.85) }
    :focus-visible { outline: 3px solid #1d4ed8; outline-offset: 2px; box-shadow: 0 0 0 2px #fff }
    @media (hover: hover) and (prefers-reduced-motion: no-preference) {
      button { transition: transform .15s }
      button:hover { transform: translateY(-2px) }
    }
    [role=status] { position: absolute; z-index: 1; inset: calc(100% + 8px) auto auto; margin: 0 }
    [role=status]:not(:empty), input {
      padding: 8px 12px; border: 1px solid; border-radius: 8px;
      font: 16px/1.4 system-ui, sans-serif; background: CanvasText; color: Canvas;
    }
    input { box-sizing: border-box; inline-size: min(100%, 420px); margin-block-start: 10px }
    input { background: Canvas; color: CanvasText }`;

  for (const id in NETWORKS) styles += `.${id} { background: ${NETWORKS[id][1]} }`;

  // A shop's content policy may forbid style elements, and HTML made of text.
  const sheet = quietly(() => new CSSStyleSheet());
  sheet?.replaceSync(styles);

  const SVG = "http://www.w3.org/2000/svg";

  function make(name, attributes, ...children) {
    const isDrawing = /svg|path/.test(name);
    const element = isDrawing ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const attribute in attributes) element.setAttribute(attribute, attributes[attribute]);
    element.append(...children);
    return element;
  }

  const anyone = () => ({ id: recall().id });

  const links = new Map();

  /** The same wish gets the same answer, unless it failed. */
  function requestLink(wish) {
    const asked = JSON.stringify(wish);
    if (!links.has(asked)) {
      links.set(asked, createLink(wish));
      links.get(asked).catch(() => links.delete(asked));
    }
    return links.get(asked);
  }

  async function createLink(wish) {
    const body = trail().length ? { ...wish, trail: trail() } : wish;
    const options = { credentials: "omit", signal: AbortSignal.timeout?.(10 * SECOND) };
    const answer = await post(`${API}/v1/links`, body, options, { Authorization: `Bearer ${key}` });
    if (answer.ok) return answer.json();
    // A token holds for a day, and a page may stand open for longer: then a visitor shares.
    if (answer.status !== 403 || !wish.influencer.token) return Promise.reject();
    return createLink({ ...wish, influencer: anyone() });
  }

  // Each way does what browsers allow only inside the gesture before it waits for the link, and
  // answers false if the visitor thought better of it.

  async function inWindow(link) {
    const page = window.open("", "_blank", "popup,width=640,height=680");
    if (page) page.opener = null;
    try {
      const { share_url } = await link;
      (page || window).location.href = share_url; // where windows are blocked: in this one
    } catch (error) {
      page?.close();
      throw error;
    }
  }

  async function inProgram(link) {
    location.href = (await link).share_url;
  }

  /** Safari wants a promise inside the gesture; others may want the text. */
  async function toClipboard(link, buttons) {
    const text = link.then(({ short_url }) => short_url);
    const blob = text.then((plain) => new Blob([plain], { type: "text/plain" }));
    blob.catch(() => {});
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
    } catch {
      const plain = await text;
      try {
        await navigator.clipboard.writeText(plain);
      } catch {
        return buttons.offer(plain);
      }
    }
    buttons.say("Link copied");
  }

  async function onDevice(link, buttons) {
    const url = (await link).short_url;
    try {
      await navigator.share({ title: buttons.shownTitle, url });
    } catch (error) {
      if (error.name === "AbortError") return false;
      buttons.offer(url);
    }
  }

  const WAYS = { email: inProgram, sms: inProgram, copy: toClipboard, device: onDevice };

  const watcher = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.target.show(entry.intersectionRatio >= 0.5)),
    { threshold: 0.5 },
  );

  class SharetrailButtons extends HTMLElement {
    connectedCallback() {
      if (!this.shadowRoot) this.build();
      watcher.observe(this);
    }

    disconnectedCallback() {
      watcher.unobserve(this);
      this.show(false);
    }

    build() {
      const root = this.attachShadow({ mode: "open" });
      const heading = this.given("heading");
      const buttons = this.networks.map((network) => this.button(network));
      this.group = make(
        "div",
        { class: "group", role: "group", "aria-label": "Share", lang: "en" },
        ...buttons,
      );
      this.message = make("p", { role: "status", "aria-live": "polite", lang: "en" });
      if (sheet) root.adoptedStyleSheets = [sheet];
      else root.append(make("style", {}, styles));
      if (heading) root.append(make("p", { class: "heading" }, heading));
      root.append(this.group, this.message);
      for (const sign of ["focusin", "mouseenter", "click"]) {
        this.addEventListener(sign, () => once("open") && record("open", this.about));
      }
    }

    given(name) {
      return this.getAttribute(name) || undefined;
    }

    get networks() {
      const wanted = this.given("networks")?.match(/\w+/g) || Object.keys(NETWORKS);
      return [...new Set(wanted)].filter(
        (id) => Object.hasOwn(NETWORKS, id) && (id !== "device" || navigator.share),
      );
    }

    button(network) {
      const [name, , d] = NETWORKS[network];
      const button = make(
        "button",
        { type: "button", class: network, "aria-label": name, title: name },
        make("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, make("path", { d })),
      );
      button.addEventListener("click", () => button.ariaBusy || this.share(network, button));
      return button;
    }

    async share(network, button) {
      button.ariaBusy = "true";
      try {
        const link = requestLink(this.wish(network));
        const isShared = await (WAYS[network] || inWindow)(link, this);
        if (isShared !== false) this.tell(network, await link);
      } catch {
        this.say("Sharing is not available right now");
      }
      button.ariaBusy = null;
    }

    wish(network) {
      const { product } = this.about;
      const image = this.given("image") || openGraph("image");
      const token = this.given("influencer-token");
      return {
        url: absolute(this.given("url")) || pageAddress(isCampaign),
        network,
        influencer: token ? { token } : anyone(),
        campaign: this.given("campaign"),
        label: this.given("label"),
        product: product && { ...product, title: this.shownTitle, image: absolute(image) },
      };
    }

    get about() {
      const id = this.given("product");
      return { product: id ? { id } : undefined };
    }

    get shownTitle() {
      return this.given("title") || openGraph("title") || document.title || undefined;
    }

    tell(network, { code, short_url, share_url }) {
      if (once(network)) record("share", { ...this.about, code });
      const detail = { network, code, short_url, share_url };
      const event = new CustomEvent("sharetrail:share", { bubbles: true, composed: true, detail });
      this.dispatchEvent(event);
    }

    say(text) {
      this.message.textContent = text;
      clearTimeout(this.silence);
      this.silence = setTimeout(() => (this.message.textContent = ""), 5 * SECOND);
    }

    /** The last resort: the link itself, selected, ready to copy. */
    offer(link) {
      this.shadowRoot.querySelector("input")?.remove();
      const field = make("input", { readonly: "", value: link, "aria-label": "Link", dir: "ltr" });
      this.group.after(field);
      field.focus();
      field.select();
    }

    /** A view: at least half of the buttons for a second, in a tab that is looked at. */
    show(isHalfVisible) {
      clearTimeout(this.second);
      if (!isHalfVisible) return;
      this.second = setTimeout(() => {
        if (!document.hidden) return once("view") && record("view", this.about);
        watcher.unobserve(this); // to be told again when it is
        watcher.observe(this);
      }, SECOND);
    }
  }

  // --- Begin ---

  function start() {
    // Shopify may first have to load what knows of consent.
    if (!window.Shopify?.loadFeatures || Shopify.customerPrivacy) settle();
    else Shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], settle);
    for (const sign of ["pointerdown", "keydown", "scroll"]) {
      addEventListener(sign, noteActivity, { capture: true, passive: true });
    }
    addEventListener("storage", (event) => event.key === KEY && heedOtherTab(event.newValue));
    addEventListener("pageshow", (event) => event.persisted && settle());
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", () => document.hidden && flush());
    document.addEventListener("visitorConsentCollected", settle);
    if (window.Shopify) watchForms();
    // While the page loads, the shop's analytics read the address.
    const clean = () => setTimeout(() => quietly(cleanAddress));
    if (document.readyState === "complete") clean();
    else addEventListener("load", clean);
  }

  window.sharetrail = {
    consent(isGiven) {
      choice = Boolean(isGiven);
      settle();
    },
    get trail() {
      return trailOnWire();
    },
    get visit() {
      return visit();
    },
    version: "0.1.0",
  };

  quietly(() => customElements.define("sharetrail-buttons", SharetrailButtons));

  // A page that is only prepared in the background is not a visit yet.
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
