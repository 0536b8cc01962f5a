// An answer given often: its button puts the words where they are typed, to be changed and sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  const box = button && document.getElementById(button.dataset.fill);
  if (!box) return;
  box.value = button.dataset.words;
  box.focus();
  box.dispatchEvent(new Event("input", { bubbles: true }));
});
