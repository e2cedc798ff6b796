import type { Viewer } from '#application/access.ts';
import type { Staff } from '#application/actor.ts';
import type { Office } from '#application/offices.ts';
import type { Services } from '#application/services.ts';
import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { declarationOf } from './declarations.ts';

/** Whom each office of a tree reports to; '' at the top. */
export type Parents = Readonly<Record<string, string>>;

/** The small province of the test as it is established, told once more, by hand. */
export const established: Parents = {
  '52': '',
  '5201': '52',
  '520111': '5201',
  '520111004': '520111',
  '520111005': '520111',
  '520111-H01': '520111',
  '520103': '5201',
  '520103019': '520103',
};

/** What someone asks about in which tree: an office, an account there, and a registration there (of the asker themselves where `own`). */
export type Target = {
  parents: Parents;
  office: string;
  role: Role;
  account: string;
  registration: string;
  people: readonly string[];
  details: AccountDetails;
};

/** A call of a service, and whether this member of staff may be let through to it, by rules written down here once more. */
export type ServiceCall = {
  ask: (services: Services, staff: Staff, target: Target) => unknown;
  may: (staff: Staff, target: Target) => boolean;
};

type Place = Pick<Target, 'office' | 'parents'>;

const isAtOrBelow = ({ office, parents }: Place, top: string): boolean => {
  const above = parents[office] ?? '';
  return office === top || (above !== '' && isAtOrBelow({ office: above, parents }, top));
};

const holdsOne = ({ authorisations: held }: Staff, ...wanted: readonly Authorisation[]) =>
  wanted.some((one) => held.includes(one));
const decides =
  (act: 'review' | 'register') =>
  (staff: Staff, { office, people }: Target) =>
    staff.verified &&
    staff.role === 'operator' &&
    holdsOne(staff, act) &&
    staff.office === office &&
    !people.includes(staff.person);
/** By the level right above, nobody on their own. */
const revokes = (staff: Staff, { office, parents, people }: Target) =>
  staff.verified &&
  staff.role === 'operator' &&
  holdsOne(staff, 'supervise') &&
  parents[office] === staff.office &&
  parents[office] !== '' &&
  !people.includes(staff.person);
/** At the own counter for a registration of any office, nobody on their own (C4). */
const issues = (staff: Staff, { people }: Pick<Target, 'people'>) =>
  staff.verified &&
  staff.role === 'operator' &&
  holdsOne(staff, 'issueOrdinaryCertificates') &&
  !people.includes(staff.person);
/** At their own counter, of nobody's registration. */
const issuesAtAll = (staff: Staff) => issues(staff, { people: [] });
const actAnew = (services: Services, staff: Staff) => ({ staff, commandId: services.deps.ids() });
const unnamed = { document: 'idCard', name: '', documentNumber: '' } as const;
const spoiltSerial = { serial: 'GZ1-2026-00000001', reason: 'spoilt', note: '' } as const;
const approves = (staff: Staff, target: Target) => decides('register')(staff, target) || revokes(staff, target);
const handlesScans = (staff: Staff, target: Target) =>
  decides('review')(staff, target) || decides('register')(staff, target);
const reads = (staff: Staff, place: Place) =>
  staff.verified &&
  holdsOne(staff, 'review', 'register', 'supervise', 'enterOnSite', 'issueOrdinaryCertificates') &&
  isAtOrBelow(place, staff.office);
/** Who sees masked may not print: that is for who decides on registrations there. */
const prints = (staff: Staff, target: Target) =>
  reads(staff, target) &&
  (['review', 'register'] as const).some((act) => decides(act)(staff, { ...target, people: [] }));
const administers = (staff: Staff, place: Place) =>
  staff.verified && staff.role === 'admin' && isAtOrBelow(place, staff.office);
const arranges = (staff: Staff, target: Target) =>
  administers(staff, target) && (target.office !== staff.office || staff.office === '52');
