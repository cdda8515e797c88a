// The desk's keys and drafts. Every action is a button or a link in the page; a key only
// presses it. What is typed is kept in the page until the server has it.

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select";

/* ---- keys -------------------------------------------------------------------- */

function combo(event) {
  let key = event.key;
  if (/^Digit\d$/.test(event.code) && (event.altKey || event.ctrlKey)) key = event.code.slice(5);
  const parts = [];
  if (event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && key.length > 1) parts.push("Shift");
  parts.push(key.length === 1 && parts.length ? key.toLowerCase() : key);
  return parts.join("+");
}

function visible(element) {
  return element.checkVisibility ? element.checkVisibility() : element.offsetParent !== null;
}

function press(element) {
  if (element.matches(TYPING) || element.hasAttribute("data-focus-only")) {
    element.focus();
    if (element.select) element.select();
  } else {
    element.click();
  }
}

function target(key, within) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  return [...within.querySelectorAll(selector)].find((e) => !e.disabled && !isPressed(e) && visible(e));
}

/* Who answers a call may type on before the contact is there. What is typed waits for it:
   it is neither written into the contact before, nor pressed as the keys of that one. */
let early = null; // typed since a contact was asked for; null: none is
let asked = null; // the request for it: another answer that comes before is not that one
const OLD_LIST_MS = 5000; // so long may a list that was drawn before the answer be on its way
const pressed = new Map(); // id of a button in a list → when
function isPressed(button) {
  return Date.now() - (pressed.get(button.id) ?? -Infinity) < OLD_LIST_MS;
}
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target, xhr } = event.detail;
  if (target?.id !== "pane" || target.contains(elt)) return;
  [early, asked] = ["", xhr];
  // The list may be drawn anew a moment after the answer, or once more as it was before it:
  // the same key is for the next row.
  const before = inHand();
  const buttons = [...(elt.closest("[data-part]") ? elt.querySelectorAll("button:enabled") : [])];
  for (const button of buttons) {
    button.disabled = true;
    if (button.id) pressed.set(button.id, Date.now());
  }
  xhr.addEventListener("loadend", () => setTimeout(() => {
    if (inHand() !== before) return;
    for (const button of buttons) {
      button.disabled = false;
      pressed.delete(button.id);
    }
  }));
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful && event.detail.xhr === asked) early = asked = null;
});
document.addEventListener("keydown", (event) => {
  if (early === null || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key.length === 1) early += event.key;
  else if (event.key === "Backspace") early = early.slice(0, -1);
  else if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopImmediatePropagation();
});
function typeEarly() {
  const text = early;
  early = asked = null;
  const field = document.activeElement;
  if (!text || !field.matches("input[type=search]")) return;
  field.value += text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  const dialog = document.querySelector("dialog[open]");
  const key = combo(event);
  const typing = event.target.matches?.(TYPING);
  const isPlain = key.length === 1;
  if (typing && isPlain) return;
  const group = event.target.closest?.("[data-keys]");
  const found =
    (isPlain && group && target(key, group)) || (!dialog && target(key, document)) || (dialog && target(key, dialog));
  if (found) {
    event.preventDefault();
    press(found);
    return;
  }
  if (typing && key === "Escape") {
    event.target.blur();
    return;
  }
  if (group && (key === "ArrowDown" || key === "ArrowUp")) moveWithin(group, event, key);
});

function moveWithin(group, event, key) {
  const items = [...group.querySelectorAll("input, button, a[href]")].filter(visible);
  const at = items.indexOf(document.activeElement);
  const next = items[at + (key === "ArrowDown" ? 1 : -1)];
  if (at >= 0 && next && !event.target.matches("textarea, select")) {
    event.preventDefault();
    next.focus();
  }
}

/* A search asks when the typing rests a moment; Enter asks at once. */
const REST_MS = 90;
const searches = new Map();
function search(field, wait) {
  clearTimeout(searches.get(field));
  searches.set(field, setTimeout(() => htmx.trigger(field, "search-now"), wait));
}
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-hits]");
  if (field) search(field, REST_MS);
});

/* From a search field, the arrow goes down into its hits; Enter takes the first. */
document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-hits]");
  if (!field) return;
  const hits = document.querySelector(field.dataset.hits);
  const first = hits?.querySelector("button, a[href]");
  if (event.key === "ArrowDown" && first) {
    event.preventDefault();
    first.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    takeFirst(field, hits);
  }
});

