// A day of a simulated run, played on a map and a board. All that happened is in the page;
// the slider says which minute is shown.
import { districtMap } from "./district_map.js";

const page = document.querySelector("[data-replay]");
const day = JSON.parse(document.getElementById("replay-figures").textContent);
const slider = page.querySelector("[data-minute]");
const clock = page.querySelector("[data-clock]");
const sum = page.querySelector("[data-sum]");
const play = page.querySelector("[data-play]");
const speed = page.querySelector("[data-speed]");
const map = districtMap(page.querySelector("svg[data-map]"));
const curve = page.querySelector("svg[data-curve]");
const columns = new Map([...page.querySelectorAll("[data-column]")].map((list) => [list.dataset.column, list]));
const SHAPES = ["▲", "◆", "●"];
const RING_PX = 22; // from the place to the first who is there
const MOST_A_RING = 8;
const MINUTES_A_DAY = 1440;

let minute = day.first;
let ground = null; // the drawn map
let last = 0;
let frame = 0;

/* ---- what is so at a minute ------------------------------------------------------ */

function columnOf(visit, now) {
  if (now < visit.joined || now >= visit.ended) return null;
  if (now < visit.began) return "waits";
  if (visit.how !== "served") return null;
  if (visit.isBed) return "bed";
  if (visit.to !== visit.at || now < visit.reached) return "on-the-way";
  return visit.isManned ? "under-way" : "on-the-way";
}

function standing(now) {
  const found = { waits: [], "on-the-way": [], "under-way": [], bed: [] };
  for (const visit of day.visits) {
    const column = columnOf(visit, now);
    if (column) found[column].push(visit);
  }
  for (const visits of Object.values(found)) visits.sort((a, b) => a.joined - b.joined);
  return found;
}

const isOn = (person, now) => person.duty.some(([since, until]) => since <= now && now < until);

function whereIs(person, now) {
  const leg = person.legs.findLast(([since]) => since <= now);
  if (!leg) return day.places[person.base].at;
  const [since, until, from, to] = leg;
  return between(from, to, (now - since) / (until - since || 1));
}

function whereIsPatient(visit, now) {
  const [from, to] = [day.places[visit.at].at, day.places[visit.to].at];
  if (visit.to === visit.at || now < visit.leaves) return from;
  return between(from, to, (now - visit.leaves) / (visit.ended - visit.leaves || 1));
}

function between([x, y], [x2, y2], share) {
  const part = Math.min(1, Math.max(0, share));
  return [x + part * (x2 - x), y + part * (y2 - y)];
}

/* ---- the map --------------------------------------------------------------------- */

/** Those who are at one point stand around it, so that each can be seen. */
function aroundEach(toPixel) {
  const counts = new Map();
  return (at) => {
    const [x, y] = toPixel(at);
    const key = `${Math.round(x / 6)} ${Math.round(y / 6)}`;
    const number = counts.get(key) ?? 0;
    counts.set(key, number + 1);
    const ring = RING_PX * (1 + Math.floor(number / MOST_A_RING));
    const angle = ((number % MOST_A_RING) + 0.5) * ((2 * Math.PI) / MOST_A_RING);
    return [x + ring * Math.cos(angle), y + ring * Math.sin(angle)];
  };
}

function drawMap(now, found) {
  if (!ground) return;
  ground.layer.replaceChildren();
  const next = aroundEach(ground.map.toPixel);
  const busy = new Set();
  for (const [column, visits] of Object.entries(found)) {
    for (const visit of visits) {
      if (column !== "waits") for (const name of visit.people) busy.add(name);
      if (visit.isLook) continue; // the patient stands in the queue already
      const [x, y] = next(whereIsPatient(visit, now));
      const shape = SHAPES[Math.min(visit.class, SHAPES.length - 1)];
      const kind = `patient class-${Math.min(visit.class, SHAPES.length - 1)} ${column}`;
      const mark = ground.map.make("text", { class: kind, x, y: y + 5, "text-anchor": "middle", text: shape }, ground.layer);
      ground.map.make("title", { text: `${visit.step}, ${day.classes[visit.class]}` }, mark);
    }
  }
  for (const person of day.people) {
    const isOut = person.legs.some(([since, until]) => since <= now && now < until);
    if (!isOn(person, now) && !busy.has(person.name) && !isOut) continue;
    const [x, y] = next(whereIs(person, now));
    const kind = `crew${busy.has(person.name) || isOut ? " is-busy" : ""}`;
    const mark = ground.map.make("g", { class: kind }, ground.layer);
    ground.map.make("rect", { x: x - 8, y: y - 8, width: 16, height: 16, rx: 3 }, mark);
    ground.map.make("text", { x, y: y + 4, "text-anchor": "middle", text: person.role.slice(0, 1).toUpperCase() }, mark);
    ground.map.make("title", { text: person.name }, mark);
  }
}

