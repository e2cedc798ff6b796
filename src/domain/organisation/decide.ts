import { match } from 'ts-pattern';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import type { Contacts, OrganisationEstablished, OrganisationEvent } from './events.ts';
import {
  divisionOf,
  fitsUnder,
  isCodeOf,
  isOrganisationName,
  type OrganisationRecord,
  type OtherOrganisation,
  organisationName,
  type Placed,
} from './rules.ts';

/** `parent` and `into` are told as the tree has them; undefined: there is none. Only the top of the tree reports to nobody. */
export type OrganisationCommand =
  | ({ type: 'Establish'; code: string; name: string; parent: OtherOrganisation | 'nobody' | undefined } & Placed)
  | { type: 'CompleteRecord'; record: OrganisationRecord }
  | { type: 'Rename'; name: string }
  /** `beneath`: the new parent hangs under the organisation that is to be moved. */
  | { type: 'Move'; parent: OtherOrganisation | undefined; beneath: boolean }
  | { type: 'Merge'; into: OtherOrganisation | undefined };

/** An organisation as the fold of its stream; `record` is whatever was completed last. */
export type EstablishedOrganisation = {
  status: 'active' | 'merged';
  code: string;
  name: string;
  parent: string;
  successor?: string;
  record?: { phone: string; address: string } & Contacts;
} & Placed;

export type OrganisationState = { status: 'absent' } | EstablishedOrganisation;

/** Why a command on an organisation did nothing. */
export type OrganisationRejection =
  | { type: 'absent' }
  | { type: 'exists'; name: string }
  | { type: 'merged'; into: string }
  | { type: 'unchanged' }
  | { type: 'wrongName' }
  | { type: 'wrongCode' }
  /** The other one, that it shall report to or go on in, is not there, or no longer by itself. */
  | { type: 'unknownOther' }
  | { type: 'otherMerged' }
  /** It cannot report to one of that kind or level, or go on in one of another kind or level. */
  | { type: 'wrongLevel' }
  /** The whole tree hangs from it. */
  | { type: 'top' }
  | { type: 'cycle' };

export type OrganisationKindOf = {
  command: OrganisationCommand;
  state: OrganisationState;
  event: OrganisationEvent;
  rejection: OrganisationRejection;
};

type Of<T extends OrganisationCommand['type']> = Extract<OrganisationCommand, { type: T }>;
type Outcome = Decision<OrganisationKindOf>;

const established = ({ code, kind, level, name }: Of<'Establish'>, parent: string): Outcome => {
  const data: OrganisationEstablished['data'] = {
    code,
    kind,
    level,
    division: divisionOf(code),
    parent,
    name: organisationName(name),
  };
  return accepted({ type: 'OrganisationEstablished', data } as const);
};

/** Established where it fits, under a code of the place that it is for (O1). */
const establish = (command: Of<'Establish'>): Outcome => {
  const { code, name, parent } = command;
  if (!isOrganisationName(organisationName(name))) return rejected({ type: 'wrongName' });
  if (!isCodeOf(command, code)) return rejected({ type: 'wrongCode' });
  if (parent === 'nobody') {
    return command.level === 'province' ? established(command, '') : rejected({ type: 'wrongLevel' });
  }
  if (parent === undefined) return rejected({ type: 'unknownOther' });
  if (parent.status === 'merged') return rejected({ type: 'otherMerged' });
  if (!fitsUnder(command, parent)) return rejected({ type: 'wrongLevel' });
  const isThere = parent.divisions.some((division) => code.startsWith(division));
  return isThere ? established(command, parent.code) : rejected({ type: 'wrongCode' });
};

/** The record as it then is; completing it anew with the same changes nothing (O2). */
const complete = ({ record }: Of<'CompleteRecord'>, state: EstablishedOrganisation): Outcome => {
  const { phone, address, head, contact, mobile } = record;
  const before = state.record;
  const same =
    before !== undefined &&
    before.phone === phone &&
    before.address === address &&
    before.head === head &&
    before.contact === contact &&
    (before.mobile ?? '') === mobile;
  if (same) return rejected({ type: 'unchanged' });
  const personal = { head, contact, ...(mobile === '' ? {} : { mobile }) };
  return accepted({ type: 'OrganisationRecordCompleted', data: { phone, address, personal } } as const);
};

