// What every page needs: clocks that count, and the help key.

const skew = Date.parse(document.body.dataset.serverNow) - Date.now();

/** The server's time, whatever the workstation's clock says. */
export function now() {
  return Date.now() + skew;
}

function clock(seconds) {
  const whole = Math.max(0, Math.floor(Math.abs(seconds)));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} d`; // seconds no longer say anything
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** [data-since] counts up from a moment, [data-until] down to one and past it. */
function tick() {
  for (const element of document.querySelectorAll("[data-since]")) {
    element.textContent = clock((now() - Date.parse(element.dataset.since)) / 1000);
  }
  for (const element of document.querySelectorAll("[data-until]")) {
    const left = (Date.parse(element.dataset.until) - now()) / 1000;
    element.textContent = left < 0 ? `+${clock(left)}` : clock(left);
    element.classList.toggle("is-late", left < 0);
  }
}

setInterval(tick, 1000);
document.addEventListener("DOMContentLoaded", tick);
document.addEventListener("htmx:afterSwap", tick);
document.addEventListener("varde:drawn", tick);
tick();

document.addEventListener("keydown", (event) => {
  if (event.key === "F1") {
    event.preventDefault();
    document.querySelector("[data-help-link]")?.click();
  }
});

// On a narrow screen the menu is one line that scrolls: the place at hand is in sight.
document.querySelector(".topbar-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
