// The shell of the car: which mission, its buttons, and the way back when there is net.
// It runs before mission.js, which keeps and sends the presses as on the page itself.

const AWAY = "varde:away:";
const LOOK_MS = 15_000;
const ANSWER_MS = 8_000;
const LONGEST_H = 24; // an older mission is not the one at hand

const pad = document.querySelector("[data-pad]");
const place = document.querySelector("[data-away]");
const words = place.dataset;
document.body.dataset.serverNow = new Date().toISOString(); // the telephone's own clock

const { user, missions } = kept();
if (user) document.body.dataset.user = user;
const mission = chosen();
if (mission) drawPad();
else pad.remove();
drawHead();

/* ---- what the telephone keeps --------------------------------------------------- */

function kept() {
  try {
    const key = Object.keys(localStorage).find((one) => one.startsWith(AWAY));
    const found = key ? Object.values(JSON.parse(localStorage.getItem(key))) : [];
    const since = Date.now() - LONGEST_H * 3_600_000;
    const fresh = found.filter((one) => Date.parse(one.seen) > since);
    return { user: key?.slice(AWAY.length), missions: fresh.sort((a, b) => b.seen.localeCompare(a.seen)) };
  } catch {
    return { user: undefined, missions: [] };
  }
}

/** The one whose page was asked for; else the only one there is. */
function chosen() {
  const asked = missions.find((one) => one.page === location.pathname);
  return asked ?? (missions.length === 1 ? missions[0] : null);
}

function title(one) {
  const began = new Date(one.opened).toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" });
  return words.title.replace("{number}", one.page.match(/\d+/)[0]).replace("{time}", began);
}

/* ---- the page ------------------------------------------------------------------- */

function drawHead() {
  place.querySelector("h1").textContent = mission ? title(mission) : words.none;
  const others = missions.filter((one) => one !== mission);
  const list = place.querySelector("ul");
  for (const one of others) {
    const link = document.createElement("a");
    link.href = one.page;
    link.textContent = title(one);
    const line = document.createElement("li");
    line.append(link);
    list.append(line);
  }
  list.hidden = !others.length;
  if (!mission && others.length) place.querySelector("h1").textContent = words.choose;
}

function drawPad() {
  pad.dataset.to = mission.to;
  pad.dataset.times = mission.times;
  for (const form of pad.querySelectorAll(".leg")) {
    const at = mission.legs[form.dataset.press];
    if (!at) continue;
    const time = document.createElement("time");
    time.dateTime = at;
    time.textContent = new Date(at).toLocaleTimeString("nb-NO", { hour: "2-digit", minute: "2-digit" });
    form.querySelector(".leg-at").append(time);
    form.classList.add("is-pressed");
  }
  const sign = pad.querySelector(".sign");
  if (!mission.due) return sign.remove();
  sign.hidden = false;
  sign.dataset.ask = mission.ask;
  sign.querySelector("[data-sign-due]").dataset.until = mission.due;
}

/* ---- the way back --------------------------------------------------------------- */

/** The page itself is opened when the server would show it, and no sooner. */
async function look() {
  if (!navigator.onLine) return;
  const to = mission?.times ?? words.health;
  const options = { headers: { Accept: "text/vnd.varde.part" }, redirect: "manual" };
  const answer = await fetch(to, { ...options, signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null);
  if (!answer || answer.status >= 500) return;
  if (answer.status === 423) return say(words.locked, location.pathname);
  const isOut = answer.type === "opaqueredirect" || answer.status === 401;
  if (isOut) return say(words.login, `${words.loginAt}?next=${encodeURIComponent(location.pathname)}`);
  location.reload();
}

/** The buttons stay: somebody in a car should not have to log in before the next press. */
function say(text, href) {
  const link = place.querySelector("[data-way-in]");
  link.textContent = text;
  link.href = href;
  link.parentElement.hidden = false;
}

place.querySelector("[data-again]").addEventListener("click", () => location.reload());
document.addEventListener("varde:sent", look);
addEventListener("online", look);
setInterval(look, LOOK_MS);
