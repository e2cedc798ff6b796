import { normaliseCertificateNumber } from '#domain/certificate/certificateNumber.ts';
import { parseStockId, stockId } from '#domain/stock/numbers.ts';
import { single } from '#domain/stock/ranges.ts';
import { parseSerial } from '#domain/stock/serial.ts';
import { stockSets } from '#domain/stock/state.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { ShortNumberRow } from '#projections/shortNumber.ts';
import type { Staff } from './actor.ts';
import type { RecordId } from './auditQueries.ts';
import { authorise, type Forbidden } from './authorise.ts';
import type { Deps } from './deps.ts';
import { registrationRow } from './opened.ts';
import { topOf } from './stockActing.ts';
import { sendingOf } from './stockArrivals.ts';
import { placesOf } from './stockPlaces.ts';

/** A record as someone typed it; `several`: a short number of more than one registration of their subtree. */
export type AuditFound =
  | { outcome: 'found'; record: RecordId }
  | { outcome: 'absent' }
  | { outcome: 'several' }
  | { outcome: 'forbidden'; reason: Forbidden };

const uuid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;
const short = /^[\da-f]{8}$/;

const registrationOfCertificate = async (deps: Deps, number: string): Promise<readonly string[]> => {
  const [row] = (await deps.viewStore.get('certificate', [number])) as readonly (CertificateRow | undefined)[];
  return row === undefined ? [] : [row.registrationId];
};

/** The registrations of their subtree that are meant by an id, an address with it, a short number, or a certificate's number. */
const registrations = async (deps: Deps, staff: Staff, typed: string): Promise<readonly string[]> => {
  const text = typed.toLowerCase();
  const [whole] = uuid.exec(text) ?? [];
  if (whole !== undefined) return (await registrationRow(deps, whole)) === undefined ? [] : [whole];
  const number = normaliseCertificateNumber(typed);
  if (number !== undefined) return registrationOfCertificate(deps, number);
  if (!short.test(text)) return [];
  const [row] = (await deps.viewStore.get('shortNumber', [text])) as readonly (ShortNumberRow | undefined)[];
  const rows = await Promise.all((row?.registrations ?? []).map((id) => registrationRow(deps, id)));
  return rows.flatMap((one) => (one && deps.offices.isWithin(one.office, staff.office) ? [one.id] : []));
};

const accounts = async (deps: Deps, typed: string): Promise<readonly string[]> => {
  const account = typed.toLowerCase();
  if (!/^[\w.@-]{1,60}$/.test(account)) return [];
  const [first] = await deps.eventStore.readStream(`account-${account}`);
  return first !== undefined || (await deps.staff.find(account)) !== undefined ? [account] : [];
};

const certificates = async (deps: Deps, typed: string): Promise<readonly string[]> => {
  const number = normaliseCertificateNumber(typed);
  return number === undefined || (await registrationOfCertificate(deps, number)).length === 0 ? [] : [number];
};

/** A stock by its office and parity, or the one in which a serial is by the books. */
const stocks = async (deps: Deps, staff: Staff, typed: string): Promise<readonly string[]> => {
  const serial = parseSerial(typed);
  if (serial === undefined) {
    const id = typed.toUpperCase();
    return parseStockId(id) === undefined || deps.offices.find(parseStockId(id)?.office ?? '') === undefined
      ? []
      : [id];
  }
  const top = topOf(deps.offices, deps.offices.current(staff.office));
  const [place] = await placesOf(deps, top, serial.parity, [single(serial.serial)]);
  const held = stockSets.some((set) => set === place?.where);
  return held ? [stockId(place?.of ?? '', serial.parity)] : [];
};

const idsOf = async (deps: Deps, staff: Staff, { kind, id }: RecordId): Promise<readonly string[]> => {
  switch (kind) {
    case 'registration':
      return registrations(deps, staff, id);
    case 'certificate':
      return certificates(deps, id);
    case 'account':
      return accounts(deps, id);
    case 'stock':
      return stocks(deps, staff, id);
    case 'shipment':
      return (await sendingOf(deps, id.toUpperCase())) === undefined ? [] : [id.toUpperCase()];
    case 'organisation':
      return deps.offices.find(id.toUpperCase()) === undefined ? [] : [id.toUpperCase()];
  }
};

/** Which record is meant by what an auditor typed; whether they may read its trail is asked when they open it. */
export const findRecord = async (deps: Deps, staff: Staff, typed: RecordId): Promise<AuditFound> => {
  const allowed = authorise(staff, { act: 'readAuditTrail', office: staff.office }, deps.offices);
  if (allowed.outcome === 'forbidden') return allowed;
  const [id, ...others] = await idsOf(deps, staff, { kind: typed.kind, id: typed.id.trim() });
  if (id === undefined) return { outcome: 'absent' };
  return others.length > 0 ? { outcome: 'several' } : { outcome: 'found', record: { kind: typed.kind, id } };
};
