// "Done" in a corner: said aloud too, gone after a while, with ten seconds to undo.
const shelf = document.getElementById("toasts");
const SHORT = 6;
const UNDO = 10;

export function announce(text) {
  const voice = document.getElementById("aloud");
  if (!voice) return;
  voice.textContent = "";
  setTimeout(() => { voice.textContent = text; }, 50);
}

function button(label) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "small";
  made.textContent = label;
  return made;
}

export function toast({ text, tone = "good", undo = "" }) {
  if (!shelf) return;
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("p");
  words.textContent = text;
  const left = document.createElement("output");
  left.setAttribute("aria-hidden", "true");
  const away = button(shelf.dataset.dismiss);
  box.append(words);
  const remove = () => {
    clearInterval(box.clock);
    box.remove();
    if (!shelf.querySelector(".toast")) shelf.hidePopover();
  };
  if (undo) {
    const back = button(shelf.dataset.undo);
    back.addEventListener("click", () => {
      remove();
      window.htmx.ajax("POST", undo, { target: "body", swap: "none" });
    });
    box.append(left, back);
  } else {
    box.append(away);
  }
  away.addEventListener("click", remove);
  shelf.append(box);
  // The top layer, above an open dialog; shown again so that it is the topmost.
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
  announce(text);
  // A fault stays until it is dismissed; the countdown stands still while one looks at it.
  if (tone === "bad") return;
  let seconds = undo ? UNDO : SHORT;
  left.textContent = undo ? seconds : "";
  box.clock = setInterval(() => {
    if (box.matches(":hover, :focus-within")) return;
    seconds -= 1;
    if (undo) left.textContent = seconds;
    if (seconds <= 0) remove();
  }, 1000);
}