const manages = (staff: Staff, { parents, office, role, account }: Target) => {
  if (!staff.verified || staff.role !== 'admin' || account === staff.account) return false;
  if (office === staff.office) return role === 'operator' || office === '52';
  return role === 'admin' && parents[office] === staff.office;
};
const keeps = (staff: Staff, { office }: Place) =>
  staff.verified && staff.role === 'operator' && holdsOne(staff, 'manageStock') && staff.office === office;
/** Whoever manages the stock right above. */
const supplies = (staff: Staff, { office, parents }: Place) =>
  staff.verified &&
  staff.role === 'operator' &&
  holdsOne(staff, 'manageStock') &&
  parents[office] === staff.office &&
  parents[office] !== '';
/** From a stock of their own: institutions have none. */
const grants = (staff: Staff, place: Place) => supplies(staff, place) && !staff.office.includes('-');
const seconds = (staff: Staff, place: Place) => keeps(staff, place) || supplies(staff, place);
const seesStock = (staff: Staff, place: Place) =>
  staff.verified &&
  holdsOne(staff, 'manageStock', 'supervise', 'viewStatistics', 'issueOrdinaryCertificates') &&
  isAtOrBelow(place, staff.office);
const audits = (staff: Staff, place: Place) =>
  staff.verified && holdsOne(staff, 'readAuditTrail') && isAtOrBelow(place, staff.office);
const sees = (staff: Staff, place: Place) => staff.verified && isAtOrBelow(place, staff.office);

// Based on a revision that no page ever showed: who is let through learns that, and nothing changes.
const basedOn = 999_999;
const act = (services: Services, staff: Staff) => ({ staff, commandId: services.deps.ids(), basedOn });

const basis = { source: 'documents', answer: 'absent', askedAt: '2026-11-24T02:00:00.000Z', differences: [] } as const;
const evidence = { basis, evidence: { evidence: '已核对结婚证原件' } };
const corrected = { data: declarationOf('520111004005'), reason: '录入时漏写一字，与身份证不符', documents: [] };
const revocation = {
  reasons: ['other'] as const,
  text: '经查登记有误，予以撤销',
  evidence: '复核记录一份在案',
  heardOn: '2026-11-20',
  statement: '未作陈述',
};
/** What is entered on site: of the couple of the test where there is one at the office, and with too many children to be taken. */
const villages = ['520111004005', '520111005001', '520103019001'];
const entryAt = (office: string) => {
  const n = villages.findIndex((village) => village.startsWith(office) && office.length === 9);
  return { ...declarationOf(villages[n] ?? '520111004005', n < 0 ? 9 : n), application: { parity: 9 } };
};
const entersOnSite = (staff: Staff, { office, people }: Target) =>
  staff.verified &&
  staff.role === 'operator' &&
  holdsOne(staff, 'enterOnSite') &&
  staff.office === entryAt(office).declaration.place &&
  !people.includes(staff.person);
/** Where what is entered on site is registered: a township's office, or a county's own desk. */
const sitsAtDesk = (staff: Staff) =>
  staff.verified && staff.role === 'operator' && holdsOne(staff, 'enterOnSite') && /^\d{6}(\d{3})?$/.test(staff.office);
const checks = (staff: Staff) =>
  staff.verified && staff.role === 'operator' && holdsOne(staff, 'checkRegistration') && staff.office.includes('-');
/** Births of couples of any office, nobody their own (M2). */
const annotates = (staff: Staff, { people }: Target) =>
  staff.verified &&
  staff.role === 'operator' &&
  holdsOne(staff, 'annotateBirth') &&
  staff.office.includes('-') &&
  !people.includes(staff.person);
const atCounter = { of: 'wife', document: 'idCard', documentNumber: '520111199512249003' } as const;
const nobody = { name: '', idNumber: '', mobile: '' };

