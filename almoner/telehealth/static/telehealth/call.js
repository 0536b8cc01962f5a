// The page of a call: waiting room and call in one, as the stream says. What may pass is the server's to
// say; this page only asks, shows and plays.
import { Media } from "./media.js";
import { byId, fill, press, tile, written } from "./page.js";
import { Peer } from "./peer.js";
import { ByPhone } from "./phone.js";
import { Hall, Leg } from "./room.js";

const told = JSON.parse(document.getElementById("told").textContent);
const { words, me } = told;

const REPORT_MS = 10_000;
const RELAY_MS = 8 * 60_000; // its password lasts ten minutes
const session = crypto.randomUUID();
const peers = new Map(); // by the id of the place at the other end
const heard = new Set();
let room = { state: "not_open", people: [] };
let ice = told.ice; // there already when the page is opened in the middle of a call
let hall = null; // what goes through the gateway, once five take part
let over = false;
let stream = null;

// --- Asking the server

const csrf = document.querySelector("meta[name=csrf-token]").content;

const ask = async (what, body = {}) => {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  // Nobody at the other end: an open page alone keeps nobody signed in.
  if (!connected()) headers["X-Live"] = "1";
  const keepalive = what === "leave" || what === "quality";
  const answer = await fetch(`${told.here}${what}/`, { method: "POST", headers, body: JSON.stringify(body), keepalive });
  if (!answer.ok) throw new Error(`${what}: ${answer.status}`);
  return answer.json();
};

