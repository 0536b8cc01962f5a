// Live screens: the server says what kind of thing changed, and the parts that show it ask again.
//
// <section hx-get="…" hx-trigger="live:arrivals from:body throttle:300ms"> follows a duty, and
// "live:arrivals.moved" one kind of event. The page opens a stream only if a part follows something.
const followed = () => new Set(
  [...document.querySelectorAll("[hx-trigger*='live:']")]
    .flatMap((part) => [...part.getAttribute("hx-trigger").matchAll(/live:(\w+)/g)].map((found) => found[1])),
);

// A part that is asking already may be answered with what was before this change, and be gone when
// it is told: what happens while parts ask is told once they have their answers.
const LONGEST_ASK_MS = 10_000;
const asking = new Set();
const untold = new Map();

function tell(name, detail) {
  if (asking.size) untold.set(name, detail);
  else document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

function answered(ctx) {
  if (!asking.delete(ctx) || asking.size) return;
  const names = [...untold];
  untold.clear();
  for (const [name, detail] of names) tell(name, detail);
}

const topics = [...followed()].sort();

if (topics.length) {
  // What changed between the page's reading and this stream is told too.
  const { since = "" } = document.documentElement.dataset;
  const stream = new EventSource(`/live/?topics=${topics}&since=${since}`);
  const lost = () => document.documentElement.toggleAttribute("data-lost", stream.readyState !== EventSource.OPEN);
  stream.addEventListener("open", lost);
  stream.addEventListener("error", lost);
  stream.addEventListener("message", (event) => {
    const change = JSON.parse(event.data);
    tell(`live:${change.name.split(".")[0]}`, change);
    tell(`live:${change.name}`, change);
  });
  // More happened than the stream could hold: everything that follows anything asks again.
  stream.addEventListener("missed", () => topics.forEach((topic) => tell(`live:${topic}`, {})));
  window.addEventListener("pagehide", () => stream.close());
}

// What only time changes, like who is late: "keep-fresh from:body" asks again every minute in which
// somebody can see it.
const FRESH_MS = 60_000;
let stale = false;

function keepFresh() {
  stale = document.hidden;
  if (!stale) tell("keep-fresh", {});
}
setInterval(keepFresh, FRESH_MS);
document.addEventListener("visibilitychange", () => stale && keepFresh());

// Nothing moves under the pointer: while it moves in a part, or presses there, the part is not renewed
// but asked for again when the hand has come to rest. What the officer did himself shows at once.
const REST_MS = 2000;
const LONGEST_PRESS_MS = 10_000; // a button let go outside the window is never said to be up
const LOOK_AGAIN_MS = 250;
const hand = { x: -1, y: -1, moved: -Infinity, pressed: -Infinity, acted: -Infinity };
const held = new Map();
let looking = null;

for (const kind of ["pointermove", "pointerdown", "pointerup", "pointercancel"]) {
  addEventListener(kind, (event) => {
    const now = performance.now();
    if (kind === "pointerdown") hand.pressed = now;
    else if (kind !== "pointermove" || !event.buttons) hand.pressed = -Infinity;
    Object.assign(hand, { x: event.clientX, y: event.clientY, moved: now });
  }, { capture: true, passive: true });
}

function underHand(part) {
  const now = performance.now();
  const busy = now - hand.moved < REST_MS || now - hand.pressed < LONGEST_PRESS_MS;
  return busy && now - hand.acted > REST_MS && part.contains(document.elementFromPoint(hand.x, hand.y));
}

function hold(ctx) {
  held.set(ctx.sourceElement, ctx.sourceEvent);
  looking ??= setInterval(bring, LOOK_AGAIN_MS);
}

function bring() {
  const free = [...held].filter(([part]) => !part.isConnected || !underHand(part));
  for (const [part] of free) held.delete(part);
  if (!held.size) looking = clearInterval(looking) ?? null;
  const names = new Map(free.map(([, event]) => [event.type, event.detail]));
  for (const [name, detail] of names) tell(name, detail);
}

// What a screen asks by itself says so: it must not keep an absent officer signed in.
const byItself = (ctx) => /^(live:|keep-fresh$|every$)/.test(ctx.sourceEvent?.type ?? "");
const acted = (ctx) => { if (ctx.request.method !== "GET") hand.acted = performance.now(); };

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!byItself(ctx)) return acted(ctx);
  if (underHand(ctx.sourceElement)) {
    event.preventDefault();
    hold(ctx);
    return;
  }
  ctx.request.headers["X-Live"] = "1";
  asking.add(ctx);
  setTimeout(answered, LONGEST_ASK_MS, ctx);
});
// The hand came while the answer was on its way.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (!byItself(ctx) || !underHand(ctx.sourceElement)) return;
  event.preventDefault();
  hold(ctx);
});
document.addEventListener("htmx:finally:request", (event) => {
  acted(event.detail.ctx);
  answered(event.detail.ctx);
});
