// The board by keyboard: arrows go from patient to patient, Enter does what comes next, O opens.
// One card is the one whose next step is in sight as the primary: where one stands, else the first.
// The place is kept when the board is renewed, so that nothing moves away under the fingers.
let place = decodeURIComponent(location.hash.slice(1));

const cards = () => [...document.querySelectorAll("[data-card]")];
const columns = () => [...document.querySelectorAll(".flow-column")].map((column) => [...column.querySelectorAll("[data-card]")]).filter((list) => list.length);

function point(card) {
  for (const other of cards()) {
    other.tabIndex = other === card ? 0 : -1;
    other.querySelector("[data-next]")?.classList.toggle("primary", other === card);
  }
}

function stand(card) {
  if (!card) return;
  point(card);
  place = card.id;
  card.focus();
}

function step(card, key) {
  const all = columns();
  const across = all.findIndex((list) => list.includes(card));
  const down = all[across].indexOf(card);
  const column = { ArrowLeft: all[across - 1], ArrowRight: all[across + 1] }[key];
  if (column) return column[Math.min(down, column.length - 1)];
  return { ArrowUp: all[across][down - 1], ArrowDown: all[across][down + 1] }[key];
}

// A room that was chosen stays chosen when the board is renewed. One that somebody else has taken
// meanwhile leaves nothing chosen: the patient is not sent to the next best without a word.
const rooms = new Map();

function chooseAgain() {
  for (const [id, room] of rooms) {
    const select = document.getElementById(id);
    if (select) select.value = room;
    else rooms.delete(id);
  }
}

function renew() {
  chooseAgain();
  const card = document.getElementById(place);
  point(card?.matches("[data-card]") ? card : cards()[0]);
  if (card && (document.activeElement === document.body || !document.activeElement)) card.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (event.key.startsWith("Arrow") && (card || event.target === document.body || event.target.id === "main")) {
    if (event.target.matches("select")) return;
    const to = card ? step(card, event.key) : document.getElementById(place) ?? cards()[0];
    if (to) event.preventDefault();
    stand(to);
  } else if (event.key === "Enter" && event.target === document.body) {
    document.querySelector("[data-next].primary")?.click();
  } else if (card === event.target && card) {
    const act = { Enter: "[data-next]", o: "[data-open]", O: "[data-open]" }[event.key];
    if (act) { event.preventDefault(); card.querySelector(act)?.click(); }
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-card] select")) rooms.set(event.target.id, event.target.value);
});
document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card) return;
  place = card.id;
  point(card);
});
document.addEventListener("htmx:after:settle", renew);
renew();
