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
  return [...within.querySelectorAll(selector)].find((e) => !e.disabled && visible(e));
}

/* Who answers a call may type on before the contact is there. What is typed waits for it:
   it is neither written into the contact before, nor pressed as the keys of that one. */
let early = null; // typed since a contact was asked for; null: none is
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if (target?.id === "pane" && !target.contains(elt)) early = "";
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) early = null;
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
  early = null;
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

/* After an answer to what the person did, the place to go on is marked by the server. */
// Not before it is settled: until then its buttons would send a whole page.
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.target;
  restoreDrafts(swapped);
  if (goOnTyping(swapped)) return;
  const next = swapped.querySelector("[data-focus-next]");
  if (next && event.detail.requestConfig?.triggeringEvent) {
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  if (swapped.id === "pane") typeEarly();
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
  typingAt = isElsewhere ? { id: field.id, value: field.value, at: field.selectionStart } : null;
});
function goOnTyping(swapped) {
  const field = typingAt && swapped.querySelector(`#${CSS.escape(typingAt.id)}`);
  if (!field) return false;
  field.value = typingAt.value;
  field.focus();
  field.setSelectionRange?.(typingAt.at, typingAt.at);
  typingAt = null;
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

/** Send one draft. It is forgotten only when the server has taken exactly that text. */
async function save(key, url, name) {
  const text = sessionStorage.getItem(key);
  if (text === null) return;
  const body = new URLSearchParams({ [name]: text });
  document.dispatchEvent(new Event("varde:saved"));
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "HX-Request": "true" },
      redirect: "error",
    });
    if (answer.status === 423) return; // locked: the text stays until the desk is opened
    if (answer.status >= 500) throw new Error(String(answer.status));
    const problem = answer.ok ? answer.headers.get("X-Problem") : "refused";
    show(name, problem ? decodeURIComponent(problem) : "");
    if (!problem && sessionStorage.getItem(key) === text) sessionStorage.removeItem(key);
  } catch {
    timers.set(key, setTimeout(() => save(key, url, name), RETRY_MS));
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

function state() {
  const place = document.querySelector("[data-save-state]");
  if (!place) return;
  const waiting = drafts().length > 0;
  place.textContent = waiting ? place.dataset.waiting : place.dataset.saved;
  place.classList.toggle("is-late", waiting);
}

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
document.addEventListener("varde:unlocked", () => restoreDrafts(document));

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

async function beat() {
  const url = document.querySelector("[data-heartbeat]")?.dataset.heartbeat;
  if (!url) return;
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
  const field = document.activeElement;
  if (field?.matches(TYPING) && field.closest("#news, #doctor")) newsTimer = setTimeout(readNews, LATER_MS);
  else htmx.trigger(document.querySelector("[data-news]"), "news");
}
document.addEventListener("varde:contact", (event) => {
  const pane = document.querySelector("[data-news]");
  if (!pane || String(event.detail) !== pane.dataset.contact || newsTimer) return;
  const wait = Date.now() - ownAt < OWN_MS ? LATER_MS : 0;
  newsTimer = setTimeout(readNews, wait);
});
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
