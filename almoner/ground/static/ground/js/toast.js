// "Done" in a corner: said aloud too, gone after a while, with a way to undo, by Z or Ctrl-Z too.
const shelf = document.getElementById("toasts");
const SHORT = 6;
const UNDO = 9; // the server gives ten from the act on, and its answer was a while on its way

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

// One key, one button: the newest that is still offered.
function keyToNewest() {
  const offered = [...shelf.querySelectorAll("[data-undoes]")];
  offered.forEach((back, place) => {
    const newest = place === offered.length - 1;
    newest ? back.dataset.key = "z" : delete back.dataset.key;
    back.ariaKeyShortcuts = newest ? "Z Control+Z" : null;
    back.querySelector("kbd")?.toggleAttribute("hidden", !newest);
  });
}

function undoing(label) {
  const back = button(label);
  back.dataset.undoes = "";
  if (document.documentElement.dataset.keys === "off") { // then only this one works, and is not drawn
    const cap = document.createElement("kbd");
    cap.textContent = "Ctrl Z";
    back.append(" ", cap);
  }
  return back;
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
    keyToNewest();
    if (!shelf.querySelector(".toast")) shelf.hidePopover();
  };
  const back = undo && undoing(shelf.dataset.undo);
  if (undo) {
    back.addEventListener("click", () => {
      remove();
      // Each asks from a place of its own: from one place a second is dropped while the first waits.
      const asker = document.createElement("span");
      document.body.append(asker);
      window.htmx.ajax("POST", undo, { source: asker, target: "body", swap: "none" }).finally(() => asker.remove());
    });
    box.append(left, back);
  } else {
    box.append(away);
  }
  away.addEventListener("click", remove);
  shelf.append(box);
  keyToNewest();
  // The top layer, above an open dialog; shown again so that it is the topmost.
  if (shelf.matches(":popover-open")) shelf.hidePopover();
  shelf.showPopover();
  announce(text);
  // A fault stays until it is dismissed. Words wait while one looks at them; the server waits for
  // nobody, so what is left to undo runs by the clock, and the way goes when its time is over.
  if (tone === "bad") return;
  const until = Date.now() + UNDO * 1000;
  let seconds = SHORT;
  const step = () => {
    if (back?.isConnected) {
      const now = Math.ceil((until - Date.now()) / 1000);
      left.textContent = now;
      if (now > 0) return;
      const focused = back === document.activeElement;
      left.remove();
      back.replaceWith(away);
      keyToNewest();
      if (focused) away.focus();
      seconds = 0;
    } else if (!box.matches(":hover, :focus-within")) {
      seconds -= 1;
    }
    if (seconds <= 0 && !box.matches(":hover, :focus-within")) remove();
  };
  if (undo) step();
  box.clock = setInterval(step, 1000);
}
