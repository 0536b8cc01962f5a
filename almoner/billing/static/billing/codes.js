// Code search below a field: the server searches, arrows and Enter choose. The field keeps the focus.
const form = document.querySelector("[data-code-search]");
const PAUSE = 120; // milliseconds of quiet before asking

let serial = 0;

function listFor(input) {
  const list = document.createElement("ul");
  list.className = "codes";
  list.id = `codes-${++serial}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
  list.hidden = true;
  input.after(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  return list;
}

function line(found, id) {
  const option = document.createElement("li");
  option.id = id;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.code = found.code;
  const code = document.createElement("b");
  const says = document.createElement("span");
  const more = document.createElement("small");
  code.textContent = found.code;
  says.textContent = found.says;
  more.textContent = found.more;
  option.append(code, says, more);
  return option;
}

function searching(input) {
  const list = listFor(input);
  let asked = 0;
  let timer = 0;
  let waiting = false; // for what was typed last; the list still shows what was typed before
  let wanted = false; // Enter or Tab came first: the best answer is taken when it is there

  const options = () => [...list.children];
  const chosen = () => list.querySelector("[aria-selected=true]");

  function close() {
    asked += 1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  function take(option) {
    input.value = option.dataset.code;
    close();
  }

  function show(found) {
    waiting = false;
    list.replaceChildren(...found.map((each, at) => line(each, `${list.id}-${at}`)));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    choose(list.firstElementChild);
    if (wanted && found.length) take(list.firstElementChild);
    wanted = false;
  }

  async function ask() {
    const mine = ++asked;
    const about = new URLSearchParams({ q: input.value, kind: input.dataset.codes, day: form.dataset.day });
    const answer = await fetch(`${form.dataset.codeSearch}?${about}`, { headers: { Accept: "application/json" } });
    if (mine !== asked) return;
    if (!answer.ok) return show([]);
    const { codes } = await answer.json();
    if (mine === asked) show(codes);
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asked += 1; // an answer still on its way is to other words
    wanted = false;
    waiting = input.value.trim().length >= 2;
    if (!waiting) return close();
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("blur", () => wanted || setTimeout(close, 100));
  input.addEventListener("keydown", (event) => {
    if (waiting && (event.key === "Enter" || event.key === "Tab")) {
      wanted = true;
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    if (list.hidden) return;
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && chosen()) take(chosen());
    else if (event.key === "Tab" && chosen()) return take(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

form?.querySelectorAll("[data-codes]").forEach(searching);
