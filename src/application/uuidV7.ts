/**
 * Sixteen bytes, which are changed, as a UUIDv7 whose last byte is zero: the events of one command number themselves in it.
 * Its first six bytes are the time where one is given (ms since 1970), else as they were.
 */
export const uuidV7 = (bytes: Buffer, time?: number): string => {
  if (time !== undefined) bytes.writeUIntBE(time, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  bytes[15] = 0;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