/* ---- the board ------------------------------------------------------------------- */

function row(visit, column, now) {
  const line = document.createElement("li");
  const mark = document.createElement("span");
  const number = Math.min(visit.class, SHAPES.length - 1);
  mark.className = `class-sign class-${number}`;
  mark.textContent = SHAPES[number];
  mark.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  const since = column === "waits" ? visit.joined : visit.began;
  const who = visit.people.length && column !== "waits" ? ` · ${visit.people.join(", ")}` : "";
  const place = day.places[column === "waits" ? visit.at : visit.to].name;
  words.textContent = `${visit.step}, ${day.classes[visit.class]} · ${place} · ${Math.floor(now - since)} min${who}`;
  line.append(mark, words);
  return line;
}

function drawBoard(now, found) {
  for (const [column, list] of columns) {
    list.replaceChildren(...found[column].map((visit) => row(visit, column, now)));
    page.querySelector(`[data-count="${column}"]`).textContent = found[column].length;
  }
}

/* ---- the curve under the slider: how many wait, through the day -------------------- */

function drawCurve() {
  const waiting = new Array(MINUTES_A_DAY / 5).fill(0);
  for (const visit of day.visits) {
    if (visit.isLook) continue;
    for (let step = 0; step < waiting.length; step += 1) {
      const at = day.first + 5 * step;
      if (visit.joined <= at && at < visit.began) waiting[step] += 1;
    }
  }
  const most = Math.max(4, ...waiting);
  const path = waiting.map((count, step) => `${step} ${((1 - count / most) * 40).toFixed(1)}`).join("L");
  const line = document.createElementNS(curve.namespaceURI, "path");
  line.setAttribute("d", `M0 40L${path}L${waiting.length} 40Z`);
  curve.setAttribute("viewBox", `0 0 ${waiting.length} 40`);
  curve.append(line);
  page.querySelector("[data-most]").textContent = Math.max(...waiting);
}

/* ---- time ------------------------------------------------------------------------ */

function clockOf(now) {
  const at = Math.floor(day.clock + now - day.first) % MINUTES_A_DAY;
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

function show(now) {
  minute = Math.min(day.last - 1, Math.max(day.first, now));
  const found = standing(minute);
  slider.value = String(Math.floor(minute - day.first));
  slider.setAttribute("aria-valuetext", clockOf(minute));
  clock.textContent = clockOf(minute);
  drawMap(minute, found);
  drawBoard(minute, found);
  if (!frame) sum.textContent = summary(found);
}

function summary(found) {
  return page.dataset.words
    .replace("{clock}", clockOf(minute))
    .replace("{waits}", found.waits.length)
    .replace("{way}", found["on-the-way"].length)
    .replace("{with}", found["under-way"].length)
    .replace("{bed}", found.bed.length);
}

function stop() {
  cancelAnimationFrame(frame);
  frame = 0;
  play.textContent = play.dataset.start;
  show(minute);
}

function go(at) {
  show(minute + ((at - last) / 1000) * Number(speed.value));
  last = at;
  if (minute >= day.last - 1) stop();
  else frame = requestAnimationFrame(go);
}

play.addEventListener("click", () => {
  if (frame) {
    stop();
    return;
  }
  if (minute >= day.last - 1) minute = day.first;
  sum.textContent = "";
  play.textContent = play.dataset.stop;
  last = performance.now();
  frame = requestAnimationFrame(go);
});
slider.addEventListener("input", () => {
  minute = day.first + Number(slider.value);
  if (frame) stop();
  else show(minute);
});
page.querySelector("[data-next]").addEventListener("click", () => {
  if (frame) stop();
  const moments = day.visits.flatMap((visit) => [visit.joined, visit.began, visit.reached, visit.ended]);
  const next = Math.min(...moments.filter((one) => one > minute + 1e-6));
  show(Number.isFinite(next) ? next + 1e-6 : day.last - 1);
});

page.hidden = false;
drawCurve();
map.show(day, (drawn) => {
  ground = { map: drawn, layer: null };
  for (const place of day.places) {
    const [cx, cy] = drawn.toPixel(place.at);
    drawn.make("circle", { class: "place", cx, cy, r: 5 });
  }
  ground.layer = drawn.make("g", {});
  show(minute);
});
show(minute);
