// An answer given often: its button puts the words where they are typed, to be changed and sent.
// A passage of an article is added to what is there.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill], [data-add]");
  const box = button && document.getElementById(button.dataset.fill ?? button.dataset.add);
  if (!box) return;
  const before = button.dataset.fill ? "" : box.value.trimEnd();
  box.value = before ? `${before}\n\n${button.dataset.words}` : button.dataset.words;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
