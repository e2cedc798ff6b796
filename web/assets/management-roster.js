const pauseMs = 700;

const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMs));

const fresh = async () => {
  const response = await fetch(location.href, { headers: { 'x-background': '1', accept: 'text/html' } });
  if (!response.ok) throw new Error(String(response.status));
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  return page.getElementById('roster-job');
};

/** Lets an import's page follow it; what it came to takes the place of the progress bar. */
export const startRoster = async () => {
  for (let part = document.querySelector('#roster-job[data-progress]'); part !== null; ) {
    await pause();
    const next = await fresh().catch(() => undefined);
    if (next === null) return location.reload();
    if (next === undefined) continue;
    part.replaceWith(document.adoptNode(next));
    part = document.querySelector('#roster-job[data-progress]');
  }
  return undefined;
};
