// A note asks a colleague by @ and a user name: those who may be asked are listed while it is typed.
// Arrows choose, Enter or Tab takes, Escape leaves it; the box keeps the focus.
const NAME = /(?:^|[^\w@.])@([\w-]*)$/;

function asking(box) {
  const people = [...document.getElementById(box.dataset.asks).options];
  const list = document.createElement("ul");
  list.className = "asking";
  list.id = `${box.id}-list`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.labels[0]?.textContent ?? "");
  list.hidden = true;
  box.after(list);
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-haspopup", "listbox");
  box.setAttribute("aria-controls", list.id);

  const chosen = () => list.querySelector("[aria-selected=true]");
  const typed = () => NAME.exec(box.value.slice(0, box.selectionStart));

  function close() {
    list.hidden = true;
    box.removeAttribute("aria-activedescendant");
  }

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  }

  function line(person, at) {
    const option = document.createElement("li");
    option.id = `${list.id}-${at}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.name = person.value;
    const name = document.createElement("b");
    name.textContent = `@${person.value}`;
    option.append(name, ` ${person.label}`);
    return option;
  }

  function show() {
    const said = typed()?.[1]?.toLowerCase();
    if (said === undefined) return close();
    const fits = (person) =>
      [person.value, ...person.label.split(" ")].some((word) => word.toLowerCase().startsWith(said));
    const found = people.filter(fits).slice(0, 6);
    list.replaceChildren(...found.map(line));
    if (!found.length) return close();
    list.hidden = false;
    choose(list.firstElementChild);
  }

  function take(option) {
    const [whole, said] = typed() ?? [];
    if (whole !== undefined) {
      const from = box.selectionStart - said.length;
      box.setRangeText(`${option.dataset.name} `, from, box.selectionStart, "end");
    }
    close();
  }

  box.addEventListener("input", show);
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const all = [...list.children];
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" || event.key === "Tab") take(chosen());
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

document.querySelectorAll("[data-asks]").forEach(asking);
