import { crc32, deflateSync } from 'node:zlib';

/** A picture of 8 × 8 pixels. */
export const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAABAX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCOAMvP/9k=',
  'base64',
);

/** A picture of 4 × 4 pixels. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEAQMAAACTPww9AAAAA1BMVEWzFBvEqWMqAAAAC0lEQVQI12NggAAAAAgAAS8g3TEAAAAASUVORK5CYII=',
  'base64',
);

/** A segment of a JPEG, put in right behind its beginning. */
export const jpegWith = (marker: number, data: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
};

/** What a telephone writes of a picture: that it lies on its side, and where it was taken. */
export const telephoneExif = (orientation: number): Buffer =>
  Buffer.concat([
    Buffer.from('Exif\0\0II*\0\x08\0\0\0\x01\0', 'latin1'),
    Buffer.from([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]),
    Buffer.from('\0\0\0\0GPS 26.5783N 106.7135E', 'latin1'),
  ]);

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

const afterHead = 33;

/** A chunk of a PNG, put in right behind its head. */
export const pngWith = (type: string, data: Buffer): Buffer =>
  Buffer.concat([png.subarray(0, afterHead), chunk(type, data), png.subarray(afterHead)]);

/** A PNG that says it is so large. */
export const pngOf = (width: number, height: number): Buffer => {
  const head = Buffer.from(png.subarray(16, 29));
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', head), png.subarray(afterHead)]);
};

/** A PDF of one page, with more objects where a test wants them. */
export const pdf = (catalog = '', more = ''): Buffer =>
  Buffer.from(
    `%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R ${catalog} >>\nendobj\n` +
      `2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n${more}` +
      'trailer\n<< /Root 1 0 R >>\n%%EOF\n',
    'latin1',
  );

/** An object stream as writers of PDF 1.5 pack them. */
export const packed = (objects: string, filter = '/Filter /FlateDecode'): string => {
  const data = deflateSync(Buffer.from(objects, 'latin1')).toString('latin1');
  return `4 0 obj\n<< /Type /ObjStm /N 1 /First 4 ${filter} /Length ${data.length} >>\nstream\n${data}\nendstream\nendobj\n`;
};
