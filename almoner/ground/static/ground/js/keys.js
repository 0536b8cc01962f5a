// Keys: Ctrl-K, Ctrl-Shift-L, Ctrl-Z, ?, G and a letter, and the letters elements declare with data-key.
const LEAD_MS = 1200;
let led = -Infinity; // when G was pressed

const typing = (element) => element.closest("input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]");
const inSight = (element) => element.checkVisibility() && !element.disabled && element.ariaDisabled !== "true";

function press(element) {
  if (element.closest("#toasts")) {
    element.click(); // and is gone: the focus stays where the work is
  } else if (element.matches("input, select, textarea")) {
    element.focus();
    element.select?.();
  } else {
    element.focus();
    element.click();
  }
}

function find(attribute, letter, within) {
  return [...within.querySelectorAll(`[${attribute}="${CSS.escape(letter)}"]`)].find(inSight);
}

document.addEventListener("keydown", (event) => {
  const letter = event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  if (control && !event.altKey && letter === "k") {
    event.preventDefault();
    document.querySelector("[data-opens=palette]")?.click();
    return;
  }
  if (control && event.shiftKey && letter === "l") {
    event.preventDefault();
    document.getElementById("lock-now")?.click();
    return;
  }
  if (control && letter === "z" && !event.shiftKey && !event.altKey && !typing(event.target)) {
    const back = !document.querySelector("dialog:modal") && document.querySelector("#toasts [data-key=z]");
    if (back) {
      event.preventDefault();
      press(back);
    }
    return;
  }
  if (control || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (document.documentElement.dataset.keys === "off") return;
  const modal = document.querySelector("dialog:modal");
  if (letter === "?" && !modal && document.getElementById("keys-here")) {
    listHere();
    document.querySelector("[data-opens=keys]").click();
    return;
  }
  const going = led > event.timeStamp - LEAD_MS && !modal;
  led = -Infinity;
  const found = going
    ? document.querySelector(`[data-go="${CSS.escape(letter)}"]`)
    : find("data-key", letter, modal ?? document);
  if (found) {
    event.preventDefault();
    going ? found.click() : press(found);
  } else if (letter === "g" && !modal) {
    led = event.timeStamp;
  }
});

// Lists of work: arrows go from line to line (data-line on its link), and Enter opens it.
const fromHere = (element) => element === document.body || element.id === "main" || element.matches("[data-line]");

document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (!fromHere(event.target) || document.querySelector("dialog:modal")) return;
  const lines = [...document.querySelectorAll("main [data-line]")].filter(inSight);
  const at = lines.indexOf(document.activeElement);
  const to = at < 0 ? lines[0] : lines[at + by];
  if (!to) return;
  event.preventDefault();
  to.focus();
});

// Space on a line of work shows in short whom it is about (data-summary), without leaving the list.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || event.defaultPrevented || event.target.matches("button, input, select, textarea, summary")) return;
  const line = event.target.closest("[data-summary]");
  if (!line || document.documentElement.dataset.keys === "off" || document.querySelector("dialog:modal")) return;
  event.preventDefault();
  window.htmx.ajax("GET", line.dataset.summary, { source: line, target: "#dialog", swap: "innerHTML" });
});

// The help lists the keys this page has now, by what stands on them.
function listHere() {
  const list = document.getElementById("keys-here");
  list.replaceChildren();
  for (const element of document.querySelectorAll("main [data-key], .patient [data-key]")) {
    if (!inSight(element)) continue;
    const what = document.createElement("dt");
    what.textContent = element.ariaLabel ?? (element.labels?.[0] ?? element.closest("label") ?? element).textContent.trim();
    const on = document.createElement("dd");
    const cap = document.createElement("kbd");
    cap.textContent = element.dataset.key.toUpperCase();
    on.append(cap);
    list.append(what, on);
  }
  list.previousElementSibling.hidden = !list.childElementCount;
}
document.querySelector("[data-opens=keys]")?.addEventListener("click", listHere);
