import { fillSuggestions, startForms } from './management-forms.js';
import { startKeys } from './management-keys.js';
import { startLive } from './management-live.js';
import { startOffices } from './management-offices.js';
import { startPasskeys } from './management-passkeys.js';
import { startRoster } from './management-roster.js';
import { startSessionNotice } from './management-session.js';
import { startLookUp } from './management-verify.js';
import { startWatch } from './management-watch.js';

startForms();
startKeys();
startLive();
startWatch();
startOffices();
startPasskeys();
startSessionNotice();
void startRoster();
await startLookUp(fillSuggestions);
