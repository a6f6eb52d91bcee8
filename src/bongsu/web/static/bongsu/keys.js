// Security keys (WebAuthn): a form with data-key="create" or "get" asks the browser for a key, then is sent with its answer.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const known = (keys) => keys?.map((key) => ({ ...key, id: toBytes(key.id) }));

/** The server's options with its texts as bytes, as browsers take them. */
function asked({ publicKey }) {
  const options = { ...publicKey, challenge: toBytes(publicKey.challenge) };
  if (options.user) options.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) options.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) options.allowCredentials = known(options.allowCredentials);
  return { publicKey: options };
}

/** A key's answer as JSON, by the names of the standard (WebAuthn Level 3, RegistrationResponseJSON and the like). */
function answered(credential) {
  const { response } = credential;
  const said = { clientDataJSON: toText(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = toText(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: said,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ask(form) {
  const said = form.querySelector("[data-key-said]");
  said.hidden = true;
  try {
    if (!navigator.credentials?.create || !window.PublicKeyCredential) throw new TypeError("absent");
    const data = JSON.parse(document.getElementById(form.dataset.keyOptions).textContent);
    const options = asked(form.dataset.key === "create" ? data.creation_options : data.request_options);
    const credential = await navigator.credentials[form.dataset.key](options);
    form.elements.credential.value = JSON.stringify(answered(credential));
    form.submit();
  } catch (error) {
    said.textContent = error.message === "absent" ? said.dataset.absent : said.dataset.refused;
    said.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-key]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