/* Enter may come before the answer to what was typed: then wait for that answer. */
function takeFirst(field, hits) {
  const wanted = field.value.trim();
  const ready = () => hits?.dataset.for === wanted || hits?.firstElementChild?.dataset.for === wanted;
  const take = () => {
    const all = hits.querySelectorAll("button, a[href]");
    // Where several people fit, one key too many must not choose the wrong one.
    if (all.length > 1 && field.hasAttribute("data-never-guess")) all[0].focus();
    else all[0]?.click();
  };
  if (!wanted) return;
  if (ready()) {
    clearTimeout(searches.get(field));
    take();
    return;
  }
  const settle = (event) => {
    if (event.detail.target !== hits || !ready()) return;
    document.removeEventListener("htmx:afterSettle", settle);
    if (document.activeElement === field || hits.contains(document.activeElement)) take();
  };
  document.addEventListener("htmx:afterSettle", settle);
  search(field, 0);
}

const reached = new WeakSet();
/* The head of the contact stays while the rest scrolls: what gets the focus stands clear of
   it (scroll-padding in desk.css), however many lines it has. */
function measureHead() {
  const head = document.querySelector(".contact-head");
  document.documentElement.style.setProperty("--head", `${head?.offsetHeight ?? 0}px`);
}
window.addEventListener("resize", measureHead);

/* After an answer to what the person did, the place to go on is marked by the server. */
// Not before it is settled: until then its buttons would send a whole page.
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.target;
  restoreDrafts(swapped);
  if (goOnTyping(swapped)) return;
  const marked = [...swapped.querySelectorAll("[data-focus-next]")];
  const next = marked.find((place) => !reached.has(place));
  if (next && event.detail.requestConfig?.triggeringEvent) {
    for (const place of marked) reached.add(place); // once: its section may stay while others change
    next.focus();
    (next.closest("form.card") ?? next).scrollIntoView({ block: "nearest" });
  }
  if (swapped.id === "pane" && event.detail.xhr === asked) typeEarly();
});

/* Who has begun to type somewhere else while the answer was on its way, goes on there. */
let typingAt = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const field = document.activeElement;
  const asker = event.detail.requestConfig?.elt;
  const hits = field?.dataset?.hits && document.querySelector(field.dataset.hits);
  const isElsewhere =
    early === null && // another contact: what is typed in this one does not go along
    field?.id && field.value && field.matches(TYPING) && event.detail.target.contains(field) && !asker?.contains(field) && !hits?.contains(asker);
  typingAt = isElsewhere ? { field, id: field.id, value: field.value, at: field.selectionStart, contact: inHand() } : null;
});
function goOnTyping(swapped) {
  if (typingAt && typingAt.contact !== inHand()) return false; // never into another contact
  if (typingAt?.field.isConnected) return true; // its section was not drawn anew, or is back
  const field = typingAt && swapped.querySelector(`#${CSS.escape(typingAt.id)}`);
  if (!field) return false;
  field.value = typingAt.value;
  field.focus();
  field.setSelectionRange?.(typingAt.at, typingAt.at);
  typingAt.field = field; // each section drawn tells that it is settled: once is enough
  if (field.matches("[data-hits]")) search(field, 0);
  return true;
}

/* ---- drafts ------------------------------------------------------------------ */

const PREFIX = "varde:draft:";
const timers = new Map();
const WAIT_MS = 500;
const RETRY_MS = 3000;

function draftKey(field) {
  return `${PREFIX}${field.form.dataset.contact}:${field.name}`;
}

function value(field) {
  return field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value;
}

document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-autosave]");
  if (!field) return;
  sessionStorage.setItem(draftKey(field), value(field));
  plan(field, field.matches("select, [type=checkbox], [type=radio]") ? 0 : WAIT_MS);
});

document.addEventListener("focusout", (event) => {
  const field = event.target.closest?.("[data-autosave]");
  if (field && sessionStorage.getItem(draftKey(field)) !== null) plan(field, 0);
});

function plan(field, wait) {
  const key = draftKey(field);
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => save(key, field.form.action, field.name), wait));
}

/** Send one draft. It is forgotten only when the server has taken exactly that text. A
    locked desk sends nothing but what was unsaved when it was being locked. */
