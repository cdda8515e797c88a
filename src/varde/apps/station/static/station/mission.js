// The presses of a crew, also with no net. Each press is kept in the telephone with its
// key and its true time before it is sent, and is forgotten when the server has said that
// it has it. What is sent twice counts once, by its key.
//
//   <section data-pad data-to="…/trykk/samlet/" data-times="…/tider/" data-contact="7">
//   <form data-press="left"><button>…</button></form>
//
// What is kept: the key, what was pressed, when, and where it is to be sent. Never a name.
// For the shell (away.js) also which missions are out: their number and times, no more.

const USER = document.body.dataset.user;
const PRESSES = "varde:presses:";
const KEPT = PRESSES + USER;
const AWAY = `varde:away:${USER}`;
const WORKER = "/stasjon/bil/arbeider.js";
const CAR = "/stasjon/bil/";
const ONLY_TO = /^\/stasjon\/bil\/oppdrag\/\d+\/trykk\/samlet\/$/;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
const ANSWER_MS = 15_000;

const pad = document.querySelector("[data-pad]");
const others = document.querySelector("[data-unsent-others]");
const elsewhere = document.querySelector("[data-unsent-elsewhere]");
let isSending = false;
let isMore = false; // pressed while others were sent
let asked = 0;
let drawn = 0;
let pause = FIRST_PAUSE_MS;
let again = 0;
let problem = "";
const taken = new Map(); // what was pressed → when: sent, and not drawn by the server yet
const isShell = pad?.dataset.isShell !== undefined;
let memory = []; // where the telephone lets us keep nothing

/* ---- what is kept -------------------------------------------------------------- */

function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(found) ? [...found, ...memory] : [...memory];
  } catch {
    return [...memory];
  }
}

/** Presses of somebody else who used this telephone: only that person may send them. */
function unsentByOthers() {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(PRESSES) && key !== KEPT);
    return keys.flatMap((key) => JSON.parse(localStorage.getItem(key))).filter((press) => !press.said).length;
  } catch {
    return 0;
  }
}

function keep(press) {
  try {
    localStorage.setItem(KEPT, JSON.stringify([...kept().filter((p) => !memory.includes(p)), press]));
  } catch {
    memory.push(press);
  }
}

function forget(keys) {
  memory = memory.filter((press) => !keys.has(press.key));
  try {
    // Read again: another tab may have kept one in between.
    const left = kept().filter((press) => !keys.has(press.key) && !memory.includes(press));
    localStorage.setItem(KEPT, JSON.stringify(left));
  } catch {
    // Nothing could be kept there, so there is nothing to forget.
  }
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}

/** The missions that are out, for the shell: this page's as it stands, if it still is. */
function keepMission() {
  if (!pad || !USER) return;
  try {
    const found = JSON.parse(localStorage.getItem(AWAY) ?? "{}");
    const legs = { ...found[pad.dataset.to]?.legs };
    for (const form of pad.querySelectorAll(".leg")) {
      const time = form.querySelector("time");
      if (time) legs[form.dataset.press] = time.dateTime;
      else if (!isShell) delete legs[form.dataset.press];
    }
    for (const [what, at] of taken) if (what !== "sign") legs[what] ??= at;
    const sign = pad.querySelector(".sign:not([hidden])");
    const { to, times, page, opened } = { ...found[pad.dataset.to], ...(isShell ? {} : pad.dataset) };
    found[to] = {
      ...{ to, times, page, opened, legs, seen: new Date().toISOString() },
      ...{ due: sign?.querySelector("[data-sign-due]").dataset.until ?? "", ask: sign?.dataset.ask ?? "" },
      unseen: taken.size > 0,
    };
    const isOver = !isShell && (pad.dataset.isOut === undefined || pad.querySelector("[data-press=free] time"));
    if (isOver) delete found[to];
    localStorage.setItem(AWAY, JSON.stringify(found));
  } catch {
    // Where nothing can be kept, the page itself must stay open.
  }
}

/** A page that was read while the one before it sent is older than what that one was told. */
function isOlder() {
  try {
    const before = JSON.parse(localStorage.getItem(AWAY) ?? "{}")[pad.dataset.to];
    const sign = pad.querySelector(".sign:not([hidden]) [data-sign-due]");
    const isDrawn = (what) => pad.querySelector(`[data-press="${what}"] time`) !== null;
    return Boolean(before) && (before.unseen || before.due !== (sign?.dataset.until ?? "") || !Object.keys(before.legs).every(isDrawn));
  } catch {
    return false;
  }
}