const desk = (what, fields = {}) => {
  const headers = { "X-CSRFToken": csrf, "HX-Request": "true" };
  return fetch(`${told.desk}${what}/`, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
};

// Signals go out in the order they were made, as many at once as are ready.
const outbox = [];
let sending = false;

function send(to, to_session, kind, said) {
  outbox.push({ to, session: to_session, kind, body: JSON.stringify(said) });
  if (!sending) flush();
}

async function flush() {
  sending = true;
  while (outbox.length) {
    const signals = outbox.splice(0, 40);
    await ask("signal", { session, signals }).catch((error) => console.warn(error.message));
  }
  sending = false;
}

// --- What is said on the page

const connected = () => [...peers.values()].some((peer) => peer.state === "connected");

const say = (text) => { if (byId("state").textContent !== text) byId("state").textContent = text; };

const troubles = new Map();
function trouble(name, text = "") {
  if (text) troubles.set(name, text);
  else troubles.delete(name);
  const all = [...new Set(troubles.values())].join(" ");
  if (byId("trouble").textContent !== all) byId("trouble").textContent = all;
  byId("trouble").hidden = !all;
}

function show() {
  const call = room.state === "admitted" && !room.phone;
  byId("chat").hidden = !call;
  if (byId("note")) byId("note").hidden = call || over || room.phone;
  byId("wait").hidden = over || room.phone || !["not_open", "waiting"].includes(room.state) || told.host;
  byId("wait").textContent = [
    room.place ? fill(words.place, { count: room.place }) : words.next,
    room.wait ? fill(words.wait, { minutes: room.wait }) : "",
  ].join(" ").trim();
  if (byId("word")) {
    byId("word").hidden = !room.word || over || room.phone;
    const told_us = room.word ? fill(words.from_us, { words: room.word }) : "";
    if (byId("word").textContent !== told_us) byId("word").textContent = told_us; // said aloud once
  }
  byId("share").hidden = !call || !navigator.mediaDevices?.getDisplayMedia;
  if (byId("phone")) byId("phone").hidden = over || room.phone;
  if (room.note && byId("note-kept")) byId("note-kept").textContent = words.note_kept;
  if (byId("lock")) press("lock", room.locked, words.lock, words.unlock);
  trouble("locked", room.locked && told.host ? words.is_locked : "");
  guests();
  dispatchEvent(new CustomEvent("room", { detail: room })); // what stands beside the call (hand.js)
  if (over) return;
  if (room.state === "ended") return end(words.ended);
  if (room.phone) {
    hush();
    const mine = told.host ? words.by_phone_host : told.patient ? words.by_phone : words.by_phone_guest;
    say(fill(mine, { number: told.number }));
  } else if (!call) say(told.host ? words.left_self : words.waiting);
  else if (connected()) say(words.in_call);
  else say(room.people.length ? words.connecting : words.alone);
}

// Nobody sees or hears this side any more: the camera's light goes out.
function hush() {
  media.hush();
  for (const id of ["mute", "camera", "share", "stage", "devices", "elsewhere"]) byId(id).hidden = true;
}

function end(text) {
  over = true;
  for (const id of peers.keys()) drop(id, "left");
  gather();
  stream?.close();
  hush();
  by_phone.close();
  for (const id of ["phone", "leave"]) if (byId(id)) byId(id).hidden = true;
  if (byId("host")) byId("host").hidden = true;
  say(text);
  show();
}

// --- The others

function changed(peer, what) {
  if (what === "track") {
    const video = peer.tile.querySelector("video");
    media.voice(video);
    if (video.paused) video.play().catch(() => {});
  } else if (what === "relay" || what === "slow") {
    if (peer.state !== "connected") trouble(what, what === "relay" ? words.relay_refused : words.slow);
  } else if (peer.state === "connected") {
    trouble("slow");
    trouble("relay");
    trouble("lost");
    peer.tile.removeAttribute("data-away");
  } else if (["disconnected", "failed"].includes(peer.state)) {
    peer.tile.setAttribute("data-away", "");
    // To the gateway it is this page's own line that broke, and not that of whoever is seen by it.
    const theirs = navigator.onLine && peer instanceof Peer;
    trouble("lost", theirs ? fill(words.away, { name: peer.name }) : words.lost);
  }
  show();
}

function meet(person) {
  const facts = { them: person.id, session: person.session, onChange: (what) => changed(peer, what) };
  const said = (kind, what) => send(person.id, person.session, kind, what);
  const peer = hall
    ? new Leg({ ...facts, hall, feed: person.feed })
    : new Peer({ ...facts, me, ice, send: said, tracks: media.outgoing() });
  peer.name = person.name;
  peers.set(person.id, peer);
  peer.tile = tile(person.id, `${person.name} · ${words[person.role]}`, peer.stream, () => {
    peer.firstFrame = Math.round(performance.now() - peer.began);
    report();
  });
}

async function drop(id, cause) {
  const peer = peers.get(id);
  peers.delete(id);
  const figures = await peer.figures().catch(() => ({ to: id, session: peer.session }));
  peer.close();
  peer.tile.remove();
  if (!peers.size) for (const name of ["lost", "slow", "relay"]) trouble(name);
  ask("quality", { legs: [{ ...figures, cause }] }).catch(() => {});
}

async function relay() {
  ice = await ask("relay");
  for (const one of ways()) one.configure(ice);
}

// All that this page's camera, microphone or screen goes out by.
const ways = () => [...peers.values(), hall].filter(Boolean);

// Once five take part, all send to the gateway; each still sees another browser to browser until that
// one's picture comes by it. It is left with the call, and never in the middle of one.
function gather() {
  const gathers = room.gateway && room.people.length && !over;
  if (gathers && !hall) {
    const onTrouble = (is_so) => trouble("gateway", is_so ? words.gateway_silent : "");
    hall = new Hall({ ice, tracks: () => media.outgoing(), onTrouble, ask: (what, said) => ask("gateway", { session, do: what, ...said }) });
  } else if (!gathers && hall) {
    hall.close();
    hall = null;
    trouble("gateway");
  }
}

// Who is in the call now: connect to the new, let go of who left or opened another page.
let early = [];
async function follow() {
  const there = new Map(room.people.map((one) => [one.id, one]));
  for (const [id, peer] of peers) {
    const one = there.get(id);
    const cause = room.phone ? "phone" : one ? "lost" : "left";
    if (!one || one.session !== peer.session) drop(id, cause);
  }
  if (room.people.length && !ice) await relay();
  if (room.people.length) await devices;
  gather();
  for (const person of room.people) {
    const peer = peers.get(person.id);
    if (peer instanceof Leg && person.feed) peer.follow(person.feed);
    if (peer instanceof Peer && hall && person.feed) drop(person.id, "gathered");
    if ((hall ? person.feed : person.session) && !peers.has(person.id)) meet(person);
  }
  const away = room.people.find((one) => !one.here && peers.get(one.id)?.silent);
  trouble("away", away ? fill(words.away, { name: away.name }) : "");
  const kept = early;
  early = [];
  kept.forEach(signal);
  show();
}

function signal(one) {
  const peer = peers.get(one.from);
  if (!(peer instanceof Peer) || peer.session !== one.session) {
    if (heard.size < 5000) early.push(one); // from somebody the room has not told us of yet
    early = early.slice(-200);
    return;
  }
  peer.hear(one.kind, JSON.parse(one.body));
}

function listen() {
  stream = new EventSource(`${told.stream}?session=${session}`);
  let following = Promise.resolve();
  stream.addEventListener("open", () => trouble("offline"));
  stream.addEventListener("error", () => !over && trouble("offline", words.lost));
  stream.addEventListener("room", (event) => {
    const was_by_phone = room.phone;
    room = JSON.parse(event.data);
    if (was_by_phone && !room.phone && !over) return location.reload(); // by video after all: the camera was given back
    following = following.then(follow).catch((error) => console.warn(error.message));
  });
  stream.addEventListener("signal", (event) => {
    const one = JSON.parse(event.data);
    if (heard.has(one.id)) return;
    heard.add(one.id);
    following = following.then(() => signal(one));
  });
  stream.addEventListener("chat", (event) => line(JSON.parse(event.data)));
  stream.addEventListener("closed", (event) => end(words[JSON.parse(event.data)] ?? words.removed));
}

const lines = new Set();
function line(one) {
  if (lines.has(one.id)) return;
  lines.add(one.id);
  written(one.from === me ? words.you : one.name, one.words);
}

async function report() {
  if (over || !peers.size) return;
  const legs = await Promise.all([...peers.values()].map((peer) => peer.figures()));
  await ask("quality", { legs }).catch(() => {});
}

// --- Camera, microphone, screen; the phone instead

const media = new Media({ words, link: told.link, ways, trouble });

// What seems to be wrong, when somebody goes on by phone; the server knows what the test found.
function guess() {
  if (["lost", "slow", "relay", "offline", "gateway", "away"].some((name) => troubles.has(name))) return "connection";
  if (!media.track("audio") && media.track("video")) return "sound";
  return troubles.has("media") || troubles.has("device-video") ? "camera" : "";
}

const by_phone = new ByPhone({ ask, words, undo_ms: told.undo_ms, guess, trouble });

const click = (id, act) => byId(id)?.addEventListener("click", act);

// --- Leaving, words

click("leave", async () => {
  await ask("leave").catch(() => {});
  if (told.host) return location.assign(told.board);
  end(words.left_self);
  byId("back").hidden = false;
  byId("back").focus();
});
click("back", () => location.reload());
byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = byId("words");
  if (!input.value.trim()) return;
  ask("chat", { words: input.value }).then(() => { input.value = ""; trouble("act"); }, () => trouble("act", words.refused));
});
byId("note")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const input = byId("note-words");
  if (!input.value.trim()) return;
  ask("note", { words: input.value }).then(() => { byId("note-kept").textContent = words.note_kept; input.value = ""; trouble("act"); }, () => trouble("act", words.refused));
});

