// What every page does by itself: dialogs, keys, timers, and telling what just happened.
import { toast, announce } from "./toast.js";
import "./keys.js";
import "./palette.js";
import "./live.js";

const byId = (id) => document.getElementById(id);

// --- Dialogs: data-opens="id" opens one, data-closes closes its own, #dialog is a slot for htmx.

function open(dialog) {
  if (!dialog || dialog.open) return;
  for (const popup of document.querySelectorAll(".popup:popover-open")) popup.hidePopover();
  dialog.showModal();
  const first = "[autofocus], [data-focus], .body :is(input:not([type=hidden]), select, textarea)";
  (dialog.querySelector(first) ?? dialog.querySelector("h2"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) open(byId(opener.dataset.opens));
  event.target.closest("[data-closes]")?.closest("dialog").close();
  if (event.target.closest("[data-print]")) print();
});

document.addEventListener("close-dialog", () => byId("dialog")?.close());

// --- Asking first. hx-confirm="…" asks in our dialog; data-reason makes a reason a must.

const asking = { yes: null, no: null };

function ask(text, source, yes, no) {
  const dialog = byId("confirm");
  byId("confirm-text").textContent = text;
  const why = byId("confirm-why");
  const reason = source.dataset.reason !== undefined;
  byId("confirm-reason").hidden = !reason;
  why.value = "";
  why.required = reason;
  byId("confirm-yes").textContent = source.dataset.yes ?? source.textContent.trim();
  Object.assign(asking, { yes, no });
  open(dialog);
  (reason ? why : byId("confirm-yes")).focus();
}

byId("confirm")?.addEventListener("close", (event) => {
  const said = event.target.returnValue === "yes";
  event.target.returnValue = "";
  (said ? asking.yes : asking.no)?.(byId("confirm-why").value);
});

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  ask(ctx.confirm, ctx.sourceElement, (reason) => {
    if (reason) ctx.request.body?.set("reason", reason);
    issueRequest();
  }, dropRequest);
});

// --- Requests: the CSRF token, one at a time from the same place, and what to say when one fails.

const SECOND_PRESS_MS = 3000;
const busy = new WeakSet();

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (ctx.request.method === "GET") return;
  ctx.request.headers["X-CSRFToken"] = token;
  if (ctx.sourceElement.closest("[hx-sync]")) return; // says itself what a second one does
  if (busy.has(ctx.sourceElement)) return event.preventDefault();
  busy.add(ctx.sourceElement);
});
document.addEventListener("htmx:finally:request", (event) => busy.delete(event.detail.ctx.sourceElement));

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  if (busy.has(event.target)) event.preventDefault();
  busy.add(event.target);
  setTimeout(() => busy.delete(event.target), SECOND_PRESS_MS); // the answer may be a file
});
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status === 401 || status === 422) return;
  const told = byId("toasts").dataset;
  toast({ text: { 403: told.refused, 404: told.gone }[status] ?? told.trouble, tone: "bad" });
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && !event.detail.ctx.response) toast({ text: byId("toasts").dataset.offline, tone: "bad" });
});
document.addEventListener("toast", (event) => toast(event.detail));

// --- Typing is being here: the server, which counts the idle minutes, hears of it now and then.

const HERE_EVERY_MS = 4 * 60 * 1000;
let heard = Date.now();
document.addEventListener("input", () => {
  if (Date.now() - heard < HERE_EVERY_MS) return;
  heard = Date.now();
  fetch("/alive").catch(() => {}); // a lost line is told elsewhere
});

// --- After new content: focus what asks for it, open the slot, start the timers.

function settle(root) {
  const slot = root.closest?.("#dialog");
  if (slot) slot.childElementCount ? open(slot) : slot.close();
  root.querySelector?.("[data-focus]")?.focus();
  tick();
}
document.addEventListener("htmx:after:settle", (event) => settle(event.target));

// As the server writes it; see the filter `hours`.
function inHours(minutes) {
  const rest = minutes % 60;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${rest ? ` ${String(rest).padStart(2, "0")}` : ""}`;
}

function tick() {
  const now = Date.now();
  for (const timer of document.querySelectorAll(".timer[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(timer.dataset.since)) / 1000));
    const text = seconds < 120 ? `${seconds} s` : inHours(Math.floor(seconds / 60));
    const face = timer.querySelector("time");
    if (face.textContent !== text) face.textContent = text;
    const limit = Number(timer.dataset.limit);
    timer.toggleAttribute("data-late", limit > 0 && seconds >= limit);
  }
}
setInterval(tick, 1000);

for (const said of document.querySelectorAll("[data-toast]")) {
  toast({ text: said.textContent, tone: said.dataset.tone, undo: said.dataset.undo });
  said.remove();
}
settle(document.body);

export { announce, open };
