// How old the page is, by the clock of this machine. It asks nobody and stores nothing.
const age = document.querySelector("[data-taken]");
const taken = Date.parse(age.dataset.taken);
const OLD_MIN = 3;

function tell() {
  const minutes = Math.floor((Date.now() - taken) / 60000);
  let words = age.dataset.fresh;
  if (minutes < 0) words = age.dataset.wrongClock;
  else if (minutes >= 120) words = age.dataset.hours.replace("#", String(Math.floor(minutes / 60)));
  else if (minutes >= 1) words = age.dataset.minutes.replace("#", String(minutes));
  age.textContent = words;
  age.classList.toggle("old", minutes < 0 || minutes >= OLD_MIN);
}

tell();
setInterval(tell, 10000);
