import { demoCouples } from '../../src/demo/demoCouples.ts';
import { demoAccounts } from '../../src/demo/staff.ts';
import { declarationOf } from './declarations.ts';

/** A form or body that the checks of a route let through; its fields as pages or programs send them. */
type Sample = Readonly<Record<string, unknown>>;

const [held] = demoAccounts([{ code: '520111004' }]).filter(({ account }) => account === 'guizhu-wu');
const details = { ...held?.details, workUnit: '', qq: '', note: '' };
const reason = '调往别处';
const askedAt = '2026-11-24T02:00:00.000Z';
const record = { phone: '0851-83850001', address: '清溪路1号', head: '王芳', contact: '李梅', mobile: '13885000001' };
const password = 'a lantern over water';

// They end in zeros, as the ids of the pages' forms do; each is another.
const commandIdOf = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(10, '0')}00`;

/** Based on what nobody can have seen: nothing comes of it where someone may. */
export const neverSeen = 999;

const correction = {
  data: declarationOf('520111004005', 1),
  reason: '录入时漏写一字，与身份证不符',
  documents: [{ kind: 'idCard', number: '520111199512249003', shows: '姓名' }],
};
const revocation = {
  reasons: ['other'],
  text: '经查登记有误，予以撤销',
  evidence: '复核记录一份在案',
  heardOn: '2026-11-20',
  statement: '未作陈述',
};
const atCounter = { of: 'wife', document: 'idCard', documentNumber: '520111199512249003' };

const standing = { document: 'idCard', name: '王芳', documentNumber: '520111199512249003' };
const lostOne = { serial: 'GZ1-2026-00000001', reason: 'lost', note: '' };

/** What programs send. */
const bodies: Readonly<Record<string, Sample>> = {
  '/api/v1/accounts': { office: '520111004', role: 'operator', details },
  '/api/v1/accounts/:account/change': details,
  '/api/v1/accounts/:account/close': { reason },
  '/api/v1/accounts/:account/confirm': { basis: 'document' },
  '/api/v1/accounts/:account/disable': { reason },
  '/api/v1/accounts/:account/grants': { withdraw: ['review'] },
  '/api/v1/accounts/search': { text: '吴建国' },
  '/api/v1/organisations': {
    code: '520111005',
    kind: 'administration',
    level: 'township',
    parent: '520111',
    name: '阳光街道办事处',
  },
  '/api/v1/organisations/:code/merge': { into: '520111005' },
  '/api/v1/organisations/:code/move': { parent: '520111' },
  '/api/v1/organisations/:code/record': record,
  '/api/v1/organisations/:code/rename': { name: '贵筑街道人口与计划生育办公室' },
  '/api/v1/registrations/:id/decline': { askedAt, reasons: ['againstPolicy'], text: reason },
  '/api/v1/registrations/:id/correct': correction,
  '/api/v1/registrations/:id/propose-correction': correction,
  '/api/v1/registrations/:id/approve-correction': { correction: 1 },
  '/api/v1/registrations/:id/dismiss-correction': { correction: 1, reason: '身份证复印件不清晰' },
  '/api/v1/registrations/:id/revoke': revocation,
  '/api/v1/registrations/:id/withdraw': atCounter,
  // Of the couple that has a registration already: who is let through is told where that lies.
  '/api/v1/on-site-registrations': { data: declarationOf('520111004005', 1), documents: [] },
  '/api/v1/checks': { by: 'number', text: 'GZ1-2026-00000001' },
  '/api/v1/birth-annotations': {
    rows: [
      {
        key: 'birth-2026-000000001',
        registration: '019f0000-0000-7000-8000-000000000100',
        certificate: 'GZ1-2026-00000001',
        children: [{ bornOn: '2026-11-23', sex: 'female', outcome: 'live' }],
      },
    ],
  },
  '/api/v1/ordinary-certificates/find': { text: 'GZ1-2026-00000001' },
  '/api/v1/registrations/:id/ordinary-certificate/issue': { bearer: standing },
  '/api/v1/registrations/:id/ordinary-certificate/replace': { bearer: standing, voids: lostOne },
  '/api/v1/registrations/:id/ordinary-certificate/void': lostOne,
  '/api/v1/registrations/:id/redirect': { office: '520111005', reason },
  '/api/v1/registrations/:id/register': { askedAt },
  '/api/v1/registrations/:id/scans': { document: 'idCard' },
  '/api/v1/registrations/:id/scans/:scan/remove': { reason: '拍成了别人的结婚证' },
  '/api/v1/registrations/:id/reject': { reasons: ['wrongAddress'], text: reason },
  '/api/v1/registrations/search': { text: '吴建国' },
  '/api/v1/shipments/:shipment/found': { office: '520111004', ranges: [] },
  '/api/v1/shipments/:shipment/receive': { ranges: [], count: 0 },
  '/api/v1/shipments/:shipment/take-over-loss': { ranges: [] },
  '/api/v1/stock/:office/:parity/approve': { request: 1, count: 1, source: '520111' },
  '/api/v1/stock/:office/:parity/approve-disposal': { disposal: 1 },
  '/api/v1/stock/:office/:parity/confirm-count': { take: 1 },
  '/api/v1/stock/:office/:parity/count': { ranges: [], count: 0 },
  '/api/v1/stock/:office/:parity/destroy': { ranges: [], destroyedOn: '2026-11-24', reason },
  '/api/v1/stock/:office/:parity/dismiss-disposal': { disposal: 1, reason },
  '/api/v1/stock/:office/:parity/dispatch': { to: '520111005', ranges: [] },
  '/api/v1/stock/:office/:parity/print-run': { from: 'GZ1-2026-00000001', to: 'GZ1-2026-00000001' },
  '/api/v1/stock/:office/:parity/reallocate': { count: 1, source: '520111' },
  '/api/v1/stock/:office/:parity/refuse': { request: 1, reason },
  '/api/v1/stock/:office/:parity/request': { count: 1 },
  '/api/v1/stock/:office/:parity/threshold': { threshold: 10 },
  '/api/v1/stock/:office/:parity/void': { ranges: [], reason: 'spoilt' },
  '/api/v1/stock/:office/:parity/write-off': { ranges: [], holder: 'guizhu-wu', reason },
  '/api/v1/session': { account: 'nobody', password },
  '/api/v1/session/proof': { proof: password },
  '/api/v1/certificates/verify': { certificate: 'GZ00000000000000000000' },
  '/api/v1/registration': declarationOf('520111004005', 1),
  '/api/v1/registrations': declarationOf('520111004005', 1),
  '/api/v1/registrations/open': { queryCode: 'XXXX', name: '王芳' },
};

const ranges = 'GZ1-2026-00000001';
const stockForms: Readonly<Record<string, Sample>> = {
  '/shipments/:number/found': { ranges },
  '/shipments/:number/loss': { ranges },
  '/shipments/:number/receive': { ranges, count: '1', damaged: '' },
  '/shipments/:number/take-back': {},
  '/stock/:office/:parity/approve': { request: '1', count: '10', source: '520111' },
  '/stock/:office/:parity/confirm-disposal': { disposal: '1' },
  '/stock/:office/:parity/confirm-take': { take: '1' },
  '/stock/:office/:parity/destroy': { ranges, destroyedOn: '2026-11-20', reason },
  '/stock/:office/:parity/dismiss-disposal': { disposal: '1', reason },
  '/stock/:office/:parity/dispatch': { to: '520111', ranges },
  '/stock/:office/:parity/print-run': { ranges },
  '/stock/:office/:parity/reallocate': { count: '0', source: '520111' },
  '/stock/:office/:parity/refuse': { request: '1', reason },
  '/stock/:office/:parity/request': { count: '0' },
  '/stock/:office/:parity/take': { ranges, count: '2' },
  '/stock/:office/:parity/threshold': { count: '-1' },
  '/stock/:office/:parity/void': { ranges, reason: 'spoilt' },
  '/stock/:office/:parity/write-off': { ranges, holder: 'nobody', reason },
};

/** What people fill in. */
const forms: Readonly<Record<string, Sample>> = {
  '/access-reason': { kind: 'registration', id: commandIdOf(0), to: '/', reason: 'supervision' },
  '/audit/records': { kind: 'account', id: 'czy-520111004' },
  '/on-site/drafts/:id': { step: 'save', 'wife.name': '王芳' },
  '/on-site/drafts/:id/keep': { 'wife.name': '王芳' },
  '/institution': { text: 'GZ1-2026-00000001' },
  '/institution/checks/:id': { how: 'spoken' },
  '/institution/checks/:id/birth': { step: 'confirm', bornOn0: '2026-11-23', sex0: 'female' },
  '/ordinary': { text: 'GZ1-2026-00000001' },
  '/ordinary/batch': { step: 'preview' },
  '/ordinary/:id/issue': standing,
  '/ordinary/:id/replace': { ...standing, voids: lostOne.serial, reason: 'lost' },
  '/ordinary/:id/void': { voids: lostOne.serial, reason: 'lost' },
  '/organisations/:code/establish': { kind: 'institution.township', code: '520111004-H01', name: '' },
  '/organisations/:code/merge': { find: '', other: '520111005', step: 'confirm' },
  '/organisations/:code/move': { find: '', other: '520111', step: 'confirm' },
  '/organisations/:code/record': record,
  '/organisations/:code/rename': { name: '贵筑街道人口与计划生育办公室' },
  '/people/:account/change': details,
  '/people/:account/close': { reason },
  '/people/:account/confirm': { basis: 'document' },
  '/people/:account/disable': { reason },
  '/people/:account/grants': { 'grant-review': '1' },
  '/people/new': { where: 'operator.520111004', ...details },
  '/people/search': { text: '吴建国' },
  '/registrations/:id/decline': { step: 'confirm', askedAt, reasons: 'againstPolicy', text: reason },
  '/registrations/:id/correct': { step: 'confirm', text: correction.reason },
  '/registrations/:id/correction/approve': { correction: '1' },
  '/registrations/:id/correction/dismiss': { correction: '1', text: '身份证复印件不清晰' },
  '/registrations/:id/revoke': { ...revocation, step: 'confirm', reasons: 'other' },
  '/registrations/:id/query-code': atCounter,
  '/registrations/:id/withdraw': atCounter,
  '/registrations/:id/pass-on': { step: 'confirm', office: '520111005', text: reason },
  '/registrations/:id/register': { step: 'confirm', askedAt },
  '/registrations/:id/scans': { document: 'idCard' },
  '/registrations/:id/scans/:scan/remove': { reason: '拍成了别人的结婚证' },
  '/registrations/:id/reject': { step: 'confirm', reasons: 'wrongAddress', text: reason },
  '/printers': { name: '' },
  '/printers/:printer': { dx: '0', dy: '0' },
  '/search': { text: '吴建国' },
  ...stockForms,
  '/security/app': { code: '000000' },
  '/security/passkeys': { answer: '{}', label: '' },
  '/security/passkeys/remove': { credential: 'nothing' },
  '/security/password': { old: reason, next: password, again: password },
  '/security/sessions/end': { which: 'nothing' },
  '/sign-in': { account: 'nobody', password },
  '/sign-in/again': { proof: password },
  '/sign-in/code': { code: '000000' },
  '/sign-in/new-password': { next: password, again: reason },
  '/sign-in/passkey': { answer: '{}' },
  '/lookup': { code: 'XXXX', name: '王芳' },
  '/verify': { text: 'nothing' },
  '/register/example': { example: demoCouples[0]?.key },
  '/register/:step': { action: 'save' },
  '/register/children': { action: 'save' },
  '/register/children/:number': { action: 'save' },
};

const queries: Readonly<Record<string, string>> = {
  '/api/v1/audit/offices/:office/numbers': 'month=2026-11',
  '/api/v1/divisions': 'text=gz',
  '/divisions': 'text=gz',
  '/log/consistency': 'from=1&to=1',
  '/api/v1/log/consistency': 'from=1&to=1',
};

export const bodyFor = (path: string): Sample => bodies[path] ?? {};

export const formFor = (path: string, n: number): Record<string, string> =>
  ({ commandId: commandIdOf(n), basedOn: String(neverSeen), ...forms[path] }) as Record<string, string>;

/** What stands behind the address of a route, where it asks for something. */
export const queryFor = (path: string): string => (queries[path] === undefined ? '' : `?${queries[path]}`);
