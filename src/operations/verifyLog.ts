import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Audit } from './auditLog.ts';
import { createFindings } from './findings.ts';
import { argumentsOf, OperationError, placesFromEnvironment, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';
import { verifyWholeLog } from './verifyWholeLog.ts';

// npm run verify-log: proves that no event was altered, dropped, reordered or back-dated, while the platform runs or not.

const usage = 'npm run verify-log [-- --checkpoint <file>]';

const tellSummary = ({ events, newest, kept, streams }: Audit & { streams: number }): void => {
  tell(`事件 events ${events}, 流 streams ${streams}, 保存的哈希 kept hashes ${kept.size}`);
  if (newest === undefined) {
    tell(
      '还没有检查点：平台运行一分钟后就有。 There is no checkpoint yet: a running platform signs one within a minute.',
    );
    return;
  }
  const at = new Date(newest.at).toISOString();
  tell(`最新检查点 newest checkpoint ${newest.number}: ${newest.size}, ${at}, ${newest.root}`);
};

await runProgram(async () => {
  const { values } = argumentsOf({ checkpoint: { type: 'string' } }, 0, usage);
  const findings = createFindings();
  const scratch = mkdtempSync(join(tmpdir(), 'verify-log-'));
  try {
    const verifying = { places: placesFromEnvironment(), scratch, note: values.checkpoint };
    tellSummary(await verifyWholeLog(verifying, { findings, onProgress: progressBar('log') }));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    for (const line of findings.shown()) tell(`✗ ${line}`);
    const more = findings.count() - findings.shown().length;
    if (more > 0) tell(`✗ …… 另有 ${more} 处 and ${more} more`);
  }
  if (findings.count() > 0) {
    throw new OperationError(
      `发现 ${findings.count()} 处问题。若是事件被改动：先完整复制现场留证，停止平台，从最近一次核对无误的备份恢复事件库，并报告主管部门。\n` +
        `${findings.count()} fault(s) found. Where events were changed: first keep a copy of everything as it is, then stop the platform, ` +
        'restore the log from the last backup that verifies, and report it.',
    );
  }
  tell('完好：没有发现改动。 Sound: nothing was altered, dropped, reordered or back-dated.');
});
