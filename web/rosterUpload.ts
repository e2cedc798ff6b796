import type { FastifyRequest } from 'fastify';
import type { Previewed } from '#application/roster/preview.ts';
import { listText } from './locale.ts';
import { limitWords } from './upload.ts';

/** Why an upload led nowhere: what to call it, and what to do. */
export type UploadProblem = { title: string; message: string };

/** What is told of a file that is not read, or has no roster in it. */
export const uploadProblem = (
  request: FastifyRequest,
  previewed: Exclude<Previewed, { outcome: 'previewed' }>,
): UploadProblem => {
  const { text } = request;
  if (previewed.outcome === 'refused') {
    return { title: text('roster.refused.title'), message: text(`roster.refused.${previewed.reason}`, limitWords) };
  }
  const { why } = previewed;
  const columns = why.outcome === 'columnsMissing' ? why.columns.map((column) => text(`roster.columns.${column}`)) : [];
  const sheets = why.outcome === 'severalSheets' ? why.sheets : [];
  const fill = { columns: listText(request.locale, columns), sheets: listText(request.locale, sheets) };
  return { title: text('roster.unreadable.title'), message: text(`roster.unreadable.${why.outcome}`, fill) };
};
