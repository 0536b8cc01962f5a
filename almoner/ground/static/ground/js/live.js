// Live screens: the server says what kind of thing changed, and the parts that show it ask again.
//
// <body data-live="/live/"> … <section hx-get="…" hx-trigger="live:arrivals from:body">. One stream
// for each page; EventSource reconnects by itself and sends the last id it saw.
const source = document.querySelector("[data-live]");

if (source) {
  const stream = new EventSource(source.dataset.live);
  const lost = () => document.documentElement.toggleAttribute("data-lost", stream.readyState !== EventSource.OPEN);
  stream.addEventListener("open", lost);
  stream.addEventListener("error", lost);
  stream.addEventListener("message", (event) => {
    // A name is "duty.verb"; its listeners may wait for the one verb or for the whole duty.
    const { name } = JSON.parse(event.data);
    const duty = name.split(".")[0];
    for (const about of [`live:${duty}`, `live:${name}`]) {
      document.body.dispatchEvent(new CustomEvent(about, { detail: JSON.parse(event.data) }));
    }
  });
}

// What a screen asks by itself says so: it must not keep an absent officer signed in.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (/^(live:|every$)/.test(ctx.sourceEvent?.type ?? "")) ctx.request.headers["X-Live"] = "1";
});
