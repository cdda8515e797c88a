// The car without net. A page of the car that cannot be read is answered with the shell:
// buttons that work from what the telephone itself keeps.
//
// Only the shell and its own files are kept, under the name of their version: never an
// answer about a patient. `CAR` (version, shell, files) is written above by the server.

const PREFIX = "varde-car-";
const NAME = PREFIX + CAR.version;
const PATIENCE_MS = 8_000; // a net that answers later than this is no net in a car
const GONE = [502, 503, 504]; // the way is there, and nobody at the end of it

self.addEventListener("install", (event) => {
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

// A page says it at each opening: after a log-out there is nothing kept.
self.addEventListener("message", (event) => {
  if (event.data !== "keep") return;
  event.waitUntil(keep().then(() => event.source?.postMessage("kept")));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") return event.respondWith(opened(request));
  const { origin, pathname, search } = new URL(request.url);
  if (origin === location.origin && CAR.files.includes(pathname + search)) event.respondWith(file(request));
});

async function keep() {
  const cache = await caches.open(NAME);
  const held = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname + new URL(url).search));
  const lacking = [CAR.shell, ...CAR.files].filter((address) => !held.has(address));
  // A redirect would be the way in, and a fault is no page: then nothing new is kept.
  const options = { cache: "reload", redirect: "error" };
  const answers = await Promise.all(lacking.map((address) => fetch(address, options)));
  if (answers.some((answer) => !answer.ok)) throw new Error("the shell could not be read");
  await Promise.all(answers.map((answer, at) => cache.put(lacking[at], answer)));
}

async function forgetOlder() {
  const names = await caches.keys();
  const older = names.filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(older.map((name) => caches.delete(name)));
}

async function opened(request) {
  const asked = fetch(request);
  const answer = await Promise.race([asked.catch(() => null), pause()]);
  if (answer && !GONE.includes(answer.status)) return answer;
  return (await held(CAR.shell)) ?? answer ?? asked;
}

async function file(request) {
  return (await held(request)) ?? fetch(request);
}

function held(what) {
  return caches.match(what, { cacheName: NAME, ignoreVary: true });
}

function pause() {
  return new Promise((done) => setTimeout(done, PATIENCE_MS));
}