/** Sent from another page than the mission's own, which has not drawn it yet. */
function keepUnseen(to) {
  try {
    const found = JSON.parse(localStorage.getItem(AWAY) ?? "{}");
    if (!found[to]) return;
    found[to].unseen = true;
    localStorage.setItem(AWAY, JSON.stringify(found));
  } catch {
    // Where nothing is kept, the page is as the server drew it.
  }
}

/* ---- sending ------------------------------------------------------------------- */

async function send() {
  clearTimeout(again);
  if (isSending || !kept().length) {
    isMore = isSending;
    return draw();
  }
  isSending = true;
  isMore = false;
  let isAllSent = true;
  try {
    const places = new Set(kept().map((press) => press.to));
    for (const to of places) {
      if (ONLY_TO.test(to) && !(await sendTo(to))) isAllSent = false;
    }
  } finally {
    isSending = false;
  }
  if (isAllSent) pause = FIRST_PAUSE_MS;
  if (isAllSent && isMore) return send();
  if (isAllSent) document.dispatchEvent(new CustomEvent("varde:sent"));
  if (!isAllSent) {
    again = setTimeout(send, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  draw();
}

async function sendTo(to) {
  if (!navigator.onLine) return false;
  const presses = kept()
    .filter((press) => press.to === to && !press.said)
    .sort((a, b) => a.at.localeCompare(b.at));
  if (!presses.length) return true;
  // The cookie's token: the page's own may be older than the log-in. Whose presses they
  // are is said beside it, so that somebody else who is logged in now does not send them.
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  try {
    const answer = await fetch(to, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({
        user: Number(USER),
        sent_at: new Date().toISOString(),
        presses: presses.map(({ key, what, at }) => ({ key, what, at })),
      }),
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!answer.ok) {
      problem = answer.type === "opaqueredirect" || answer.status === 403 ? pad?.dataset.login ?? "" : "";
      return false;
    }
    const told = await answer.json();
    problem = "";
    const has = new Set(told.kept);
    for (const press of presses) if (has.has(press.key)) taken.set(press.what, press.at);
    forget(has);
    if (has.size) keepUnseen(to);
    for (const { key, said } of told.refused) refuse(key, said);
    if (pad?.dataset.to === to) {
      keepMission();
      await drawTimes();
    }
    return true;
  } catch {
    return false; // no net, or no answer: it stays, and is sent again
  }
}

/** What the server will never take is kept all the same, and said. */
function refuse(key, said) {
  const press = kept().find((one) => one.key === key);
  if (!press) return;
  forget(new Set([key]));
  keep({ ...press, said: said || "?" });
}

/* ---- the page ------------------------------------------------------------------ */

function mine() {
  return kept().filter((press) => press.to === pad?.dataset.to);
}

function draw() {
  const waiting = kept().filter((press) => !press.said && press.to !== pad?.dataset.to).length;
  if (elsewhere) {
    elsewhere.hidden = waiting === 0;
    elsewhere.textContent = waiting ? elsewhere.dataset.words.replace("{n}", waiting) : "";
  }
  if (others) {
    const theirs = unsentByOthers();
    others.hidden = theirs === 0;
    others.textContent = theirs ? others.dataset.words.replace("{n}", theirs) : "";
  }
  if (!pad) return;
  for (const form of pad.querySelectorAll("[data-press]")) drawForm(form);
  drawNext();
  const note = pad.querySelector("[data-unsent-here]");
  const refused = mine().find((press) => press.said);
  const here = mine().filter((press) => !press.said).length;
  let text = here ? pad.dataset.unsent.replace("{n}", here) : "";
  if (here && problem) text += ` ${problem}`;
  if (refused) text += ` ${pad.dataset.refused.replace("{said}", refused.said)}`;
  if (note.textContent !== text) note.textContent = text;
}

function drawForm(form) {
  const press = mine().find((one) => one.what === form.dataset.press && !one.said);
  form.classList.toggle("is-unsent", Boolean(press));
  form.querySelector("[data-unsent-at]")?.remove();
  const sentAt = form.dataset.press === "sign" ? undefined : taken.get(form.dataset.press);
  if (sentAt) form.classList.add("is-pressed");
  if (!press && (!sentAt || form.querySelector("time"))) return;
  const at = document.createElement("span");
  at.dataset.unsentAt = "";
  at.className = "leg-unsent";
  const clock = new Date(press?.at ?? sentAt).toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" });
  at.textContent = press ? `${clock} ${pad.dataset.waiting}` : clock;
  form.querySelector("button").append(at);
}

/** The next leg is the one after the last that was pressed, sent or not. */
function drawNext() {
  const forms = [...pad.querySelectorAll(".leg")];
  const last = forms.findLastIndex((form) => form.matches(".is-pressed, .is-unsent"));
  if (!isShell && (last < 0 || pad.dataset.isOut === undefined)) return;
  for (const [at, form] of forms.entries()) form.classList.toggle("is-next", at === last + 1);
}

async function drawTimes() {
  // A locked screen is shown nothing of the record; it draws what it has sent itself.
  if (isShell || !navigator.onLine || document.documentElement.classList.contains("is-locked")) return;
  const mine = ++asked;
  const headers = { Accept: "text/vnd.varde.part" };
  const answer = await fetch(pad.dataset.times, { headers, redirect: "manual" }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => null) : null;
  if (html === null || mine < drawn) return; // an answer that comes after a newer one
  drawn = mine;
  const due = answer.headers.get("X-Sign-Due");
  const sign = pad.querySelector("[data-sign-due]");
  if (due && sign) sign.dataset.until = due;
  pad.querySelector(".sign")?.toggleAttribute("hidden", !due);
  const focused = document.activeElement?.closest("[data-press]")?.dataset.press;
  pad.querySelector("[data-legs]").innerHTML = html;
  taken.clear();
  if (focused) pad.querySelector(`[data-press="${focused}"] button`)?.focus();
  keepMission();
  ask();
  draw();
}

function pressed(event) {
  const form = event.target.closest("[data-press]");
  if (!form) return;
  event.preventDefault();
  keep({ key: newKey(), what: form.dataset.press, at: new Date().toISOString(), to: pad.dataset.to });
  buzz(40);
  draw();
  send();
}

/** Browsers refuse, and complain, before the page has been touched. */
function buzz(pattern) {
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(pattern);
}

/** Some minutes before the time is out, the telephone asks. */
function ask() {
  const sign = pad?.querySelector(".sign");
  const due = sign?.querySelector("[data-sign-due]");
  if (!due || sign.hidden) return;
  const left_s = (Date.parse(due.dataset.until) - Date.now()) / 1000;
  const isAsking = left_s < Number(sign.dataset.ask);
  const words = sign.querySelector(".sign-ask");
  const text = isAsking ? words.dataset.words : "";
  if (words.textContent !== text) {
    words.textContent = text;
    if (text) buzz([200, 100, 200, 100, 200]);
  }
  sign.classList.toggle("is-asking", isAsking);
}

/* A telephone in a car locks itself. The buttons say nothing about a patient: they are
   moved onto the cover, and back. */
const place = pad ? document.createComment("pad") : null;
function followLock() {
  const isLocked = document.documentElement.classList.contains("is-locked");
  const box = document.querySelector("#lock-screen .lock-box");
  if (isLocked && box && !box.contains(pad)) {
    pad.replaceWith(place);
    box.append(pad);
  } else if (!isLocked && place.isConnected) {
    place.replaceWith(pad);
    drawTimes();
    send();
  }
}

/** Nothing that is secret stays in a page that is put away. */
function hideCode() {
  document.querySelector("[data-code]")?.replaceChildren("•••");
}

if (pad) {
  document.addEventListener("submit", pressed);
  new MutationObserver(followLock).observe(document.documentElement, { attributeFilter: ["class"] });
  followLock();
  document.addEventListener("varde:contact", ({ detail }) => {
    if (String(detail) === pad.dataset.contact && !isSending) drawTimes();
  });
  document.addEventListener("varde:resync", drawTimes);
  addEventListener("pagehide", hideCode);
  setInterval(ask, 5_000);
  ask();
  const isBehind = isOlder();
  keepMission();
  if (isBehind) drawTimes();
}
addEventListener("online", () => {
  pause = FIRST_PAUSE_MS;
  send();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") send();
});
send();

/* ---- without net ----------------------------------------------------------------- */

/** The worker keeps the shell, and says when it has it. */
async function prepare() {
  if (isShell || !navigator.serviceWorker) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data === "kept") document.querySelector("[data-away-ready]")?.removeAttribute("hidden");
  });
  navigator.serviceWorker.startMessages();
  try {
    await navigator.serviceWorker.register(WORKER, { scope: CAR, updateViaCache: "none" });
    (await navigator.serviceWorker.ready).active.postMessage("keep");
  } catch {
    // No worker here: the page works as long as it stays open.
  }
}
prepare();
