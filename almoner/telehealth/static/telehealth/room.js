// A call of five and more: this page sends once to the gateway and gets everybody else's from it, by
// way of the clinic's server. A Leg stands where a Peer stands in a call of four.

import { figures } from "./peer.js";

const SLOW_MS = 10_000;
const RESTART_MS = 3_000;
const AGAIN_MS = 4_000;
const GONE_MS = 1000;
const STAY_MS = 20_000;
const FOUND_MS = 50; // addresses come in swarms
const GATHER_MS = 200; // those of the machine itself are found by then, and need no asking of their own

// One connection with the gateway. What is asked of it waits its turn: an answer to an older asking
// would otherwise meet a newer connection.
class Line {
  constructor(hall, onState) {
    Object.assign(this, { hall, onState, pc: null, id: null, turn: Promise.resolve(), early: [], over: false });
  }

  // Begins anew, whatever there was; `make` does the asking on a fresh connection.
  open(make) {
    clearTimeout(this.again);
    this.turn = this.turn.then(async () => {
      if (this.over) return;
      this.pc?.close();
      this.id = null;
      this.early = [];
      const pc = this.pc = new RTCPeerConnection(this.hall.ice);
      pc.onicecandidate = ({ candidate }) => candidate && this.found(pc, candidate.toJSON());
      pc.onconnectionstatechange = () => pc === this.pc && this.changed(make);
      try {
        await make(pc);
      } catch (error) {
        console.warn(error.message);
        if (this.over) return;
        const gone = error.message.endsWith(" 410"); // what is sent instead, the stream says soon
        if (!gone) this.hall.onTrouble(true);
        this.again = setTimeout(() => this.open(make), gone ? GONE_MS : AGAIN_MS);
      }
    });
    return this.turn;
  }

  // What to say of this side, with the addresses it has by now.
  async description(pc) {
    await pc.setLocalDescription();
    await new Promise((go_on) => {
      setTimeout(go_on, GATHER_MS);
      pc.addEventListener("icegatheringstatechange", () => pc.iceGatheringState === "complete" && go_on());
    });
    this.early = [];
    return pc.localDescription.sdp;
  }

  known(id) {
    this.id = id;
    this.tell();
  }

  tell() {
    const { id } = this;
    if (this.early.length) this.hall.ask("trickle", { id, candidates: this.early.splice(0, 40) }).catch(() => {});
  }

  found(pc, candidate) {
    if (pc !== this.pc) return;
    this.early.push(JSON.stringify(candidate));
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.id && this.tell(), FOUND_MS);
  }

  changed(make) {
    clearTimeout(this.again);
    const state = this.pc.connectionState;
    if (state === "connected") this.hall.onTrouble(false);
    if (state === "failed") this.open(make);
    if (state === "disconnected") this.again = setTimeout(() => this.open(make), RESTART_MS);
    this.onState();
  }

  close() {
    this.over = true;
    clearTimeout(this.again);
    clearTimeout(this.soon);
    this.pc?.close();
  }
}

export class Hall {
  constructor({ ice, ask, tracks, onTrouble }) {
    Object.assign(this, { ice, ask, tracks, onTrouble, legs: new Set(), senders: {} });
    // The others are told of it as soon as it is there.
    this.line = new Line(this, () => this.line.pc.connectionState === "connected" && this.stay());
    this.send();
    this.timer = setInterval(() => this.stay(), STAY_MS);
  }

  // Both kinds are always offered: a camera or a screen that comes later needs no new asking.
  send() {
    return this.line.open(async (pc) => {
      for (const kind of ["audio", "video"]) {
        const { sender } = pc.addTransceiver(kind, { direction: "sendonly" });
        this.senders[kind] = sender;
        const track = this.tracks().find((one) => one.kind === kind);
        if (track) await sender.replaceTrack(track);
      }
      const { id, sdp } = await this.ask("send", { sdp: await this.line.description(pc) });
      this.line.known(id);
      await pc.setRemoteDescription({ type: "answer", sdp });
    });
  }

  use(track, kind = track?.kind) {
    this.senders[kind]?.replaceTrack(track).catch(() => {});
  }

  lines() {
    return [this, ...this.legs];
  }

  // The gateway waits a minute for this; what it has forgotten is begun anew.
  async stay() {
    const ids = this.lines().map((one) => one.line.id).filter(Boolean);
    const answer = await this.ask("stay", { ids }).catch((error) => error);
    if (!answer.lost) return this.onTrouble(answer.message.endsWith(" 503"));
    for (const one of this.lines()) if (answer.lost.includes(one.line.id)) one.restart();
  }

  restart() {
    this.send();
  }

  configure(ice) {
    this.ice = ice;
    for (const one of this.lines()) one.line.pc?.setConfiguration(ice);
  }

  close() {
    clearInterval(this.timer);
    this.line.close();
  }
}

export class Leg {
  constructor({ hall, them, session, feed, onChange }) {
    Object.assign(this, { hall, them, session, feed, onChange, firstFrame: null });
    this.began = performance.now();
    this.stream = new MediaStream();
    this.line = new Line(hall, () => {
      if (this.state === "connected") clearTimeout(this.slow);
      this.onChange("state");
    });
    hall.legs.add(this);
    this.slow = setTimeout(() => this.onChange("slow"), SLOW_MS);
    this.restart();
  }

  get state() {
    return this.line.pc?.connectionState ?? "new";
  }

  // The other one sends anew: by another number.
  follow(feed) {
    if (this.feed === feed) return;
    this.feed = feed;
    this.restart();
  }

  restart() {
    this.line.open(async (pc) => {
      pc.ontrack = ({ track }) => {
        for (const old of this.stream.getTracks()) if (old.kind === track.kind) this.stream.removeTrack(old);
        this.stream.addTrack(track);
        this.onChange("track");
      };
      const { id, sdp } = await this.hall.ask("get", { to: this.them, feed: this.feed });
      this.line.id = id;
      await pc.setRemoteDescription({ type: "offer", sdp });
      const said = await this.line.description(pc);
      await this.hall.ask("answer", { id, sdp: said });
      this.line.tell();
    });
  }

  // What this page sends goes by the hall, once for all, and so does what it is told of the relay.
  use() {}

  configure() {}

  async figures() {
    const line = this.line.pc ? await figures(this.line.pc) : {};
    return { ...line, to: this.them, session: this.session, first_frame_ms: this.firstFrame, by_gateway: true };
  }

  close() {
    clearTimeout(this.slow);
    this.hall.legs.delete(this);
    this.line.close();
  }
}
