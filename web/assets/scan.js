// Reads the QR code of a certificate with the browser's own detector, where it has one.
const scan = document.querySelector('[data-scan]');

const watch = async (video, detector) => {
  for (;;) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code !== undefined) return code.rawValue;
    await new Promise(requestAnimationFrame);
  }
};

const start = async (button, status) => {
  const video = scan.querySelector('video');
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    button.hidden = true;
    video.hidden = false;
    video.srcObject = stream;
    status.textContent = scan.dataset.looking;
    await video.play();
    const text = await watch(video, new BarcodeDetector({ formats: ['qr_code'] }));
    for (const track of stream.getTracks()) track.stop();
    const form = scan.closest('form');
    form.elements.text.value = text;
    form.requestSubmit();
  } catch {
    status.textContent = scan.dataset.denied;
  }
};

const canScan = async () =>
  'BarcodeDetector' in globalThis &&
  navigator.mediaDevices !== undefined &&
  (await BarcodeDetector.getSupportedFormats()).includes('qr_code');

if (scan !== null && (await canScan())) {
  const button = scan.querySelector('[data-scan-start]');
  scan.hidden = false;
  button.addEventListener('click', () => start(button, scan.querySelector('[data-scan-status]')));
}
