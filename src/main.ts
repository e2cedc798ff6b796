import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import { ConfigError, readConfig } from '#infrastructure/config.ts';
import { startPlatform } from './start.ts';

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'warn', base: null });

/** Bad settings, unusable files and stores that are away are told in their own sentences; else a fault with its trace. */
const told = (error: unknown): string =>
  error instanceof ConfigError || (error instanceof Error && /FileError$|^StoreUnavailable$/.test(error.name))
    ? error.message
    : String((error as Error).stack ?? error);

/** Why it stops, at every log level: whoever finds it stopped sees whether someone asked for it. */
const stopLine = (signal = ''): string => {
  const [chinese, english] = signal === '' ? ['', ''] : [`收到 ${signal}，`, ` on ${signal}`];
  return `${new Date().toISOString()} ${chinese}平台正在停止。 Stopping${english}.`;
};

try {
  const config = readConfig(process.env);
  const platform = await startPlatform(config, log);
  closeWithGrace({ delay: 10_000 }, async ({ err, signal }) => {
    if (err) log.fatal(err, 'A fault ended the process.');
    process.stdout.write(`${stopLine(signal)}\n`);
    await platform.stop();
  });
  for (const line of platform.greeting) process.stdout.write(`${line}\n`);
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
}
