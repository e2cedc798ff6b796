import { z } from 'zod';
import { type GivenDocument, mostDocuments } from '#application/evidence.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { Problem } from '../../problems.ts';

const decisions = ['reject', 'register', 'decline'] as const;

/** What staff typed into the forms of a registration; it is kept until the act succeeds. */
export type Typed = {
  /** Which decision it is for. */
  kind?: (typeof decisions)[number] | undefined;
  reasons: readonly string[];
  text: string;
  evidence: string;
  documents: readonly GivenDocument[];
};

export const untyped: Typed = { reasons: [], text: '', evidence: '', documents: [] };

const many = z.union([z.string().max(100), z.array(z.string().max(100)).max(20)]).transform((value) => [value].flat());
const longText = z.string().max(2000).default('');

/** Ids of commands as the pages make them: UUIDv7 whose last byte is zero. */
export const commandId = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{10}00$/);

const form = z.looseObject({
  commandId,
  basedOn: z.coerce.number().int().min(0).max(1_000_000),
  step: z.enum(['preview', 'confirm', 'find']).default('preview'),
  reasons: many.default([]),
  text: longText,
  evidence: longText,
  askedAt: z.string().max(40).default(''),
  office: z.string().max(20).default(''),
  find: z.string().max(60).default(''),
});

const documentsIn = (body: Readonly<Record<string, unknown>>): readonly GivenDocument[] => {
  const text = (name: string) => (typeof body[name] === 'string' ? String(body[name]).trim().slice(0, 500) : '');
  return Array.from({ length: mostDocuments }, (_, n) => ({
    kind: documentKinds.find((kind) => kind === text(`document${n}`)) ?? ('' as const),
    number: text(`number${n}`),
    shows: text(`shows${n}`),
  })).filter(({ kind, number, shows }) => kind !== '' || number !== '' || shows !== '');
};

const read = ({ reasons, text, evidence, ...rest }: z.infer<typeof form>) => {
  const typed: Typed = { reasons, text, evidence, documents: documentsIn(rest) };
  return { ...rest, typed };
};

/** A form of a registration's page; throws `invalid` where it is none. */
export const formOf = (body: unknown) => {
  const parsed = form.safeParse(body);
  if (!parsed.success) throw new Problem('invalid');
  return read(parsed.data);
};

/** What was typed into a form that was kept; nothing where it cannot be read. */
export const typedIn = ({ act, body }: { act: string; body: unknown }): Typed => {
  const parsed = form.safeParse(body);
  return parsed.success ? { ...read(parsed.data).typed, kind: decisions.find((one) => one === act) } : untyped;
};

/** Whether there is anything in it that someone would miss. */
export const isTyped = ({ reasons, text, evidence, documents }: Typed): boolean =>
  reasons.length > 0 || documents.length > 0 || text.trim() !== '' || evidence.trim() !== '';

export type CaseForm = ReturnType<typeof formOf>;
