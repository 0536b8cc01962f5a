// One connection to one other browser, by "perfect negotiation": either side may ask at any time, and
// when both do at once the polite one gives way.

const SLOW_MS = 10_000;
const RESTART_MS = 3_000;

export class Peer {
  constructor({ me, them, session, ice, send, tracks, onChange }) {
    Object.assign(this, { them, session, send, onChange });
    this.polite = me > them;
    this.began = performance.now();
    this.stream = new MediaStream();
    this.firstFrame = null;
    this.making = this.ignoring = false;
    this.hearing = Promise.resolve();
    this.senders = {};
    this.pc = new RTCPeerConnection(ice);
    this.listen();
    this.tracks = tracks;
    if (!this.polite) this.addTracks();
    this.slow = setTimeout(() => this.onChange("slow"), SLOW_MS);
  }

  // The polite one adds what it sends when it is first asked: its tracks then ride in the answer, and
  // the two do not begin by asking one another at once.
  addTracks() {
    if (!this.tracks) return;
    for (const track of this.tracks) this.use(track);
    this.tracks = null;
    if (this.polite) return;
    // Who has no camera still asks for the other's.
    for (const kind of ["audio", "video"]) if (!this.senders[kind]) this.pc.addTransceiver(kind, { direction: "recvonly" });
  }

  use(track, kind = track?.kind) {
    const sender = this.senders[kind];
    if (sender) return sender.replaceTrack(track).catch(() => {});
    if (track) this.senders[kind] = this.pc.addTrack(track, new MediaStream([track]));
  }

  listen() {
    const { pc } = this;
    pc.onnegotiationneeded = () => this.offer();
    pc.onicecandidate = ({ candidate }) => candidate && this.send("candidate", candidate.toJSON());
    pc.onicecandidateerror = ({ errorCode, url }) => {
      if (!url?.startsWith("turn") || !(errorCode === 401 || errorCode === 403 || errorCode === 441 || errorCode === 701)) return;
      this.onChange("relay");
    };
    pc.ontrack = ({ track }) => {
      for (const old of this.stream.getTracks()) if (old.kind === track.kind) this.stream.removeTrack(old);
      this.stream.addTrack(track);
      this.onChange("track");
    };
    pc.onconnectionstatechange = () => this.changed();
  }

  changed() {
    const state = this.pc.connectionState;
    clearTimeout(this.again);
    if (state === "connected") clearTimeout(this.slow);
    if (state === "failed") this.restart();
    if (state === "disconnected") this.again = setTimeout(() => this.restart(), RESTART_MS);
    this.onChange("state");
  }

  restart() {
    if (this.pc.signalingState !== "closed" && !this.tracks) this.pc.restartIce();
  }

  async offer() {
    try {
      this.making = true;
      await this.pc.setLocalDescription();
      this.send("description", this.pc.localDescription.toJSON());
    } catch (error) {
      console.warn(error.name);
    } finally {
      this.making = false;
    }
  }

  // One after another, in the order they were said.
  hear(kind, said) {
    this.hearing = this.hearing.then(() => this.take(kind, said)).catch((error) => console.warn(error.name));
  }

  async take(kind, said) {
    const { pc } = this;
    if (kind === "candidate") {
      if (!this.ignoring) await pc.addIceCandidate(said);
      return;
    }
    const collides = said.type === "offer" && (this.making || pc.signalingState !== "stable");
    this.ignoring = !this.polite && collides;
    if (this.ignoring) return;
    await pc.setRemoteDescription(said);
    if (said.type !== "offer") return;
    this.addTracks();
    await pc.setLocalDescription();
    this.send("description", pc.localDescription.toJSON());
  }

  get state() {
    return this.pc.connectionState;
  }

  configure(ice) {
    this.pc.setConfiguration(ice);
  }

  // Also from the first asking to the first picture.
  async figures() {
    return { ...(await figures(this.pc)), to: this.them, session: this.session, first_frame_ms: this.firstFrame };
  }

  close() {
    clearTimeout(this.slow);
    clearTimeout(this.again);
    this.pc.close();
  }
}

// How a line is: which way it goes, what was lost of what should have come.
export async function figures(pc) {
  const stats = [...(await pc.getStats()).values()];
  const pair = stats.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
  const near = pair && stats.find((one) => one.id === pair.localCandidateId);
  const incoming = stats.filter((one) => one.type === "inbound-rtp");
  const lost = incoming.reduce((sum, one) => sum + Math.max(0, one.packetsLost ?? 0), 0);
  const came = incoming.reduce((sum, one) => sum + (one.packetsReceived ?? 0), 0);
  return { candidate: near?.candidateType, loss: lost + came ? Math.round((lost / (lost + came)) * 10_000) : null };
}
