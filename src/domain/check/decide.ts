import { match } from 'ts-pattern';
import { accepted, type Decider, rejected } from '../decider.ts';
import type { CheckEvent, RegistrationChecked, WomanTold } from './events.ts';

export type CheckState = { status: 'absent' } | { status: 'made'; checked: RegistrationChecked['data']; told: boolean };

export type CheckKind = {
  command:
    | { type: 'CheckRegistration'; checked: RegistrationChecked['data'] }
    | { type: 'TellWoman'; institution: string; how: WomanTold['data']['how']; office?: string };
  state: CheckState;
  event: CheckEvent;
  /** `registered`: there is nothing to tell her. */
  rejection: { type: 'absent' } | { type: 'otherInstitution' } | { type: 'registered' };
};

/** Whether two checks ask for the same at one institution; what was found may have changed between them. */
export const isSameCheck = (one: RegistrationChecked['data'], other: RegistrationChecked['data']): boolean =>
  one.institution === other.institution &&
  one.by === other.by &&
  (one.by === 'idNumber'
    ? one.lookup?.womanIdNumber === other.lookup?.womanIdNumber
    : one.certificate === other.certificate);

const tell = (
  { institution, how, office }: Extract<CheckKind['command'], { type: 'TellWoman' }>,
  state: CheckState,
) => {
  if (state.status === 'absent') return rejected({ type: 'absent' } as const);
  const { checked, told } = state;
  if (checked.institution !== institution) return rejected({ type: 'otherInstitution' } as const);
  if (checked.outcome === 'registered') return rejected({ type: 'registered' } as const);
  if (told) return accepted();
  const { lookup } = checked;
  const data = { institution, how, ...(office === undefined ? {} : { office }), ...(lookup && { lookup }) };
  return accepted({ type: 'WomanTold', data } as const);
};

/** One check of an institution and what it told the woman (M1); its stream is `check-<id>`. */
export const checkDecider: Decider<CheckKind> = {
  category: 'check',
  initialState: { status: 'absent' },
  decide: (command, state) =>
    match(command)
      .with({ type: 'CheckRegistration' }, ({ checked }) =>
        state.status === 'absent' ? accepted({ type: 'RegistrationChecked', data: checked } as const) : accepted(),
      )
      .with({ type: 'TellWoman' }, (c) => tell(c, state))
      .exhaustive(),
  evolve: (state, event) =>
    match(event)
      .with({ type: 'RegistrationChecked' }, ({ data }): CheckState => ({ status: 'made', checked: data, told: false }))
      .with({ type: 'WomanTold' }, (): CheckState => (state.status === 'absent' ? state : { ...state, told: true }))
      .exhaustive(),
};
