// Each thing that is asked is a form of its own, and the page comes anew when one is saved: what was
// typed in the others and not saved yet stands there again, in this tab alone.

const shelf = `ahead ${location.pathname}`;
const forms = [...document.querySelectorAll(".ask form")];
const boxesOf = (form) => [...form.elements].filter(
  (box) => box.matches("input:not([type=hidden], [type=file]), select, textarea"),
);
const ticks = (box) => box.type === "checkbox" || box.type === "radio";
const asItCame = (box) => {
  if (ticks(box)) return box.defaultChecked;
  if (box.matches("select")) return ([...box.options].find((each) => each.defaultSelected) ?? box.options[0]).value;
  return box.defaultValue;
};
const value = (box) => (ticks(box) ? box.checked : box.value);
let sent = null;

function take() {
  const kept = JSON.parse(sessionStorage.getItem(shelf) ?? "{}");
  sessionStorage.removeItem(shelf);
  for (const form of forms) {
    const boxes = boxesOf(form);
    const typed = kept[form.elements.key?.value];
    if (!boxes.length || typed?.length !== boxes.length) continue;
    boxes.forEach((box, at) => {
      if (ticks(box)) box.checked = typed[at];
      else box.value = typed[at];
    });
    form.closest("details").open = true;
  }
}

function keep() {
  const unsaved = forms.filter((form) => form !== sent && boxesOf(form).some((box) => value(box) !== asItCame(box)));
  if (!unsaved.length) return;
  const typed = unsaved.map((form) => [form.elements.key.value, boxesOf(form).map(value)]);
  sessionStorage.setItem(shelf, JSON.stringify(Object.fromEntries(typed)));
}

addEventListener("submit", (event) => { sent = event.target; });
addEventListener("pagehide", keep);
take();
