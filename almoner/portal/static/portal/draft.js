// What is typed in a form is kept by the server while it is typed, so that a reload or a late sign-in
// finds it. Nothing is kept in the browser: a phone is passed on.

const REST_MS = 700;
const form = document.querySelector("form[data-draft]");
const told = document.getElementById("draft-kept");
let timer = 0;
let typed = false;
let sent = false;

async function keep() {
  clearTimeout(timer);
  if (!typed || sent) return;
  typed = false;
  const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), redirect: "manual" });
  if (sent) return;
  if (!answer.ok) typed = answer.type !== "opaqueredirect";
  told.textContent = answer.ok ? form.dataset.kept : form.dataset.lost;
}

form.addEventListener("input", () => {
  typed = true;
  clearTimeout(timer);
  timer = setTimeout(() => keep().catch(() => { typed = true; }), REST_MS);
});
form.addEventListener("submit", () => { sent = true; });
addEventListener("pagehide", () => {
  if (typed && !sent) navigator.sendBeacon(form.dataset.draft, new FormData(form));
});
