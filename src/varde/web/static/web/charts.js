// Draw each chart from the specification that stands beside it in the page.
for (const place of document.querySelectorAll("[data-chart]")) {
  const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const ink = getComputedStyle(document.body).color;
  const config = {
    axis: { labelColor: ink, titleColor: ink, gridColor: dark ? "#444" : "#ddd" },
    legend: { labelColor: ink, titleColor: ink },
    view: { stroke: null },
  };
  vegaEmbed(place, spec, {
    ast: true,
    actions: false,
    tooltip: false,
    defaultStyle: false,
    renderer: "svg",
    config,
  }).then(() => {
    // The chart is one picture with a name, and its table stands below it.
    place.querySelector("svg")?.setAttribute("aria-hidden", "true");
  });
}
