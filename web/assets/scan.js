import { offerScan } from './camera.js';

// Reads the QR code of a certificate with the browser's own detector, where it has one, and sends the form.
const scan = document.querySelector('form [data-scan]');

if (scan !== null) {
  void offerScan(scan, (text) => {
    const form = scan.closest('form');
    form.elements.text.value = text;
    form.requestSubmit();
  });
}
