const regions = ['live-head', 'live-list'];

const say = (text) => {
  const line = document.getElementById('announcement');
  if (line !== null) line.textContent = text;
};

const countsOf = (root) => JSON.parse(root.getElementById('live-head')?.dataset.counts ?? '{}');

const rowsOf = () => new Set([...document.querySelectorAll('[data-row]')].map((row) => row.dataset.row));

const replaceRegions = (fresh) => {
  const focused = document.activeElement?.id;
  for (const id of regions) {
    const now = fresh.getElementById(id);
    if (now !== null) document.getElementById(id)?.replaceWith(document.adoptNode(now));
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

const markArrived = (before) => {
  for (const row of document.querySelectorAll('[data-row]')) {
    if (!before.has(row.dataset.row)) row.classList.add('arrived');
  }
};

const announce = (page, before, after) => {
  const arrived = (after.submitted ?? 0) - (before.submitted ?? 0);
  say(arrived > 0 ? page.dataset.arrived.replace('{count}', String(arrived)) : page.dataset.changed);
};

const refresh = async (page) => {
  const response = await fetch(location.href, {
    headers: { 'x-background': '1', 'x-fragment': '1', accept: 'text/html' },
  });
  if (response.status === 401) return location.reload();
  if (!response.ok) return undefined;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const before = countsOf(document);
  const rows = rowsOf();
  replaceRegions(fresh);
  markArrived(rows);
  return announce(page, before, countsOf(document));
};

/** One refresh at a time; what comes meanwhile asks for one more. */
const oneAtATime = (work) => {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work().catch(() => undefined);
    }
    running = false;
  };
};

/** Keeps the workbench as it stands on the server: the list changes in place and focus stays where it is. */
export const startLive = () => {
  const page = document.querySelector('[data-live]');
  if (page === null) return;
  const source = new EventSource(page.dataset.live);
  const update = oneAtATime(() => refresh(page));
  let lost = false;
  source.addEventListener('changed', update);
  source.addEventListener('open', () => {
    page.dataset.connected = 'true';
    if (lost) void update();
    lost = false;
  });
  source.addEventListener('error', () => {
    lost = true;
    say(page.dataset.lost);
    // Refused for good: the session may have ended, then nothing of the list stays on the screen.
    if (source.readyState === EventSource.CLOSED) void update();
  });
  addEventListener('pagehide', () => source.close());
};
