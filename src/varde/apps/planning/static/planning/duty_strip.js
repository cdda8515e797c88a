// The hours of a duty as a bar over a day, to be dragged. The two fields beside it hold
// what is sent; the bar only writes there, so all of it works without this file too.
"use strict";

(() => {
  const STEP = 0.25; // hours
  const DAY = 24;
  const seed = document.querySelector("svg.strip-seed");
  const NS = seed.namespaceURI;

  const hourOf = (text) => {
    const found = /^(\d{1,2})(?:[:.](\d{2}))?$/.exec(text.trim());
    if (!found) return null;
    const hour = Number(found[1]) + Number(found[2] || 0) / 60;
    return hour <= DAY ? hour : null;
  };
  const clock = (hour) => {
    const minutes = Math.round(hour * 60);
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  };
  const make = (name, values, parent) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  };

  const strip = (row) => {
    const [from, to] = row.querySelectorAll("input.clock");
    if (!from || !to || from.matches(":disabled")) return;
    const line = document.createElement("tr");
    const cell = line.insertCell();
    cell.colSpan = row.cells.length;
    cell.className = "strip-cell";
    const svg = make("svg", { class: "duty-strip", viewBox: `0 0 ${DAY} 2`, preserveAspectRatio: "none" }, cell);
    make("rect", { class: "day", x: 0, y: 0.5, width: DAY, height: 1 }, svg);
    for (let hour = 6; hour < DAY; hour += 6) make("rect", { class: "hour", x: hour - 0.03, y: 0.2, width: 0.06, height: 1.6 }, svg);
    const bars = [0, 1].map(() => make("rect", { class: "duty", y: 0.5, height: 1, width: 0, x: 0 }, svg));
    const handles = [from, to].map((field) =>
      make("rect", {
        class: "handle", y: 0, height: 2, width: 0.4, tabindex: 0, role: "slider",
        "aria-label": field.getAttribute("aria-label"), "aria-valuemin": 0, "aria-valuemax": DAY,
      }, svg));

    const hours = () => {
      const begins = hourOf(from.value), ends = hourOf(to.value);
      return begins === null || ends === null ? null : [begins, ends];
    };
    const draw = () => {
      const [begins, ends] = hours() || [0, DAY];
      const parts = begins < ends ? [[begins, ends], [0, 0]] : [[begins, DAY], [0, ends]];
      parts.forEach(([since, until], n) => {
        bars[n].setAttribute("x", since);
        bars[n].setAttribute("width", until - since);
      });
      [begins, ends].forEach((hour, n) => {
        handles[n].setAttribute("x", Math.min(Math.max(hour - 0.2, 0), DAY - 0.4));
        handles[n].setAttribute("aria-valuenow", hour);
        handles[n].setAttribute("aria-valuetext", clock(hour));
      });
    };
    const set = (n, hour) => {
      const both = hours() || [0, DAY];
      both[n] = Math.min(Math.max(Math.round(hour / STEP) * STEP, 0), DAY);
      [from.value, to.value] = both.map(clock);
      draw();
    };
    handles.forEach((handle, n) => {
      handle.addEventListener("keydown", (event) => {
        const by = { ArrowRight: STEP, ArrowUp: STEP, ArrowLeft: -STEP, ArrowDown: -STEP, PageUp: 1, PageDown: -1 }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        set(n, (hours() || [0, DAY])[n] + by);
      });
      handle.addEventListener("pointerdown", (event) => {
        handle.setPointerCapture(event.pointerId);
        event.preventDefault();
        handle.focus();
      });
      handle.addEventListener("pointermove", (event) => {
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const box = svg.getBoundingClientRect();
        set(n, ((event.clientX - box.left) / box.width) * DAY);
      });
    });
    from.addEventListener("input", draw);
    to.addEventListener("input", draw);
    draw();
    row.after(line);
  };

  document.querySelectorAll("tr[data-duty]").forEach(strip);
})();
