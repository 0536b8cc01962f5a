// On by phone by one press. Why is asked afterwards and holds nobody up; for ten seconds whoever pressed can
// take it back themselves, afterwards the clinic can.

import { byId } from "./page.js";

export class ByPhone {
  // `ask(what, body)` asks the server; `guess` answers what seems to be wrong, or nothing.
  constructor({ ask, words, undo_ms, guess, trouble }) {
    Object.assign(this, { ask, words, undo_ms, guess, trouble, mine: false });
    byId("phone")?.addEventListener("click", () => this.go());
    byId("phone-undo")?.addEventListener("click", () => this.back());
    byId("phone-why")?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.why(event.submitter.value);
    });
  }

  async go() {
    this.mine = true;
    await this.act("phone", { reason: this.guess() });
    if (!this.mine) return;
    byId("phone-undo").hidden = byId("phone-why").hidden = false;
    byId("phone-undo").focus();
    setTimeout(() => this.later(), this.undo_ms);
  }

  back() {
    return this.act("phone/back"); // the room then says so, and the page begins anew
  }

  async why(reason) {
    await this.act("phone/why", { reason });
    if (byId("trouble").hidden) byId("why-kept").textContent = this.words.why_kept;
    byId("phone-why").hidden = true;
    byId("main").focus();
  }

  later() {
    if (document.activeElement === byId("phone-undo")) byId("main").focus();
    byId("phone-undo").hidden = true;
  }

  // The visit is over: there is nothing to take back or to say any more.
  close() {
    if (!byId("phone-why")) return;
    byId("phone-undo").hidden = byId("phone-why").hidden = true;
  }

  act(what, body = {}) {
    return this.ask(what, body).then(() => this.trouble("act"), () => {
      if (what === "phone") this.mine = false;
      this.trouble("act", this.words.refused);
    });
  }
}
