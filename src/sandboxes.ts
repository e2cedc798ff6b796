import closeWithGrace from 'close-with-grace';
import { startIdentitySandbox } from '#infrastructure/identity/sandbox.ts';
import { startSandbox } from '#infrastructure/population/sandbox.ts';
import { demoCouples } from './demo/demoCouples.ts';

// npm run sandboxes: plays the outside systems for trying a platform without the demo. They know the couples that the
// form offers as examples in the demo, and vouch for every well-formed ID number.
const port = 8090;

const population = await startSandbox({ couples: demoCouples, port });
const register = await startIdentitySandbox({ people: () => [], knowsOthers: true, port: port + 1 });
closeWithGrace(async () => {
  await Promise.all([population.close(), register.close()]);
});
process.stdout.write(`PIS_URL=${population.pisUrl}
EXCHANGE_URL=${population.exchangeUrl}
IDENTITY_URL=${register.identityUrl}
`);