async function save(key, url, name, isLast = false) {
  clearTimeout(timers.get(key));
  timers.delete(key);
  const text = sessionStorage.getItem(key);
  if (text === null || (isLocked() && !isLast)) return;
  const body = new URLSearchParams({ [name]: text });
  document.dispatchEvent(new Event("varde:saved"));
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "HX-Request": "true" },
      redirect: "error",
    });
    if (answer.status === 423) return; // locked a moment ago
    if (answer.status >= 500) throw new Error(String(answer.status));
    const problem = answer.ok ? answer.headers.get("X-Problem") : "refused";
    if (contactOf(key) === inHand()) show(name, problem ? decodeURIComponent(problem) : "");
    const also = answer.headers.get("X-Draw");
    if (also && key.startsWith(`${PREFIX}${inHand()}:`)) draw(also);
    if (problem) refused.add(key);
    else refused.delete(key);
    if (!problem && sessionStorage.getItem(key) === text) sessionStorage.removeItem(key);
  } catch {
    retryLater(key, url, name);
  }
  state();
}

function token() {
  return JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
}

function show(name, problem) {
  const place = document.querySelector(`[data-problem-for="${CSS.escape(name)}"]`);
  if (place) place.textContent = problem;
}

function drafts() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function contactOf(key) {
  return key.slice(PREFIX.length).split(":")[0];
}

function draftsInHand() {
  return drafts().filter((key) => contactOf(key) === inHand());
}

/** Whether the contact in hand is saved; what others wait for has a line of its own. */
function state() {
  elsewhere();
  const place = document.querySelector("[data-save-state]");
  if (!place) return;
  const waiting = draftsInHand().length > 0;
  place.textContent = waiting ? place.dataset.waiting : place.dataset.saved;
  place.classList.toggle("is-late", waiting);
  measureHead();
}

/* Most are sent in a moment: the line is for those that are not. Those that the server
   refuses wait for the person, who opens their contact. */
const MOMENT_MS = 1000;
const refused = new Set();
let elsewhereTimer = null;
function elsewhere() {
  const line = document.querySelector("[data-elsewhere]");
  if (!line) return;
  const keys = drafts().filter((key) => contactOf(key) !== inHand());
  for (const key of keys) {
    if (!timers.has(key) && !refused.has(key)) retryLater(key, address(line.dataset.field, contactOf(key)), key.split(":").at(-1));
  }
  if (!keys.length || !line.hidden) listElsewhere(line, keys);
  else elsewhereTimer ??= setTimeout(() => {
    elsewhereTimer = null;
    listElsewhere(line, drafts().filter((key) => contactOf(key) !== inHand()));
  }, MOMENT_MS);
}

function listElsewhere(line, keys) {
  const contacts = [...new Set(keys.map(contactOf))].sort((a, b) => a - b);
  line.hidden = contacts.length === 0;
  const links = contacts.map((contact) => {
    const link = document.createElement("a");
    link.href = address(line.dataset.contact, contact);
    link.textContent = `${line.dataset.word} ${contact}`;
    return link;
  });
  line.querySelector("[data-links]").replaceChildren(...links.flatMap((link) => [link, " "]));
}

function address(pattern, contact) {
  return pattern.replace("/0/", `/${contact}/`);
}

function retryLater(key, url, name) {
  timers.set(key, setTimeout(() => save(key, url, name), RETRY_MS));
}

/** Send what waits for the contact in hand, now. Done when each was tried, or soon. */
function flush() {
  const fields = [...document.querySelectorAll("[data-autosave]")];
  const waiting = fields.filter((field) => sessionStorage.getItem(draftKey(field)) !== null);
  const sent = waiting.map((field) => save(draftKey(field), field.form.action, field.name, true));
  return Promise.race([Promise.allSettled(sent), new Promise((done) => setTimeout(done, MOMENT_MS))]);
}

// What is typed is with the server before the act: a contact that is closed takes no more.
document.addEventListener("htmx:confirm", (event) => {
  const { elt, verb, issueRequest } = event.detail;
  if (verb === "get" || elt.matches("[data-hits]") || !elt.closest("#pane") || !draftsInHand().length) return;
  event.preventDefault();
  flush().then(() => issueRequest(true));
});

document.addEventListener("varde:locking", (event) => event.detail.waitFor(flush()));

function restoreDrafts(within) {
  for (const field of within.querySelectorAll?.("[data-autosave]") ?? []) {
    const text = sessionStorage.getItem(draftKey(field));
    if (text === null) continue;
    if (field.type === "checkbox") field.checked = text === "yes";
    else field.value = text;
    plan(field, 0);
  }
  state();
}

