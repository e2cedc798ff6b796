/** A form with a file as browsers send it. */
export const formWith = async (
  fields: Readonly<Record<string, string>>,
  file?: { name: string; bytes: Uint8Array },
): Promise<{ payload: Buffer; headers: { 'content-type': string } }> => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  if (file !== undefined) form.append('file', new Blob([Buffer.from(file.bytes)]), file.name);
  const sent = new Response(form);
  const payload = Buffer.from(await sent.arrayBuffer());
  return { payload, headers: { 'content-type': sent.headers.get('content-type') ?? '' } };
};
