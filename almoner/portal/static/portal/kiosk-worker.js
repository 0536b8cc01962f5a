// What a kiosk does when its line is away. Every entry is first kept on the device, sealed, then sent in
// order, and forgotten when the server's answer names its key: killed anywhere in between, this program,
// the browser or the server lose nothing, and the server takes no key twice.

const HOME = "/kiosk/";
const CACHE = "kiosk";
const PATIENCE = 8_000; // ms that somebody at the glass waits for the server
const KEEPS = /^\/(kiosk\/(who|told)\/|v\/kiosk-[^/]+\/(arrive|check-in\/say)\/)$/;
const SHELL = /^\/kiosk\/(who\/|kept\/)?$/;
const LANGUAGES = ["en", "es"];
const PAGES = [
  HOME,
  ...LANGUAGES.flatMap((lang) => [
    `/kiosk/who/?lang=${lang}`,
    ...["here", "answer", "desk", "done"].map((what) => `/kiosk/kept/?what=${what}&lang=${lang}`),
  ]),
];
const SHELL_LASTS = 3_600_000; // ms until the kept pages are fetched anew
const SKIPPED_AFTER = 5; // times the server failed at an entry, until those behind it go first

// --- What is kept

const asked = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

let opened;
function store() {
  opened ??= new Promise((done, failed) => {
    const request = indexedDB.open("kiosk", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("entries", { keyPath: "number", autoIncrement: true });
    };
    request.onsuccess = () => {
      request.result.onclose = () => (opened = undefined);
      done(request.result);
    };
    request.onerror = () => failed(request.error);
  });
  return opened;
}

async function within(name, mode, act) {
  // Strict: it is on the disk before anybody is told that it is kept.
  const work = (await store()).transaction(name, mode, { durability: "strict" });
  const ended = new Promise((done, failed) => {
    work.oncomplete = done;
    work.onerror = work.onabort = () => failed(work.error);
  });
  const answer = await asked(act(work.objectStore(name)));
  await ended;
  return answer;
}

async function secret() {
  const kept = await within("keys", "readonly", (keys) => keys.get("seal"));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await within("keys", "readwrite", (keys) => keys.add(made, "seal"));
  } catch {
    return within("keys", "readonly", (keys) => keys.get("seal")); // the other scope's was first
  }
  return made;
}

const bound = (key) => ({ name: "AES-GCM", additionalData: new TextEncoder().encode(key) });

async function keep(entry) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(entry));
  const sealed = await crypto.subtle.encrypt({ ...bound(entry.key), iv }, await secret(), plain);
  return within("entries", "readwrite", (entries) => entries.add({ key: entry.key, iv, sealed, failed: 0 }));
}

