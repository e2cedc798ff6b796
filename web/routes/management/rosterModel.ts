import type { FastifyRequest } from 'fastify';
import type { RosterJob } from '#application/roster/jobs.ts';
import { keptHours, type RosterPreview } from '#application/roster/kept.ts';
import { topOf } from '#application/roster/places.ts';
import type { Services } from '#application/services.ts';
import type { FaultyRow, RosterEntry } from '#domain/account/roster.ts';
import type { RosterColumn, RosterLine } from '#domain/account/rosterSheet.ts';
import { listText } from '../../locale.ts';
import { faultsLine, faultText } from '../../rosterFaults.ts';
import type { UploadProblem } from '../../rosterUpload.ts';
import { limitWords } from '../../upload.ts';
import { staffOf } from './access.ts';
import { officeName } from './shown.ts';

const mostShown = 200;

/** The page with the upload and the downloads. */
export const startModel = ({ deps }: Services, request: FastifyRequest, problem?: UploadProblem) => {
  const { office } = staffOf(request);
  return {
    title: request.text('roster.title'),
    problem,
    problemCount: problem === undefined ? undefined : 1,
    isTop: topOf(deps.offices, office) === office,
    limits: limitWords,
  };
};

const written = (line: RosterLine | undefined, column: RosterColumn): string => line?.cells[column]?.text ?? '';

const faultyLines = (services: Services, request: FastifyRequest, { faulty, lines }: RosterPreview) => {
  const byRow = new Map(lines.map((line) => [line.row, line]));
  return faulty.slice(0, mostShown).map(({ row, faults }) => {
    const line = byRow.get(row);
    const places = (['prefecture', 'county', 'township'] as const).map((column) => written(line, column));
    return {
      row,
      name: written(line, 'name'),
      place: places.filter((place) => place !== '').join(' '),
      faults: faults.map((fault) => faultText(services, request.locale, fault)),
    };
  });
};

/** How many people of which role come to which office, in the order of the file. */
const newByOffice = (services: Services, entries: readonly RosterEntry[]) =>
  [...Map.groupBy(entries, ({ office }) => office)].map(([office, people]) => ({
    office: officeName(services, office),
    admins: people.filter(({ role }) => role === 'admin').length,
    operators: people.filter(({ role }) => role === 'operator').length,
  }));

const pictureWidth = 1000;

/** One bar of rows by what becomes of them. */
const pictureOf = (counts: readonly (readonly [kind: string, count: number])[]) => {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  let x = 0;
  return counts.map(([kind, count]) => {
    const width = total === 0 ? 0 : (count / total) * pictureWidth;
    x += width;
    return { kind, count, width, x: x - width };
  });
};

/** What was found in an upload, and whether it can be confirmed. */
export const previewModel = (services: Services, request: FastifyRequest, id: string, preview: RosterPreview) => {
  const { file, foot, unread, rows, present, entries, faulty } = preview;
  const newByOffices = newByOffice(services, entries);
  return {
    title: request.text('roster.preview.title', { file: file.name }),
    id,
    counts: { rows, new: entries.length, present, faulty: faulty.length },
    state: faulty.length > 0 ? 'faulty' : entries.length === 0 ? 'nothing' : 'ready',
    ready: faulty.length === 0 && entries.length > 0,
    picture: pictureOf([
      ['new', entries.length],
      ['present', present],
      ['faulty', faulty.length],
    ]),
    faulty: faultyLines(services, request, preview),
    more: faulty.length > mostShown ? { shown: mostShown, count: faulty.length } : undefined,
    newByOffice: newByOffices.slice(0, mostShown),
    foot: Object.keys(foot).length === 0 ? undefined : foot,
    unread: unread.length === 0 ? undefined : listText(request.locale, unread),
  };
};

const lostLines = (services: Services, request: FastifyRequest, problems: readonly FaultyRow[]) =>
  problems.slice(0, mostShown).map((row) => ({ row: row.row, text: faultsLine(services, request.locale, row) }));

/** How far an import has come, or what came of it. */
export const jobModel = (
  services: Services,
  request: FastifyRequest,
  { id, job, hasSlips }: { id: string; job: RosterJob; hasSlips: boolean },
) => ({
  title: request.text('roster.job.title'),
  id,
  job,
  running: job.status === 'running',
  done: job.status === 'done',
  refused: job.status === 'refused',
  failed: job.status === 'failed',
  refreshAfter: job.status === 'running' ? 2 : undefined,
  lost: lostLines(services, request, job.problems),
  lostCount: job.problems.length,
  hasSlips,
  keptHours,
  showSlips: job.status === 'done' && job.registered > 0,
});
