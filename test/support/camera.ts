/** A camera that sees one QR code, for a browser without a camera or a detector. */
export const cameraThatSees = (text: string) => `
  globalThis.BarcodeDetector = class {
    static getSupportedFormats = async () => ['qr_code'];
    detect = async () => [{ rawValue: ${JSON.stringify(text)} }];
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    setInterval(() => context.fillRect(0, 0, 9, 9), 20);
    return canvas.captureStream();
  };`;
