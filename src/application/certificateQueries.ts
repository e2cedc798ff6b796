import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import { normaliseCertificateNumber } from '#domain/certificate/certificateNumber.ts';
import { certificateDecider, type VoidReason } from '#domain/certificate/decide.ts';
import { maskName } from '#domain/people/mask.ts';
import { parseSerial, serialText } from '#domain/stock/serial.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import { type AccessRecords, fromOf, type Viewer } from './access.ts';
import { shownBirths } from './annotatedBirths.ts';
import { codeIn } from './certificateCodes.ts';
import type { Deps } from './deps.ts';
import type { RenderedDocument } from './documents.ts';
import { handleCommand } from './handleCommand.ts';
import { nameOn } from './offices.ts';
import { registrationRow } from './opened.ts';

/** That children were born, how many, and in which month (YYYY-MM): not on which day, nor of which sex. */
type Born = { liveBorn: number; month: string; institution: string };

/** What anyone learns who scans or types a certificate (C1): whether it holds, with masked names. */
export type Verification =
  | {
      outcome: 'valid';
      number: string;
      kind: CertificateRow['kind'];
      parity: number;
      office: string;
      issuedOn: string;
      wife: string;
      husband: string;
      born?: Born;
    }
  /** It was issued by this platform and no longer holds; the number in its place is for its bearer to show. Without names once erased. */
  | {
      outcome: 'void';
      number: string;
      reason: VoidReason;
      voidedOn: string;
      kind: CertificateRow['kind'];
      parity: number;
      office: string;
      issuedOn: string;
      wife?: string;
      husband?: string;
    }
  /** It was issued by this platform; the couple's personal data have since been erased as the rules ask. */
  | { outcome: 'erased'; number: string; issuedOn: string; erasedOn: string }
  | { outcome: 'unknown' }
  /** The code was not signed by this platform, or was changed since. */
  | { outcome: 'forged' };

const rowOf = async (deps: Deps, number: string): Promise<CertificateRow | undefined> => {
  const [row] = await deps.viewStore.get('certificate', [number]);
  return row as CertificateRow | undefined;
};

const contentOf = async (deps: Deps, row: CertificateRow): Promise<CertificateContent | undefined> => {
  if (row.status === 'erased') return undefined;
  const opened = (await deps.sealing.open(row.personal, `certificate-${row.id}`)) as
    | { content: Omit<CertificateContent, 'verifyUrl' | 'specimen'> }
    | undefined;
  const births = await shownBirths(deps, await registrationRow(deps, row.registrationId));
  const verifyUrl = `${deps.publicUrl}/verify/${row.code}`;
  return opened && { ...opened.content, verifyUrl, specimen: deps.demo, ...(births && { births }) };
};

const maskedNames = ({ wife, husband }: CertificateContent) => ({
  wife: maskName(wife.name),
  husband: maskName(husband.name),
});

const bornOf = ({ births }: CertificateContent): { born?: Born } => {
  const [first] = births?.children.map(({ bornOn }) => bornOn).toSorted() ?? [];
  if (births === undefined || first === undefined) return {};
  return { born: { liveBorn: births.children.length, month: first.slice(0, 7), institution: births.institution.name } };
};

const voided = async (deps: Deps, row: CertificateRow, reason: VoidReason, voidedOn: string): Promise<Verification> => {
  const content = await contentOf(deps, row);
  const { id: number, kind, parity, issuedOn } = row;
  const office = nameOn(deps.offices, row.office, issuedOn);
  const names = content && maskedNames(content);
  return { outcome: 'void', number, reason, voidedOn, kind, parity, office, issuedOn, ...names };
};

/** The number of a certificate of either kind as typed, in its one spelling: of an ordinary one its serial. */
export const normalisedNumber = (text: string): string | undefined => {
  const printed = parseSerial(text);
  return printed ? serialText(printed.parity, printed.serial) : normaliseCertificateNumber(text);
};

const byNumber = async (deps: Deps, text: string): Promise<Verification> => {
  const number = normalisedNumber(text);
  const row = number === undefined ? undefined : await rowOf(deps, number);
  if (row?.reason !== undefined && row.voidedOn !== undefined) return voided(deps, row, row.reason, row.voidedOn);
  if (row?.status === 'erased') {
    return { outcome: 'erased', number: row.id, issuedOn: row.issuedOn, erasedOn: row.erasedOn };
  }
  const content = row && (await contentOf(deps, row));
  if (row === undefined || content === undefined) return { outcome: 'unknown' };
  const { kind, parity, issuedOn, office } = content;
  return {
    outcome: 'valid',
    number: row.id,
    kind,
    parity,
    office: office.name,
    issuedOn,
    ...maskedNames(content),
    ...bornOf(content),
  };
};

/** Printing and verifying certificates (C1, C2, §3.1.3); who sees one is recorded (S6). */
export const certificateQueries = (deps: Deps, access: AccessRecords) => {
  const issuedFor = async (registrationId: string): Promise<CertificateRow | undefined> => {
    const number = (await registrationRow(deps, registrationId))?.certificate;
    const row = number === undefined ? undefined : await rowOf(deps, number);
    return row?.status === 'valid' ? row : undefined;
  };
  const shown = async <T>(
    registrationId: string,
    viewer: Viewer,
    what: 'opened' | 'printed',
    make: (content: CertificateContent) => Promise<T> | T,
  ): Promise<T | undefined> => {
    const row = await issuedFor(registrationId);
    const content = row && (await contentOf(deps, row));
    if (row === undefined || content === undefined) return undefined;
    const subject = { kind: 'certificate', id: row.id, office: row.office } as const;
    return access.shown(viewer, { subject, what, shown: [registrationId] }, () => make(content));
  };
  return {
    /** Whether the certificate of a registration is there. */
    isIssued: async (registrationId: string): Promise<boolean> => (await issuedFor(registrationId)) !== undefined,

    /** The certificate of a registration, ready to be shown; undefined before it is issued. */
    content: (registrationId: string, viewer: Viewer): Promise<CertificateContent | undefined> =>
      shown(registrationId, viewer, 'opened', (content) => content),

    /** Its PDF, and the record that it was made for someone. */
    pdf: async (registrationId: string, viewer: Viewer): Promise<RenderedDocument | { outcome: 'absent' }> => {
      const { actor } = viewer;
      const made = await shown(registrationId, viewer, 'printed', async (found) => {
        const rendered = await deps.documents.pdf({ kind: 'certificate', on: found.issuedOn, content: found });
        if (rendered.outcome !== 'rendered') return rendered;
        const channel = actor.kind === 'staff' ? ('staff' as const) : ('applicant' as const);
        const print = { number: found.number, channel, sha256: rendered.sha256 };
        const act = { commandId: deps.ids(), actor, from: fromOf(deps.sealing, viewer.from) };
        await handleCommand(deps, certificateDecider, found.number, { type: 'PrintCertificate', print }, act);
        return rendered;
      });
      return made ?? { outcome: 'absent' };
    },

    /** Verifies a certificate number as typed, or the code as scanned (a token, or the address it stands in). */
    verify: async (text: string): Promise<Verification> => {
      const token = codeIn(text);
      if (token === undefined) return byNumber(deps, text);
      const verified = await deps.certificateCodes.verify(token);
      return verified.outcome === 'forged' ? verified : byNumber(deps, verified.claims.n);
    },
  };
};
