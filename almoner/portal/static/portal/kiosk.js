// A page at a kiosk: it wipes itself when nobody is there any more, and has what the device keeps sent.
// At the desk it ends so too, and leads the officer back; what else their browser keeps is not its own.

const REST = 60; // seconds without a sign of anybody, before the page asks
const ASKS = 20; // seconds it then waits for an answer
const SENDS = 15_000; // ms between two tries to send what is kept
const SCOPES = ["/kiosk/", "/v/kiosk-"];

const still = document.getElementById("still");
const desk = still.dataset.home;
const HOME = desk ?? "/kiosk/";
const rests = document.querySelector("[data-rest]"); // the page that everybody may see
const leaving = still.querySelector("form");
let seen = Date.now();
let wiped = false;

function wipe() {
  if (wiped) return;
  wiped = true;
  const body = new FormData(leaving);
  document.body.replaceChildren();
  if (!desk) {
    sessionStorage.clear();
    localStorage.clear();
  }
  // Answered or not: the server ends by itself what nobody goes on with.
  if (body.get("token")) fetch(leaving.action, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
  location.replace(HOME);
}

function watch() {
  const rested = (Date.now() - seen) / 1000;
  if (rested >= REST + ASKS) return wipe();
  if (rested < REST) return still.close();
  still.querySelector("[data-left]").textContent = Math.ceil(REST + ASKS - rested);
  if (!still.open) still.showModal();
}

if (!rests) {
  for (const sign of ["pointerdown", "keydown", "input", "scroll"]) {
    // Once it asks, only an answer to it counts: a sleeve on the glass is nobody.
    addEventListener(sign, () => still.open || (seen = Date.now()), { capture: true, passive: true });
  }
  still.querySelector("[data-stay]").addEventListener("click", () => (seen = Date.now()) && still.close());
  still.addEventListener("cancel", () => (seen = Date.now()));
  setInterval(watch, 1000);
}

addEventListener("submit", (event) => {
  if (desk || !event.target.matches("[data-leave]")) return; // the desk goes on by what it is answered
  event.preventDefault();
  wipe();
});
for (const link of document.querySelectorAll("a[data-leave]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    wipe();
  });
}
// Back to what was wiped: the browser shows no page it kept, it asks the server again.
addEventListener("pageshow", (event) => event.persisted && location.replace(HOME));

// What the service worker said about this page stands in its address.
const told = new URLSearchParams(location.search);
const who = document.querySelector("[data-who]");
if (who) who.value = told.get("who") ?? "";
const back = document.querySelector("[data-back]");
if (back && told.get("back")?.startsWith(SCOPES[1])) back.href = told.get("back");

async function sends() {
  const policy = globalThis.trustedTypes?.createPolicy("kiosk", { createScriptURL: () => `${HOME}worker.js` });
  const script = policy ? policy.createScriptURL("") : `${HOME}worker.js`;
  for (const scope of SCOPES) await navigator.serviceWorker.register(script, { scope });
  const { active } = await navigator.serviceWorker.getRegistration(HOME).then((one) => ready(one));
  const send = () => active.postMessage("send");
  send();
  setInterval(send, SENDS);
  addEventListener("online", send);
}

function ready(registration) {
  const coming = registration.installing ?? registration.waiting;
  if (registration.active || !coming) return registration;
  return new Promise((done) => coming.addEventListener("statechange", () => registration.active && done(registration)));
}

if (!desk && "serviceWorker" in navigator) sends().catch(() => {}); // without one, the pages work while the line is up
