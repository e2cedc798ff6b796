import { z } from 'zod';
import { documentKinds } from '#domain/registration/documents.ts';
import { commandId } from './typed.ts';

const text = (most: number) => z.string().trim().max(most).catch('');
const form = z.looseObject({ commandId, step: z.enum(['edit', 'preview', 'confirm']).catch('preview') });

const person = z.object({
  document: z.enum(documentKinds).catch('idCard'),
  name: text(60),
  documentNumber: text(60),
  serial: text(40),
});

/** Who collects the certificate of one registration, as typed, and whether it is ticked. */
export type TypedRow = z.infer<typeof person> & { id: string; picked: boolean };

const prefix = 'name-';

/** The rows of a form in the order of the page: its fields are named by the registration. */
const rowsIn = (body: Readonly<Record<string, unknown>>): readonly TypedRow[] =>
  Object.keys(body)
    .filter((field) => field.startsWith(prefix))
    .map((field) => field.slice(prefix.length))
    .map((id) => {
      const fields = ['document', 'name', 'documentNumber', 'serial'].map((name) => [name, body[`${name}-${id}`]]);
      return { ...person.parse(Object.fromEntries(fields)), id, picked: body[`pick-${id}`] === '1' };
    });

/** A form of the batch; undefined where it is none. */
export const batchIn = (body: unknown) => {
  const parsed = form.safeParse(body);
  if (!parsed.success) return undefined;
  const { step, commandId: id } = parsed.data;
  return { step, commandId: id, rows: rowsIn(parsed.data) };
};
export type BatchForm = NonNullable<ReturnType<typeof batchIn>>;
