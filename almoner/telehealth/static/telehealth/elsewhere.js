// A browser that gives no camera: which it is said plainly, and what to do instead. An app's own view of a
// page (wv, FBAV …) often has none: then the visit's link is offered, to be opened in a real browser.

import { byId, fill } from "./page.js";

const IN_APP = /FBAN|FBAV|FB_IAB|Instagram|Line\/|GSA\/|WhatsApp|MicroMessenger|; wv\)/;
const IOS = /iPhone|iPad|iPod/;

// The name of the browser to open it in.
const better = (words) => {
  const agent = navigator.userAgent;
  if (IOS.test(agent)) return "Safari";
  return /Android/.test(agent) ? "Chrome" : words.safari_or_chrome;
};

// Why there is nothing to be seen or heard of this side, and what helps. `refused` is the name of the
// browser's error, if it gave one; `link` leads to the visit from another browser, if there is one.
export function why(words, { refused = "", link = "" }) {
  const browser = better(words);
  const in_app = IN_APP.test(navigator.userAgent) && link;
  if (link && (in_app || !navigator.mediaDevices?.getUserMedia)) offer(words, link, browser);
  if (in_app) return fill(words.in_app, { browser });
  return refused === "NotAllowedError" ? words.denied : words.no_camera;
}

function offer(words, link, browser) {
  const place = byId("elsewhere");
  if (!place?.hidden) return;
  const input = byId("own-link");
  input.value = link;
  byId("own-link-label").textContent = fill(words.elsewhere_link, { browser });
  byId("own-link-how").textContent = fill(words.elsewhere_how, { browser });
  byId("copy").addEventListener("click", async () => {
    const done = await copied(input);
    byId("own-link-says").textContent = done ? words.copied : words.not_copied;
  });
  place.hidden = false;
}

// In an app's view the clipboard is often missing: then by the old way, and else it stands marked.
async function copied(input) {
  const by_clipboard = navigator.clipboard?.writeText(input.value).then(() => true, () => false);
  if (await by_clipboard) return true;
  input.focus();
  input.select();
  return document.execCommand("copy");
}
