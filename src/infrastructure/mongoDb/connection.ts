import {
  type Db,
  MongoClient,
  type MongoClientOptions,
  MongoCompatibilityError,
  MongoError,
  MongoInvalidArgumentError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { StoreUnavailable } from '#application/ports.ts';
import { succeedingClients } from './clients.ts';

/** Where the servers are (`mongodb://…/database`), and after how long an answer is given up. */
export type MongoPlace = { url: string; timeoutMs?: number };

/** A database that answers within bounds, or rejects with `StoreUnavailable`. */
export type Mongo = {
  answer: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
  /** For what may rightly take minutes, such as building an index: bounded only by the server being there. */
  answerPatiently: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
  close: () => Promise<void>;
};

const defaultTimeoutMs = 8_000;
const defaultDatabase = 'birth_registration';
const databaseInUrl = /^mongodb(?:\+srv)?:\/\/[^/]+\/[^/?]/;

/**
 * Connects, with majority writes and reads from the primary; TLS, credentials and replica set stand in the URL. Throws
 * `RangeError` where that is none.
 */
export const openMongo = async ({ url, timeoutMs = defaultTimeoutMs }: MongoPlace): Promise<Mongo> => {
  const clients = succeedingClients(() => clientFor(url, optionsFor(timeoutMs)), timeoutMs);
  const database = databaseInUrl.test(url) ? undefined : defaultDatabase;
  const { hosts, srvHost } = clients.current().options;
  const place = hosts.join(', ') || String(srvHost);
  let closed = false;
  const answering = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closed) throw new StoreUnavailable('The connection to MongoDB was closed here.');
    try {
      return await work();
    } catch (error) {
      throw isPassing(error) ? unavailable(place, error) : error;
    }
  };
  const answer: Mongo['answer'] = (work) =>
    answering(async () => {
      const client = clients.current();
      try {
        return await within(timeoutMs, work(client.db(database)));
      } catch (error) {
        if (error instanceof MongoServerSelectionError) clients.succeed(client);
        throw error;
      }
    });
  const answerPatiently: Mongo['answerPatiently'] = (work) =>
    answering(async () => {
      const patient = new MongoClient(url, { ...optionsFor(timeoutMs), socketTimeoutMS: 0, maxPoolSize: 1 });
      try {
        return await work(patient.db(database));
      } finally {
        await patient.close();
      }
    });
  const close = async (): Promise<void> => {
    closed = true;
    await clients.close();
  };
  try {
    await answer((db) => db.command({ ping: 1 }));
  } catch (error) {
    await close();
    throw error;
  }
  return { answer, answerPatiently, close };
};

/** The driver quotes a URL that it cannot read, and so the password in it: its error goes no further. */
const clientFor = (url: string, options: MongoClientOptions): MongoClient => {
  let fault: unknown;
  try {
    return new MongoClient(url, options);
  } catch (thrown) {
    fault = thrown;
  }
  const why = fault instanceof Error ? fault.message.replaceAll(url, '…') : '';
  throw new RangeError(`This is no address of MongoDB such as mongodb://host:27017/database (${why}).`);
};

const optionsFor = (timeoutMs: number): MongoClientOptions => ({
  appName: 'birth-registration',
  readPreference: 'primary',
  writeConcern: { w: 'majority', wtimeoutMS: timeoutMs },
  serverSelectionTimeoutMS: timeoutMs / 2,
  connectTimeoutMS: timeoutMs / 2,
  waitQueueTimeoutMS: timeoutMs / 2,
  socketTimeoutMS: timeoutMs,
  heartbeatFrequencyMS: timeoutMs,
  maxPoolSize: 20,
});

class TooLate extends Error {}

/** The work goes on behind: what is written late was guarded as if it were in time. */
const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TooLate(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

const unavailable = (place: string, cause: unknown): StoreUnavailable => {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new StoreUnavailable(`MongoDB at ${place} cannot answer (${why}).`, { cause });
};

// HostUnreachable, HostNotFound, Unauthorized, AuthenticationFailed, MaxTimeMSExpired, WriteConcernFailed, NetworkTimeout,
// ShutdownInProgress, CannotSatisfyWriteConcern, WriteConcernTimeout, PrimarySteppedDown, ExceededTimeLimit,
// PooledConnectionsDropped, SocketException, NotWritablePrimary, InterruptedAtShutdown, InterruptedDueToReplStateChange,
// NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary, OutOfDiskSpace, CursorNotFound, QueryPlanKilled, Interrupted.
const passing = new Set([
  6, 7, 13, 18, 50, 64, 89, 91, 100, 189, 202, 262, 365, 9001, 10107, 11600, 11602, 13435, 13436, 14031, 43, 175, 11601,
]);

// The driver lets some errors of sockets through as they are, and wraps them as if a server had answered to a bulk write.
const ofSockets = /^(E(?!RR_)|ERR_(STREAM|SOCKET|SSL|TLS)_)/;

/** What a later try, or the operator, may cure; what the driver or the server refuses as senseless is a fault of ours. */
const isPassing = (error: unknown): boolean => {
  if (error instanceof TooLate) return true;
  if (error instanceof MongoServerError) {
    const passes = passing.has(Number(error.code)) || error.hasErrorLabel('RetryableWriteError');
    return passes || isPassing(error.errorResponse);
  }
  if (error instanceof MongoError) return !senseless.some((fault) => error instanceof fault);
  return error instanceof Error && 'code' in error && ofSockets.test(String(error.code));
};

const senseless = [MongoInvalidArgumentError, MongoParseError, MongoCompatibilityError];

/** The write found its key taken: by whom came first, or by a document that its filter did not match. */
export const isTaken = (error: unknown): error is MongoServerError =>
  error instanceof MongoServerError && error.code === 11_000;
