// What stands on the page of a call, and how it is changed.

export const byId = (id) => document.getElementById(id);

export const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_whole, name) => facts[name]);

export function press(id, on, off_text, on_text) {
  const button = byId(id);
  button.setAttribute("aria-pressed", String(on));
  const text = on ? on_text : off_text;
  if (button.lastChild.textContent !== text) button.lastChild.textContent = text;
}

// Somebody's picture, with their name under it; `seen` is called with the first of its frames.
export function tile(id, title, stream, seen) {
  const item = document.createElement("li");
  item.className = "tile";
  item.id = `person-${id}`;
  const video = document.createElement("video");
  video.autoplay = video.playsInline = true;
  video.setAttribute("playsinline", "");
  const name = document.createElement("p");
  name.textContent = title;
  item.append(video, name);
  byId("stage").prepend(item);
  // Set once: a new object for each track would break off what begins to play.
  video.srcObject = stream;
  video.requestVideoFrameCallback?.(seen);
  return item;
}

// A line of the chat.
export function written(name, words) {
  const item = document.createElement("li");
  const who = document.createElement("b");
  who.textContent = name;
  item.append(who, words);
  byId("said").append(item);
  item.scrollIntoView({ block: "nearest" });
}

// Which devices of a kind there are to choose from.
export function devicesOf(kind, there) {
  const select = byId(kind);
  const options = there.filter((one) => one.kind === kind && one.deviceId).map((one, number) => {
    const option = document.createElement("option");
    option.value = one.deviceId;
    option.textContent = one.label || `${number + 1}`;
    return option;
  });
  select.replaceChildren(...options);
  const can = kind !== "audiooutput" || "setSinkId" in HTMLMediaElement.prototype;
  select.closest(".field").hidden = !options.length || !can;
}
