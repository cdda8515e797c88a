// The planner's grid: arrows to move, type to choose a person, Delete for vacant, Ctrl+Z to
// take back, and drag. A change is judged by the server while one drags or chooses; nothing
// is stored until it is let go or saved. Without this script each duty is a link to its page.

const frame = document.querySelector("[data-grid]");
const status = document.querySelector("[data-rota-status]");
const dialog = document.getElementById("choose");
const words = frame.dataset;
const KEPT_MS = 5_000;
let dragged = null; // what is being dragged: {place, person}
let isHeld = false; // a finger or the mouse is down in the grid: a drag may begin
let isBehind = false; // something changed that is not drawn yet
let target = "";
let judging = 0;
let asked = 0;
let drawn = 0;
let clearing = 0;

const body = () => frame.querySelector("[data-grid-body]");
const mayChange = () => body()?.dataset.may === "1";
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
let newest = Number(body()?.dataset.version ?? 0); // that this page was told of
const duties = () => [...frame.querySelectorAll("a.duty[data-place]")];

function say(text, kind = "") {
  status.textContent = text;
  status.dataset.kind = kind;
  clearTimeout(clearing);
  if (kind === "ok") clearing = setTimeout(say, KEPT_MS, "");
}

async function post(address, values) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "HX-Request": "true", "X-CSRFToken": token() },
    body: new URLSearchParams(values),
  });
  if (!answer.headers.get("content-type")?.includes("json")) throw new Error(String(answer.status));
  return { isDone: answer.ok, told: await answer.json() };
}

/* ---- the grid is drawn again -------------------------------------------------------- */

/** An answer that comes after a newer one is not drawn; nor is one that comes under a drag
    or a choice, which would lose its duty: it is asked for again when that is done. Who has
    gone on to another duty in the meantime stays there. */
async function redraw(focusOn) {
  const mine = ++asked;
  isBehind = false;
  const answer = await fetch(words.address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const html = answer?.ok ? await answer.text().catch(() => null) : null;
  if (html === null) isBehind = true;
  if (html === null || mine < drawn) return;
  if (dragged || isHeld || dialog?.open) {
    isBehind = true;
    return;
  }
  drawn = mine;
  const scrolled = frame.querySelector(".rota-scroll");
  const at = document.activeElement?.dataset?.place ?? focusOn;
  const [left, top] = [scrolled?.scrollLeft ?? 0, scrolled?.scrollTop ?? 0];
  frame.innerHTML = html;
  const now = frame.querySelector(".rota-scroll");
  if (now) now.scrollTo(left, top);
  for (const field of document.querySelectorAll("[data-rota-seen]")) field.value = body().dataset.version;
  if (at) frame.querySelector(`a.duty[data-place="${at}"]`)?.focus();
}

document.addEventListener("varde:drawn", (event) => {
  if (event.detail !== "rota_news") return;
  const told = document.querySelector(`.rota-news[data-rota="${body()?.dataset.rota}"]`);
  const version = Number(told?.dataset.version ?? 0);
  if (version <= newest) return;
  newest = version;
  if (told.dataset.by !== document.body.dataset.user) {
    say(words.changed.replace("{what}", told.textContent), "warning");
  }
  if (version <= Number(body().dataset.version)) return; // drawn with what one did oneself
  isBehind = true;
  catchUp();
});
document.addEventListener("varde:resync", () => {
  isBehind = true;
  catchUp();
});

function catchUp() {
  if (isBehind && !dialog?.open && !dragged && !isHeld) redraw();
}

/* ---- judged and stored -------------------------------------------------------------- */

function inWords(verdict, isVacant) {
  if (verdict.hard?.length) return ["hard", verdict.hard.join(" ")];
  const lost = verdict.wishes_lost ? words.lost.replace("{n}", verdict.wishes_lost) : "";
  if (verdict.warnings?.length || lost) {
    return ["warning", [...(verdict.warnings ?? []), lost].filter(Boolean).join(" ")];
  }
  return ["ok", isVacant ? words.vacate : words.ok];
}

async function judge(place, person) {
  const mine = ++judging;
  try {
    const { isDone, told } = await post(dialog.dataset.judge, { place, person });
    return mine === judging && isDone ? inWords(told, !person) : null;
  } catch {
    return null;
  }
}

async function change(duty, person, reason = "") {
  try {
    const { isDone, told } = await post(duty.getAttribute("href"), {
      person,
      seen: duty.dataset.seen,
      reason,
    });
    if (isDone) {
      dialog.close();
      await redraw(duty.dataset.place);
      say(words.saved, "ok");
      return;
    }
    if (told.hard?.length) {
      open(duty, "", person);
      verdictIs("hard", [told.problem, ...told.hard].join(" "));
      return;
    }
    dialog.close();
    await redraw(duty.dataset.place);
    say(told.problem, "hard");
  } catch {
    say(words.failed, "hard");
  }
}

async function undo() {
  const form = document.querySelector("[data-undo]");
  try {
    const { isDone, told } = await post(form.action, {});
    await redraw();
    say(isDone ? words.undone : told.problem, isDone ? "ok" : "hard");
  } catch {
    say(words.failed, "hard");
  }
}

/* ---- choosing a person -------------------------------------------------------------- */

let choosing = null; // the duty
const box = dialog?.querySelector("#choose-who");
const options = dialog ? [...dialog.querySelectorAll("[role=option]")] : [];
const shown = () => options.filter((option) => !option.hidden);
const chosen = () => options.find((option) => option.getAttribute("aria-selected") === "true");

function verdictIs(kind, text) {
  const place = dialog.querySelector("[data-choose-verdict]");
  place.dataset.kind = kind;
  place.textContent = text;
  dialog.querySelector("[data-choose-reason]").hidden = kind !== "hard";
}

async function pick(option) {
  for (const one of options) one.setAttribute("aria-selected", String(one === option));
  box.setAttribute("aria-activedescendant", option?.id ?? "");
  if (!option) {
    verdictIs("", "");
    return;
  }
  option.scrollIntoView({ block: "nearest" });
  const verdict = await judge(choosing.dataset.place, option.dataset.person);
  if (verdict) verdictIs(...verdict);
}

function open(duty, typed = "", person = "") {
  choosing = duty;
  dialog.querySelector("[data-choose-duty]").textContent = duty.dataset.words;
  dialog.querySelector("[data-choose-open]").href = duty.href;
  dialog.querySelector("#choose-why").value = "";
  box.value = typed;
  if (!dialog.open) dialog.showModal();
  narrow();
  const wanted = person ? options.find((one) => one.dataset.person === person) : shown()[0];
  if (person || typed) pick(wanted);
  else pick(null);
  (person ? dialog.querySelector("#choose-why") : box).focus();
}

function narrow() {
  const typed = box.value.trim().toLocaleLowerCase();
  for (const one of options) {
    const name = one.textContent.toLocaleLowerCase();
    one.hidden = !name.split(" ").some((part) => part.startsWith(typed)) && !name.startsWith(typed);
  }
}

box?.addEventListener("input", () => {
  narrow();
  pick(shown()[0]);
});
box?.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const list = shown();
  const at = list.indexOf(chosen());
  pick(list[(at + (event.key === "ArrowDown" ? 1 : -1) + list.length) % list.length]);
});
dialog?.querySelector("#choose-list").addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) pick(option);
});
dialog?.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const option = chosen();
  if (option) change(choosing, option.dataset.person, dialog.querySelector("#choose-why").value);
});
dialog?.querySelector("[data-choose-vacant]").addEventListener("click", () => change(choosing, "", dialog.querySelector("#choose-why").value));
dialog?.querySelector("[data-choose-close]").addEventListener("click", () => dialog.close());
dialog?.addEventListener("close", () => {
  if (choosing?.isConnected) choosing.focus();
  catchUp();
});

