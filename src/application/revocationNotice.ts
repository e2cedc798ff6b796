import type { Day } from '#domain/calendar/day.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { AccessRecords, Viewer } from './access.ts';
import { registrationSubject } from './accessBasis.ts';
import type { Deps } from './deps.ts';
import type { RenderedDocument } from './documents.ts';
import { nameOn } from './offices.ts';
import { openData, registrationRow } from './opened.ts';

/** What stands on the notice by which a couple is told of a revocation (R10); what its evidence names stays in the file. */
export type RevocationNotice = {
  wife: string;
  husband: string;
  parity: number;
  certificate: string;
  reasons: readonly string[];
  text: string;
  heardOn: Day;
  /** What they said when told, or that they said nothing, as whoever revoked wrote it down. */
  statement: string;
  revokedOn: Day;
  office: { code: string; name: string };
  /** Demo: carries “样证”. */
  specimen: boolean;
};

const openTexts = async (deps: Deps, row: RegistrationRow): Promise<{ text?: string; statement?: string }> =>
  row.outcome === undefined ? {} : ((await deps.sealing.open(row.outcome, `registration-${row.id}`)) ?? {});

const contentOf = (
  deps: Deps,
  row: RegistrationRow,
  { wife, husband }: RegistrationData,
  { text = '', statement = '' }: { text?: string; statement?: string },
): RevocationNotice | undefined => {
  if (row.revoked === undefined) return undefined;
  const { by, on, heardOn } = row.revoked;
  const name = nameOn(deps.offices, by, on);
  return {
    wife: wife.name,
    husband: husband.name,
    parity: row.parity,
    certificate: row.certificate ?? '',
    reasons: row.reasons ?? [],
    text,
    heardOn,
    statement,
    revokedOn: on,
    office: { code: by, name },
    specimen: deps.demo,
  };
};

/** The notice of a revocation as PDF; that it was made for someone is recorded (S6). `absent`: nothing was revoked, or it was erased. */
export const revocationNotice = async (
  deps: Deps,
  access: AccessRecords,
  id: string,
  viewer: Viewer,
): Promise<RenderedDocument | { outcome: 'absent' }> => {
  const row = await registrationRow(deps, id);
  const data = row && (await openData(deps, row));
  if (row === undefined || data === undefined) return { outcome: 'absent' };
  const content = contentOf(deps, row, data, await openTexts(deps, row));
  if (content === undefined) return { outcome: 'absent' };
  const viewing = { subject: registrationSubject(row), what: 'printed' } as const;
  return access.shown(viewer, viewing, () =>
    deps.documents.pdf({ kind: 'revocationNotice', on: content.revokedOn, content }),
  );
};
