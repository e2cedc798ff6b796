const show = (place, href) => {
  if (place.childElementCount > 0) return;
  const notice = Object.assign(document.createElement('p'), { className: 'notice warning done' });
  const link = Object.assign(document.createElement('a'), { href, textContent: place.dataset.link });
  notice.append(place.dataset.text, ' ', link);
  place.append(notice);
};

/** Tells at once when someone else acts on the registration that is open; nothing that is typed is touched. */
export const startWatch = () => {
  const place = document.querySelector('[data-watch]');
  if (place === null) return;
  const source = new EventSource(place.dataset.events);
  source.addEventListener('open', () => {
    place.dataset.connected = 'true';
  });
  source.addEventListener('changed', ({ data }) => {
    const own = document.querySelector('[data-sent]') !== null;
    if (!own && JSON.parse(data).changed.includes(place.dataset.watch)) {
      show(place, `/registrations/${place.dataset.watch}`);
    }
  });
  addEventListener('pagehide', () => source.close());
};
