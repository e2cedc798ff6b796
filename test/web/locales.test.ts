import { describe, expect, test } from 'vitest';
import { trailKinds } from '#application/auditLines.ts';
import { countedLooks, oddities } from '#application/auditNumbers.ts';
import type { Forbidden } from '#application/authorise.ts';
import type { EvidenceFault } from '#application/evidence.ts';
import { fileRefusals } from '#application/spreadsheets.ts';
import { inboxStatuses } from '#application/staffQueries.ts';
import { type AuditTrailRead, accessReasons, looks, subjectKinds } from '#domain/access/events.ts';
import { authorisations, roles } from '#domain/account/authorisations.ts';
import { type AccountDetails, confirmationBases, type IdentityOutcome } from '#domain/account/events.ts';
import { passwordFaults } from '#domain/account/passwordRules.ts';
import { rosterColumns } from '#domain/account/rosterSheet.ts';
import { voidReasons as certificateVoidReasons } from '#domain/certificate/decide.ts';
import { eventVersions } from '#domain/eventVersions.ts';
import { organisationLevels } from '#domain/organisation/events.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { type Basis, declineReasons, rejectReasons, revokeReasons } from '#domain/registration/events.ts';
import { disposalKinds, type Place, purposes, voidReasons } from '#domain/stock/events.ts';
import { stockSets } from '#domain/stock/state.ts';
import { loadTexts, localeOf, locales, otherLanguages } from '#web/locale.ts';
import { problemStatus } from '#web/problems.ts';
import { caseProblems } from '#web/routes/management/caseModel.ts';
import { doneKinds } from '#web/routes/management/casePage.ts';
import { securityNews } from '#web/routes/management/security.ts';
import type { Wrong } from '#web/routes/public/checkPage.ts';
import { filesUnder } from '../support/sourceFiles.ts';

const templates = filesUnder(['web/views', 'web/components'], /\.hbs$/);
const scripts = filesUnder(['web'], /\.ts$/);
const texts = Object.fromEntries(locales.map((locale) => [locale, loadTexts(locale)]));
const places = (text: string): readonly string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).sort();

/** Keys written out in a template: `{{t "a.b"}}` or `(t "a.b")`; those put together from parts are not. */
const keysIn = (text: string): readonly string[] =>
  [...text.matchAll(/[{(]t "([\w.-]+\.[\w.-]+)"(?=\s*[})]|\s+\w+=)/g)].map(([, key = '']) => key);

