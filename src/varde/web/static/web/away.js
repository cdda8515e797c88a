// What a telephone keeps so that a page works without net, and when it forgets it.
//
// One key of localStorage for a person, `varde:away:<id>`, and caches named `varde-…`. Both
// hold numbers and times only, never anything of a patient. They are forgotten when the
// person logs out, and when somebody else is logged in. What a person has done and is not
// sent yet (varde:presses:<id>) is never forgotten: it is sent when that person is back.

const AWAY = "varde:away:";
const CACHES = "varde-";
const FORGET_MS = 1000; // so long may it hold up a log-out

/** Somebody else is logged in: what the one before kept to go on with is no longer there. */
export function forgetOthers(user) {
  forgetWhere((key) => key !== AWAY + user);
}

/** The one at this telephone leaves. */
export async function forgetAll() {
  forgetWhere(() => true);
  if (!("caches" in globalThis)) return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(CACHES)).map((name) => caches.delete(name)));
}

function forgetWhere(isToGo) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(AWAY) && isToGo(key)) localStorage.removeItem(key);
    }
  } catch {
    // Where nothing can be kept, there is nothing to forget.
  }
}

document.addEventListener("submit", async (event) => {
  if (event.defaultPrevented || !event.target.matches("form[data-leave]")) return;
  event.preventDefault();
  const longest = new Promise((done) => setTimeout(done, FORGET_MS));
  await Promise.race([forgetAll().catch(() => null), longest]);
  event.target.submit();
});
