// The test before the call: camera, microphone, speaker, connection, and the relay when there is one.
// Whatever comes of it is kept for the clinic to see; nobody is held back by it.
import { why } from "./elsewhere.js";

const told = JSON.parse(document.getElementById("told").textContent);
const { words } = told;
const byId = (id) => document.getElementById(id);
const result = {};

const LOUD = 0.02; // of full scale, root mean square
const LISTEN_MS = 6_000;
const NETWORK_MS = 8_000;

function note(name, came_to) {
  result[name] = came_to;
  const place = byId(`of-${name}`);
  if (!place) return;
  place.textContent = words[came_to];
  place.dataset.tone = { good: "good", failed: "bad" }[came_to] ?? "";
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));
// What is not given is said at once, with what helps, and not only that it does not work.
const say = (refused) => {
  byId("trouble").textContent = why(words, { refused, link: told.link });
  byId("trouble").hidden = false;
};
const wish = (wanted) => navigator.mediaDevices?.getUserMedia?.(wanted).catch(({ name }) => say(name)) ?? Promise.resolve(null);

async function camera() {
  const stream = await wish({ video: { width: { ideal: 640 } } });
  const video = byId("picture");
  if (!stream) return note("camera", "failed");
  video.hidden = false;
  video.srcObject = stream;
  const seen = await Promise.race([new Promise((done) => video.requestVideoFrameCallback ? video.requestVideoFrameCallback(() => done(true)) : video.addEventListener("playing", () => done(true), { once: true })), wait(LISTEN_MS)]);
  note("camera", seen ? "good" : "failed");
  await wait(1000);
  video.hidden = true;
  for (const track of stream.getTracks()) track.stop();
}

async function microphone() {
  const stream = await wish({ audio: true });
  if (!stream) return note("microphone", "failed");
  byId("do-now").textContent = words.say_something;
  const sound = new AudioContext();
  const meter = sound.createAnalyser();
  sound.createMediaStreamSource(stream).connect(meter);
  const wave = new Float32Array(meter.fftSize);
  let loudest = 0;
  for (const until = performance.now() + LISTEN_MS; performance.now() < until && loudest < LOUD; ) {
    await wait(100);
    meter.getFloatTimeDomainData(wave);
    loudest = Math.max(loudest, Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length));
  }
  note("microphone", loudest < LOUD ? "failed" : "good");
  for (const track of stream.getTracks()) track.stop();
  await sound.close();
}

async function speaker() {
  byId("do-now").textContent = words.heard_it;
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const quiet = sound.createGain();
  quiet.gain.value = 0.15;
  tone.frequency.value = 660;
  tone.connect(quiet).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 1.2);
  byId("heard").hidden = false;
  byId("heard-yes").focus();
  const sent = send(false).catch(() => {}); // who leaves at this question has tried the rest
  const yes = await new Promise((done) => {
    byId("heard-yes").onclick = () => done(true);
    byId("heard-no").onclick = () => done(false);
  });
  await sent; // and what comes of it all is kept last
  byId("do-now").focus(); // what had it is hidden now
  byId("heard").hidden = true;
  note("speaker", yes ? "good" : "failed");
  await sound.close();
}

// Two ends on this page: whether the browser connects at all, which some extensions and settings forbid.
async function network() {
  if (!window.RTCPeerConnection) return note("network", "failed");
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  one.onicecandidate = ({ candidate }) => other.addIceCandidate(candidate).catch(() => {});
  other.onicecandidate = ({ candidate }) => one.addIceCandidate(candidate).catch(() => {});
  const channel = one.createDataChannel("test");
  const opened = new Promise((done) => { channel.onopen = () => done(true); });
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription);
  note("network", (await Promise.race([opened, wait(NETWORK_MS)])) ? "good" : "failed");
  one.close();
  other.close();
}

// Nobody who only tests is given a password: a relay that answers "not with this name" can be reached.
async function relay() {
  if (!told.relays.length || !window.RTCPeerConnection) return;
  const one = new RTCPeerConnection({ iceTransportPolicy: "relay", iceServers: [{ urls: told.relays, username: "test", credential: "test" }] });
  const answered = new Promise((done) => {
    one.onicecandidateerror = ({ errorCode }) => { if (errorCode === 401) done(true); };
  });
  one.createDataChannel("test");
  await one.setLocalDescription();
  note("relay", (await Promise.race([answered, wait(NETWORK_MS)])) ? "good" : "failed");
  one.close();
}

function send(done) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  return fetch(told.kept, { method: "POST", headers, body: JSON.stringify({ ...result, done }) });
}

async function keep() {
  const answer = await send(true);
  byId("do-now").textContent = answer.ok ? words.test_kept : words.refused;
}

byId("begin").addEventListener("click", async () => {
  byId("do-now").focus();
  byId("begin").hidden = true;
  byId("do-now").textContent = words.looking;
  for (const part of [camera, network, relay, microphone, speaker]) {
    byId("do-now").textContent = words.looking;
    await part().catch(() => {});
  }
  await keep().catch(() => { byId("do-now").textContent = words.refused; });
  byId("begin").textContent = words.begin_again;
  byId("begin").hidden = false;
  byId("begin").focus();
});
if (!navigator.mediaDevices?.getUserMedia) say("");
