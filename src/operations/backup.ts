import { resolve } from 'node:path';
import { makeBackup } from './makeBackup.ts';
import { argumentsOf, OperationError, placesFromEnvironment, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';

// npm run backup -- <folder> [--with-views] [--with-keys]: copies the embedded stores while the platform runs.
const options = { 'with-views': { type: 'boolean' }, 'with-keys': { type: 'boolean' } } as const;
const usage = 'npm run backup -- <new folder> [--with-views] [--with-keys]';

const elsewhere = {
  log: '事件库在 EVENT_STORE_URL 的服务器上，请在那里备份。 The log is on the server of EVENT_STORE_URL: back it up there, before this.',
  views:
    '数据密钥和扫描件在 VIEW_STORE_URL 的服务器上，请在那里备份。 The data keys and scans are on the server of VIEW_STORE_URL: back them up there, after this.',
};

const warnings = {
  withKeys:
    '注意：备份里有 keys/（主密钥等），有它就能读出个人信息，请另行存放。\n' +
    'Mind: this backup holds keys/. Whoever has it with the stores can read personal data: move that folder elsewhere now.',
  withoutKeys:
    'keys/ 没有备份（加 --with-keys 才备份）；没有它，备份无法恢复。\n' +
    'keys/ was not copied (--with-keys would): without it this backup opens nothing. Keep a copy of it elsewhere.',
};

await runProgram(async () => {
  const { values, positionals } = argumentsOf(options, 1, usage);
  const { directory, eventStoreUrl, viewStoreUrl } = placesFromEnvironment();
  const withKeys = values['with-keys'] === true;
  if (eventStoreUrl !== undefined) tell(elsewhere.log);
  if (viewStoreUrl !== undefined) tell(elsewhere.views);
  const stores = [
    ...(eventStoreUrl === undefined ? (['events.sqlite'] as const) : []),
    ...(viewStoreUrl === undefined ? (['scans.sqlite', 'keys.sqlite'] as const) : []),
    ...(viewStoreUrl === undefined && values['with-views'] === true ? (['views.sqlite'] as const) : []),
  ];
  if (stores.length === 0 && !withKeys) throw new OperationError('本机没有内嵌存储。 There is no embedded store here.');
  const folder = resolve(positionals[0] ?? '');
  const madeAt = new Date().toISOString();
  const { lastPosition, bytes } = await makeBackup({
    directory,
    folder,
    stores,
    withKeys,
    madeAt,
    progressOf: progressBar,
  });
  const upTo = lastPosition === undefined ? '' : `, 位置 position ${lastPosition}`;
  tell(`已备份到 Backed up to ${folder} (${(bytes / 1e6).toFixed(1)} MB${upTo})`);
  tell(withKeys ? warnings.withKeys : warnings.withoutKeys);
});
