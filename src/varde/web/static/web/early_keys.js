// A key that is pressed before the scripts that know it are here waits for them: whoever
// works by keyboard is often faster than the page. Loaded first, and not deferred.
(() => {
  const waiting = [];
  const field = "input:not([type=checkbox]):not([type=radio]), textarea, select";
  // What the browser itself does with a key (to type, to move, to read anew) it still does.
  const isOurs = (event) =>
    /^F([1246-9]|10)$/.test(event.key) ||
    (event.altKey && !event.ctrlKey && /^(Digit\d|Key[A-Z])$/.test(event.code)) ||
    (event.ctrlKey && event.key === "Enter") ||
    (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.altKey && !event.target.matches(field));
  const hold = (event) => {
    if (event.isComposing || event.repeat || event.metaKey || !isOurs(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.push(event);
  };
  document.addEventListener("keydown", hold, true);
  document.addEventListener("DOMContentLoaded", () => {
    document.removeEventListener("keydown", hold, true);
    for (const { key, code, ctrlKey, altKey, shiftKey } of waiting) {
      const again = { key, code, ctrlKey, altKey, shiftKey, bubbles: true, cancelable: true };
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent("keydown", again));
    }
  });
})();
