// How far each place has, in one scenario at a time. The table beside it says the same.
import { districtMap } from "./district_map.js";

const section = document.querySelector("[data-scenario-map]");
const scenarios = JSON.parse(document.getElementById("scenario-map-figures").textContent);
const said = section.querySelector("[data-map-said]");
const map = districtMap(section.querySelector("svg"));
const prompt = said.textContent;
let pointed = ""; // the name of the place that is told of

const chosen = (name) => section.querySelector(`[name=${name}]:checked, select[name=${name}]`).value;

function draw() {
  const scenario = scenarios[Number(chosen("scenario"))];
  const moment = scenario.moments[chosen("moment")];
  const bands = moment.bands[chosen("til")];
  const goals = chosen("til") === "station" ? moment.stationOf : null;
  const tell = () => {
    const number = scenario.places.findIndex((place) => place.name === pointed);
    said.textContent = moment.said[number] ?? prompt;
  };
  tell(); // of the same place, as it is in what is chosen now
  section.querySelector("[data-placed]").hidden = !scenario.isPlaced;
  section.querySelector("[data-schematic]").hidden = scenario.isPlaced;
  map.show(scenario, ({ make, toPixel }) => {
    scenario.places.forEach((place, number) => {
      const [x, y] = toPixel(place.at);
      if (goals && goals[number] !== number) {
        const [x2, y2] = toPixel(scenario.places[goals[number]].at);
        make("line", { class: "to-station", x1: x, y1: y, x2, y2 });
      }
    });
    scenario.places.forEach((place, number) => {
      const [cx, cy] = toPixel(place.at);
      const isStation = scenario.stations.includes(number);
      const r = Math.max(isStation ? 13 : 0, 6 + Math.sqrt(place.people) / 14);
      const circle = make("circle", { class: `place band-${bands[number]}`, cx, cy, r });
      for (const kind of ["pointerenter", "click"]) {
        circle.addEventListener(kind, () => {
          pointed = place.name;
          tell();
        });
      }
      if (isStation) {
        const hasDoctor = moment.doctorsAt.includes(number);
        const isUsed = moment.stationOf.includes(number);
        const mark = hasDoctor ? "◆" : isUsed ? "◇" : "✕";
        make("circle", { class: "station-disc", cx, cy, r: 9 });
        make("text", { class: "station-sign", x: cx, y: cy + 6, "text-anchor": "middle", text: mark });
      }
    });
  });
}

section.hidden = false;
section.addEventListener("change", draw);
draw();
