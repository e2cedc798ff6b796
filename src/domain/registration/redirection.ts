import { accepted, type Decision, rejected } from '../decider.ts';
import type { RegistrationKind } from './decide.ts';
import type { MadeRegistration } from './state.ts';

/** To which office; `registers`: whether there is such an office and it registers, as nothing is passed on to nobody. */
export type Redirection = { office: string; registers: boolean; reason: string; because?: 'merged' };

/** Passed on to another office, the clock running on (R5, R10). */
export const redirect = (command: Redirection, state: MadeRegistration): Decision<RegistrationKind> => {
  const { office, reason, because } = command;
  if (because === undefined && reason.trim() === '') return rejected({ type: 'unreasoned' });
  if (!command.registers) return rejected({ type: 'unknownOffice' });
  if (office === state.office) return rejected({ type: 'unchanged' });
  return accepted({
    type: 'Redirected',
    data: {
      office,
      fromOffice: state.office,
      from: state.status,
      ...(because === undefined ? {} : { because }),
      personal: { reason },
    },
  });
};
