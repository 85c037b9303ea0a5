/*
 * Remembers which share clicks led a visitor here, writes them into the cart, and draws
 * <sharetrail-buttons>.
 *   <script defer src="https://API/sharetrail.js?key=pk_…"></script>
 * Where consent is required nothing is stored until sharetrail.consent(true), which is then
 * remembered. A "no" is stored nowhere, so say sharetrail.consent(false) on every page.
 * data-consent="required" or "optional" on the tag says what holds; without it the shop's country.
 * With data-cookie the shop's own server can read the trail where it makes the order.
 * Whatever stands as data-… on the tag may stand in its address instead: ?key=…&consent=required.
 */
(() => {
  "use strict";

  const BY_COUNTRY = "unknown"; // "required" or "optional" as served to who names a shop's key
  const KEY = "sharetrail";
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;
  const WINDOW = 30 * 24 * 60 * MINUTE;
  const IDLE = 30 * MINUTE;
  const PATIENCE = 5 * SECOND;
  const GLANCE = 10 * SECOND; // less of a page that was told of already is not told
  const NEWEST = 19;
  const OTHER = "other";
  const CLICK = /^[0-9a-hjkmnp-tv-z]{9}[0-7][0-9a-hjkmnp-tv-z]{16}$/;
  const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  const IN_APP =
    /FBA[NV]|Instagram|Barcelona|\bLine\/|TikTok|musical|Bytedance|Pinterest|Snapchat|Twitter|LinkedIn|MicroM|; wv/i;
  const EUROPE = /^(u|Eu|Atlantic.[ACFMR])/; // unreadable; Azores, Canary, Faroe, Madeira, Reykjavik
  // What marks an ad's click or a mail's recipient, as Firefox and Brave strip it and AdGuard lists
  // it: whoever shares keeps their own, and whoever comes with one comes by another campaign.
  const CAMPAIGN =
    /^(utm_\w+|(fb|g|d|tt|tw|y|ys)clid|msclkid|[gw]braid|gad_\w+|srsltid|li_fat_id|igsh(id)?|epik|sccid|rdt_cid|mc_[ce]id|_hs(enc|mi)|__hs\w+|mkt_tok|vero_\w+|_kx)(=|$)/i;

  // Not whichever runs now: a loader may run ours from within its own.
  const running = document.currentScript;
  const script = [running, ...document.scripts].find((each) => /\/sharetrail\.js/.test(each?.src));
  if (!script || window.sharetrail?.version) return;
  const address = new URL(script.src);
  const setting = (name) => script.dataset[name] ?? address.searchParams.get(name);
  const key = setting("key");
  const API = address.origin;
  if (!key) return;

  /** What `act` answers; undefined where it fails. */
  function quietly(act) {
    try {
      return act();
    } catch {
      return undefined;
    }
  }

  // --- What consent needs here ---

  let consentMode = [setting("consent"), BY_COUNTRY].find((each) => /^(required|optional)$/.test(each));
  if (!consentMode) {
    if (running && !address.searchParams.has("key")) {
      // The same again, from who is told whose shop it is and so knows its country: by an element,
      // which the page's loading waits for, else as a module, which no Trusted Types forbid.
      const said = script.dataset;
      for (const name of Object.keys(said)) address.searchParams.set(name, said[name]);
      const again = document.createElement("script");
      again.nonce = script.nonce;
      quietly(() => (again.src = address));
      if (again.src) document.head.appendChild(again);
      else import(address);
      return;
    }
    // Nobody could say where the shop is: then it matters where the visitor is.
    const zone = quietly(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    consentMode = EUROPE.test(zone) ? "required" : "optional";
  }

  // --- What pages do to builtins (Prototype.js, MooTools) stays theirs ---

  /** JSON, where a library taught arrays to spell themselves otherwise. */
  function asJson(value) {
    const arrays = Array.prototype;
    const { toJSON } = arrays;
    delete arrays.toJSON;
    try {
      return JSON.stringify(value);
    } finally {
      if (toJSON) arrays.toJSON = toJSON;
    }
  }

  function randomId() {
    let id = "";
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += (byte + 256).toString(16).slice(1);
    return id;
  }

  const done = new Set();
  const once = (...what) => !done.has(what.join()) && done.add(what.join());

  function post(url, body, options, headers) {
    headers = { "Content-Type": "application/json", ...headers };
    return fetch(url, { method: "POST", headers, body: asJson(body), ...options });
  }

  // --- The page ---

  // As the API takes them; longer is cropped here, so that sharing never fails by it.
  const MOST_EVENTS = 50;
  const LONGEST = { word: 100, title: 300, image: 1000, url: 2048 };

  /** On one line, and not within a letter that takes two places; one that the page has cut is left
   * out. */
  function crop(text, longest) {
    const letters = [...(text || "").replace(/[\0-\x1f\x7f]+/g, " ").trim()];
    const whole = letters.filter((letter) => !/^[\ud800-\udfff]$/.test(letter));
    return whole.slice(0, longest).join("") || undefined;
  }

  const pairsOf = ({ search }) => search.slice(1).split("&");
  const decoded = (pair) => quietly(() => decodeURIComponent(pair)) ?? pair;
  const isClick = (pair) => decoded(pair).startsWith("st=") && CLICK.test(decoded(pair).slice(3));
  const isCampaign = (pair) => CAMPAIGN.test(decoded(pair));

  /** The other parameters stay as they are, byte for byte. */
  function without(leaves, address) {
    const url = new URL(address);
    url.search = pairsOf(url).filter((pair) => !leaves(pair)).join("&");
    return url;
  }

  /** Where a router keeps its place in the fragment; any other fragment is a place on the page. */
  const routerPlace = () => (/^#!?\//.test(location.hash) ? location.hash : "");
  const place = () => location.pathname + routerPlace();

  const canonical = () =>
    quietly(() => new URL(document.querySelector("link[rel=canonical][href]").href));
  const firstPath = location.pathname;
  const firstCanonical = `${canonical()}`;

  /** The canonical address, unless it is another site's, or was the page's before this one. */
  function ownAddress() {
    const own = canonical();
    const isStale = `${own}` === firstCanonical && location.pathname !== firstPath;
    const holds = own?.origin === location.origin && !isStale && !routerPlace();
    return holds ? own : location;
  }

  function pageAddress() {
    const url = without((pair) => isClick(pair) || isCampaign(pair), ownAddress());
    url.hash = routerPlace();
    return short(absolute(url));
  }

  /** What a link can lead to: the path alone where the whole is too long. */
  const short = (address) => (address?.length > LONGEST.url ? address.split(/[?#]/)[0] : address);

  /** Links refuse what browsers leave bare in a query. */
  const absolute = (address) =>
    address &&
    quietly(() =>
      new URL(address, document.baseURI).href.replace(/[\\^`{|}]/g, encodeURIComponent),
    );

  const openGraph = (name) => document.querySelector(`meta[property="og:${name}"]`)?.content;

  // --- Click ids: nine characters of time, a shard, sixteen random ---

  function timeOf(id) {
    let time = 0;
    for (const digit of id.slice(0, 9)) time = time * 32 + DIGITS.indexOf(digit);
    return time;
  }

  const isWithin = (span, id) =>
    typeof id === "string" && CLICK.test(id) && Date.now() - timeOf(id) <= span;
  /** Also one from the future: the server knows when it was, and devices' clocks stand or lag. */
  const isFresh = (id) => isWithin(WINDOW, id);

  /** The first and the newest inside the window, oldest first, for ids sort by their time. */
  function tidy(ids) {
    if (!Array.isArray(ids)) return [];
    const [first, ...later] = ids.filter((id, n) => isFresh(id) && ids.indexOf(id) === n).sort();
    return first ? [first, ...later.slice(-NEWEST)] : [];
  }

  // --- Memory ---

  let spare; // stands in where the browser blocks storage
  let stranger = randomId(); // the sharer's id while nothing is stored

  /** Read anew each time, for another tab may have written; nothing in it is believed. */
  function recall() {
    const found = Object(quietly(() => JSON.parse(spare ?? localStorage[KEY])));
    return {
      id: /^[0-9a-f]{32}$/.test(found.id) ? `${found.id}` : stranger,
      trail: tidy(found.trail),
      visit: isFresh(found.visit) ? found.visit : OTHER,
      campaign: found.campaign,
      pages: found.pages | 0, // that this visit has had
      seen: Math.min(found.seen, Date.now()) || 0,
      agreed: found.agreed === true,
    };
  }

  function keep(memory) {
    spare = asJson({ ...memory, seen: Date.now() });
    quietly(() => {
      localStorage.setItem(KEY, spare);
      spare = undefined;
    });
  }

  function forget() {
    spare = undefined;
    quietly(() => localStorage.removeItem(KEY));
    stranger = randomId();
    queue = queue.filter(isAnybodys);
  }

  const trail = () => (granted ? recall().trail : []);
  const visit = () => (granted ? recall().visit : OTHER);
  const trailOnWire = () => (granted ? trail().join() || "none" : "denied");

  // --- Consent ---

  let granted = false;
  let isAsking = false; // Shopify has not answered yet
  let choice; // what the shop told sharetrail.consent() on this page

  /** What cannot be read is not given. */
  function isGranted() {
    if (navigator.globalPrivacyControl) return false;
    if (choice !== undefined) return choice;
    const { loadFeatures, customerPrivacy } = Object(window.Shopify);
    if ((loadFeatures || customerPrivacy) && setting("consent") !== "required") {
      // A shop without a banner allows what nobody was asked for: not enough where a yes is needed.
      const answer = quietly(() => customerPrivacy.currentVisitorConsent().analytics);
      return (
        quietly(() => customerPrivacy.analyticsProcessingAllowed()) === true &&
        (consentMode !== "required" || answer === "yes")
      );
    }
    return consentMode !== "required" || recall().agreed;
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
    // Somebody's yes over there is no matter of this page's no, which would delete it.
    if (stored === null || isGranted()) settle();
  }

  // --- The visit ---

  // In memory alone until there is consent.
  const landing = new URLSearchParams(location.search).getAll("st").find(isFresh);
  // A reload, or a step back, shows what led here the first time.
  const isReturn = /reload|back/.test(
    quietly(() => performance.getEntriesByType("navigation")[0].type),
  );
  const isFromHere = document.referrer.startsWith(`${location.origin}/`);
  // By utm_nooverride a payment's page says that it is none.
  const isPassing = isReturn || isFromHere || /[?&]utm_nooverride=1/.test(location.search);
  const campaign = isPassing ? "" : pairsOf(location).filter(isCampaign).join("&");

  /** A visit goes on until half an hour of rest, or until another campaign leads here: whoever
   * comes back from paying or from logging in still makes the same one. */
  function arrive() {
    const memory = recall();
    isCartRead = memory.trail.length > 0;
    regain(memory, kept(KEY), kept(`${KEY}_visit`));
    const isRested = Date.now() - memory.seen > IDLE;
    const isElsewhere = campaign && campaign !== memory.campaign;
    let visit = isRested || isElsewhere ? OTHER : memory.visit;
    if (isElsewhere) memory.campaign = campaign;
    if (landing && !(isReturn && memory.trail.includes(landing))) {
      visit = landing;
      memory.campaign = campaign;
      memory.trail = tidy([...memory.trail, landing]);
    }
    if (choice) memory.agreed = true;
    const isNew = isRested || isElsewhere || visit !== memory.visit;
    if (isNew || !isReturn) turnPage(memory, isNew);
    begin(memory, visit, isNew);
  }

  /** Adds what something else still knows of a trail; whether it is more. */
  function regain(memory, ids, visit) {
    const before = memory.trail.length;
    memory.trail = tidy([...String(ids).split(","), ...memory.trail]);
    if (memory.trail.length === before) return false;
    if (!before && isWithin(IDLE, visit)) Object.assign(memory, { visit, seen: Date.now() });
    return true;
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
      turnPage(memory, true);
      begin(memory, OTHER, true);
      publish();
    } else if (rest > MINUTE) keep(memory);
  }

  // --- How long a page is looked at: told where a share click led here, and there is consent ---

  let page = 0; // which of its visit, until that is told
  let looked = 0; // how long, until that is told
  let isShown = false;
  let since = 0;

  /** A page is looked at while its tab is in front. */
  function look() {
    const now = performance.now();
    if (isShown) looked += now - since;
    since = now;
    isShown = !document.hidden && !isLeaving;
  }

  /** The next page of the visit, or the first of another. */
  function turnPage(memory, isNew) {
    tellStay();
    page = memory.pages = isNew ? 1 : Math.min(memory.pages + 1, 99);
    looked = 0;
  }

  /** Once as the page is left, and once more for each time that it was come back to for a while. */
  function tellStay() {
    look();
    if ((!page && looked < GLANCE) || !trail().length) return;
    const seconds = Math.round(Math.min(looked, IDLE) / SECOND);
    record("stay", { seconds, page: page || undefined });
    page = looked = 0;
  }

  /** A copied address must not carry this click to others; "open in Safari" must. */
  function cleanAddress() {
    const { href } = without(isClick, location);
    if (href !== location.href && !IN_APP.test(navigator.userAgent)) {
      history.replaceState(history.state, "", href);
    }
  }

  // --- The order: the shop's own server reads a cookie, Shopify its cart ---

  function publish() {
    const attributes = { [KEY]: trailOnWire(), [`${KEY}_visit`]: visit() };
    for (const name of Object.keys(attributes)) {
      // Under a name that no listener to storage takes for a withdrawal; never before a yes.
      quietly(() => {
        sessionStorage.removeItem(name + 1);
        if (granted) sessionStorage[name + 1] = attributes[name];
      });
      if (setting("cookie") !== null) writeCookie(name, attributes[name]);
    }
    if (window.Shopify) quietly(() => publishToCart(attributes));
  }

  /** What this tab, or the shop's cookie, knows of a trail that storage has lost. */
  const kept = (name) => quietly(() => sessionStorage[name + 1]) || cookie(name);

  const cookie = (name) =>
    quietly(() => document.cookie.match(`(?:^|; )${name}=([^;]*)`)[1]) || "";

  /** Until the browser is closed; without consent there is none. */
  function writeCookie(name, value) {
    const age = granted ? "" : ";max-age=0";
    quietly(() => (document.cookie = `${name}=${value};path=/;samesite=lax${age}`));
  }

  let inCart = "";
  let isCartRead = false; // or known without: our storage has what we told it
  let cartTurn = Promise.resolve();

  function publishToCart(attributes) {
    quietly(writeForms);
    const wanted = asJson(attributes);
    if (wanted === inCart) return;
    inCart = wanted;
    // One after the other, so that the newest values arrive last.
    cartTurn = cartTurn
      .then(() => granted && !isCartRead && regainFromCart(attributes))
      .then((isKnown) => isKnown || tellCart(attributes))
      .catch(() => {
        inCart = ""; // the next change tries again
      });
  }

  const cartUrl = (file) => `${Shopify.routes?.root || "/"}cart${file}.js`;

  async function tellCart(attributes) {
    const { ok } = await post(cartUrl("/update"), { attributes }, { keepalive: true });
    if (!ok) throw ok;
  }

  /** Before a cart is told of a trail that begins anew: what it knows outlives our storage. Whether
   * it needs not be told, since it is as it should be or will be told of more. */
  async function regainFromCart(attributes) {
    const answer = await fetch(cartUrl("")).catch(() => 0);
    if (!answer.ok && attributes[KEY] === "none") throw answer;
    const found = Object(answer.ok && (await answer.json().catch(() => 0)).attributes);
    isCartRead = true;
    const [ids, visit] = Object.keys(attributes).map((name) => found[name]);
    const memory = recall();
    if (granted && regain(memory, ids, visit)) {
      begin(memory, memory.visit, memory.visit === OTHER);
      publish();
      return true;
    }
    return `${[ids, visit]}` === `${Object.values(attributes)}`;
  }

  /** "Buy it now" skips the cart: there the product form carries the trail. */
  function writeForms() {
    for (const form of document.querySelectorAll('form[action*="/cart/add"]')) {
      writeProperty(form, "properties[_sharetrail]", trailOnWire());
      writeProperty(form, "properties[_sharetrail_visit]", visit());
    }
  }

  /** A field called "append" or "querySelector" takes that name from its form. */
  function writeProperty(form, name, value) {
    const { querySelector, appendChild } = Element.prototype;
    const input = querySelector.call(form, `input[name="${name}"]`);
    if (input) input.value = value;
    else appendChild.call(form, make("input", { type: "hidden", name, value }));
  }

  // --- A page that changes without being left ---

  /** At most ten times a second: a countdown must not starve what comes late, nor two scripts that
   * tidy one form freeze it. */
  function watchPage() {
    let isWaiting = false;
    let lastPlace = place();
    new MutationObserver(() => {
      if (isWaiting) return;
      isWaiting = true;
      setTimeout(() => {
        isWaiting = false;
        if (window.Shopify) quietly(writeForms);
        if (place() === lastPlace) return;
        lastPlace = place();
        lookAnew();
        if (!granted) return;
        const memory = recall();
        turnPage(memory, false);
        keep(memory);
      }, 100);
    }).observe(document, { childList: true, subtree: true });
  }

  function lookAnew() {
    for (const buttons of document.querySelectorAll("sharetrail-buttons")) {
      quietly(() => buttons.look());
    }
  }

  // --- Events ---

  let queue = [];
  let flushTimer;

  function record(type, details) {
    const at = new Date().toISOString();
    queue.push({ id: randomId(), type, url: pageAddress(), at, ...details });
    clearTimeout(flushTimer);
    if (document.hidden || isLeaving) flush();
    else flushTimer = setTimeout(flush, SECOND);
  }

  let isLeaving = false;

  /** Unknown as long as Shopify has not answered. */
  const consentHere = () =>
    isAsking ? undefined : !granted ? "denied" : consentMode === "required" ? "given" : "unasked";
  /** What may be told of somebody who takes back their consent. */
  const isAnybodys = (event) => !event.trail && event.type !== "stay";

  function leave() {
    tellStay();
    flush();
  }

  function flush() {
    if (!queue.length) return;
    const url = `${API}/v1/events`;
    const events = queue.splice(0, MOST_EVENTS);
    const body = asJson({ key, events, consent: consentHere() });
    // As text: a beacon of JSON is preflighted, and dropped when the page closes.
    if (quietly(() => navigator.sendBeacon(url, body))) return flush();
    // Others' beacons may have filled what a page may send while it leaves; this one may not leave.
    const keepalive = isLeaving || document.hidden;
    fetch(url, { method: "POST", body, keepalive, mode: "no-cors", credentials: "omit" }).catch(
      () => (queue = events.filter((event) => granted || isAnybodys(event)).concat(queue)),
    );
  }

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
    email: ["", "#54606f", "M4 6h16v12H4zl8 7 8-7"],
    sms: ["SMS", "#0f7a75", "M4 5h16v11h-8l-4 4v-4H4zM8 10.5h.01M12 10.5h.01M16 10.5h.01"],
    copy: ["", "#3b4654", "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1"],
    device: ["", "#3b4654", "M12 14.5V4M8 8l4-4 4 4M8 11H5.5v9h13v-9H16"],
  };
  const FEW = "device whatsapp copy email more";

  // Share · Copy link · More · Link copied · and what is, where no short link could be had · E-mail,
  // where people write it otherwise.
  const TEXT_NAMES = "share copy more copied failed email".split(" ");
  const TEXTS = {
    en: "Share|Copy link|More|Link copied|Page address copied",
    de: "Teilen|Link kopieren|Mehr|Link kopiert|Seitenadresse kopiert|E-Mail",
    fr: "Partager|Copier le lien|Plus|Lien copié|Adresse de la page copiée",
    es: "Compartir|Copiar enlace|Más|Enlace copiado|Dirección de la página copiada|Correo",
    pt: "Compartilhar|Copiar link|Mais|Link copiado|Endereço da página copiado",
    it: "Condividi|Copia link|Altro|Link copiato|Indirizzo della pagina copiato",
    nl: "Delen|Link kopiëren|Meer|Link gekopieerd|Pagina-adres gekopieerd",
    pl: "Udostępnij|Kopiuj link|Więcej|Skopiowano link|Skopiowano adres strony",
    ar: "مشاركة|نسخ الرابط|المزيد|تم نسخ الرابط|تم نسخ عنوان الصفحة|بريد إلكتروني",
    he: "שיתוף|העתקת קישור|עוד|הקישור הועתק|כתובת הדף הועתקה|דוא״ל",
    ja: "共有|リンクをコピー|その他|リンクをコピーしました|ページのアドレスをコピーしました|メール",
    zh: "分享|复制链接|更多|链接已复制|已复制本页地址|邮件",
  };

  let styles = `
    :host { display: block; position: relative }
    :host([hidden]), button[hidden] { display: none }
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
    [role=status], input { position: absolute; z-index: 1; inset: calc(100% + 8px) auto auto; margin: 0 }
    [role=status]:not(:empty), input {
      padding: 8px 12px; border: 1px solid; border-radius: 8px;
      font: 16px/1.4 system-ui, sans-serif; background: CanvasText; color: Canvas;
    }
    input { box-sizing: border-box; inline-size: min(100%, 420px); background: Canvas; color: CanvasText }
    @media (forced-colors: active) {
      [role=status]:not(:empty) { background: Canvas; color: CanvasText }
    }`;

  NETWORKS.more = ["", "#54606f", "M6 12h.01M12 12h.01M18 12h.01"];
  for (const id of Object.keys(NETWORKS)) styles += `.${id}{background:${NETWORKS[id][1]}}`;

  // A shop's content policy may forbid style elements, and HTML made of text.
  const sheet = quietly(() => new CSSStyleSheet());
  sheet?.replaceSync(styles);

  const isPossible = (network) => network !== "device" || navigator.share;

  const SVG = "http://www.w3.org/2000/svg";

  function make(name, attributes, ...children) {
    const isDrawing = /svg|path/.test(name);
    const element = isDrawing ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const each of Object.keys(attributes)) element.setAttribute(each, attributes[each]);
    for (const child of children) element.append(child);
    return element;
  }

  const anyone = () => ({ id: recall().id });

  const links = new Map();

  /** The same wish gets the same answer, unless it failed. */
  function requestLink(wish) {
    const asked = asJson(wish);
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
    // A token holds for a day, and a page may stand open for longer: then a visitor shares.
    if (answer.status === 403 && wish.influencer.token) {
      return createLink({ ...wish, influencer: anyone() });
    }
    // Without a link there may still be what to share: the page's own address where the day's new
    // links are used up, the shop's first page instead of a cart.
    const told = await answer.json();
    if (!told.share_url) throw answer;
    return answer.ok ? told : { share_url: told.share_url };
  }

  // Each way does what browsers allow only inside the gesture before it waits for the link. It
  // answers false if nothing was shared, or how to find that out.

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
    // Closed at once, nothing was shared. A network may cut the tie to its window, which then looks
    // closed, but leaves the focus there.
    return async () => (await moment(), !(page?.closed && document.hasFocus()));
  }

  /** Half a second, or until the page is left. */
  const moment = () =>
    new Promise((over) => {
      setTimeout(over, SECOND / 2);
      addEventListener("pagehide", over, { once: true });
    });

  /** On a desktop there may be no program for it: only who opens one takes the focus. */
  async function inProgram(link) {
    const { share_url } = await link;
    const isOpened = new Promise((told) => {
      setTimeout(told, 2 * SECOND, false);
      addEventListener("blur", () => told(true), { once: true });
      document.addEventListener("visibilitychange", () => told(!isLeaving), { once: true });
    });
    location.href = share_url;
    return () => isOpened;
  }

  /** Safari wants a promise inside the gesture; others may want the text. Without a link it is the
   * page's own address. */
  async function toClipboard(link, buttons) {
    const short = link.then(({ short_url }) => short_url, () => "");
    const text = short.then((url) => url || buttons.ownUrl);
    const blob = text.then((plain) => new Blob([plain], { type: "text/plain" }));
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
    buttons.say((await short) ? "copied" : "failed");
    return Boolean(await short);
  }

  async function onDevice(link, buttons) {
    const { share_url } = await link;
    const sheet = navigator.share({ title: buttons.shownTitle, url: share_url });
    // Thought better of, or pressed again while the sheet stands open.
    return () =>
      sheet.catch(({ name }) => (/Abort|InvalidState/.test(name) ? false : buttons.offer(share_url)()));
  }

  const WAYS = { email: inProgram, sms: inProgram, copy: toClipboard, device: onDevice };

  const watcher = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.target.show(entry.intersectionRatio >= 0.5)),
    { threshold: 0.5 },
  );

  class SharetrailButtons extends HTMLElement {
    static get observedAttributes() {
      return ["heading", "lang", "networks", "product"];
    }

    connectedCallback() {
      if (!this.shadowRoot) {
        this.attachShadow({ mode: "open" });
        for (const sign of ["focusin", "mouseenter", "click"]) {
          this.addEventListener(sign, () => this.recordOnce("open"));
        }
      }
      this.build();
      this.look();
    }

    disconnectedCallback() {
      watcher.unobserve(this);
      this.show(false);
    }

    attributeChangedCallback(name, before, value) {
      if (before === value || !this.isConnected || !this.shadowRoot) return;
      if (name !== "product") this.build();
      this.look();
    }

    build() {
      const root = this.shadowRoot;
      const heading = this.given("heading");
      const lang = this.language;
      this.group = make(
        "div",
        { class: "group", role: "group", "aria-label": this.text("share"), lang },
        ...this.buttons(),
      );
      this.message = make("p", { role: "status", "aria-live": "polite", lang });
      root.textContent = "";
      if (sheet) root.adoptedStyleSheets = [sheet];
      else root.append(make("style", {}, styles));
      if (heading) root.append(make("p", { class: "heading" }, heading));
      root.append(this.group, this.message);
    }

    given(name) {
      return this.getAttribute(name) || undefined;
    }

    get language() {
      const element = this.closest("[lang]") || document.documentElement;
      const primary = `${element.getAttribute("lang")}`.toLowerCase().split(/[-_]/)[0];
      return Object.keys(TEXTS).includes(primary) ? primary : "en";
    }

    /** What the shop says in `text-copied` and its like, else ours in the page's language. */
    text(name) {
      const ours = TEXTS[this.language].split("|")[TEXT_NAMES.indexOf(name)];
      return this.given(`text-${name}`) || ours || "E-mail";
    }

    /** Those the shop chose, else a few; behind "more" stand all others. */
    buttons() {
      const all = Object.keys(NETWORKS);
      const chosen = (this.given("networks") || FEW).split(/\W+/).filter(
        (id, n, wanted) => all.includes(id) && wanted.indexOf(id) === n,
      );
      const others = all.filter((id) => !chosen.includes(id));
      const rest = chosen.includes("more") ? others.filter(isPossible).map((id) => this.button(id)) : [];
      for (const button of rest) button.hidden = true;
      return chosen
        .filter((id) => isPossible(id) && (id !== "more" || rest.length))
        .flatMap((id) => (id === "more" ? [this.toggle(rest), ...rest] : this.button(id)));
    }

    button(network) {
      const [name, , d] = NETWORKS[network];
      const label = name || this.text(network === "device" ? "share" : network);
      const button = make(
        "button",
        { type: "button", class: network, "aria-label": label, title: label },
        make("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, make("path", { d })),
      );
      if (network !== "more") button.addEventListener("click", () => this.share(network, button));
      return button;
    }

    toggle(rest) {
      const toggle = this.button("more");
      const show = (isOpen) => {
        toggle.setAttribute("aria-expanded", isOpen);
        for (const button of rest) button.hidden = !isOpen;
      };
      toggle.addEventListener("click", () => show(rest[0]?.hidden));
      show(false);
      return toggle;
    }

    async share(network, button) {
      if (button.hasAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      const link = requestLink(this.wish(network));
      let proof;
      try {
        proof = await (WAYS[network] || inWindow)(link, this);
      } catch {
        proof = await toClipboard(Promise.reject(), this);
      } finally {
        button.removeAttribute("aria-busy");
      }
      if (proof && proof !== true) proof = await proof();
      if (proof !== false) this.tell(network, await link);
    }

    wish(network) {
      const { product } = this;
      const image = absolute(this.given("image") || openGraph("image"));
      const token = this.given("influencer-token");
      return {
        url: this.ownUrl,
        network,
        influencer: token ? { token } : anyone(),
        campaign: crop(this.given("campaign"), LONGEST.word),
        label: crop(this.given("label"), LONGEST.word),
        product: product && {
          ...product,
          title: crop(this.shownTitle, LONGEST.title),
          image: image?.length > LONGEST.image ? undefined : image,
        },
      };
    }

    get ownUrl() {
      return short(absolute(this.given("url"))) || pageAddress();
    }

    get product() {
      const id = crop(this.given("product"), LONGEST.word);
      return id && { id };
    }

    get shownTitle() {
      return this.given("title") || openGraph("title") || document.title || undefined;
    }

    /** Once for each product and place, also where the page changes without being left. */
    recordOnce(type, network = "", details = {}) {
      const { product } = this;
      if (once(type, network, place(), product?.id)) record(type, { product, ...details });
    }

    tell(network, { code, short_url, share_url }) {
      if (code) this.recordOnce("share", network, { code });
      flush(); // the page may be about to go
      const detail = { network, code, short_url, share_url };
      const event = new CustomEvent("sharetrail:share", { bubbles: true, composed: true, detail });
      this.dispatchEvent(event);
    }

    say(name) {
      this.silence();
      this.message.textContent = this.text(name);
      this.saying = setTimeout(() => (this.message.textContent = ""), 5 * SECOND);
    }

    /** A message and an offered link stand in the same place. */
    silence() {
      clearTimeout(this.saying);
      this.message.textContent = "";
      this.shadowRoot.querySelector("input")?.remove();
    }

    /** The last resort: the link itself, selected, ready to copy; whether it is. */
    offer(link) {
      this.silence();
      const label = this.text("copy");
      const field = make("input", { readonly: "", value: link, "aria-label": label, dir: "ltr" });
      this.group.after(field);
      field.focus();
      field.select();
      return () => new Promise((told) => field.addEventListener("copy", () => told(link !== this.ownUrl)));
    }

    /** Be told how much of it is on the screen, also if nothing changes. */
    look() {
      watcher.unobserve(this);
      watcher.observe(this);
    }

    /** A view: at least half of the buttons for a second, in a tab that is looked at. */
    show(isHalfVisible) {
      clearTimeout(this.second);
      if (!isHalfVisible) return;
      this.second = setTimeout(() => (document.hidden ? this.look() : this.recordOnce("view")), SECOND);
    }
  }

  // --- Begin ---

  /** Each by itself: what fails on this page stops nothing else. */
  function start() {
    look();
    for (const begin of [beginWithConsent, listen, watchPage, checkPage, tidyAddress]) quietly(begin);
  }

  /** Shopify may first have to load what knows of consent; until it answers nothing is given. */
  function beginWithConsent() {
    if (!window.Shopify?.loadFeatures || Shopify.customerPrivacy) return settle();
    isAsking = true;
    setTimeout(() => isAsking && publish(), PATIENCE); // no yes so far, and no no
    Shopify.loadFeatures([{ name: "consent-tracking-api", version: "0.1" }], () => {
      isAsking = false;
      settle();
    });
  }

  function listen() {
    for (const sign of ["pointerdown", "keydown", "scroll"]) {
      addEventListener(sign, noteActivity, { capture: true, passive: true });
    }
    addEventListener("storage", (event) => event.key === KEY && heedOtherTab(event.newValue));
    addEventListener("pageshow", (event) => {
      isLeaving = false;
      look();
      if (!event.persisted) return;
      done.clear(); // who comes back sees the page once more
      lookAnew();
      if (isAsking) return;
      // What another page forgot, for whatever reason, this one does not keep again.
      if (!spare && !quietly(() => localStorage[KEY])) granted = false;
      else settle();
    });
    addEventListener("pagehide", () => {
      isLeaving = true;
      leave();
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? leave() : look()));
    document.addEventListener("visitorConsentCollected", settle);
    document.addEventListener("shopifyCustomerPrivacyApiLoaded", settle);
  }

  /** Who installs it opens a page with ?sharetrail=check, to be told what the script finds there. */
  function checkPage() {
    if (!/[?&]sharetrail=check/.test(location.search)) return;
    const count = () => document.querySelectorAll("sharetrail-buttons").length;
    setTimeout(() => record("check", { buttons: Math.min(count(), 100) }), 2 * SECOND); // apps draw late
  }

  /** While the page loads, the shop's analytics read the address. */
  function tidyAddress() {
    const clean = () => setTimeout(() => quietly(cleanAddress));
    if (document.readyState === "complete") clean();
    else addEventListener("load", clean);
  }

  window.sharetrail = {
    consent(isGiven) {
      choice = Boolean(isGiven);
      if (!document.prerendering) settle();
    },
    /** Somebody left an address, for a newsletter say: once a page. */
    lead() {
      if (once("lead", place())) record("lead", trail().length ? { trail: trail() } : {});
    },
    get trail() {
      return trailOnWire();
    },
    get visit() {
      return visit();
    },
    version: "0.2.0",
  };

  quietly(() => customElements.define("sharetrail-buttons", SharetrailButtons));

  // A page that is only prepared in the background is not a visit yet.
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
})();
