import { once } from 'node:events';
import type messages from '@eventstore/db-client/generated/streams_pb.js';
import type { LoggedEvent, ServerLog } from './log.ts';
import { caughtUp, checkpoint, confirmation, consumerTooSlow, eventMessage } from './messages.ts';
import { indexFrom, noSuchPosition, type ReadCall } from './reading.ts';

type Filter = messages.ReadReq.Options.FilterOptions;

/** Stalled live events after which the server gives a consumer up: 200 were seen to survive, 400 not. */
const mostStalled = 300;

const checkpointEvery = 32;

/** The subscriptions under way, by how to abort each from outside, and how many were aborted so far. */
export type Subscriptions = { abort: Set<() => void>; aborted: number };

/**
 * Follows $all after a position (exclusive): catches up at the consumer's pace, says `caughtUp`, goes live. A consumer
 * that stalls while live is aborted.
 */
export const subscribe = async (
  log: ServerLog,
  call: ReadCall,
  options: messages.ReadReq.Options,
  subscriptions: Subscriptions,
): Promise<void> => {
  const from = indexFrom(log, options);
  if (from === 'nowhere') return void call.emit('error', noSuchPosition());
  const wanted = wantedBy(options.getFilter());
  const state = { next: options.getAll()?.hasPosition() ? from + 1 : from, live: false, over: false };
  const end = new AbortController();
  const finish = (): void => {
    state.over = true;
    end.abort();
  };
  const abort = (): void => {
    if (state.over) return;
    subscriptions.aborted += 1;
    call.emit('error', consumerTooSlow());
    finish();
  };
  let grew = Promise.withResolvers<void>();
  const stopListening = log.onGrowth(() => {
    if (state.live && log.events.slice(state.next).filter(wanted).length > mostStalled) abort();
    grew.resolve();
  });
  call.on('cancelled', finish);
  call.on('close', finish);
  end.signal.addEventListener('abort', () => grew.resolve());
  subscriptions.abort.add(abort);

  const send = async (message: messages.ReadResp): Promise<void> => {
    if (state.over || call.write(message)) return;
    await once(call, 'drain', { signal: end.signal }).catch(() => {});
  };
  const pass = async (event: LoggedEvent): Promise<void> => {
    state.next += 1;
    if (wanted(event)) await send(eventMessage(event));
    if (options.hasFilter() && state.next % checkpointEvery === 0) await send(checkpoint(event.position));
  };

  await send(confirmation());
  while (!state.over) {
    const event = log.events[state.next];
    if (event !== undefined) await pass(event);
    else {
      if (!state.live) await send(caughtUp());
      state.live = true;
      grew = Promise.withResolvers<void>();
      if (log.events[state.next] === undefined && !state.over) await grew.promise;
    }
  }
  stopListening();
  subscriptions.abort.delete(abort);
};

const wantedBy = (filter: Filter | undefined): ((event: LoggedEvent) => boolean) => {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (filter === undefined || expression === undefined) return () => true;
  const of = (event: LoggedEvent): string => (filter.hasStreamIdentifier() ? event.stream : event.type);
  const prefixes = expression.getPrefixList();
  if (prefixes.length > 0) return (event) => prefixes.some((prefix) => of(event).startsWith(prefix));
  const regex = new RegExp(expression.getRegex(), 'u');
  return (event) => regex.test(of(event));
};