/** An organisation that is none of the province's: what could be above it, or go on for it. */
const elsewhere: Office = {
  code: '?',
  kind: 'institution',
  level: 'county',
  division: '?',
  parent: '?',
  name: '',
  status: 'active',
  phone: '',
  address: '',
  complete: true,
  names: [],
};
const isInstitution = ({ office }: Target) => office.includes('-');
const imports = ({ verified, role }: Staff) => verified && role === 'admin';

/** The id of the upload and the import that the test keeps for an account. */
export const uploadOf = (account: string): string => `upload of ${account}`;

const stockAt = ({ office }: Target) => ({ office, parity: 1 }) as const;
const counted = { ranges: [], count: 0, confirmed: false };

/** In the test each office has sent one shipment, to the next of these. */
export const nextOf = (office: string): string => {
  const all = Object.keys(established);
  return all[(all.indexOf(office) + 1) % all.length] ?? '';
};
const shipmentFrom = ({ office }: Target): string => `${office}-1-1`;
const senderTo = ({ office }: Target): string => Object.keys(established).find((one) => nextOf(one) === office) ?? '';
const shipmentTo = (target: Target): string => `${senderTo(target)}-1-1`;

/** Staff come to certificates as the pages do: with what `staff.printable` gives them to look by. */
const throughPrintable = async (
  s: Services,
  who: Staff,
  { registration }: Target,
  look: (viewer: Viewer) => Promise<unknown>,
) => {
  const printable = await s.staff.printable(who, registration);
  if (printable.outcome !== 'found') return printable;
  await look(printable.viewer);
  return true;
};

const calls = (all: Record<string, ServiceCall>) => all;

