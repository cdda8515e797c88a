// The note's drafts and phrases. What is typed stays in the page until the server has it, and
// a phrase's key after a full stop becomes its text. Without this the form is a plain form.

const form = document.querySelector("form[data-note]");
const PREFIX = `varde:note:${document.body.dataset.user}:`;
const REST_MS = 700;
const RETRY_MS = 4000;
const timers = new Map();
const line = document.querySelector("[data-note-state]");
let isLeaving = false;

const keyOf = (field) => `${PREFIX}${form.dataset.note}:${field.name}`;
const fields = () => [...(form?.querySelectorAll("[data-note-part]") ?? [])];
const isLocked = () => document.documentElement.classList.contains("is-locked");

function say(what) {
  if (line) line.textContent = line.dataset[what];
  line?.classList.toggle("late", what === "late");
}

function plan(field, wait) {
  clearTimeout(timers.get(field.name));
  timers.set(field.name, setTimeout(() => save(field), wait));
}

/** Send one part. It is forgotten only when the server has exactly that text. */
async function save(field, isLast = false) {
  clearTimeout(timers.get(field.name));
  timers.delete(field.name);
  const text = sessionStorage.getItem(keyOf(field));
  if (text === null || isLeaving || (isLocked() && !isLast)) return;
  say("waiting");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ [field.name]: text, seen: form.elements.seen.value }),
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" },
      redirect: "error",
      keepalive: text.length < 15000,
    });
    if (answer.status === 422) return say("late"); // the form's own button says why
    if (!answer.ok) throw new Error(String(answer.status));
    if (sessionStorage.getItem(keyOf(field)) === text) sessionStorage.removeItem(keyOf(field));
    if (!fields().some((one) => sessionStorage.getItem(keyOf(one)) !== null)) say("saved");
  } catch {
    say("late");
    plan(field, RETRY_MS);
  }
}

function keep(field) {
  sessionStorage.setItem(keyOf(field), field.value);
  plan(field, REST_MS);
}

/* What another page of this contact could not send, is put back and sent. What the server
   has taken, or has no field for any more (it is signed), is forgotten. */
function restore() {
  for (const field of fields()) {
    const text = sessionStorage.getItem(keyOf(field));
    if (text === null) continue;
    if (text === field.value) sessionStorage.removeItem(keyOf(field));
    else {
      field.value = text;
      plan(field, 0);
    }
  }
}

/* ---- phrases ------------------------------------------------------------------ */

let last = null; // the part where one wrote last

function phrases() {
  const found = [...document.querySelectorAll("[data-phrase]")];
  return new Map(found.map((button) => [button.dataset.phrase, button.dataset.text]));
}

function expand(field) {
  const at = field.selectionStart;
  const found = /(^|\s)\.([a-zæøå0-9]{1,12})[ \n]$/i.exec(field.value.slice(0, at));
  const text = found && phrases().get(found[2].toLowerCase());
  if (!text) return;
  const from = at - found[0].length + found[1].length;
  field.setRangeText(`${text} `, from, at, "end");
}

function insert(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const space = before && !/\s$/.test(before) ? " " : "";
  field.setRangeText(space + text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  keep(field);
}

if (form) {
  restore();
  form.addEventListener("input", (event) => {
    const field = event.target.closest("[data-note-part]");
    if (!field) return;
    if (field.matches("textarea")) expand(field);
    keep(field);
  });
  form.addEventListener("focusin", (event) => {
    const field = event.target.closest("textarea[data-note-part]");
    if (!field) return;
    last = field;
    const into = form.elements.into;
    if (into) into.value = field.name;
  });
  // The phrases stand beside the form, and belong to it.
  document.addEventListener("change", (event) => {
    if (event.target.name === "into") last = form.elements[event.target.value];
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-phrase]");
    if (!button) return;
    event.preventDefault();
    insert(last ?? form.elements[form.elements.into.value], button.dataset.text);
  });
  // The whole form goes along with any button: nothing more is sent on its own.
  form.addEventListener("submit", (event) => {
    isLeaving = true;
    if (event.submitter?.hasAttribute("data-note-drop")) {
      for (const field of fields()) sessionStorage.removeItem(keyOf(field));
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });
  document.addEventListener("varde:locking", (event) =>
    event.detail.waitFor(Promise.allSettled(fields().map((field) => save(field, true)))),
  );
  document.addEventListener("varde:unlocked", restore);
}
// Where there is nothing to write, nothing is kept: the note was signed.
const signed = document.querySelector("[data-note-signed]")?.dataset.noteSigned;
if (!form && signed) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(`${PREFIX}${signed}:`)) sessionStorage.removeItem(key);
  }
}
