// The map of travel time, drawn from our own outlines. What it shows stands in the tables.
const section = document.querySelector("[data-map]");
const figures = JSON.parse(document.getElementById("map-figures").textContent);
const said = section.querySelector("[data-map-said]");
const MARKS = { open: "◆", new: "✚", closed: "✕" };
// Metres east and north, as the outlines are: no degrees, no tiles.
const at = ([x, y]) => L.latLng(y, x);
let question = "agreed";
let map;

function tell(text, layer) {
  section.querySelector(".is-said")?.classList.remove("is-said");
  layer?.getElement()?.classList.add("is-said");
  said.textContent = text;
}

function drawArea(code, lines) {
  const known = figures.areas[code];
  const area = L.polygon(lines.map((line) => [line.map(at)]), { className: "area", weight: 1 }).addTo(map);
  area.code = code;
  area.tellOf = () => (known ? known[question][2] : "");
  area.on("click mouseover", () => tell(area.tellOf(), area));
  area.recolour = () => {
    const shape = area.getElement();
    for (const name of [...shape.classList]) if (name.startsWith("band-")) shape.classList.remove(name);
    shape.classList.add(known ? `band-${known[question][0]}` : "none");
    if (known && figures.is_labelled) {
      area.unbindTooltip();
      const options = { permanent: true, direction: "center", className: "area-name", pane: "names" };
      if (known[question][1]) area.bindTooltip(known[question][1], options);
    }
  };
  return area;
}

function drawStation(station) {
  const mark = document.createElement("span");
  mark.className = `station-mark ${station.kind}`;
  mark.textContent = MARKS[station.kind];
  const icon = L.divIcon({ html: mark, className: "", iconSize: [20, 20] });
  const marker = L.marker(at(station.at), { icon, keyboard: true, alt: station.said, title: station.said });
  marker.on("click mouseover focus", () => tell(station.said)).addTo(map);
  marker.getElement().addEventListener("focus", () => tell(station.said));
  marker.getElement().setAttribute("aria-label", station.said);
}

function drawSpot(spot) {
  const circle = L.circleMarker(at(spot.at), { className: spot.has_road ? "spot" : "spot no-road" });
  circle.on("click mouseover", () => tell(spot.said, circle));
  circle.recolour = () => {
    const people = spot.people[question];
    const size = 3 + Math.sqrt(people) / 6;
    circle.setRadius(people ? (figures.is_labelled ? size : size / 2) : 0);
  };
  return circle.addTo(map);
}

async function draw() {
  const answer = await fetch(figures.outlines);
  if (!answer.ok) return; // the tables stand
  const outlines = await answer.json();
  section.hidden = false;
  section.classList.toggle("is-dense", !figures.is_labelled);
  map = L.map(section.querySelector("[data-map-box]"), {
    crs: L.CRS.Simple, minZoom: -6, maxZoom: 2, zoomSnap: 0.25, zoomDelta: 0.5, attributionControl: false,
  });
  map.createPane("names").style.zIndex = 590; // below the stations
  map.setView([70000, 4000], -4, { animate: false });
  const areas = Object.entries(outlines.areas).map(([code, lines]) => drawArea(code, lines));
  if (outlines.coast.length) {
    L.polyline(outlines.coast.map((line) => line.map(at)), { className: "coast", interactive: false }).addTo(map);
  }
  const wanted = figures.focus.length ? new Set(figures.focus) : new Set(Object.keys(figures.areas));
  const shown = areas.filter((area) => wanted.has(area.code));
  map.fitBounds(L.featureGroup(shown.length ? shown : areas).getBounds(), { animate: false });
  const changing = [...areas, ...figures.spots.map(drawSpot)];
  figures.stations.forEach(drawStation);
  const recolour = () => changing.forEach((layer) => layer.recolour());
  recolour();
  section.addEventListener("change", (event) => {
    if (event.target.name !== "kart") return;
    question = event.target.value;
    recolour();
  });
}

draw();
