import { missingOnSite, type SeenDocument } from './documents.ts';
import type { Submitted } from './events.ts';

/**
 * An entry by staff in the couple's presence (R8): at which office or committee, what they saw, and who reviews it in the same
 * sitting, if anyone.
 */
export type OnSiteEntry = { enteredAt: string; documents: readonly SeenDocument[]; reviewer?: string };

/** Whether it can be reviewed at once: only with the documents that a couple has to show. */
export const isReviewable = ({ documents, reviewer }: OnSiteEntry): boolean =>
  reviewer === undefined || missingOnSite(documents).length === 0;

/** What a submission says of how it came in. */
export const channelOf = (entry: OnSiteEntry | undefined): Pick<Submitted['data'], 'channel' | 'enteredAt'> =>
  entry === undefined ? { channel: 'online' } : { channel: 'onSite', enteredAt: entry.enteredAt };

/** The documents that were seen, as a submission keeps them: sealed, and only where there are any. */
export const documentsOf = (entry: OnSiteEntry | undefined): { documents?: readonly SeenDocument[] } =>
  entry === undefined || entry.documents.length === 0 ? {} : { documents: entry.documents };
