// The silent alarm: when it is opened, the keys go to it at once; Escape closes it.

const panel = document.querySelector("[data-safety]");

panel?.addEventListener("toggle", () => {
  if (panel.open) panel.querySelector("input[type=radio]")?.focus();
});
panel?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !panel.open) return;
  panel.open = false;
  panel.querySelector("summary").focus();
});
// A key chooses without moving the focus: the ring shall stand where the choice is.
panel?.addEventListener("change", (event) => event.target.focus());
