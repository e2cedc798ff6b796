import { describe, expect, it } from 'vitest';
import { withCheckCharacter } from '#domain/people/idNumber.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationEvent } from '#domain/registration/events.ts';
import { context } from '../../support/anyDeclaration.ts';
import { folded, given } from '../../support/given.ts';
import { commands, data, declared, histories, lookupOf, office, otherOffice } from '../../support/registrations.ts';

const registration = (events: readonly RegistrationEvent[]) => given(registrationDecider, events);

describe('a submission', () => {
  const submittedEvent = (differing: object = {}): RegistrationEvent => {
    const [event] = histories.submitted;
    if (event?.type !== 'Submitted') throw new Error('the history does not begin with a submission');
    return { ...event, data: { ...event.data, ...differing } };
  };

  it('keeps its data, office, policy, look-up keys and both due days', () => {
    registration([]).when(commands.Submit).thenHappened(submittedEvent());
  });

  it('names the registration whose data it took over', () => {
    registration([])
      .when({ ...commands.Submit, predecessor: 'earlier' })
      .thenHappened(submittedEvent({ predecessor: 'earlier' }));
  });

  it.each([
    ['2016-07-15', '2016-07-18', '2016-07-19'],
    ['2016-09-14', '2016-09-18', '2016-09-19'],
    ['2016-09-30', '2016-10-08', '2016-10-09'],
    ['2026-02-13', '2026-02-14', '2026-02-24'],
  ])('of %s is due by the calendar: reviewed by %s, told by %s', (today, reviewDueOn, outcomeDueOn) => {
    const couple = {
      ...data,
      wife: { ...data.wife, idNumber: withCheckCharacter('52011119941224900') },
      husband: { ...data.husband, idNumber: withCheckCharacter('52010319900315901') },
      marriage: { ...data.marriage, certificateNumber: 'J520103-2016-001234', registeredOn: '2016-05-20' },
    };
    const command = { ...commands.Submit, ...declared({ data: couple, context: { ...context, today } }) };
    const decision = registrationDecider.decide(command, registrationDecider.initialState);
    expect(decision).toMatchObject({ events: [{ data: { submittedOn: today, reviewDueOn, outcomeDueOn } }] });
  });

  it.each([
    ['2026-12-31', 'the review'],
    ['2026-12-30', 'the outcome'],
  ])('of %s, where %s falls into a year that is not published, is refused', (today) => {
    registration([])
      .when({ ...commands.Submit, ...declared({ context: { ...context, today } }) })
      .thenRefused({ type: 'unpublished', year: 2027 });
  });

  it('that breaks a rule is refused with every field in error', () => {
    const faulty = {
      ...data,
      wife: { ...data.wife, name: '王?芳' },
      declaration: { ...data.declaration, mobile: '12' },
    };
    registration([])
      .when({ ...commands.Submit, ...declared({ data: faulty }) })
      .thenRefused({
        type: 'invalid',
        violations: [
          { rule: 'nameGarbled', field: 'wife.name' },
          { rule: 'mobileMalformed', field: 'declaration.mobile' },
        ],
      });
  });

  it('with what only a person can judge carries flags to the reviewer', () => {
    const odd = { ...data, marriage: { ...data.marriage, certificateNumber: '黔筑结字第000123号' } };
    const flags = [{ rule: 'marriageNumberOlder', field: 'marriage.certificateNumber' }];
    registration([])
      .when({ ...commands.Submit, ...declared({ data: odd }) })
      .thenHappened(submittedEvent({ flags, personal: { data: odd } }));
  });
});

describe('an amendment', () => {
  const { data: now } = commands.Amend;

  it('keeps whole new data and names what changed', () => {
    registration(histories.received)
      .when(commands.Amend)
      .thenHappened({
        type: 'Amended',
        data: {
          parity: 1,
          declaredPlace: office,
          office,
          fromOffice: office,
          from: 'received',
          flags: [],
          lookup: lookupOf(),
          changed: ['declaration.mobile'],
          personal: { data: now },
        },
      });
  });

  it('at the same office leaves the task with whoever has it', () => {
    const amended = registration(histories.received).when(commands.Amend).history();
    expect(folded(registrationDecider, amended)).toMatchObject({ status: 'received', handler: 'czy', data: now });
  });

  it('to a place of another office returns the registration to that office’s inbox, the clock running on', () => {
    const moved = {
      ...data,
      wifeResidence: { ...data.wifeResidence, division: '520111005002' },
      declaration: { ...data.declaration, place: otherOffice },
    };
    const command = { ...commands.Amend, ...declared({ data: moved, office: otherOffice }) };
    const state = folded(registrationDecider, registration(histories.received).when(command).history());
    expect(state).toMatchObject({
      status: 'submitted',
      office: otherOffice,
      declaredPlace: otherOffice,
      reviewDueOn: '2026-11-25',
      outcomeDueOn: '2026-11-26',
    });
    expect(state).not.toHaveProperty('handler');
  });

  it('of a redirected registration stays with the office it was passed on to while its place stays', () => {
    const redirected = registration(histories.submitted).when(commands.Redirect).history();
    expect(folded(registrationDecider, registration(redirected).when(commands.Amend).history())).toMatchObject({
      office: otherOffice,
      status: 'submitted',
    });
  });

  it('that changes nothing is told so', () => {
    registration(histories.submitted)
      .when({ type: 'Amend', ...declared() })
      .thenRefused({ type: 'unchanged' });
  });

  it('to another couple or parity is another registration', () => {
    registration(histories.submitted)
      .when({ ...commands.Amend, lookup: lookupOf('others') })
      .thenRefused({ type: 'otherCouple' });
  });

  it('that breaks a rule changes nothing', () => {
    const faulty = { ...data, husband: { ...data.husband, name: '张' } };
    registration(histories.submitted)
      .when({ ...commands.Amend, ...declared({ data: faulty }) })
      .thenRefused({ type: 'invalid', violations: [{ rule: 'nameGarbled', field: 'husband.name' }] });
  });
});
