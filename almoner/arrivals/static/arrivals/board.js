// The board by keyboard: arrows go from patient to patient, Enter does what comes next, O opens.
// The place is kept when the board is renewed, so that nothing moves away under the fingers.
let place = decodeURIComponent(location.hash.slice(1));

const cards = () => [...document.querySelectorAll("[data-card]")];
const columns = () => [...document.querySelectorAll(".flow-column")].map((column) => [...column.querySelectorAll("[data-card]")]).filter((list) => list.length);

function stand(card) {
  if (!card) return;
  for (const other of cards()) other.tabIndex = -1;
  card.tabIndex = 0;
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

function renew() {
  const card = document.getElementById(place);
  const first = card?.matches("[data-card]") ? card : cards()[0];
  if (first) first.tabIndex = 0;
  if (card && (document.activeElement === document.body || !document.activeElement)) card.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (event.key.startsWith("Arrow") && (card || event.target === document.body || event.target.id === "main")) {
    if (event.target.matches("select")) return;
    const to = card ? step(card, event.key) : document.getElementById(place) ?? cards()[0];
    if (to) event.preventDefault();
    stand(to);
  } else if (card === event.target && card) {
    const act = { Enter: "[data-next]", o: "[data-open]", O: "[data-open]" }[event.key];
    if (act) { event.preventDefault(); card.querySelector(act)?.click(); }
  }
});
document.addEventListener("focusin", (event) => { place = event.target.closest("[data-card]")?.id ?? place; });
document.addEventListener("htmx:after:settle", renew);
renew();
