// A district as places, roads and perhaps outlines, in one SVG. What it shows also stands
// as text: the map is a picture of it.
//
//   <svg data-outlines="/plan/…/omriss/demo.json"></svg>
//   const map = districtMap(svg);
//   map.show(ground, (map) => { … });   // draws, and draws again when the size changes
//
// ground: { isPlaced, places: [{ name, people, at: [east, north] }], roads: [[from, to]] }.
// Placed: hundreds of metres. Else minutes of a drawing in which the ways are to scale.

const MARGIN_PX = 28;
const LABEL_PX = { wide: 6.6, high: 15 }; // of a letter, of a line
const ROUND_KM = [1, 2, 5, 10, 20, 50, 100, 200];
const ROUND_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120];
const MOST_OF_WIDTH = 0.3; // that the scale may take

export function districtMap(svg) {
  const map = { svg, place: null, toPixel: null, make };
  let ground = null;
  let drawn = null;
  let outlines = null;

  function make(name, values, parent = svg) {
    const made = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(values)) {
      if (key === "text") made.textContent = value;
      else made.setAttribute(key, value);
    }
    parent.append(made);
    return made;
  }

  function fit() {
    const { width, height } = svg.getBoundingClientRect();
    const east = ground.places.map((place) => place.at[0]);
    const north = ground.places.map((place) => place.at[1]);
    const [west, south] = [Math.min(...east), Math.min(...north)];
    const [wide, high] = [Math.max(...east) - west || 1, Math.max(...north) - south || 1];
    const labels = Math.min(width / 3, 90); // room for the names beside the places
    const scale = Math.min((width - 2 * MARGIN_PX - labels) / wide, (height - 2 * MARGIN_PX) / high);
    const left = (width - labels - scale * wide) / 2;
    const top = (height - scale * high) / 2;
    map.scale = scale;
    map.size = { width, height };
    map.toPixel = ([x, y]) => [left + (x - west) * scale, top + (south + high - y) * scale];
  }

  function drawOutlines() {
    if (!outlines || !ground.isPlaced) return;
    const line = (points) => points.map((at) => map.toPixel(at).map((n) => n.toFixed(1)).join(" ")).join("L");
    for (const lines of Object.values(outlines.areas)) {
      make("path", { class: "outline", d: lines.map((points) => `M${line(points)}Z`).join("") });
    }
    for (const points of outlines.coast) make("path", { class: "coast", d: `M${line(points)}` });
  }

  function drawRoads() {
    for (const [from, to] of ground.roads) {
      const [x1, y1] = map.toPixel(ground.places[from].at);
      const [x2, y2] = map.toPixel(ground.places[to].at);
      make("line", { class: "road", x1, y1, x2, y2 });
    }
  }

  /** The name of each place beside it, on the side where it covers the fewest others. */
  function drawNames() {
    const taken = ground.places.map((place) => boxAround(map.toPixel(place.at), 9, 9));
    for (const place of ground.places) {
      const [x, y] = map.toPixel(place.at);
      const wide = LABEL_PX.wide * place.name.length;
      const sides = [
        { anchor: "start", at: [x + 13, y + 4], box: [x + 13, y - 9, x + 13 + wide, y + 7] },
        { anchor: "end", at: [x - 13, y + 4], box: [x - 13 - wide, y - 9, x - 13, y + 7] },
        { anchor: "middle", at: [x, y - 14], box: [x - wide / 2, y - 28, x + wide / 2, y - 12] },
        { anchor: "middle", at: [x, y + 24], box: [x - wide / 2, y + 11, x + wide / 2, y + 27] },
      ];
      const cost = ({ box }) => taken.reduce((sum, other) => sum + shared(box, other), 0) + outside(box, map.size);
      const best = sides.reduce((one, other) => (cost(other) < cost(one) ? other : one));
      taken.push(best.box);
      make("text", { class: "place-name", x: best.at[0], y: best.at[1], "text-anchor": best.anchor, text: place.name });
    }
  }

  function drawScale() {
    const perUnit = ground.isPlaced ? map.scale * 10 : map.scale; // pixels a kilometre, a minute
    const most = (MOST_OF_WIDTH * map.size.width) / perUnit;
    const length = (ground.isPlaced ? ROUND_KM : ROUND_MINUTES).filter((one) => one <= most).at(-1);
    if (!length) return;
    const [x, y] = [12, map.size.height - 12];
    make("path", { class: "scale", d: `M${x} ${y - 5}V${y}H${x + length * perUnit}V${y - 5}` });
    make("text", { class: "place-name", x: x + 4, y: y - 5, text: `${length} ${ground.isPlaced ? "km" : "min"}` });
  }

  function redraw() {
    if (!ground || !svg.getBoundingClientRect().width) return;
    svg.replaceChildren();
    fit();
    drawOutlines();
    drawRoads();
    drawn?.(map);
    drawNames();
    drawScale();
  }

  map.show = (newGround, callback) => {
    ground = newGround;
    drawn = callback;
    redraw();
  };
  new ResizeObserver(redraw).observe(svg);
  if (svg.dataset.outlines) {
    fetch(svg.dataset.outlines)
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((found) => {
        outlines = found;
        redraw();
      })
      .catch(() => {}); // without outlines the places and the roads stand
  }
  return map;
}

function boxAround([x, y], wide, high) {
  return [x - wide, y - high, x + wide, y + high];
}

function shared([left, top, right, bottom], [l, t, r, b]) {
  return Math.max(0, Math.min(right, r) - Math.max(left, l)) * Math.max(0, Math.min(bottom, b) - Math.max(top, t));
}

function outside([left, , right], { width }) {
  return LABEL_PX.high * (Math.max(0, -left) + Math.max(0, right - width));
}
