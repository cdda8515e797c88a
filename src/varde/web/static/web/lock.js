// The lock of a shared desk. One key covers the page at once; the page stays as it is
// behind the cover, also what is being typed. The server is told, and answers nothing
// else until the screen is opened.
//
// Others listen to: varde:locking (detail.waitFor(promise): save what is unsaved),
// varde:locked, varde:unlocked. Anything may dispatch varde:locked, as an answer 423 does.

import { forgetOthers } from "./away.js";
import { assertion, isSupported, optionsFrom } from "./webauthn.js";

const screen = document.getElementById("lock-screen");
const UNSAVED_MS = 1000; // the longest wait for what is unsaved
const RETRY_MS = 2000;
const ELSEWHERE_MS = 5000; // then another tab's lock is not waited for any more
const LOOK_MS = 5000;
const USED = "varde:used"; // when this workstation was used, in any tab
const USER = "varde:user";

if (screen) {
  forgetSomebodyElse();
  watch();
}

/** Drafts in this tab, and what the telephone keeps, belong to the one who made them. */
function forgetSomebodyElse() {
  const before = sessionStorage.getItem(USER);
  if (before !== null && before !== screen.dataset.user) sessionStorage.clear();
  sessionStorage.setItem(USER, screen.dataset.user);
  forgetOthers(screen.dataset.user);
}

function watch() {
  const button = document.querySelector("[data-lock]");
  const unlocking = screen.querySelector("[data-unlock]");
  const secret = unlocking.elements.secret;
  const problem = screen.querySelector("[data-problem]");
  const passkey = screen.querySelector("[data-unlock-passkey]");
  const tabs = new BroadcastChannel(`varde:lock:${screen.dataset.user}`);
  const after = Number(screen.dataset.after) * 1000;
  let isLocked = false;
  let focused = null;
  let title = "";
  let usedAt = Date.now();
  let locking = Promise.resolve(); // what goes to the server now, to lock it
  let opening = Promise.resolve(); // and to open it: never both at once
  let told = () => {}; // the server has the lock of another tab

  function cover() {
    if (isLocked) return;
    isLocked = true;
    focused = document.activeElement;
    title = document.title;
    document.title = screen.querySelector("h2").textContent;
    document.documentElement.classList.add("is-locked");
    passkey.hidden = !isSupported;
    say("");
    screen.querySelector("[data-unsaved]").hidden = !hasUnsaved();
    if (!screen.open) screen.showModal();
    secret.focus();
  }

  function uncover() {
    if (!isLocked) return;
    isLocked = false;
    used();
    secret.value = "";
    document.title = title;
    document.documentElement.classList.remove("is-locked");
    screen.close();
    if (focused?.isConnected) focused.focus();
    document.dispatchEvent(new CustomEvent("varde:unlocked"));
  }

  async function lock(why) {
    if (isLocked) return;
    cover();
    tabs.postMessage("locked");
    const unsaved = [];
    const waitFor = (promise) => unsaved.push(promise);
    document.dispatchEvent(new CustomEvent("varde:locking", { detail: { waitFor } }));
    locking = Promise.race([Promise.allSettled(unsaved), pause(UNSAVED_MS)]);
    await locking;
    await tell(why);
    tabs.postMessage("told");
    if (isLocked) document.dispatchEvent(new CustomEvent("varde:locked"));
  }

  /** Another tab locks: what is opened here waits until the server has its lock, which
      would else come after and lock all again. */
  function lockedElsewhere() {
    cover();
    const isTold = new Promise((done) => (told = done));
    locking = Promise.allSettled([locking, Promise.race([isTold, pause(ELSEWHERE_MS)])]);
  }

  /** Until the server has it: a dead server locks nothing, and shows nothing either. */
  async function tell(why) {
    const body = new URLSearchParams(new FormData(button));
    body.set("why", why);
    while (isLocked) {
      locking = post(button.action, body);
      try {
        await locking;
        return;
      } catch {
        await pause(RETRY_MS);
        await opening;
      }
    }
  }

  /** A screen that is opened before the server knew of the lock stays open. */
  async function lockingDone() {
    let waited;
    do {
      waited = locking;
      await waited.catch(() => null);
    } while (waited !== locking);
  }

  function unlock(url, body) {
    opening = lockingDone().then(() => open(url, body));
    return opening;
  }

  async function open(url, body) {
    say("");
    try {
      const answer = await post(url, body);
      if (answer.redirected) return logIn(answer.url);
      const came = await answer.json();
      secret.value = "";
      if (came.state === "ended") return logIn(came.login);
      if (came.state === "wrong") return say(came.problem);
      uncover();
      tabs.postMessage("unlocked");
    } catch {
      say(screen.dataset.noAnswer);
    }
  }

  /** The stream was closed by the server: was the screen locked, or the log-in ended? */
  async function look() {
    if (isLocked) return; // by this page: the way in says whether the log-in ended
    const headers = { Accept: "application/json" };
    const answer = await fetch(screen.dataset.account, { headers }).catch(() => null);
    if (answer?.status === 423) cover();
    if (answer?.status === 401) logIn(screen.dataset.login);
  }

  function say(text) {
    problem.textContent = text;
    problem.hidden = !text;
    if (text) secret.focus();
  }

  function used() {
    usedAt = Date.now();
    if (usedAt - Number(localStorage.getItem(USED) ?? 0) > LOOK_MS) localStorage.setItem(USED, usedAt);
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (isLocked) {
        if (event.key === "Escape") event.preventDefault();
        if (!screen.contains(event.target)) event.stopImmediatePropagation();
      } else if (event.key === screen.dataset.lockKey && !event.repeat) {
        event.preventDefault();
        event.stopImmediatePropagation();
        lock("key");
      }
    },
    true,
  );
  button.addEventListener("submit", (event) => {
    event.preventDefault();
    lock("key");
  });
  unlocking.addEventListener("submit", (event) => {
    event.preventDefault();
    unlock(unlocking.action, new URLSearchParams(new FormData(unlocking)));
  });
  passkey.addEventListener("click", async () => {
    try {
      const body = new URLSearchParams(new FormData(unlocking));
      body.delete("secret");
      body.set("credential", await assertion(await optionsFrom(passkey.dataset.unlockPasskey)));
      await unlock(passkey.dataset.unlockPasskey, body);
    } catch {
      say(screen.dataset.noPasskey);
    }
  });
  screen.addEventListener("cancel", (event) => event.preventDefault());
  screen.addEventListener("close", () => isLocked && screen.showModal());
  document.addEventListener("varde:locked", cover);
  document.addEventListener("varde:closed", look);
  const heard = { locked: lockedElsewhere, told: () => told(), unlocked: uncover };
  tabs.addEventListener("message", ({ data }) => heard[data]?.());

  for (const sign of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(sign, () => isLocked || used(), { capture: true, passive: true });
  }
  if (after) {
    setInterval(() => {
      const last = Math.max(usedAt, Number(localStorage.getItem(USED) ?? 0));
      if (!isLocked && Date.now() - last > after) lock("idle");
    }, Math.min(LOOK_MS, after));
  }
}

function hasUnsaved() {
  return Object.keys(sessionStorage).some((key) => /^varde:(draft|keep):/.test(key));
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

/** The token is the cookie's: the page's own may be older than the log-in. */
async function post(url, body) {
  body.delete("csrfmiddlewaretoken");
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const answer = await fetch(url, { method: "POST", body, headers });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function logIn(place) {
  location.assign(`${new URL(place, location.href).pathname}?next=${encodeURIComponent(location.pathname)}`);
}
