import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { identifyingFields } from '#domain/registration/correction.ts';
import { type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationEvent } from '#domain/registration/events.ts';
import { findings } from '#domain/registration/rules.ts';
import { isLive, type MadeRegistration, type RegistrationState } from '#domain/registration/state.ts';
import { context } from '../../support/anyDeclaration.ts';
import { registrationCommands } from '../../support/anyRegistrationCommand.ts';
import { folded } from '../../support/given.ts';
import { histories } from '../../support/registrations.ts';
import { run, type Step } from '../../support/runs.ts';

const ends: readonly string[] = ['rejected', 'declined', 'withdrawn', 'revoked', 'abandoned'];
const endEvents: readonly string[] = ['Rejected', 'Registered', 'Declined', 'Withdrawn', 'SubmissionAbandoned'];
const wholeData = (data: object): readonly string[] => Object.keys(data).toSorted();
const isMade = (state: RegistrationState): state is MadeRegistration =>
  state.status !== 'absent' && state.status !== 'abandoned';

/** What holds of a registration at every moment. */
const holds = (state: MadeRegistration): void => {
  expect(state.office).not.toBe('');
  expect(findings('block', state.data, { ...context, today: '2026-12-31' })).toEqual([]);
  expect(state.parity).toBe(state.data.application.parity);
  expect(state.declaredPlace).toBe(state.data.declaration.place);
  expect(state.reviewDueOn <= state.outcomeDueOn && state.submittedOn < state.reviewDueOn).toBe(true);
  if (state.status === 'submitted') expect(state).not.toHaveProperty('handler');
  if (state.status === 'received') expect(state.handler).toMatch(/^czy/);
  const passedReview = ['accepted', 'registered', 'declined', 'revoked'].includes(state.status);
  expect(state.registerDueOn !== undefined).toBe(passedReview);
};

/** What holds from one moment to the next. */
const movesOn = ({ before, after }: Step<RegistrationKind>): void => {
  if (ends.includes(before.status) && after !== before) {
    expect(before).not.toHaveProperty('erasedOn');
    expect(after).toEqual({ ...before, erasedOn: isMade(after) && after.erasedOn });
    expect(isLive(after)).toBe(false);
  }
  if (!isMade(before) || !isMade(after)) return;
  if (before.status === 'registered') {
    expect(['registered', 'revoked']).toContain(after.status);
    expect(after).toMatchObject({ parity: before.parity, declaredPlace: before.declaredPlace, office: before.office });
    expect(wholeData(after.data)).toEqual(wholeData(before.data));
  } else {
    expect(after.couple).toBe(before.couple);
  }
  const lasting = ({ policy, submittedOn, reviewDueOn, outcomeDueOn }: MadeRegistration) => ({
    policy,
    submittedOn,
    reviewDueOn,
    outcomeDueOn,
  });
  expect(lasting(after)).toEqual(lasting(before));
  if (before.registerDueOn !== undefined) expect(after.registerDueOn).toBe(before.registerDueOn);
};

/** What each event says of where it came from and where it left the registration. */
const tells = (before: RegistrationState, event: RegistrationEvent, after: RegistrationState): void => {
  if ('from' in event.data) expect(event.data.from).toBe(before.status);
  if ('fromOffice' in event.data) expect(event.data.fromOffice).toBe(isMade(before) ? before.office : undefined);
  if ('office' in event.data) expect(event.data.office).toBe(isMade(after) ? after.office : undefined);
};

describe('whatever is asked of a registration in whatever order', () => {
  test.prop([registrationCommands], { numRuns: 300 })(
    'it holds together at every moment, and replay gives the same',
    (commands) => {
      const { steps, events } = run(registrationDecider, commands);
      for (const step of steps) {
        movesOn(step);
        if (isMade(step.after)) holds(step.after);
      }
      expect(events.filter(({ type }) => endEvents.includes(type)).length).toBeLessThanOrEqual(1);
      expect(events.filter(({ type }) => type === 'Submitted').length).toBeLessThanOrEqual(1);
    },
  );

  test.prop([registrationCommands], { numRuns: 300 })(
    'names and ID numbers are corrected only as one person proposed and another approved',
    (commands) => {
      const { steps } = run(registrationDecider, commands);
      for (const { before, command, decision } of steps) {
        const corrected =
          decision.outcome === 'accepted' ? decision.events.find(({ type }) => type === 'Corrected') : undefined;
        if (corrected?.type !== 'Corrected' || !isMade(before)) continue;
        if (identifyingFields(corrected.data.changed).length === 0 && command.type === 'Correct') continue;
        expect(command).toMatchObject({ type: 'ApproveCorrection', correction: before.proposal?.correction });
        expect(command).not.toMatchObject({ approver: before.proposal?.proposedBy });
        expect(corrected.data.personal).toEqual(before.proposal?.personal);
      }
    },
  );

  test.prop([registrationCommands])('its events say where it stood before and where they left it', (commands) => {
    let state = registrationDecider.initialState;
    for (const event of run(registrationDecider, commands).events) {
      const after = registrationDecider.evolve(state, event);
      tells(state, event, after);
      state = after;
    }
  });

  it('its commands reach every status, so that the properties above say something', () => {
    const seen = fc
      .sample(registrationCommands, { numRuns: 500, seed: 7 })
      .flatMap((commands) => run(registrationDecider, commands).steps.map(({ after }) => after.status));
    expect([...new Set(seen)].toSorted()).toEqual(Object.keys(histories).toSorted());
  });
});

describe('folding', () => {
  const anyEvents = fc.array(fc.constantFrom(...Object.values(histories).flat()), { maxLength: 10 });

  test.prop([anyEvents])('never throws, in whatever order events come', (events) => {
    expect(Object.keys(histories)).toContain(folded(registrationDecider, events).status);
  });

  it.each(Object.entries(histories))(
    'of a history that ends %s holds its couple only while it lives',
    (status, events) => {
      const live = ['submitted', 'received', 'accepted', 'registered'].includes(status);
      expect(isLive(folded(registrationDecider, events))).toBe(live);
    },
  );
});
