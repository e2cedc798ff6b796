import { writeSync } from 'node:fs';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { openSubmitter } from './submitter.ts';

// A program for tests: submits the declaration given as JSON under the ids given, over the stores of a directory, and stops for
// good between the reservation of the couple and the registration: says `reserved` and waits to be killed.
const [, , directory = '', id = '', commandId = '', declaration = ''] = process.argv;
const { log, over } = await openSubmitter(directory);
const stopped = over({
  eventStore: {
    ...log,
    append: async (stream, expected, events) => {
      if (!stream.startsWith('registration-')) return log.append(stream, expected, events);
      writeSync(1, 'reserved\n');
      return new Promise(() => setInterval(() => undefined, 60_000));
    },
  },
});
await stopped.applicant.submit(id, JSON.parse(declaration) as RegistrationData, { commandId });