// --- What only the host can

const done = (answer) => trouble("act", answer.ok || answer.type === "opaqueredirect" ? "" : words.refused);
click("lock", () => desk("lock", { closed: room.locked ? "" : "1" }).then(done));
click("end", () => byId("sure").showModal());
byId("sure")?.addEventListener("close", async (event) => {
  if (event.target.returnValue !== "yes") return;
  const answer = await desk("end");
  done(answer);
  if (answer.ok) location.assign(told.board);
});
function guests() {
  if (!told.host) return;
  const invited = room.people.filter((one) => one.role === "interpreter" || one.role === "family");
  byId("guests").replaceChildren(...invited.map((one) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = fill(words.remove, { name: one.name });
    button.addEventListener("click", () => desk("remove", { participant: one.id }).then(done));
    item.append(`${one.name} · ${words[one.role]}`, button);
    return item;
  }));
}

// --- The line

addEventListener("online", () => { trouble("offline"); for (const one of ways()) one.restart(); });
addEventListener("offline", () => trouble("offline", words.lost));
addEventListener("pagehide", () => stream?.close());
setInterval(report, REPORT_MS);
setInterval(() => { if (ice && peers.size) relay().catch(() => {}); }, RELAY_MS);

// The camera takes its time: meanwhile the room is asked for.
const devices = media.open().catch((error) => console.warn(error.name));
listen();