/* ---- the keyboard ------------------------------------------------------------------- */

function move(from, key) {
  const here = from.getBoundingClientRect();
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  let best = null;
  let least = Infinity;
  for (const one of duties()) {
    if (one === from) continue;
    const there = one.getBoundingClientRect();
    const x = there.x - here.x;
    const y = there.y - here.y;
    const along = x * dx + y * dy;
    if (along < 4) continue;
    const far = along + 4 * Math.abs(x * dy + y * dx);
    if (far < least) [least, best] = [far, one];
  }
  best?.focus();
}

frame.addEventListener("keydown", (event) => {
  const duty = event.target.closest("a.duty[data-place]");
  if (!duty || event.altKey || event.metaKey) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    move(duty, event.key);
  } else if (mayChange() && !event.ctrlKey) {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      change(duty, "");
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(duty);
    } else if (event.key.length === 1 && /\p{L}/u.test(event.key)) {
      event.preventDefault();
      open(duty, event.key);
    }
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
  if (!mayChange() || dialog.open || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  undo();
});
frame.addEventListener("click", (event) => {
  const duty = event.target.closest("a.duty[data-place]");
  if (!duty || !mayChange() || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(duty);
});
document.querySelector("[data-undo]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  undo();
});

/* ---- drag: a duty to a person's row, or a name to a duty ------------------------------ */

function forget() {
  for (const one of frame.querySelectorAll(".is-target")) {
    one.classList.remove("is-target");
    delete one.dataset.verdict;
  }
  target = "";
}

frame.addEventListener("pointerdown", () => (isHeld = true));
for (const kind of ["pointerup", "pointercancel"]) {
  document.addEventListener(kind, () => {
    isHeld = false;
    catchUp();
  });
}
frame.addEventListener("dragstart", (event) => {
  const duty = event.target.closest("a.duty[data-place]");
  const chip = event.target.closest("[data-chip]");
  if (!mayChange() || !(duty || chip)) return;
  dragged = { duty, person: chip?.dataset.chip ?? null };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
});

function landing(event) {
  if (!dragged) return null;
  if (dragged.duty) {
    const row = event.target.closest("tr[data-drop]");
    return row && { element: row, duty: dragged.duty, person: row.dataset.drop };
  }
  const duty = event.target.closest("a.duty[data-place]");
  return duty && { element: duty, duty, person: dragged.person };
}

frame.addEventListener("dragover", async (event) => {
  const place = landing(event);
  if (!place) return;
  event.preventDefault();
  const key = `${place.duty.dataset.place}:${place.person}`;
  if (key === target) return;
  forget();
  target = key;
  place.element.classList.add("is-target");
  const verdict = await judge(place.duty.dataset.place, place.person);
  if (verdict && target === key) {
    say(verdict[1], verdict[0]);
    place.element.dataset.verdict = verdict[0];
  }
});
frame.addEventListener("drop", (event) => {
  const place = landing(event);
  if (!place) return;
  event.preventDefault();
  forget();
  if (place.person !== place.duty.dataset.person) change(place.duty, place.person);
});
document.addEventListener("dragend", () => {
  dragged = null;
  isHeld = false;
  forget();
  catchUp();
});