/** Keys written out in code: `text('a.b')`, `translate(locale, 'a.b')`. */
const keysInCode = (text: string): readonly string[] =>
  [...text.matchAll(/(?:\btext\(|translate\(\w+(?:\.\w+)*, )'([\w-]+(?:\.[\w-]+)+)'/g)].map(([, key = '']) => key);

const source = (path: string): string => scripts.find((file) => file.path === path)?.text ?? '';
const codesIn = (path: string): readonly string[] =>
  [...source(path).matchAll(/code: '(\w+)'/g)].map(([, code = '']) => code);
const labelsIn = (path: string) =>
  [...source(path).matchAll(/(?:\[|ranges\(telling, )'(\w+)',/g)].map(([, one = '']) => one);
const labels = ['historyFacts', 'recordFacts', 'stockFacts'].flatMap((file) =>
  labelsIn(`web/routes/management/${file}.ts`),
);
const stockForms = ['stockActs', 'stockChecks', 'stockOrders', 'shipments'].flatMap((file) =>
  [...source(`web/routes/management/${file}.ts`).matchAll(/\bkey: '(\w+)'/g)].map(([, key = '']) => key),
);
const named = (codes: readonly string[]) => codes.filter((code) => code !== 'other');

/** Keys that are put together from parts, `*` standing for each of these. */
const composed: Readonly<Record<string, readonly string[]>> = {
  'security.news.*': securityNews,
  'security.passwordFaults.*': [...passwordFaults, 'wrong', 'locked', 'gone', 'differs'],
  'security.appFaults.*': ['wrong', 'expired', 'gone'],
  'history.events.*': Object.keys(eventVersions),
  'history.ordinary.*': ['CertificateIssued', 'CertificatePrinted', 'CertificateVoided'],
  'history.facts.*': labels,
  'stockWords.places.*': [...stockSets, 'inTransit', 'lostInTransit', 'nowhere'] satisfies Place['where'][],
  'stockWords.purposes.*': [...purposes, 'spoilt'],
  'stockWords.voidReasons.*': voidReasons,
  'stockWords.disposals.*': disposalKinds,
  'stock.sets.*': [...stockSets, 'printed', 'inTransit', 'lost'],
  'stock.statuses.*': ['inTransit', 'received', 'takenBack', 'lost'],
  'stock.requests.*': ['open', 'approved', 'refused', 'answered'],
  ...Object.fromEntries(
    ['link', 'title', 'lead', 'confirm', 'done'].map((part) => [`stock.forms.*.${part}`, stockForms]),
  ),
  'history.actors.*': ['applicant', 'staff', 'system'],
  'history.printedBy.*': ['applicant', 'staff'],
  'organisations.done.*': ['established', 'recorded', 'renamed', 'moved', 'merged'],
  'organisations.kinds.institution.*': organisationLevels.slice(0, 4),
  'organisations.kinds.administration.*': organisationLevels.slice(0, 4),
  'organisations.columns.*': ['code', 'name', 'kind', 'parent', 'phone', 'state', 'total', 'incomplete'],
  'audit.kinds.*': subjectKinds,
  'audit.what.*': looks,
  'audit.read.*': ['record', 'person', 'office', 'numbers'] satisfies AuditTrailRead['data']['what'][],
  'audit.oddities.*': oddities,
  'audit.counts.*': countedLooks,
  'audit.ofPeople.*': looks.filter((look) => look !== 'lookedUp' && look !== 'scanOpened'),
  'audit.columns.*': ['at', 'who', 'account', 'office', 'what', 'about', 'task', 'reason', 'searched', 'from'],
  'audit.filter.kinds.*': trailKinds,
  'audit.entries.*': ['public.page', 'public.api', 'management.page', 'management.api'],
  'audit.linked.*': ['registration', 'certificate', 'stock'],
  'audit.forbidden.*': ['unverified', 'role', 'authorisation', 'office', 'self'] satisfies Forbidden[],
  'audit.authorisations.*': authorisations,
  'audit.roles.*': roles,
  'audit.details.*': ['name', 'idNumber', 'mobile', 'workUnit', 'qq', 'note'] satisfies (keyof AccountDetails)[],
  'audit.identity.*': ['matches', 'differs', 'unreachable'] satisfies IdentityOutcome[],
  'audit.confirmation.*': confirmationBases,
  'reason.codes.*': accessReasons,
  'reason.hints.*': accessReasons,
  'problems.*.title': Object.keys(problemStatus),
  'problems.*.next': Object.keys(problemStatus),
  'cases.done.*': [...doneKinds, 'passedOn'],
  'cases.problems.*.title': caseProblems,
  'cases.problems.*.next': caseProblems,
  'cases.forbidden.*': ['authorisation', 'office', 'certificate'],
  'cases.errors.*': [
    'noExplanation',
    'noDocument',
    'noDocumentKind',
    'noDocumentNumber',
    'noDocumentShows',
  ] satisfies EvidenceFault['code'][],
  'cases.noCertificate.*': ['absent', 'noBrowser', 'busy', 'failed'],
  'cases.noCertificateNext.*': ['absent', 'noBrowser', 'busy', 'failed'],
  'roster.refused.*': fileRefusals,
  'roster.unreadable.*': ['noHeading', 'columnsMissing', 'severalSheets', 'noPeople'],
  'roster.columns.*': rosterColumns,
  'roster.roles.*': roles,
  'roster.sheet.*': ['name', 'annex', 'title', 'number', 'unit', 'person', 'day', 'phone', 'exampleNumber'],
  'roster.sheet.columns.*': rosterColumns,
  'roster.sheet.example.*': rosterColumns,
  'roster.sheet.notes.*': ['roles', 'places', 'digits', 'once'],
  'roster.faults.*': [
    ...['formula', 'missing', 'unknownPlace', 'notThere', 'ambiguousPlace', 'unknownRole', 'digitsLost', 'repeated'],
    ...['length', 'division', 'birthDate', 'checkCharacter', 'notYours', 'elsewhere', 'otherName'],
    ...['garbled.name', 'garbled.mobile', 'long.workUnit', 'long.qq', 'long.note'],
  ],
  'statuses.*': inboxStatuses,
  'workbench.empty.*': inboxStatuses,
  'reasons.reject.*': rejectReasons,
  'reasons.decline.*': declineReasons,
  'reasons.revoke.*': revokeReasons,
  'certificate.void.*': certificateVoidReasons,
  'public.verify.voids.*': certificateVoidReasons,
  'public.verify.titlesOfVoid.*': certificateVoidReasons,
  'corrections.withdraw.missing.*': ['of', 'document', 'documentNumber'],
  'suggestions.reject.*': named(rejectReasons),
  'suggestions.decline.*': named(declineReasons),
  'verification.sources.*': ['pis', 'exchange', 'documents'] satisfies Basis['source'][],
  'verification.answers.*': ['found', 'absent', 'unreachable'] satisfies Basis['answer'][],
  'verification.documents.*': documentKinds,
  'public.check.*': ['promiseMissing', 'otherCouple', 'unchanged'] satisfies Wrong[],
  'public.tasks.statuses.*': ['done', 'fix', 'faulted', 'inProgress', 'notStarted', 'blocked', 'ready'],
  'public.form.expiredNotes.*': ['restKept', 'nothingKept'],
};

describe('the languages', () => {
  test('have the same texts', () => {
    const [chinese, ...others] = locales.map((locale) => [...(texts[locale]?.keys() ?? [])].sort());
    expect(chinese?.length).toBeGreaterThan(300);
    for (const other of others) expect(other).toEqual(chinese);
  });

  test('fill the same places in each text, but for months, which English names', () => {
    const differing = [...(texts['zh-CN'] ?? [])].filter(([key, text]) => {
      if (key === 'times.day' || key === 'times.monthOnly') return false;
      const other = texts['en']?.get(key) ?? '';
      return !places(other).every((place) => places(text).includes(place));
    });
    expect(differing).toEqual([]);
  });

  test.each(locales)('hold every text that pages and code ask for in %s', (locale) => {
    const asked = [
      ...templates.flatMap(({ path, text }) => keysIn(text).map((key) => ({ path, key }))),
      ...scripts.flatMap(({ path, text }) => keysInCode(text).map((key) => ({ path, key }))),
    ];
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter(({ key }) => !texts[locale]?.has(key))).toEqual([]);
  });

  test.each(locales)('hold every text whose key is put together from parts in %s', (locale) => {
    const asked = Object.entries(composed).flatMap(([prefix, parts]) => parts.map((part) => prefix.replace('*', part)));
    expect(asked.length).toBeGreaterThan(150);
    expect(asked.filter((key) => !texts[locale]?.has(key))).toEqual([]);
  });

  test.each(locales)('say in %s what every code of an error means', (locale) => {
    const codes = [
      ...codesIn('web/api/decisionsApi.ts'),
      ...['unchanged', 'otherCouple', 'unknownOffice', 'unreasoned', 'unverified'],
    ];
    const told = (code: string) => ['problems.codes', 'cases.errors'].some((at) => texts[locale]?.has(`${at}.${code}`));
    expect(codes.filter((code) => !told(code))).toEqual([]);
  });

  test('offer every other one by its own name', () => {
    for (const locale of locales) {
      const others = otherLanguages(locale);
      expect(others.map((other) => other.locale)).toEqual(locales.filter((one) => one !== locale));
      expect(new Set(others.map(({ name }) => name)).size).toBe(others.length);
    }
  });

  test.each([
    [undefined, undefined, 'zh-CN'],
    [undefined, 'en-GB,en;q=0.9', 'en'],
    [undefined, 'EN', 'en'],
    [undefined, 'zh-TW,en', 'zh-CN'],
    [undefined, 'fr-FR', 'zh-CN'],
    ['en', 'zh-CN', 'en'],
    ['xx', 'en;q=1', 'en'],
  ])('chosen %s, asked for %s: %s', (chosen, acceptLanguage, locale) => {
    expect(localeOf(chosen, acceptLanguage)).toBe(locale);
  });

  test('leave no readable text in templates', () => {
    const written = templates
      .filter(({ path }) => !path.includes('certificate'))
      .flatMap(({ path, text }) => {
        const bare = text
          .replace(/\{\{[\s\S]*?\}\}/g, '')
          .replace(/<kbd>[^<]*<\/kbd>/g, '')
          .replace(/<[^>]*>/g, '');
        return /\p{Script=Han}|[A-Za-z]{4,}/u.test(bare) ? [{ path, text: bare.trim().slice(0, 80) }] : [];
      });
    expect(written).toEqual([]);
  });
});
