import { z } from 'zod';
import { documentKinds, mostDocuments, type SeenDocument } from '#application/evidence.ts';
import { Problem } from '../../problems.ts';

/** What staff typed into the forms of a registration; it is kept until the act succeeds. */
export type Typed = {
  /** Which ending the reasons and the text are for. */
  kind?: 'reject' | 'decline';
  reasons: readonly string[];
  text: string;
  evidence: string;
  documents: readonly SeenDocument[];
};

export const untyped: Typed = { reasons: [], text: '', evidence: '', documents: [] };

const many = z.union([z.string().max(100), z.array(z.string().max(100)).max(20)]).transform((value) => [value].flat());
const longText = z.string().max(2000).default('');

/** Ids of commands as the pages make them: UUIDv7 whose last byte is zero. */
const commandId = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{10}00$/);

const form = z.looseObject({
  commandId,
  basedOn: z.coerce.number().int().min(0).max(1_000_000),
  step: z.enum(['preview', 'confirm', 'edit', 'find']).default('preview'),
  reasons: many.default([]),
  text: longText,
  evidence: longText,
  askedAt: z.string().max(40).default(''),
  office: z.string().max(20).default(''),
  find: z.string().max(60).default(''),
});

const documentsIn = (body: Readonly<Record<string, unknown>>): readonly SeenDocument[] => {
  const text = (name: string) => (typeof body[name] === 'string' ? String(body[name]).trim().slice(0, 500) : '');
  return Array.from({ length: mostDocuments }, (_, n) => ({
    kind: documentKinds.find((kind) => kind === text(`document${n}`)) ?? ('' as const),
    number: text(`number${n}`),
    shows: text(`shows${n}`),
  })).filter(({ kind, number, shows }) => kind !== '' || number !== '' || shows !== '');
};

/** A form of a registration's page; throws `invalid` where it is none. */
export const formOf = (body: unknown) => {
  const parsed = form.safeParse(body);
  if (!parsed.success) throw new Problem('invalid');
  const { reasons, text, evidence, ...rest } = parsed.data;
  const typed: Typed = { reasons, text, evidence, documents: documentsIn(parsed.data) };
  return { ...rest, typed };
};

export type CaseForm = ReturnType<typeof formOf>;
