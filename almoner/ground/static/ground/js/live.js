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
  else document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

function answered(ctx) {
  if (!asking.delete(ctx) || asking.size) return;
  const names = [...untold];
  untold.clear();
  for (const [name, detail] of names) tell(name, detail);
}

const topics = [...followed()].sort();

if (topics.length) {
  const stream = new EventSource(`/live/?topics=${topics}`);
  const lost = () => document.documentElement.toggleAttribute("data-lost", stream.readyState !== EventSource.OPEN);
  stream.addEventListener("open", lost);
  stream.addEventListener("error", lost);
  stream.addEventListener("message", (event) => {
    const change = JSON.parse(event.data);
    tell(change.name.split(".")[0], change);
    tell(change.name, change);
  });
  // More happened than the stream could hold: everything that follows anything asks again.
  stream.addEventListener("missed", () => topics.forEach((topic) => tell(topic, {})));
  window.addEventListener("pagehide", () => stream.close());
}

// What a screen asks by itself says so: it must not keep an absent officer signed in.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!/^(live:|every$)/.test(ctx.sourceEvent?.type ?? "")) return;
  ctx.request.headers["X-Live"] = "1";
  asking.add(ctx);
  setTimeout(answered, LONGEST_ASK_MS, ctx);
});
document.addEventListener("htmx:finally:request", (event) => answered(event.detail.ctx));
