import type { Calendar } from '#domain/calendar/workingDays.ts';
import type { CertificateCodes } from './certificateCodes.ts';
import type { Divisions } from './divisions.ts';
import type { DocumentRenderer } from './documents.ts';
import type { Handling } from './handleCommand.ts';
import type { IdentityCheck } from './identityCheck.ts';
import type { CheckpointKeys } from './log/checkpoint.ts';
import type { Offices } from './offices.ts';
import type { PopulationSystem } from './population.ts';
import type { Ids, ScanStore, TransientStore, ViewStore } from './ports.ts';
import type { ReadScan } from './scanFiles.ts';
import type { SignInMeans } from './signInMeans.ts';
import type { ReadFile } from './spreadsheets.ts';
import type { StaffDirectory } from './staff.ts';

/** Everything the application needs of the world; the composition root fills it, tests fill it otherwise. */
export type Deps = Handling & {
  viewStore: ViewStore;
  transientStore: TransientStore;
  ids: Ids;
  randomBytes: (length: number) => Uint8Array;
  wait: (ms: number) => Promise<void>;
  /** Working days as they hold in one division, local holidays included (R12). */
  calendarOf: (division: string) => Calendar;
  divisions: Divisions;
  offices: Offices;
  staff: StaffDirectory;
  signIn: SignInMeans;
  identity: IdentityCheck;
  population: PopulationSystem;
  documents: DocumentRenderer;
  readFile: ReadFile;
  scanStore: ScanStore;
  readScan: ReadScan;
  certificateCodes: CertificateCodes;
  checkpointKeys: CheckpointKeys;
  /** Where the public site stands for those who scan a certificate, without a slash at its end. */
  publicUrl: string;
  /** Certificates carry “样证”, pages say that all people are made up. */
  demo: boolean;
  /** Resolves true once the views have reached a position, false when the bound has passed. */
  awaitViews: (views: readonly string[], position: number) => Promise<boolean>;
};
