// Passkeys: ask the browser's authenticator, and send its answer with an ordinary form.
// A form with data-passkey ("create" or "get") is shown only where passkeys work.

export const isSupported = Boolean(
  window.PublicKeyCredential?.parseRequestOptionsFromJSON && navigator.credentials,
);

/** The answer to a request for a known passkey, as JSON text. */
export async function assertion(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  return JSON.stringify(await navigator.credentials.get({ publicKey }));
}

/** A new passkey, as JSON text. One that can log in by itself where the device can. */
async function attestation(options) {
  const wish = { residentKey: "preferred", userVerification: "preferred" };
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON({
    ...options.publicKey,
    authenticatorSelection: { ...options.publicKey.authenticatorSelection, ...wish },
  });
  return JSON.stringify(await navigator.credentials.create({ publicKey }));
}

export async function optionsFrom(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).request_options;
}

async function send(form) {
  const { passkey, options, optionsUrl } = form.dataset;
  const asked = optionsUrl
    ? await optionsFrom(optionsUrl)
    : Object.values(JSON.parse(document.getElementById(options).textContent))[0];
  if (!asked) throw new Error("no passkey");
  form.elements.credential.value = await (passkey === "create" ? attestation(asked) : assertion(asked));
  form.submit();
}

if (isSupported) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.querySelector("[data-passkey-problem]");
      problem.hidden = true;
      try {
        await send(form);
      } catch {
        problem.hidden = false;
      }
    });
  }
}
