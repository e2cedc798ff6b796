/** Whether this browser reads QR codes by itself and gives pages a camera. */
const canScan = async () => {
  if (!('BarcodeDetector' in globalThis) || navigator.mediaDevices?.getUserMedia === undefined) return false;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes('qr_code');
};

const looksEveryMs = 100;
const mostFailures = 50;

/** Whether a scanned text is of a certificate: its number, or its code with or without an address before it. */
const isOfCertificate = (text) => /^\s*GZ[\d\s-]+$|[\w-]+\.[\w-]+\.[\w-]+\s*$/.test(text);

/** Looks through the camera until a certificate is seen; undefined once stopped. `onOther` is told of other codes. */
const look = async (video, signal, onOther) => {
  const detector = new BarcodeDetector({ formats: ['qr_code'] });
  for (let failures = 0; !signal.aborted; ) {
    const seen = await detector.detect(video).catch(() => undefined);
    failures = seen === undefined ? failures + 1 : 0;
    if (failures > mostFailures) throw new Error('The detector does not work.');
    const texts = (seen ?? []).map(({ rawValue }) => rawValue);
    const found = texts.find(isOfCertificate);
    if (found !== undefined) return found;
    if (texts.length > 0) onOther();
    await new Promise((resolve) => setTimeout(resolve, looksEveryMs));
  }
  return undefined;
};

/** Turns the camera on for as long as `work` takes, and off whatever comes of it. */
const withCamera = async (video, work) => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    return await work();
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = true;
  }
};

const faults = { NotFoundError: 'missing', OverconstrainedError: 'missing', NotReadableError: 'busy' };

/** Scans once; what is said meanwhile and of faults stands in the data attributes of `scan`. */
const scanOnce = async (scan, onText) => {
  const part = (name) => scan.querySelector(`[data-scan-${name}]`);
  const [start, stop, status] = ['start', 'stop', 'status'].map(part);
  const stopping = new AbortController();
  const abort = () => stopping.abort();
  const whenHidden = () => document.hidden && abort();
  const say = (what) => {
    if (status.textContent !== what) status.textContent = what;
  };
  stop.addEventListener('click', abort);
  document.addEventListener('visibilitychange', whenHidden);
  [start.hidden, stop.hidden] = [true, false];
  say(scan.dataset.looking);
  try {
    const video = scan.querySelector('video');
    const text = await withCamera(video, () => look(video, stopping.signal, () => say(scan.dataset.other)));
    say('');
    if (text !== undefined) onText(text);
  } catch (fault) {
    say(scan.dataset[faults[fault.name] ?? 'denied']);
  } finally {
    document.removeEventListener('visibilitychange', whenHidden);
    stop.removeEventListener('click', abort);
    [start.hidden, stop.hidden] = [false, true];
  }
};

/** Offers to scan a certificate, where the browser can; elsewhere says what to do instead. */
export const offerScan = async (scan, onText) => {
  scan.hidden = false;
  if (await canScan()) {
    const start = scan.querySelector('[data-scan-start]');
    start.hidden = false;
    start.addEventListener('click', () => scanOnce(scan, onText));
  } else {
    scan.querySelector('[data-scan-status]').textContent = scan.dataset.none;
  }
};
