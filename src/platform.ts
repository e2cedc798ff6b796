import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { accountDirectory } from '#application/accountDirectory.ts';
import type { Deps } from '#application/deps.ts';
import type { Clock } from '#application/ports.ts';
import type { StaffDirectory } from '#application/staff.ts';
import { calendars, loadCalendar, loadLocalDays } from '#infrastructure/calendar/holidays.ts';
import { uuids } from '#infrastructure/ids.ts';
import { verifyPassword } from '#infrastructure/passwords.ts';
import { readScan } from '#infrastructure/scans/readScan.ts';
import { certificateCodes } from '#infrastructure/sealing/certificateCode.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { readFile } from '#infrastructure/spreadsheet/readFile.ts';
import type { Stores } from './stores.ts';

/** What differs from one composition to another. */
export type Surroundings = Pick<
  Deps,
  | 'divisions'
  | 'offices'
  | 'signIn'
  | 'identity'
  | 'population'
  | 'documents'
  | 'publicUrl'
  | 'demo'
  | 'awaitViews'
  | 'observe'
> & {
  dataDir: string;
  clock: Clock;
  /** Other staff than those who have accounts. */
  staff?: StaffDirectory;
};

/** The application's dependencies over opened stores, with the real calendar. */
export const platformDeps = async (stores: Stores, { dataDir, ...surroundings }: Surroundings): Promise<Deps> => {
  const { keys, logKeys, eventStore, viewStore, transientStore, dataKeys, scanStore } = stores;
  const sealing = createSealing(keys, dataKeys);
  return {
    eventStore,
    viewStore,
    transientStore,
    dataKeys,
    scanStore,
    sealing,
    staff: accountDirectory({ ...stores, sealing, ...surroundings, verify: verifyPassword }),
    certificateCodes: await certificateCodes(keys),
    checkpointKeys: checkpointKeys(logKeys),
    ids: uuids(surroundings.clock),
    randomBytes,
    readFile,
    readScan,
    wait: (ms) => wait(ms),
    calendarOf: calendars(loadCalendar(dataDir), loadLocalDays(dataDir)),
    ...surroundings,
  };
};