/** Every command and query that staff may ask, by the name of its service. */
export const serviceCalls = calls({
  'staff.receiveTask': { ask: (s, who, t) => s.staff.receiveTask(t.registration, act(s, who)), may: decides('review') },
  'staff.correct': {
    ask: (s, who, t) => s.staff.correct(t.registration, act(s, who), corrected),
    may: decides('register'),
  },
  'staff.proposeCorrection': {
    ask: (s, who, t) => s.staff.proposeCorrection(t.registration, act(s, who), corrected),
    may: decides('register'),
  },
  'staff.approveCorrection': {
    ask: (s, who, t) => s.staff.approveCorrection(t.registration, act(s, who), 1),
    may: approves,
  },
  'staff.dismissCorrection': {
    ask: (s, who, t) => s.staff.dismissCorrection(t.registration, act(s, who), 1, '复印件不清晰，请重新提交'),
    may: approves,
  },
  'staff.revocationNotice': {
    ask: (s, who, t) => s.staff.revocationNotice(who, t.registration),
    may: (who, t) => reads(who, t) && (revokes(who, t) || prints(who, t)),
  },
  'staff.revoke': { ask: (s, who, t) => s.staff.revoke(t.registration, act(s, who), revocation), may: revokes },
  'staff.withdrawAtCounter': {
    ask: (s, who, t) => s.staff.withdrawAtCounter(t.registration, act(s, who), atCounter),
    may: decides('review'),
  },
  'staff.redirect': {
    ask: (s, who, t) => s.staff.redirect(t.registration, act(s, who), '520111005', '请接收地核对'),
    may: decides('review'),
  },
  'staff.accept': { ask: (s, who, t) => s.staff.accept(t.registration, act(s, who)), may: decides('review') },
  'staff.reject': {
    ask: (s, who, t) => s.staff.reject(t.registration, act(s, who), ['other'], '请核对'),
    may: decides('review'),
  },
  'staff.register': {
    ask: (s, who, t) => s.staff.register(t.registration, act(s, who), evidence),
    may: decides('register'),
  },
  'staff.decline': {
    ask: (s, who, t) => s.staff.decline(t.registration, act(s, who), evidence, ['other'], '请核对'),
    may: decides('register'),
  },
  'verifications.registrable': {
    ask: (s, who, t) => s.verifications.registrable(who, t.registration),
    may: decides('register'),
  },
  'verifications.lookUp': { ask: (s, who, t) => s.verifications.lookUp(who, t.registration), may: decides('register') },
  'staff.mayList': { ask: (s, who, t) => s.staff.mayList(who, t.office), may: reads },
  'staff.inbox': {
    ask: async (s, who, t) => (await s.staff.inbox(who, { status: 'submitted' }, t.office)).lines,
    may: (who, t) => reads(who, t) && t.registration !== '',
  },
  'staff.overview': { ask: (s, who, t) => s.staff.overview(who, t.office), may: reads },
  'staff.counters': {
    ask: (s, who, t) => s.staff.counters(who, t.office),
    may: (who, t) => reads(who, t) && t.registration !== '',
  },
  'staff.registration': { ask: (s, who, t) => s.staff.registration(who, t.registration), may: reads },
  'staff.history': { ask: (s, who, t) => s.staff.history(who, t.registration), may: reads },
  'staff.printable': { ask: (s, who, t) => s.staff.printable(who, t.registration), may: prints },
  'staff.search': {
    ask: async (s, who, t) => (await s.staff.search(who, '王芳')).filter(({ row }) => row.id === t.registration),
    may: reads,
  },
  'scans.attach': {
    // Nothing is sent: who is let through is told so, and nothing is attached.
    ask: (s, who, t) =>
      s.scans.attach(t.registration, act(s, who), { document: 'idCard', fileName: '', bytes: new Uint8Array() }),
    may: handlesScans,
  },
  'scans.remove': { ask: (s, who, t) => s.scans.remove(t.registration, act(s, who), 'none', ''), may: handlesScans },
  'scans.open': { ask: (s, who, t) => s.scans.open(who, t.registration, 'none'), may: handlesScans },
  'scans.of': {
    ask: async (s, who, t) => {
      const [row] = await s.deps.viewStore.get('registration', [t.registration]);
      return row !== undefined && (await s.scans.of(who, row as RegistrationRow)) !== undefined;
    },
    may: handlesScans,
  },
  'onSite.look': { ask: (s, who) => s.onSite.look(who, 'none', {}), may: sitsAtDesk },
  'onSite.takeOver': {
    // What is live is not gone on from: who is let through is told that there is none.
    ask: (s, who, t) => s.onSite.takeOver(who, t.registration),
    may: (who, { people }) => sitsAtDesk(who) && !people.includes(who.person),
  },
  'onSite.receipt': {
    ask: (s, who, t) => s.onSite.receipt(who, t.registration, atCounter),
    may: (who, t) =>
      who.verified &&
      who.role === 'operator' &&
      holdsOne(who, 'enterOnSite', 'review') &&
      who.office === t.office &&
      !t.people.includes(who.person),
  },
  'institutions.mayCheck': { ask: (s, who) => s.institutions.mayCheck(who), may: checks },
  'institutions.check': {
    // No number at all: who is let through is told so, and nothing is recorded.
    ask: (s, who) => s.institutions.check(who, actAnew(s, who), { by: 'number', text: '' }),
    may: checks,
  },
  'institutions.shown': { ask: (s, who) => s.institutions.shown(who, 'none'), may: checks },
  'institutions.tell': {
    ask: (s, who) => s.institutions.tell(who, 'none', actAnew(s, who), { how: 'spoken' }),
    may: checks,
  },
  'institutions.mayAnnotate': {
    ask: (s, who) => s.institutions.mayAnnotate(who),
    may: (who, t) => annotates(who, { ...t, people: [] }),
  },
  'institutions.annotate': {
    ask: (s, who, t) => s.institutions.annotate(t.registration, actAnew(s, who), { certificate: '', children: [] }),
    may: annotates,
  },
  'institutions.correctAnnotation': {
    ask: (s, who, t) => s.institutions.correctAnnotation(t.registration, actAnew(s, who), { children: [], reason: '' }),
    may: annotates,
  },
  'onSite.enter': {
    ask: (s, who, t) => s.onSite.enter('none', entryAt(t.office), actAnew(s, who), { documents: [], review: false }),
    may: entersOnSite,
  },
  'accounts.register': {
    ask: async (s, who, { office, role, account, details }) => {
      const asked = () => ({ staff: who, commandId: s.deps.ids() });
      // Over the account that they ask about, as someone of their own: nothing may come of it.
      const over = { office: who.office, role: 'operator', account, details, passwordHash: 'hash' } as const;
      await s.accounts.register(asked(), over);
      return s.accounts.register(asked(), { office, role, account, details: nobody });
    },
    may: manages,
  },
  'accounts.checkIdentity': { ask: (s, who, t) => s.accounts.checkIdentity(t.account, act(s, who)), may: manages },
  'accounts.confirmIdentity': {
    ask: (s, who, t) => s.accounts.confirmIdentity(t.account, act(s, who), 'document'),
    may: manages,
  },
  'accounts.change': { ask: (s, who, t) => s.accounts.change(t.account, act(s, who), nobody), may: manages },
  'accounts.changeGrants': {
    ask: (s, who, t) => {
      const grant = [{ authorisation: 'handleFeedback' }] as const;
      return s.accounts.changeGrants(t.account, act(s, who), { grant, withdraw: [] });
    },
    may: (who, t) => manages(who, t) && holdsOne(who, 'handleFeedback'),
  },
  'accounts.disable': { ask: (s, who, t) => s.accounts.disable(t.account, act(s, who), '借调'), may: manages },
  'accounts.enable': { ask: (s, who, t) => s.accounts.enable(t.account, act(s, who)), may: manages },
  'accounts.close': { ask: (s, who, t) => s.accounts.close(t.account, act(s, who), '调离'), may: manages },
  'accounts.resetPassword': {
    ask: (s, who, t) => s.accounts.resetPassword(t.account, act(s, who), true),
    may: manages,
  },
  'accounts.maySee': { ask: (s, who, t) => s.accounts.maySee(who, t.office), may: administers },
  'accounts.list': {
    ask: async (s, who, t) => (await s.accounts.list(who, { office: t.office, below: true })).lines,
    may: administers,
  },
  'accounts.numbers': { ask: (s, who, t) => s.accounts.numbers(who, t.office), may: administers },
  'accounts.search': { ask: (s, who, t) => s.accounts.search(who, t.account), may: administers },
  'accounts.account': {
    ask: (s, who, t) => s.accounts.account(who, t.account),
    may: (who, t) => administers(who, t) || who.account === t.account,
  },
  'accounts.history': {
    ask: (s, who, t) => s.accounts.history(who, t.account),
    may: (who, t) => administers(who, t) || who.account === t.account,
  },
  'accounts.copy': {
    ask: (s, who, t) => s.accounts.copy(who, t.account),
    may: (who, t) => who.account === t.account,
  },
  'accounts.openings': {
    ask: (s, who, t) => s.accounts.openings(who).filter(({ office, role }) => office === t.office && role === t.role),
    may: (who, t) => manages(who, { ...t, account: '' }),
  },
  'accounts.opening': {
    ask: (s, who, t) => s.accounts.opening(who, t.office, t.role),
    may: (who, t) => manages(who, { ...t, account: '' }),
  },
  'organisations.view': { ask: (s, who, t) => s.organisations.view(who, t.office), may: sees },
  'organisations.history': { ask: (s, who, t) => s.organisations.history(who, t.office), may: sees },
  'organisations.completeness': { ask: (s, who, t) => s.organisations.completeness(who, t.office), may: sees },
  'organisations.find': {
    ask: (s, who, t) => s.organisations.find(who, t.office).filter(({ code }) => code === t.office),
    may: sees,
  },
  'organisations.establish': {
    ask: (s, who, t) => {
      const below = { code: '?', name: '', parent: t.office, kind: 'institution', level: 'county' } as const;
      return s.organisations.establish({ staff: who, commandId: s.deps.ids() }, below);
    },
    may: administers,
  },
  'organisations.completeRecord': {
    ask: (s, who, t) => {
      const record = { phone: '0851-00000000', address: '霞晖路88号', head: '王芳', contact: '王芳', mobile: '' };
      return s.organisations.completeRecord(t.office, act(s, who), record);
    },
    may: administers,
  },
  'organisations.rename': {
    ask: (s, who, t) => s.organisations.rename(t.office, act(s, who), '另一个名称'),
    may: arranges,
  },
  'organisations.move': {
    ask: (s, who, t) => s.organisations.move(t.office, act(s, who), '520103'),
    may: (who, t) => arranges(who, t) && administers(who, { ...t, office: '520103' }),
  },
  'organisations.merge': {
    ask: (s, who, t) => s.organisations.merge(t.office, act(s, who), '520103019'),
    may: (who, t) => arranges(who, t) && arranges(who, { ...t, office: '520103019' }),
  },
  'accounts.completeOwn': {
    ask: (s, who) => s.accounts.completeOwn(act(s, who), { mobile: '', workUnit: '', qq: '' }),
    may: () => true,
  },
  'organisations.mergerPreview': {
    ask: (s, who, t) => s.organisations.mergerPreview(who, t.office),
    may: arranges,
  },
  'organisations.possibleParents': {
    ask: (s, who, t) =>
      s.organisations.possibleParents(who, elsewhere, t.office).filter(({ code }) => code === t.office),
    may: (who, t) => administers(who, t) && !isInstitution(t),
  },
  'organisations.possibleSuccessors': {
    ask: (s, who, t) => {
      const { kind = 'institution', level = 'county' } = s.deps.offices.find(t.office) ?? {};
      const found = s.organisations.possibleSuccessors(who, { ...elsewhere, kind, level }, t.office);
      return found.filter(({ code }) => code === t.office);
    },
    may: arranges,
  },
  'certificates.content': {
    ask: (s, who, t) => throughPrintable(s, who, t, (viewer) => s.certificates.content(t.registration, viewer)),
    may: prints,
  },
  'certificates.pdf': {
    ask: (s, who, t) => throughPrintable(s, who, t, (viewer) => s.certificates.pdf(t.registration, viewer)),
    may: prints,
  },
  'rosters.mayUse': { ask: (s, who) => s.rosters.mayUse(who), may: imports },
  'rosters.upload': {
    ask: (s, who) => s.rosters.upload(who, { name: 'a.xlsx', bytes: Buffer.from('%PDF-1.7') }),
    may: imports,
  },
  'rosters.preview': { ask: (s, who) => s.rosters.preview(who, uploadOf(who.account)), may: imports },
  'rosters.confirm': { ask: (s, who) => s.rosters.confirm(who, 'nothing'), may: imports },
  'rosters.job': { ask: (s, who) => s.rosters.job(who, uploadOf(who.account)), may: imports },
  'rosters.slips': { ask: (s, who) => s.rosters.slips(who, uploadOf(who.account)), may: imports },
  'rosters.hasSlips': { ask: (s, who) => s.rosters.hasSlips(who, uploadOf(who.account)), may: imports },
  'rosters.exported': { ask: (s, who) => s.rosters.exported(who), may: imports },
  'ordinary.issueOrdinary': {
    ask: (s, who, t) => s.ordinary.issueOrdinary(t.registration, actAnew(s, who), { bearer: unnamed }),
    may: issues,
  },
  'ordinary.find': {
    ask: (s, who) => s.ordinary.find(who, 'GZ52011120260000000017'),
    may: issuesAtAll,
  },
  'ordinary.ledger': {
    ask: (s, who, t) => s.ordinary.ledger(who, { office: t.office, from: '2026-01-01', to: '2026-01-31' }, { page: 1 }),
    may: seesStock,
  },
  'ordinary.unissued': { ask: (s, who) => s.ordinary.unissued(who), may: issuesAtAll },
  'ordinary.issueBatch': { ask: (s, who) => s.ordinary.issueBatch(actAnew(s, who), []), may: issuesAtAll },
  'ordinary.desk': { ask: (s, who, t) => s.ordinary.desk(who, t.registration), may: issues },
  'printing.printers': { ask: (s, who) => s.printing.printers(who), may: issuesAtAll },
  'printing.changePrinters': {
    ask: (s, who) => s.printing.changePrinters(actAnew(s, who), { type: 'RemovePrinter', printer: 9 }),
    may: issuesAtAll,
  },
  'printing.calibration': {
    ask: (s, who) => s.printing.calibration(who, {}),
    may: issuesAtAll,
  },
  // No registration of the test has an ordinary certificate: who issues is told so, whoever it is about.
  // No certificate is there to be of anyone.
  'printing.overprint': {
    ask: (s, who, t) => s.printing.overprint(who, t.registration, {}),
    may: (who) => issues(who, { people: [] }),
  },
  'printing.slip': {
    ask: (s, who, t) => s.printing.slip(who, t.registration),
    may: (who) => issues(who, { people: [] }),
  },
  'ordinary.replaceOrdinary': {
    ask: (s, who, t) => s.ordinary.replaceOrdinary(t.registration, actAnew(s, who), spoiltSerial, { bearer: unnamed }),
    may: issues,
  },
  'ordinary.voidOrdinary': {
    ask: (s, who, t) => s.ordinary.voidOrdinary(t.registration, actAnew(s, who), spoiltSerial),
    may: issues,
  },
  'stock.enterPrintRun': {
    ask: (s, who, t) => s.stock.enterPrintRun(stockAt(t), act(s, who), { from: 1, to: 1 }),
    may: (who, t) => keeps(who, t) && t.parents[t.office] === '',
  },
  'stock.dispatch': {
    ask: (s, who, t) => s.stock.dispatch(stockAt(t), act(s, who), { to: '52', ranges: [] }),
    may: keeps,
  },
  'stock.receive': {
    ask: (s, who, t) => s.stock.receive(shipmentTo(t), act(s, who), { ...counted, damaged: [] }),
    may: keeps,
  },
  'stock.takeBack': { ask: (s, who, t) => s.stock.takeBack(shipmentFrom(t), act(s, who)), may: keeps },
  'stock.takeOverLoss': { ask: (s, who, t) => s.stock.takeOverLoss(shipmentFrom(t), act(s, who), []), may: keeps },
  'stock.reportFound': {
    ask: (s, who, t) => s.stock.reportFound(shipmentTo(t), t.office, act(s, who), []),
    may: keeps,
  },
  'stock.voidSerials': {
    ask: (s, who, t) => s.stock.voidSerials(stockAt(t), act(s, who), [], 'spoilt'),
    may: keeps,
  },
  'stock.count': { ask: (s, who, t) => s.stock.count(stockAt(t), act(s, who), counted), may: keeps },
  'stock.confirmCount': { ask: (s, who, t) => s.stock.confirmCount(stockAt(t), act(s, who), 1), may: seconds },
  'stock.proposeDisposal': {
    ask: (s, who, t) => {
      const told = { kind: 'destruction', destroyedOn: '2026-11-24', ranges: [], reason: '碎纸销毁' } as const;
      return s.stock.proposeDisposal(stockAt(t), act(s, who), told);
    },
    may: keeps,
  },
  'stock.approveDisposal': { ask: (s, who, t) => s.stock.approveDisposal(stockAt(t), act(s, who), 1), may: seconds },
  'stock.dismissDisposal': {
    ask: (s, who, t) => s.stock.dismissDisposal(stockAt(t), act(s, who), { disposal: 1, reason: '再找一遍' }),
    may: seconds,
  },
  'stock.request': { ask: (s, who, t) => s.stock.request(stockAt(t), act(s, who), 0), may: keeps },
  'stock.setThreshold': { ask: (s, who, t) => s.stock.setThreshold(stockAt(t), act(s, who), -1), may: keeps },
  'stock.approve': {
    ask: (s, who, t) => {
      const granted = { request: 1, count: 1, source: t.parents[t.office] ?? '' };
      return s.stock.approve(stockAt(t), act(s, who), granted);
    },
    may: grants,
  },
  'stock.refuse': {
    ask: (s, who, t) => s.stock.refuse(stockAt(t), act(s, who), { request: 1, reason: '请先盘点' }),
    may: supplies,
  },
  'stock.orderReallocation': {
    ask: (s, who, t) => {
      const ordered = { count: 0, source: t.parents[t.office] ?? '' };
      return s.stock.orderReallocation(stockAt(t), act(s, who), ordered);
    },
    may: grants,
  },
  'stock.view': { ask: (s, who, t) => s.stock.view(who, stockAt(t)), may: seesStock },
  'stock.totals': { ask: (s, who, t) => s.stock.totals(who, t.office, 1), may: seesStock },
  'stock.movements': { ask: (s, who, t) => s.stock.movements(who, stockAt(t)), may: seesStock },
  'stock.shipment': {
    ask: (s, who, t) => s.stock.shipment(who, shipmentTo(t)),
    may: (who, t) => seesStock(who, t) || seesStock(who, { ...t, office: senderTo(t) }),
  },
  'stock.requests': { ask: (s, who, t) => s.stock.requests(who, t.office), may: seesStock },
  'stock.place': {
    ask: (s, who) => s.stock.place(who, 1, 1),
    may: (who, t) => seesStock(who, { ...t, office: who.office }),
  },
  'stock.waiting': {
    ask: (s, who) => s.stock.waiting(who),
    may: (who, t) => keeps(who, { ...t, office: who.office }),
  },
  'audit.mayReadTrail': { ask: (s, who, t) => s.audit.mayReadTrail(who, t.office), may: audits },
  'audit.find': {
    ask: (s, who, t) => s.audit.find(who, { kind: 'registration', id: t.registration.slice(-8) }),
    may: (staff, target) => audits(staff, { ...target, office: staff.office }),
  },
  'audit.record': {
    ask: (s, who, t) => s.audit.record(who, { kind: 'registration', id: t.registration }),
    may: audits,
  },
  'audit.person': { ask: (s, who, t) => s.audit.person(who, t.account, {}), may: audits },
  'audit.office': { ask: (s, who, t) => s.audit.office(who, t.office, {}), may: audits },
  'audit.numbers': { ask: (s, who, t) => s.audit.numbers(who, t.office, '2026-11'), may: audits },
});