document.addEventListener("DOMContentLoaded", () => restoreDrafts(document));
restoreDrafts(document);
// What was refused while the desk was locked is sent when it is opened again.
document.addEventListener("varde:unlocked", () => {
  restoreDrafts(document);
  beat();
  readNews();
});

/* Text in a form that is sent as a whole is kept the same way, until it was sent. */
const KEEP = "varde:keep:";
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-keep]");
  if (field) sessionStorage.setItem(KEEP + field.dataset.keep, field.value);
});
function restoreKept(within) {
  for (const field of within.querySelectorAll?.("[data-keep]") ?? []) {
    const text = sessionStorage.getItem(KEEP + field.dataset.keep);
    if (text && !field.value) field.value = text;
  }
}
document.addEventListener("htmx:afterSettle", (event) => restoreKept(event.detail.elt));
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.isError) return;
  for (const field of event.detail.requestConfig?.elt?.querySelectorAll?.("[data-keep]") ?? []) {
    if (event.detail.xhr.status === 200) sessionStorage.removeItem(KEEP + field.dataset.keep);
  }
});
restoreKept(document);

/* ---- a request that failed, signs of life, news about the contact in hand ------ */

const bar = () => document.querySelector("[data-fault]");
function fault(text) {
  const place = bar();
  if (place) {
    place.hidden = !text;
    place.textContent = text;
  }
}
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.xhr?.status === 423) return;
    fault(bar()?.dataset.fault ?? "");
  });
}
document.addEventListener("htmx:afterOnLoad", () => fault(""));

function isLocked() {
  return document.documentElement.classList.contains("is-locked");
}

async function beat() {
  const url = document.querySelector("[data-heartbeat]")?.dataset.heartbeat;
  if (!url || isLocked()) return;
  try {
    await fetch(url, { method: "POST", headers: { "X-CSRFToken": token() } });
  } catch {
    /* The next one tries again; the server counts the missed ones. */
  }
}
const beatEvery = Number(document.querySelector("[data-heartbeat]")?.dataset.every ?? 0);
if (beatEvery) setInterval(beat, beatEvery * 1000);

// One's own acts come back as news too. Those are on the screen already: then a look some
// seconds later is enough, for what a colleague did at the same moment.
const OWN_MS = 400;
const LATER_MS = 3000;
let ownAt = 0;
let newsTimer = null;
for (const name of ["htmx:beforeRequest", "htmx:afterRequest", "varde:saved"]) {
  document.addEventListener(name, () => (ownAt = Date.now()));
}
function readNews() {
  newsTimer = null;
  if (isLocked()) return; // read when it is opened
  const field = document.activeElement;
  if (field?.matches(TYPING) && field.closest("[id^=at-amk-], [id^=at-doctor-]")) newsTimer = setTimeout(readNews, LATER_MS);
  else draw("");
}
/** Ask for sections of the contact in hand as they are now; "" for what others change. */
function draw(sections) {
  const article = document.querySelector("[data-news]");
  if (!article) return;
  const url = sections ? `${article.dataset.news}?deler=${sections}` : article.dataset.news;
  // What failed is told by htmx, as of any request.
  htmx.ajax("GET", url, { source: article, target: "#pane", swap: "none" }).catch(() => null);
}
function inHand() {
  return document.querySelector("[data-news]")?.dataset.contact ?? "";
}
// Which event of the contact this page has seen: what others did after it is drawn too.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-Seen"] = document.querySelector("[data-seen]")?.dataset.seen ?? "0";
});
document.addEventListener("varde:contact", (event) => {
  const pane = document.querySelector("[data-news]");
  if (!pane || String(event.detail) !== pane.dataset.contact || newsTimer) return;
  const wait = Date.now() - ownAt < OWN_MS ? LATER_MS : 0;
  newsTimer = setTimeout(readNews, wait);
});
document.addEventListener("varde:resync", () => (newsTimer ??= setTimeout(readNews, 0)));
/* The list of keys. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.target.matches?.(TYPING)) return;
  const dialog = document.getElementById("keys");
  if (dialog && !dialog.open) dialog.showModal();
});
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});

/* A button that takes one to another place of the page. */
document.addEventListener("click", (event) => {
  const goer = event.target.closest("[data-goes]");
  if (!goer) return;
  const place = document.querySelector(goer.dataset.goes);
  place?.closest("details")?.setAttribute("open", "");
  place?.focus();
  place?.scrollIntoView({ block: "nearest" });
});
