import { dayInShanghai } from '#domain/calendar/day.ts';
import type { BornChild } from '#domain/registration/births.ts';
import { type RegistrationCommand, type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { AccessRecords } from './access.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import { isActOf, type Staff } from './actor.ts';
import { registrationViews } from './applicantCommands.ts';
import { authorise } from './authorise.ts';
import { annotationsOf } from './births.ts';
import { normalisedNumber } from './certificateQueries.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { handleCommand, type Loaded, load } from './handleCommand.ts';
import { institutionChecks } from './institutionChecks.ts';
import type { StaffOutcome } from './performAct.ts';

/** `otherCertificate`: what was presented is no certificate of this registration that holds. */
export type AnnotationOutcome = StaffOutcome | { outcome: 'rejected'; rejection: { type: 'otherCertificate' } };

const views = [...registrationViews, 'institutionMonth'] as const;

/** The number as it is kept, where it is that of a certificate of this registration and holds. */
const presented = async (deps: Deps, registrationId: string, text: string): Promise<string | undefined> => {
  const number = normalisedNumber(text);
  if (number === undefined) return undefined;
  const [row] = (await deps.viewStore.get('certificate', [number])) as readonly (CertificateRow | undefined)[];
  return row?.status === 'valid' && row.registrationId === registrationId ? number : undefined;
};

/** What medical institutions do: check registrations, tell who has none, and annotate births (M1, M2, §3.3). */
export const institutions = (deps: Deps, access: AccessRecords) => {
  const today = () => dayInShanghai(deps.clock());

  /** The registration as read, whose act this is, and whether it was sent before; or why not to act. */
  const acting = async (id: string, { staff, commandId }: ActOfStaff) => {
    const read = await load(deps, registrationDecider, id);
    const { state, events } = read;
    if (state.status === 'absent' || state.status === 'abandoned') return { outcome: 'absent' } as const;
    const own = deps.offices.current(staff.office);
    const people = peopleOf(deps.sealing, state.data);
    const allowed = authorise(staff, { act: 'annotateBirth', office: own, people }, deps.offices);
    const repeated = events.some(isActOf(staff, commandId));
    if (allowed.outcome === 'forbidden' && !repeated) return allowed;
    return { outcome: 'acting', read, state, own, repeated } as const;
  };

  const perform = async (
    id: string,
    act: ActOfStaff,
    command: RegistrationCommand,
    read: Loaded<RegistrationKind>,
  ): Promise<StaffOutcome> => {
    const handled = await handleCommand(deps, registrationDecider, id, command, actingFor(deps.sealing, act), read);
    if (handled.outcome === 'done') await deps.awaitViews(views, handled.position);
    return handled;
  };

  return {
    ...institutionChecks(deps, access),

    /** Whether they may annotate births at all. */
    mayAnnotate: (staff: Staff): boolean => {
      const office = deps.offices.current(staff.office);
      return authorise(staff, { act: 'annotateBirth', office, people: [] }, deps.offices).outcome === 'allowed';
    },

    /** Annotates the birth that a registration is for, on the certificate that was presented; once (M2). */
    annotate: async (
      id: string,
      act: ActOfStaff,
      { certificate, children }: { certificate: string; children: readonly BornChild[] },
    ): Promise<AnnotationOutcome> => {
      const asked = await acting(id, act);
      if (asked.outcome !== 'acting') return asked;
      const { read, state, own, repeated } = asked;
      // Revoked, or born already: that says more than that the certificate no longer holds.
      const decidesAlone = repeated || state.status !== 'registered' || state.births !== undefined;
      const number = decidesAlone ? certificate : await presented(deps, id, certificate);
      if (number === undefined) return { outcome: 'rejected', rejection: { type: 'otherCertificate' } };
      const annotation = { institution: own, today: today(), certificate: number, children };
      return perform(id, act, { type: 'AnnotateBirth', ...annotation }, read);
    },

    /** Corrects what the own institution annotated, with a reason (M2). */
    correctAnnotation: async (
      id: string,
      act: ActOfStaff,
      { children, reason }: { children: readonly BornChild[]; reason: string },
    ): Promise<StaffOutcome> => {
      const asked = await acting(id, act);
      if (asked.outcome !== 'acting') return asked;
      const { read, state, own } = asked;
      // What merged into another institution goes on under that one (O1).
      const annotated = state.births?.institution ?? own;
      const institution = deps.offices.current(annotated) === own ? annotated : own;
      return perform(id, act, { type: 'CorrectAnnotation', institution, today: today(), children, reason }, read);
    },

    /** The birth of a registration, opened for whoever was let in to its data. */
    annotationsOf: (row: RegistrationRow) => annotationsOf(deps, row),
  };
};
