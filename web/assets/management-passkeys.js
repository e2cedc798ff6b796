/** What the server offers to sign; whoever has to show first who they are is led there. */
const optionsFor = async (form) => {
  const body = new URLSearchParams({ _csrf: form.elements._csrf.value });
  const response = await fetch(form.dataset.options, { method: 'POST', body, headers: { accept: 'application/json' } });
  if (response.status === 403) location.assign(`/sign-in/again?${new URLSearchParams({ to: location.pathname })}`);
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
};

// Not a file of ours: the site serves it out of its package.
const library = '/assets/webauthn.js';

const webauthn = async () => {
  await import(library);
  return globalThis.SimpleWebAuthnBrowser;
};

/** Asks the device, then sends its answer as the form that it belongs to. */
const ask = async (form) => {
  const error = form.querySelector('[data-passkey-error]');
  error.hidden = true;
  try {
    const { startAuthentication, startRegistration } = await webauthn();
    const optionsJSON = await optionsFor(form);
    const answer = await (form.dataset.passkey === 'add' ? startRegistration : startAuthentication)({ optionsJSON });
    form.elements.answer.value = JSON.stringify(answer);
    form.submit();
  } catch {
    error.hidden = false;
    delete form.dataset.sent;
  }
};

/** Shows what needs passkeys where the browser has them. */
export const startPasskeys = () => {
  if (!('PublicKeyCredential' in globalThis)) return;
  for (const form of document.querySelectorAll('[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!form.dataset.sent) void ask(form);
    });
  }
};
