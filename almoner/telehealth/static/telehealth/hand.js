// Beside the call: one picture of the patient with their yes, papers, and what is still to pay. The page of
// the call says how the room stands; what may be kept is the server's to say.
const told = JSON.parse(document.getElementById("told").textContent);
const { hand } = told;
const byId = (id) => document.getElementById(id);
const csrf = document.querySelector("meta[name=csrf-token]").content;
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_whole, name) => facts[name]);
const tell = (id, text) => { if (byId(id).textContent !== text) byId(id).textContent = text; };

async function post(what, body) {
  const headers = { "X-CSRFToken": csrf };
  if (!(body instanceof FormData)) headers["Content-Type"] = "application/json";
  const answer = await fetch(`${told.here}${what}/`, { method: "POST", headers, body: body instanceof FormData ? body : JSON.stringify(body) });
  if (answer.ok) return "";
  const { says } = await answer.json().catch(() => ({}));
  return says ?? told.words.refused;
}

// --- One picture

const done = new Set(); // questions that this page has answered, or of which it has taken the picture
const SAYS = told.host
  ? { asked: hand?.picture_waits, refused: hand?.picture_refused, kept: hand?.picture_kept, lapsed: hand?.picture_lapsed }
  : { kept: hand?.picture_kept_patient };

function pictures(room) {
  const { id, state } = room.picture ?? {};
  if (SAYS[state]) tell("picture-says", SAYS[state]); // between two states the last word stands
  const question = byId("picture-ask");
  if (question) ask(question, id, state === "asked" && !done.has(id));
  if (told.host && state === "given" && !done.has(id)) {
    done.add(id);
    take(id, room);
  }
}

// It hides nothing of the call: one can leave, or say no in words.
function ask(question, id, waits) {
  if (question.hidden === !waits) return;
  question.hidden = !waits;
  question.dataset.id = id;
  if (waits) question.focus();
}

byId("picture-ask")?.addEventListener("click", ({ target }) => {
  if (!target.value) return;
  const question = byId("picture-ask");
  const id = Number(question.dataset.id);
  done.add(id);
  question.hidden = true;
  byId("main").focus();
  post("picture/answer", { id, yes: target.value === "yes" });
});

async function take(id, room) {
  const patient = room.people.find((one) => one.role === "patient");
  const video = patient && document.querySelector(`#person-${patient.id} video`);
  if (!video?.videoWidth) return tell("picture-says", hand.picture_none);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  const picture = await new Promise((got) => canvas.toBlob(got, "image/jpeg", 0.9));
  const body = new FormData();
  body.append("id", id);
  body.append("file", picture, "picture.jpg");
  tell("picture-says", (await post("picture/keep", body)) || hand.picture_kept);
}

byId("take-picture")?.addEventListener("click", async () => {
  const why = await post("picture/ask", {}); // that it waits, the room says: its word may come first
  if (why) tell("picture-says", why);
});

// --- Papers

byId("hand-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const why = await post("file", new FormData(form));
  tell("hand-says", why || (told.host ? hand.handed : hand.handed_patient));
  if (!why) form.reset();
});

function papers(room) {
  const list = room.papers ?? [];
  byId("papers-head").hidden = !list.length;
  if (byId("papers").dataset.shown === String(list[0]?.id)) return;
  byId("papers").dataset.shown = list[0]?.id;
  byId("papers").replaceChildren(...list.map((one) => {
    const item = document.createElement("li");
    const name = document.createElement(told.document ? "a" : "span");
    name.textContent = one.title;
    if (told.document) {
      name.href = told.document.replace("/0/", `/${one.id}/`);
      name.target = "_blank";
      name.rel = "noopener";
    }
    item.append(name);
    return item;
  }));
}

// --- What is still to pay

function paying({ pay }) {
  if (!byId("pay-says") || !pay) return;
  const says = pay.state === "done" ? fill(told.host ? hand.pay_done_host : hand.pay_done, pay)
    : pay.state === "asked" ? hand.pay_asked
    : told.left ? fill(hand.pay_left, { amount: told.left }) : "";
  tell("pay-says", says);
  if (byId("pay-part")) byId("pay-part").hidden = !says;
  if (byId("pay-way")) byId("pay-way").hidden = pay.state === "done";
}

addEventListener("room", ({ detail: room }) => {
  if (!byId("hand")) return; // whoever was invited
  const call = room.state === "admitted" && !room.phone;
  byId("hand").hidden = !call;
  if (byId("take-picture")) byId("take-picture").hidden = !call;
  pictures(call ? room : {});
  papers(room);
  paying(room);
});
