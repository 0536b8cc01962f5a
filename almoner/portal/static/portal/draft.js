// What is typed in a form is kept by the server while it is typed, so that a reload or a late sign-in
// finds it. Only what the server has not confirmed yet waits in this tab, for the same account alone:
// a phone is passed on.

const REST_MS = 500;
const AGAIN = [2, 5, 15, 60]; // seconds until what could not be kept is tried again, then each minute
const form = document.querySelector("form[data-draft]");
const told = document.getElementById("draft-kept");
const shelf = `draft ${form.dataset.whose} ${location.pathname}`;
const boxes = [...form.elements].filter((box) => box.matches("textarea, input:not([type=hidden])"));
let timer = 0;
let typed = false;
let sent = false;
let missed = 0; // tries that failed, one after another

const values = () => boxes.map((box) => (box.type === "radio" ? box.checked : box.value));
const put = (kept) => boxes.forEach((box, at) => {
  if (box.type === "radio") box.checked = kept[at];
  else box.value = kept[at];
});

async function keep() {
  clearTimeout(timer);
  if (!typed || sent) return;
  typed = false;
  const answer = await fetch(form.dataset.draft, { method: "POST", body: new FormData(form), redirect: "manual" });
  if (sent) return;
  missed = 0;
  if (answer.ok && !typed) sessionStorage.removeItem(shelf);
  told.textContent = answer.ok ? form.dataset.kept : form.dataset.lost;
}

function tries() {
  keep().catch(() => {
    typed = true;
    if (sent) return;
    told.textContent = form.dataset.tries;
    clearTimeout(timer);
    timer = setTimeout(tries, AGAIN[Math.min(missed++, AGAIN.length - 1)] * 1000);
  });
}

function changed() {
  typed = true;
  sessionStorage.setItem(shelf, JSON.stringify(values()));
  clearTimeout(timer);
  timer = setTimeout(tries, REST_MS);
}

const kept = JSON.parse(sessionStorage.getItem(shelf) ?? "null");
if (kept?.length === boxes.length) {
  put(kept);
  changed();
}
form.addEventListener("input", changed);
addEventListener("online", tries);
form.addEventListener("submit", () => {
  sent = true;
  sessionStorage.removeItem(shelf);
});
addEventListener("pagehide", () => {
  if (typed && !sent) navigator.sendBeacon(form.dataset.draft, new FormData(form));
});