/** What asks for no office: why it need not. */
export const askingNobody: Readonly<Record<string, string>> = {
  'institutions.followUps': 'whom the own institution told, nobody else; institutions.test.ts shows it',
  'institutions.months': 'numbers of the own institution, without anyone; institutions.test.ts shows it',
  'institutions.annotationsOf': 'opens the birth of a row that its caller was let in to',
  'staff.waitingCorrections': 'asks for each office near theirs; corrections.test.ts shows whom it lists',
  'verifications.recall': 'what the same person was shown, kept under their own account',
  'verifications.verified': 'reads nothing',
  'accounts.managersOf': 'names of those who manage the same person, for who must be able to find them',
  'accounts.nameOf': 'a name, shown where its account stands already',
  'organisations.possibleBelow': 'divisions, which are public',
  'organisations.namesake': 'names of organisations, which are public',
  'certificates.isIssued': 'yes or no, of a registration that its page has asked for',
  'certificates.verify': 'anyone, with masked names (C1)',
  'certificates.revoked': 'hashes of numbers, for everyone (C6)',
  'onSite.keepDraft': 'what the same person typed, kept under their own account',
  'onSite.draft': 'what the same person typed, kept under their own account',
  'onSite.drafts': 'what the same person typed, kept under their own account',
  'onSite.dropDraft': 'throws away what is their own',
  'rosters.discard': 'throws away what is their own',
  'rosters.takeSlips': 'throws away what is their own',
  'rosters.goOn': 'the platform, which asks for each owner whether they still may',
  'rosters.settled': 'tells nothing',
};
