// Keeps the parts of a page fresh from one stream, and never takes a field out of the
// hands of the person who is filling it in.
//
//   <body data-live="/live/?sentral=3&parts=queue,callbacks" data-user="12">
//   <div data-part="queue">…</div>
//   <span data-live-state data-on="Direkte" data-off="Frakoblet siden kl. {time}"></span>
//
// Told to the page: varde:drawn (a part was drawn), varde:contact (detail: the id of a
// contact that changed), varde:resync (something may have been missed: read again),
// varde:closed (the session was locked or ended). Heard: varde:unlocked (connect now).

const TYPED_IN = "input:not([type=button]):not([type=submit]), textarea, select, [contenteditable]";
const SILENCE_MS = 40_000; // the server says something each 15 s
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

const address = document.body.dataset.live;
const held = new Map(); // part → its newest html, while somebody types in it
let source = null;
let lastId = "";
let count = 0;
let pause = FIRST_PAUSE_MS;
let watchdog = 0;
let retry = 0;
let offSince = null;
let isClosed = false; // by the server: only an unlocked screen opens it again

/* ---- the stream ---------------------------------------------------------------- */

function connect() {
  if (isClosed) return;
  clearTimeout(retry);
  source?.close();
  count = 0;
  const last = lastId ? `&last=${encodeURIComponent(lastId)}` : "";
  source = new EventSource(address + last);
  source.addEventListener("hello", heard(() => state("on")));
  source.addEventListener("resync", heard(() => {
    state("on");
    announce("varde:resync");
  }));
  source.addEventListener("part", heard(({ part, html }) => {
    for (const place of placesOf(part)) take(place, html);
  }));
  source.addEventListener("contact", heard(({ c }) => announce("varde:contact", c)));
  source.addEventListener("lost", heard(() => state("off")));
  source.addEventListener("beat", heard(() => {}));
  source.addEventListener("closed", () => {
    isClosed = true;
    disconnect();
    state("closed");
    announce("varde:closed");
  });
  source.addEventListener("error", () => {
    state("off");
    // A browser connects again by itself, unless it was given anything but a stream.
    if (source?.readyState === EventSource.CLOSED) later();
  });
  watch();
}

function disconnect() {
  clearTimeout(retry);
  clearTimeout(watchdog);
  source?.close();
  source = null;
}

function later() {
  clearTimeout(watchdog);
  clearTimeout(retry);
  retry = setTimeout(connect, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
}

/** A stream that is silent for too long is dead, whatever the browser believes. */
function watch() {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => {
    state("off");
    connect();
  }, SILENCE_MS);
}

function heard(act) {
  return (event) => {
    pause = FIRST_PAUSE_MS;
    watch();
    if (event.lastEventId && event.lastEventId !== lastId) {
      const number = Number(event.lastEventId.split(".")[2]);
      const isGap = number !== 1 && number !== count + 1;
      count = number;
      lastId = event.lastEventId;
      if (isGap) {
        lastId = "0.0.0"; // no process has this id: everything is sent anew
        connect();
        return;
      }
    }
    act(JSON.parse(event.data));
  };
}

/* ---- the parts ------------------------------------------------------------------ */

function placesOf(part) {
  return document.querySelectorAll(`[data-part="${CSS.escape(part)}"]`);
}

function isTypedIn(place) {
  const active = document.activeElement;
  return active !== null && active !== place && place.contains(active) && active.matches(TYPED_IN);
}

function take(place, html) {
  if (isTypedIn(place)) {
    held.set(place, html);
    place.dataset.held = "";
    return;
  }
  draw(place, html);
}

/* Focus moves from field to field within a part: look when it has arrived. */
document.addEventListener("focusout", () => {
  if (held.size) setTimeout(drawHeld, 0);
});

function drawHeld() {
  for (const [place, html] of [...held]) {
    if (isTypedIn(place)) continue;
    held.delete(place);
    delete place.dataset.held;
    if (place.isConnected) draw(place, html);
  }
}

function draw(place, html) {
  const focus = place.contains(document.activeElement) && document.activeElement !== place
    ? mark(document.activeElement)
    : null;
  const typed = unsaved(place);
  const open = [...place.querySelectorAll("details[open][id]")].map((element) => element.id);
  const top = place.scrollTop;
  place.innerHTML = html;
  for (const id of open) place.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  for (const [of, value] of typed) {
    const field = find(place, of);
    if (field) field.value = value;
  }
  protect(place);
  own(place);
  place.scrollTop = top;
  if (focus) refocus(place, focus);
  window.htmx?.process(place);
  place.dataset.drawnAt = String(Date.now());
  announce("varde:drawn", place.dataset.part);
}

/** What finds the same control again in a new drawing. */
function mark(element) {
  return {
    id: element.id,
    tag: element.localName,
    name: element.getAttribute("name"),
    value: element.localName === "button" ? element.getAttribute("value") : null,
    href: element.getAttribute("href"),
    key: element.dataset.key ?? null,
    action: element.form?.getAttribute("action") ?? null,
  };
}

function find(place, of) {
  if (of.id) return place.querySelector(`#${CSS.escape(of.id)}`);
  return [...place.querySelectorAll(of.tag)].find((element) => {
    const one = mark(element);
    return ["name", "value", "href", "key", "action"].every((what) => one[what] === of[what]);
  });
}

/** Keyboard users stay where they were; if that is gone, at the part it was in. */
function refocus(place, of) {
  const same = find(place, of);
  if (!same && !place.hasAttribute("tabindex")) place.tabIndex = -1;
  (same ?? place).focus({ preventScroll: true });
}

/** Text typed in a field that has lost its focus, but was not sent. */
function unsaved(place) {
  return [...place.querySelectorAll("textarea, input:not([type]), input[type=text], input[type=search], input[type=tel], input[type=number], input[type=time]")]
    .filter((field) => field.value !== field.defaultValue)
    .map((field) => [mark(field), field.value]);
}

/** A drawing is shared, so the token that a form needs is this page's own. */
function protect(place) {
  const headers = document.body.getAttribute("hx-headers");
  const token = headers ? JSON.parse(headers)["X-CSRFToken"] : "";
  for (const form of place.querySelectorAll("form[method=post]")) {
    let field = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "csrfmiddlewaretoken";
      form.prepend(field);
    }
    field.value = token;
  }
}

/** What belongs to the person at this screen is marked here, since a drawing is shared. */
function own(within) {
  const user = document.body.dataset.user;
  for (const element of within.querySelectorAll("[data-owner]")) {
    element.toggleAttribute("data-is-mine", Boolean(user) && element.dataset.owner === user);
  }
}

/* ---- what people are told --------------------------------------------------------- */

const WORDS = {
  on: "Direkte",
  off: "Frakoblet siden kl. {time}",
  closed: "Låst eller logget ut",
};

function state(now) {
  if (now === "on") offSince = null;
  else offSince ??= new Date();
  const time = (offSince ?? new Date()).toLocaleTimeString("nb", { hour: "2-digit", minute: "2-digit" });
  for (const place of document.querySelectorAll("[data-live-state]")) {
    const text = (place.dataset[now] || WORDS[now]).replace("{time}", time);
    if (place.textContent !== text) place.textContent = text;
    place.dataset.state = now;
  }
}

function announce(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

if (address) {
  own(document);
  document.addEventListener("varde:unlocked", () => {
    isClosed = false;
    lastId = "0.0.0";
    connect();
  });
  // A computer that slept, or a network that came back: do not wait for the next try.
  window.addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source?.readyState !== EventSource.OPEN) connect();
  });
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });
  connect();
}
