// A form of a patient. Each answer is kept as soon as it is given, what it makes asked appears, and a
// signature can be drawn. Without this script the buttons of the form do the same.

const PAUSE = 700; // ms without a key before what is being typed is kept
const AGAIN = [2, 5, 15, 60]; // seconds until what could not be kept is tried again, then each minute

function keeps(form) {
  const said = form.querySelector("[data-said]");
  let waiting = 0;
  let dirty = false;
  let missed = 0; // saves that failed, one after another
  let leaving = false; // the next page shows it all: to read this one anew would stop it on its way
  let line = Promise.resolve(); // one save after another, so that the last one typed is the last kept

  function show({ shown, kept, rows }, sent) {
    for (const part of form.querySelectorAll("[data-rows]")) {
      // Another device added a row or took one away: what stands here is kept, and read anew.
      if (part.dataset.rows !== rows[part.dataset.item].join(" ")) return location.reload();
    }
    for (const item of form.querySelectorAll("[data-item]")) item.hidden = !shown.includes(item.dataset.item);
    for (const [name, value] of Object.entries(kept)) {
      // What another device wrote meanwhile does not stand on this page: it is not what was here.
      const was = form.elements.namedItem(`was.${name}`);
      if (was && sent.getAll(`a.${name}`).join("\n").trim() === value) was.value = value;
    }
  }

  async function save(last = false) {
    clearTimeout(waiting);
    if (!dirty) return;
    dirty = false;
    const body = new FormData(form);
    body.delete("drawing");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Sheet": "1" }, keepalive: last });
      if (leaving) return;
      if (answer.status === 409 && !last) return location.reload(); // another text: to be read first
      const now = await answer.json();
      if (leaving) return;
      show(now, body);
      missed = 0;
      said.textContent = said.dataset.saved;
    } catch {
      dirty = true;
      if (leaving) return;
      said.textContent = said.dataset.notSaved;
      clearTimeout(waiting);
      waiting = setTimeout(next, AGAIN[Math.min(missed++, AGAIN.length - 1)] * 1000);
    }
  }
  const next = () => (line = line.then(() => save()));

  const counts = (event) => event.target.name?.startsWith("a.");
  form.addEventListener("input", (event) => {
    if (!counts(event)) return;
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(next, PAUSE);
  });
  form.addEventListener("change", (event) => {
    if (!counts(event)) return;
    dirty = true;
    next();
  });
  form.addEventListener("input", ({ target }) => {
    const last = target.closest("[data-grows]")?.lastElementChild;
    if (last !== target || !target.value) return;
    const next = target.cloneNode();
    next.value = "";
    target.after(next);
  });
  form.addEventListener("submit", () => {
    dirty = false;
    leaving = true;
  });
  addEventListener("online", next);
  addEventListener("pageshow", () => (leaving = false));
  addEventListener("pagehide", () => save(true));
}

function draws(part) {
  const canvas = part.querySelector("canvas");
  const field = part.querySelector("input");
  const pen = canvas.getContext("2d");
  pen.lineWidth = 3;
  pen.lineCap = pen.lineJoin = "round";
  part.hidden = false;

  function at(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  }
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...at(each));
    pen.stroke();
  });
  canvas.addEventListener("pointerup", () => (field.value = canvas.toDataURL("image/png")));
  part.querySelector("[data-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    field.value = "";
  });
}

for (const form of document.querySelectorAll("[data-sheet]")) keeps(form);
for (const part of document.querySelectorAll("[data-draw]")) draws(part);
