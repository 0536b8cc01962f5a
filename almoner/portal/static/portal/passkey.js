// Passkeys: the server says what to sign, the browser has it signed, the server looks at it.

const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

async function ask(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": csrf(), "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok && said.go) location.assign(said.go);
  if (!answer.ok) throw new Error(said.trouble ?? "");
  return said;
}

const signed = {
  async enter(asked) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
    return navigator.credentials.get({ publicKey });
  },
  async make(asked) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
    return navigator.credentials.create({ publicKey });
  },
};

for (const button of document.querySelectorAll("[data-passkey]")) {
  const { passkey, begin, end, failed, none } = button.dataset;
  const trouble = document.getElementById("passkey-trouble");
  const tell = (text) => {
    trouble.textContent = text;
    trouble.hidden = !text;
  };
  if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) {
    button.disabled = true;
    tell(none);
    continue;
  }
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    tell("");
    try {
      const name = document.getElementById("name")?.value ?? "";
      const made = await signed[passkey](await ask(begin, {}));
      const { go } = await ask(end, { ...made.toJSON(), name });
      location.assign(go);
    } catch (error) {
      tell(error.name === "Error" && error.message ? error.message : failed);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
