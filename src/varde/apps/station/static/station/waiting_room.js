// The waiting room's screen: read anew each minute, without a blink. When the server has
// been away for some minutes, no waits are shown: they would be wrong.

const MINUTE_MS = 60_000;
const MOST_MISSED = 3;
let missed = 0;

setInterval(async () => {
  const answer = await fetch(location.href).catch(() => null);
  const main = document.querySelector("main");
  if (answer?.ok) {
    missed = 0;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    main.replaceWith(page.querySelector("main"));
  } else if (++missed === MOST_MISSED) {
    main.textContent = main.dataset.away;
  }
}, MINUTE_MS);