async function open({ key, iv, sealed }) {
  const plain = await crypto.subtle.decrypt({ ...bound(key), iv }, await secret(), sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

const waiting = () => within("entries", "readonly", (entries) => entries.getAll());
const forget = (number) => within("entries", "readwrite", (entries) => entries.delete(number));

// --- Sending

async function pulse() {
  const unsent = await within("entries", "readonly", (entries) => entries.count());
  const answer = await fetch(`${HOME}pulse/?unsent=${unsent}`, { signal: AbortSignal.timeout(PATIENCE), redirect: "error" });
  if (!answer.ok) throw new Error("no kiosk");
  return (await answer.json()).csrf;
}

// The answer, when the server took or judged the entry; null when nobody knows.
async function post(entry, csrf) {
  const body = new URLSearchParams(entry.fields);
  const headers = { "X-Kiosk-Key": entry.key, "X-Kiosk-Entered": entry.at };
  if (csrf) {
    body.delete("csrfmiddlewaretoken"); // of a page that may be days old
    headers["X-Kiosk-Late"] = "1";
    headers["X-CSRFToken"] = csrf;
  }
  const answer = await fetch(entry.path, { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  return answer.headers.get("X-Kiosk-Taken") === entry.key ? answer : null;
}

// Send what is kept, the oldest first, one sender at a time; ``mine`` is the one somebody waits for.
function send(mine = "") {
  return navigator.locks.request("kiosk", async () => {
    let csrf = "";
    let answered = null;
    for (const kept of await waiting()) {
      const live = kept.key === mine;
      const answer = await one(kept, live ? "" : (csrf ||= await pulse()));
      if (live) answered = answer;
      if (!answer && kept.failed < SKIPPED_AFTER) break;
    }
    return answered;
  });
}

async function one(kept, csrf) {
  let answer = null;
  const entry = await open(kept).catch(() => null);
  try {
    if (entry) answer = await post(entry, csrf);
  } catch {
    return null; // the line is away: that says nothing of this entry
  }
  if (answer) await forget(kept.number);
  else await within("entries", "readwrite", (entries) => entries.put({ ...kept, failed: kept.failed + 1 }));
  return answer;
}

let shellAt = Date.now();

async function tell() {
  await send();
  await pulse();
  if (Date.now() - shellAt > SHELL_LASTS) await keepShell();
}

// --- The pages

const later = (ms) => new Promise((done) => setTimeout(done, ms, null));
const see = (where) => Response.redirect(where, 303);

async function enter(event, url) {
  const { request } = event;
  const fields = [...(await request.formData())].filter(([, value]) => typeof value === "string");
  const entry = { key: crypto.randomUUID(), path: url.pathname + url.search, fields, at: new Date().toISOString() };
  await keep(entry);
  const sent = send(entry.key).catch(() => null);
  event.waitUntil(sent);
  const answer = await Promise.race([sent, later(PATIENCE)]);
  if (answer?.headers.get("Content-Type")?.includes("json")) return see((await answer.json()).go);
  if (answer) return answer;
  const lang = await language(url);
  if (url.pathname === "/kiosk/told/") return see(`/kiosk/kept/?what=done&lang=${lang}`);
  if (url.pathname === "/kiosk/who/") return see(`/kiosk/kept/?what=here&lang=${lang}&who=${entry.key}`);
  return see(away("answer", url, lang));
}

function away(what, url, lang) {
  const back = url.pathname.replace(/(arrive|say|card)\/$/, "");
  return `/kiosk/kept/?what=${what}&lang=${lang}&back=${encodeURIComponent(back)}`;
}

// The language of whoever stands there: it is in the addresses of the kiosk itself, and noted for the rest.
async function language(url) {
  const said = url.searchParams.get("lang");
  const cache = await caches.open(CACHE);
  if (LANGUAGES.includes(said)) await cache.put("/kiosk/language", new Response(said));
  else return (await cache.match("/kiosk/language"))?.text() ?? LANGUAGES[0];
  return said;
}

async function go(request, url) {
  if (url.searchParams.has("lang")) await language(url);
  try {
    const answer = await (request.method === "POST" ? fetch(request) : Promise.race([fetch(request), later(PATIENCE)]));
    if (answer.status < 502) return answer;
    throw new Error("away");
  } catch {
    if (SHELL.test(url.pathname)) return shell(url);
    const what = request.method === "POST" ? "desk" : "answer";
    return url.pathname.startsWith(HOME) ? see(HOME) : see(away(what, url, await language(url)));
  }
}

async function shell(url) {
  const cache = await caches.open(CACHE);
  const asked = new URL(url.pathname, url);
  for (const name of ["what", "lang"]) if (url.searchParams.has(name)) asked.searchParams.set(name, url.searchParams.get(name));
  return (await cache.match(asked.href)) ?? (await cache.match(HOME)) ?? Response.error();
}

// Pages of nobody, and what they look like, in the words of now.
async function keepShell() {
  const cache = await caches.open(CACHE);
  const assets = new Set();
  for (const page of PAGES) {
    const answer = await fetch(page, { redirect: "error", cache: "no-store" });
    if (!answer.ok) throw new Error(page);
    for (const [, asset] of (await answer.clone().text()).matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) assets.add(asset);
    await cache.put(page, answer);
  }
  await cache.addAll([...assets]);
  for (const old of await cache.keys()) {
    const { pathname } = new URL(old.url);
    if (pathname.startsWith("/static/") && !assets.has(pathname)) await cache.delete(old);
  }
  shellAt = Date.now();
}

async function asset(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request)) ?? Response.error();
  }
}

addEventListener("install", (event) => event.waitUntil(keepShell().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => event.data === "send" && event.waitUntil(tell().catch(() => {})));
addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (event.request.mode === "navigate") {
    const enters = event.request.method === "POST" && KEEPS.test(url.pathname);
    event.respondWith(enters ? enter(event, url) : go(event.request, url));
  } else if (url.pathname.startsWith("/static/")) {
    event.respondWith(asset(event.request));
  }
});
