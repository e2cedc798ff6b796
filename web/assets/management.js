import { startForms } from './management-forms.js';
import { startKeys } from './management-keys.js';
import { startLive } from './management-live.js';

startForms();
startKeys();
startLive();
