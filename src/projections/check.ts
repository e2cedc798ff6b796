import type { CheckEvent, CheckOutcome, RegistrationChecked, WomanTold } from '#domain/check/events.ts';
import { type Occurred, projection } from './projection.ts';

/** One check of an institution; `woman` is the keyed hash of her ID number, where that was asked by. */
export type CheckRow = {
  id: string;
  institution: string;
  at: string;
  by: RegistrationChecked['data']['by'];
  outcome: CheckOutcome;
  woman?: string;
  toldAt?: string;
  how?: WomanTold['data']['how'];
  office?: string;
};

const prefix = 'check-';
const atOf = (event: Occurred<CheckEvent>): string => String(event.meta['at']);

/** Checks by institution, and whom it told to register (M1): nothing here says who she is. */
export const check = projection<CheckEvent, CheckRow>({
  name: 'check',
  indexes: { institution: ['institution', 'at'], told: ['institution', 'toldAt'] },
  keysOf: ({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []),
  on: {
    RegistrationChecked: (_, event, id) => {
      const { institution, by, outcome, lookup } = event.data;
      return { id, institution, at: atOf(event), by, outcome, ...(lookup && { woman: lookup.womanIdNumber }) };
    },
    WomanTold: (row, event) => {
      const { how, office } = event.data;
      return row && { ...row, toldAt: atOf(event), how, ...(office === undefined ? {} : { office }) };
    },
  },
});
