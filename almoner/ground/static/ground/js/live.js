// Live screens: the server says what kind of thing changed, and the parts that show it ask again.
//
// <section hx-get="…" hx-trigger="live:arrivals from:body throttle:300ms"> follows a duty, and
// "live:arrivals.moved" one kind of event. The page opens a stream only if a part follows something.
const followed = () => new Set(
  [...document.querySelectorAll("[hx-trigger*='live:']")]
    .flatMap((part) => [...part.getAttribute("hx-trigger").matchAll(/live:(\w+)/g)].map((found) => found[1])),
);

function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
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
  if (/^(live:|every$)/.test(ctx.sourceEvent?.type ?? "")) ctx.request.headers["X-Live"] = "1";
});
