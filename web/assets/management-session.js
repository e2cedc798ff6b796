const warnBefore = 5 * 60_000;

/** In how many ms the session ends, asked without that counting as use unless `stay`; 0: it has ended. */
const remaining = async (stay) => {
  const headers = { accept: 'application/json', ...(stay ? {} : { 'x-background': '1' }) };
  const response = await fetch('/session', { headers });
  return response.ok ? Number(response.headers.get('x-session-ends-in')) * 1000 : 0;
};

/** Says some minutes ahead that the session is about to end, and lets people go on by one press. */
export const startSessionNotice = () => {
  const notice = document.querySelector('[data-session-ends]');
  if (notice === null) return;
  const [soon, over] = [notice.querySelector('[data-soon]'), notice.querySelector('[data-over]')];
  const show = (left) => {
    notice.hidden = left > warnBefore;
    soon.hidden = left === 0;
    over.hidden = left > 0;
    if (left > 0) setTimeout(look, left > warnBefore ? left - warnBefore : left + 1000);
  };
  const look = () => remaining(false).then(show, () => setTimeout(look, warnBefore));
  notice.querySelector('[data-stay]').addEventListener('click', () => remaining(true).then(show, () => undefined));
  show(Number(notice.dataset.sessionEnds) * 1000);
};
