// Keeps the parts of a page fresh from one stream, and never takes a field out of the
// hands of the person who is filling it in. What is typed and not sent, and what was
// refused (a form with data-typed), is put back in the new drawing.
//
//   <body data-live="/live/?sentral=3&parts=queue,callbacks" data-user="12">
//   <div data-part="queue">…</div>
//   <span data-live-state data-on="Direkte" data-off="Frakoblet siden kl. {time}"></span>
//
// Told to the page: varde:drawn (a part was drawn), varde:contact (detail: the id of a
// contact that changed), varde:resync (something may have been missed: read again),
// varde:closed (the session was locked or ended). Heard: varde:unlocked (connect now).

const TYPED_IN = "input:not([type=button]):not([type=submit]), textarea, select, [contenteditable]";
const FILLED_IN = "textarea, select:not([multiple]), input:not([type=hidden], [type=button], [type=submit], [type=file])";
const CHOSEN_BY_VALUE = new Set(["submit", "button", "reset", "checkbox", "radio"]);
const SILENCE_MS = 40_000; // the server says something each 15 s
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

const address = document.body.dataset.live;
const held = new Map(); // part → its newest html, while somebody types in it or presses
let pressed = null; // where a finger, the mouse or the space bar is down
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

/** A press that begins on a button and ends on its new drawing would do nothing. */
function isInUse(place) {
  return isTypedIn(place) || (pressed !== null && place.contains(pressed));
}

function take(place, html) {
  if (isInUse(place)) {
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

document.addEventListener("pointerdown", ({ target }) => (pressed = target), true);
document.addEventListener("keydown", ({ key, target }) => {
  if (key === " ") pressed = target;
}, true);
for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, letGo, true);
window.addEventListener("blur", letGo);

/** The click comes with the end of the press, and before anything is drawn. */
function letGo() {
  pressed = null;
  if (held.size) setTimeout(drawHeld, 0);
}

function drawHeld() {
  for (const [place, html] of [...held]) {
    if (isInUse(place)) continue;
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
  const refused = refusals(place);
  const open = [...place.querySelectorAll("details[open]")].map(nameOf);
  const top = place.scrollTop;
  place.innerHTML = html;
  for (const element of place.querySelectorAll("details")) {
    if (open.includes(nameOf(element))) element.open = true;
  }
  for (const [of, value] of typed) {
    const field = find(place, of);
    if (field) setValue(field, value);
  }
  for (const one of refused) sayAgain(place, one);
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
    value: CHOSEN_BY_VALUE.has(element.type) ? element.getAttribute("value") : null,
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

/** What a fold is known by in a new drawing: its id, or else the words one opens it by. */
function nameOf(details) {
  return details.id || details.querySelector("summary")?.textContent;
}

/**
 * What is filled in but not sent, in fields that have lost their focus: what differs from
 * what the field was drawn with, and all that was drawn in a form marked with data-typed,
 * which the server refused and gave back to the one who sent it.
 */
function unsaved(place) {
  return [...place.querySelectorAll(FILLED_IN)]
    .filter((field) => field.closest("[data-typed]") !== null || isChanged(field))
    .map((field) => [mark(field), valueOf(field)]);
}

/** What was wrong is shown for as long as what was typed is; it is read aloud once. */
function refusals(place) {
  return [...place.querySelectorAll("form[data-typed]")].map((form) => ({
    action: form.getAttribute("action"),
    problem: form.querySelector(".problem"),
  }));
}

function sayAgain(place, { action, problem }) {
  const form = [...place.querySelectorAll("form")]
    .find((one) => one.getAttribute("action") === action);
  if (!form) return;
  form.dataset.typed = "";
  if (!problem) return;
  problem.removeAttribute("role");
  form.prepend(problem);
}

function isTicked(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function isChanged(field) {
  if (isTicked(field)) return field.checked !== field.defaultChecked;
  if (field.localName !== "select") return field.value !== field.defaultValue;
  const options = [...field.options];
  const drawn = options.find((option) => option.defaultSelected) ?? options[0];
  return drawn !== undefined && field.value !== drawn.value;
}

function valueOf(field) {
  return isTicked(field) ? field.checked : field.value;
}

/** A choice that is no longer offered is not made for anybody: the field stands as drawn. */
function setValue(field, value) {
  if (isTicked(field)) field.checked = value;
  else if (field.localName !== "select") field.value = value;
  else if ([...field.options].some((option) => option.value === value)) field.value = value;
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