const rename = (text: string, { name: formerName }: EstablishedOrganisation): Outcome => {
  const name = organisationName(text);
  if (!isOrganisationName(name)) return rejected({ type: 'wrongName' });
  if (name === formerName) return rejected({ type: 'unchanged' });
  return accepted({ type: 'OrganisationRenamed', data: { name, formerName } } as const);
};

const move = ({ parent, beneath }: Of<'Move'>, state: EstablishedOrganisation): Outcome => {
  if (state.parent === '') return rejected({ type: 'top' });
  if (parent === undefined) return rejected({ type: 'unknownOther' });
  if (parent.status === 'merged') return rejected({ type: 'otherMerged' });
  if (parent.code === state.code || beneath) return rejected({ type: 'cycle' });
  if (parent.code === state.parent) return rejected({ type: 'unchanged' });
  if (!fitsUnder(state, parent)) return rejected({ type: 'wrongLevel' });
  return accepted({ type: 'OrganisationMoved', data: { parent: parent.code, fromParent: state.parent } } as const);
};

const merge = ({ into }: Of<'Merge'>, state: EstablishedOrganisation): Outcome => {
  if (state.parent === '') return rejected({ type: 'top' });
  if (into === undefined) return rejected({ type: 'unknownOther' });
  if (into.code === state.code) return rejected({ type: 'cycle' });
  if (into.status === 'merged') return rejected({ type: 'otherMerged' });
  if (into.kind !== state.kind || into.level !== state.level) return rejected({ type: 'wrongLevel' });
  return accepted({ type: 'OrganisationMerged', data: { into: into.code } } as const);
};

/** Runs a step on an organisation that stands by itself. */
const whenActive = (state: OrganisationState, step: (state: EstablishedOrganisation) => Outcome): Outcome => {
  if (state.status === 'absent') return rejected({ type: 'absent' });
  if (state.successor !== undefined) return rejected({ type: 'merged', into: state.successor });
  return step(state);
};

const decide = (command: OrganisationCommand, state: OrganisationState): Outcome =>
  match(command)
    .with({ type: 'Establish' }, (c) =>
      state.status === 'absent' ? establish(c) : rejected({ type: 'exists', name: state.name } as const),
    )
    .with({ type: 'CompleteRecord' }, (c) => whenActive(state, (s) => complete(c, s)))
    .with({ type: 'Rename' }, (c) => whenActive(state, (s) => rename(c.name, s)))
    .with({ type: 'Move' }, (c) => whenActive(state, (s) => move(c, s)))
    .with({ type: 'Merge' }, (c) => whenActive(state, (s) => merge(c, s)))
    .exhaustive();

const evolve = (state: OrganisationState, event: OrganisationEvent): OrganisationState => {
  if (event.type === 'OrganisationEstablished') {
    const { code, kind, level, parent, name } = event.data;
    return { status: 'active', code, kind, level, parent, name };
  }
  if (state.status === 'absent') return state;
  return match(event)
    .with({ type: 'OrganisationRecordCompleted' }, ({ data: { phone, address, personal } }) => {
      return { ...state, record: { phone, address, ...personal } };
    })
    .with({ type: 'OrganisationRenamed' }, ({ data }) => ({ ...state, name: data.name }))
    .with({ type: 'OrganisationMoved' }, ({ data }) => ({ ...state, parent: data.parent }))
    .with({ type: 'OrganisationMerged' }, ({ data }) => ({ ...state, status: 'merged' as const, successor: data.into }))
    .exhaustive();
};

/** The organisation as a decider (O1, O2); its stream is `organisation-<code>`. */
export const organisationDecider: Decider<OrganisationKindOf> = {
  category: 'organisation',
  initialState: { status: 'absent' },
  decide,
  evolve,
};
