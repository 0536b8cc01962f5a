// Ctrl-K: the server searches, the keyboard chooses. The input keeps the focus all the time.
const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const results = document.getElementById("palette-results");

let asked = 0; // what was typed since the shown results were asked for
let enter = false; // Enter came before the results did

const options = () => [...results.querySelectorAll("[role=option]")];
const chosen = () => results.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function step(by) {
  const all = options();
  if (all.length) choose(all[(all.indexOf(chosen()) + by + all.length) % all.length]);
}

function openChosen() {
  const option = chosen();
  if (option) location.assign(option.href);
}

function ask() {
  input.value = "";
  asked += 1;
  htmx.trigger(input, "ask");
}

if (dialog) {
  document.addEventListener("click", (event) => event.target.closest("[data-opens=palette]") && ask());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  input.addEventListener("input", () => { asked += 1; enter = false; });
  input.form.addEventListener("submit", (event) => event.preventDefault());

  input.addEventListener("keydown", (event) => {
    const go = { ArrowDown: () => step(1), ArrowUp: () => step(-1), Enter: () => (asked ? (enter = true) : openChosen()) }[event.key];
    if (!go) return;
    event.preventDefault();
    go();
  });

  let sent = 0;
  input.addEventListener("htmx:before:request", () => { sent = asked; });
  results.addEventListener("htmx:after:settle", () => {
    asked -= sent;
    sent = 0;
    choose(options()[0]);
    if (enter && !asked) openChosen();
  });
  document.addEventListener("htmx:response:error", () => { enter = false; });
}
