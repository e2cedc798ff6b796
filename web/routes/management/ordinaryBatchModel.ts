import type { FastifyRequest } from 'fastify';
import { mostAtOnce, type UnissuedFound } from '#application/ordinaryBatch.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { errorsModel } from './caseModel.ts';
import type { BatchForm, TypedRow } from './ordinaryBatchTyped.ts';
import { parityText } from './shown.ts';

type Found = Extract<UnissuedFound, { outcome: 'found' }>;
type Errors = readonly { field: string; message: string }[];

const kindsFor = (request: FastifyRequest, chosen: string) =>
  documentKinds.map((kind) => ({
    kind,
    text: request.text(`verification.documents.${kind}`),
    selected: kind === chosen,
  }));

/** The list to tick, with what was typed before; whoever collects it is taken to be the wife, by her ID card. */
export const batchModel = (request: FastifyRequest, found: Found, form: BatchForm | undefined, errors: Errors) => {
  const typed = new Map(form?.rows.map((row) => [row.id, row]));
  const wrong = new Set(errors.map(({ field }) => field));
  const lines = found.lines.map(({ id, parity, registeredOn, name, spouse }) => {
    const row = typed.get(id);
    return {
      id,
      registeredOn,
      couple: `${name} ${spouse}`,
      parity: parityText(request, parity),
      picked: row?.picked ?? false,
      name: row?.name ?? name,
      documentNumber: row?.documentNumber ?? '',
      kinds: kindsFor(request, row?.document ?? 'idCard'),
      invalid: wrong.has(`documentNumber-${id}`),
    };
  });
  return { lines, more: found.more && mostAtOnce, ...errorsModel([...errors]) };
};

/** What keeps the ticked rows from being shown with their serials: of which field. */
const faultsOf = (request: FastifyRequest, found: Found, picked: readonly TypedRow[]): Errors => {
  const listed = new Set(found.lines.map(({ id }) => id));
  const say = (code: string, name = '') => request.text(`ordinaryBatch.faults.${code}`, { name });
  if (picked.length === 0) return [{ field: 'list', message: say('nonePicked') }];
  return picked.flatMap(({ id, name, documentNumber }) => {
    if (!listed.has(id)) return [{ field: 'list', message: say('gone', name) }];
    const unnamed = name === '' || documentNumber === '';
    return unnamed ? [{ field: `documentNumber-${id}`, message: say('noNumber', name) }] : [];
  });
};

/** Which serial goes to whom: the lowest of the own stock, in the order of the list; or what is to be mended first. */
export const previewOf = (request: FastifyRequest, found: Found, form: BatchForm) => {
  const picked = form.rows.filter((row) => row.picked);
  const faults = faultsOf(request, found, picked);
  if (faults.length > 0) return { errors: faults };
  const parities = new Map(found.lines.map(({ id, parity }) => [id, parity]));
  const left = { 1: [...found.serials[1]], 2: [...found.serials[2]] };
  const rows = picked.map((row) => {
    const parity = parities.get(row.id) === 2 ? 2 : 1;
    const document = request.text(`verification.documents.${row.document}`);
    return { ...row, kind: row.document, document, parity: parityText(request, parity), serial: left[parity].shift() };
  });
  if (rows.some(({ serial }) => serial === undefined)) {
    return { errors: [{ field: 'list', message: request.text('ordinaryBatch.faults.outOfStock') }] };
  }
  return { rows };
};

/** What came of each row that was confirmed: the serial that was issued, or why none was. */
export const resultModel = (form: BatchForm, errors: Errors) => {
  const faults = new Map(errors.map(({ field, message }) => [field, message]));
  const rows = form.rows.map(({ id, name, serial }) => ({ id, name, serial, fault: faults.get(id) }));
  const failed = rows.filter(({ fault }) => fault !== undefined).length;
  return { rows, failed: failed > 0 ? failed : undefined, issued: rows.length - failed };
};
