// Camera, microphone, speaker and screen of this page: by which device, what the others get of it, and
// what is done when a device goes while it is used.

import { why } from "./elsewhere.js";
import { byId, devicesOf, fill, press } from "./page.js";

const LOOKS = { width: { ideal: 640 }, height: { ideal: 480 } };
const KINDS = { audio: "audioinput", video: "videoinput" };
const wanted = { audio: {}, video: LOOKS };

export class Media {
  // `ways` answers by what tracks go out; `trouble(name, text)` says on the page what is wrong.
  constructor({ words, link, ways, trouble }) {
    Object.assign(this, { words, link, ways, trouble, screen: null, refused: "", speaker: "", over: false });
    this.stream = new MediaStream();
    this.turn = Promise.resolve(); // one change of a device after another
    byId("audioinput").addEventListener("change", ({ target }) => this.change("audio", target.value));
    byId("videoinput").addEventListener("change", ({ target }) => this.change("video", target.value));
    byId("audiooutput").addEventListener("change", ({ target }) => this.hearBy(target.value));
    byId("mute").addEventListener("click", () => this.turnOff("audio"));
    byId("camera").addEventListener("click", () => this.turnOff("video"));
    byId("share").addEventListener("click", () => (this.screen ? this.unshare() : this.share()));
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.look());
  }

  track(kind) {
    return this.stream.getTracks().find((one) => one.kind === kind);
  }

  outgoing() {
    return [this.track("audio"), this.screen?.getVideoTracks()[0] ?? this.track("video")].filter(Boolean);
  }

  wish(asked) {
    return navigator.mediaDevices.getUserMedia(asked).catch((error) => { this.refused = error.name; return null; });
  }

  async open() {
    if (!window.RTCPeerConnection) return this.trouble("media", this.words.no_browser);
    if (!navigator.mediaDevices?.getUserMedia) return this.trouble("media", why(this.words, this));
    const both = { audio: true, video: LOOKS };
    const got = (await this.wish(both)) ?? (await this.wish({ audio: true })) ?? (await this.wish({ video: LOOKS }));
    for (const one of got?.getTracks() ?? []) this.keep(one);
    this.mirror();
    if (!got) this.trouble("media", why(this.words, this));
    await this.list();
  }

  keep(track) {
    this.stream.addTrack(track);
    track.addEventListener("ended", () => this.lost(track)); // not when this page stops it itself
  }

  mirror() {
    byId("self").querySelector("video").srcObject = this.screen ?? this.stream;
    byId("self").classList.toggle("mirrored", !this.screen);
  }

  // --- By which device

  async list() {
    const there = await navigator.mediaDevices.enumerateDevices();
    for (const [kind, id] of Object.entries(KINDS)) {
      devicesOf(id, there);
      byId(id).value = this.track(kind)?.getSettings().deviceId ?? "";
    }
    devicesOf("audiooutput", there);
    if (this.speaker && !there.some((one) => one.deviceId === this.speaker)) await this.hearBy("");
    if (this.speaker) byId("audiooutput").value = this.speaker;
    byId("mute").hidden = this.over || !this.track("audio");
    byId("camera").hidden = this.over || !this.track("video");
    byId("devices").hidden = this.over || !there.some((one) => one.deviceId);
    return there;
  }

  // Something was plugged in or out: what is used goes on by another, what is missing is asked for.
  async look() {
    const there = await this.list();
    for (const [kind, id] of Object.entries(KINDS)) {
      const track = this.track(kind);
      const used = track?.getSettings().deviceId;
      const of_kind = there.filter((one) => one.kind === id && one.deviceId);
      if (track && used && of_kind.length && !of_kind.some((one) => one.deviceId === used)) this.lost(track);
      if (!track && of_kind.length && this.refused !== "NotAllowedError") this.change(kind);
    }
  }

  lost(track) {
    if (this.over || this.track(track.kind) !== track) return;
    return this.change(track.kind, "", "device_other");
  }

  // Another device of that kind, or any; asked for anew, since some phones give a camera once only. The one
  // before is given back first, and taken again when the other cannot be had.
  change(kind, id = "", says = "device_failed") {
    this.turn = this.turn.then(() => this.swap(kind, id, says)).catch((error) => console.warn(error.name));
    return this.turn;
  }

  async swap(kind, id, says) {
    if (this.over) return;
    const old = this.track(kind);
    const before = old?.getSettings().deviceId;
    old?.stop();
    let fresh = id ? await this.one(kind, id) : null;
    const chosen = Boolean(fresh);
    if (id && before) fresh ??= await this.one(kind, before);
    fresh ??= await this.one(kind);
    if (this.over) return fresh?.stop(); // it ended meanwhile: no camera is left on
    if (old) this.stream.removeTrack(old);
    if (fresh) {
      fresh.enabled = old?.enabled ?? true;
      this.keep(fresh);
      this.trouble("media");
    }
    if (kind === "audio" || !this.screen) for (const way of this.ways()) way.use(fresh, kind);
    const name = fresh?.label ?? "";
    this.trouble(`device-${kind}`, !fresh ? this.words.device_gone : chosen || !old ? "" : fill(this.words[says], { name }));
    await this.list();
    this.rest(kind);
  }

  async one(kind, id = "") {
    const asked = id ? { ...wanted[kind], deviceId: { exact: id } } : wanted[kind];
    const got = await this.wish({ [kind]: asked });
    return got?.getTracks()[0] ?? null;
  }

  // Some phones end the microphone when the camera is changed, and the other way round.
  rest(changed) {
    for (const one of this.stream.getTracks()) if (one.kind !== changed && one.readyState === "ended") this.lost(one);
  }

  // --- What is heard

  async hearBy(id) {
    this.speaker = id;
    const videos = [...document.querySelectorAll(".tile:not(#self) video")];
    await Promise.all(videos.map((video) => this.voice(video)));
  }

  voice(video) {
    return video.setSinkId?.(this.speaker).catch((error) => console.warn(error.name));
  }

  // --- What is sent of it

  turnOff(kind) {
    const track = this.track(kind);
    if (!track) return;
    track.enabled = !track.enabled;
    const { mute, unmute, camera_off, camera_on } = this.words;
    if (kind === "audio") press("mute", !track.enabled, mute, unmute);
    else press("camera", !track.enabled, camera_off, camera_on);
  }

  async share() {
    this.screen = await navigator.mediaDevices.getDisplayMedia({ video: true }).catch(() => null);
    const [screen] = this.screen?.getVideoTracks() ?? [];
    if (!screen) return;
    screen.addEventListener("ended", () => this.unshare());
    for (const way of this.ways()) way.use(screen);
    this.shown();
  }

  unshare() {
    this.screen?.getTracks().forEach((one) => one.stop());
    this.screen = null;
    for (const way of this.ways()) way.use(this.track("video") ?? null, "video");
    this.shown();
  }

  shown() {
    this.mirror();
    press("share", Boolean(this.screen), this.words.share, this.words.unshare);
  }

  // Nobody sees or hears this side any more: the camera's light goes out.
  hush() {
    this.over = true;
    for (const one of [...this.stream.getTracks(), ...(this.screen?.getTracks() ?? [])]) one.stop();
  }
}
