import { resolve } from 'node:path';
import { argumentsOf, placesFromEnvironment, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';
import { restoreBackup } from './restoreBackup.ts';

// npm run restore -- <folder>: copies a backup into an empty DATA_DIR.
await runProgram(async () => {
  const { positionals } = argumentsOf({}, 1, 'DATA_DIR=<empty folder> npm run restore -- <backup>');
  const { directory } = placesFromEnvironment();
  const folder = resolve(positionals[0] ?? '');
  const { lastPosition, madeAt } = await restoreBackup({ folder, directory, progressOf: progressBar });
  const upTo = lastPosition === undefined ? '' : `，位置 position ${lastPosition}`;
  tell(`已恢复 ${madeAt} 的备份到 ${directory}${upTo}。`);
  tell(`Restored the backup of ${madeAt} into ${directory}. Views fold from the log at the next start: npm start`);
});
