// The schedule by keys: arrows through the board and through the openings, Enter to open or take.
const ITEMS = ".visit, .open, .kept";
const AHEAD = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 };

const place = (item) => {
  const box = item.getBoundingClientRect();
  return box.top;
};
const items = (column) => [...column.querySelectorAll(ITEMS)].sort((one, two) => place(one) - place(two));

// One tab stop for the whole board: the item that was last worked with.
function rove(board, item) {
  for (const each of board.querySelectorAll(`:is(${ITEMS})[tabindex="0"]`)) each.tabIndex = -1;
  item.tabIndex = 0;
}

function settle(board) {
  const all = board.querySelectorAll(ITEMS);
  for (const each of all) each.tabIndex = -1;
  const lifted = board.querySelector(".lifted");
  const first = lifted ?? board.querySelector(".open, .visit");
  if (first) first.tabIndex = 0;
}

function step(board, item, key) {
  const columns = [...board.querySelectorAll(".board-column")];
  const column = item.closest(".board-column");
  if (key === "ArrowUp" || key === "ArrowDown") {
    const list = items(column);
    return list[list.indexOf(item) + AHEAD[key]];
  }
  for (let at = columns.indexOf(column) + AHEAD[key]; columns[at]; at += AHEAD[key]) {
    const list = items(columns[at]);
    if (list.length) return list.reduce((near, each) => (Math.abs(place(each) - place(item)) < Math.abs(place(near) - place(item)) ? each : near));
  }
  return undefined;
}

// Right after a page has come the keys stand nowhere, or in the page as a whole: they go to the board.
function boardOf(target) {
  const nowhere = target === document.body || target.id === "main";
  return target.closest(".board") ?? (nowhere && !document.querySelector("dialog:modal") && document.getElementById("board"));
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const board = event.key in AHEAD && boardOf(event.target);
  if (board) {
    const item = event.target.matches(ITEMS) ? step(board, event.target, event.key) : board.querySelector(`:is(${ITEMS})[tabindex="0"]`);
    if (!item) return;
    event.preventDefault();
    rove(board, item);
    item.focus();
    item.scrollIntoView({ block: "nearest", inline: "nearest" });
    return;
  }
  const offer = event.target.closest(".offer");
  if (offer && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    const all = [...document.querySelectorAll("#openings .offer:enabled")];
    const next = all[all.indexOf(offer) + AHEAD[event.key]];
    if (next) {
      event.preventDefault();
      next.focus();
    }
    return;
  }
  // Enter in a list of choices asks at once, as it does in a text box.
  if (event.key === "Enter" && event.target.matches("#search select")) {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("[name=go]"));
  }
});

// Whoever asked by Enter wants to stand on the first opening, whichever answer comes last: leaving
// the last field and Enter ask both, and the two may overtake one another.
let asked = false;
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { asked = false; }, true);
document.addEventListener("submit", (event) => { asked ||= event.target.id === "search"; });
document.addEventListener("htmx:after:settle", () => {
  if (asked) document.querySelector("#openings .offer:enabled")?.focus();
});

// A visit opens over the board, so that its place is not lost; with a modifier, its page opens.
document.addEventListener("click", (event) => {
  const visit = event.target.closest(".board .visit");
  if (!visit || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  rove(visit.closest(".board"), visit);
  window.htmx.ajax("GET", visit.href, { target: "#dialog" });
});

// A board that refreshes itself keeps the place of the eye and of the keys.
let held = null;
document.addEventListener("htmx:before:swap", () => {
  const board = document.getElementById("board");
  if (!board) return;
  const active = board.contains(document.activeElement) ? document.activeElement : null;
  held = { top: board.scrollTop, left: board.scrollLeft, href: active?.getAttribute("href"), id: active?.id };
});
document.addEventListener("htmx:after:settle", () => {
  const board = document.getElementById("board");
  if (!board || !held) return;
  settle(board);
  board.scrollTo(held.left, held.top);
  const again = held.id ? document.getElementById(held.id) : held.href && board.querySelector(`a[href="${CSS.escape(held.href)}"]`);
  if (again && !document.querySelector("dialog:modal")) {
    rove(board, again);
    again.focus({ preventScroll: true });
  }
  held = null;
});

const board = document.getElementById("board");
if (board) {
  settle(board);
  // The board alone: with the page it would push the heading under the bar where a window is low.
  const now = board.querySelector(".now")?.getBoundingClientRect();
  if (now) board.scrollTop += now.top - board.getBoundingClientRect().top - board.clientHeight / 2;
}
