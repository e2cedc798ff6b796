import { finishErasure } from '../eraseRegistration.ts';
import type { Handling } from '../handleCommand.ts';
import type { Reaction } from '../runReactions.ts';

const prefix = 'registration-';

/** On `RegistrationErased`, destroys the data key, wherever the process stopped that was to do it (PIPL art. 47). */
export const destroyDataKey = (deps: Handling): Reaction => ({
  name: 'destroyDataKey',
  on: {
    RegistrationErased: async ({ stream }) => {
      await finishErasure(deps, stream.slice(prefix.length));
    },
  },
});
