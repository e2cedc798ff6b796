import type { SignedCheckpoint } from '#application/log/checkpoint.ts';
import { hashLength } from '#application/log/merkle.ts';
import { hashesOf, logTiles, type Tile, tileId, tileWidth } from '#application/log/tiles.ts';
import type { ViewStore } from '#application/ports.ts';
import type { Audit, AuditedLog } from './auditLog.ts';
import type { Findings } from './findings.ts';
import { type Change, nameChanges } from './nameChanges.ts';

const repair = 'npm run rebuild logTile';

const changeWords: Readonly<Record<Change['kind'], (change: Change) => readonly [string, string]>> = {
  altered: ({ place }) => [`事件 ${place} 被改动。`, `Event ${place} was altered.`],
  inserted: ({ place }) => [`事件 ${place} 是插入的。`, `Event ${place} was inserted.`],
  moved: ({ place, index }) => [
    `事件 ${place} 被移到了别处。`,
    `Event ${place} was moved here: it is not event ${index + 1} of the log.`,
  ],
  dropped: ({ place, index }) => [
    `事件 ${place} 之后，日志的第 ${index + 1} 个事件被删除。`,
    `After ${place} an event was dropped: number ${index + 1} of the log.`,
  ],
  otherLog: ({ place }) => [
    `从事件 ${place} 起全然不同。`,
    `From event ${place} on the log is another one than was kept.`,
  ],
};

/** Tells one difference: of the log where a checkpoint proves the kept hash, of the tile where one proves the event. */
const tellChange = (change: Change, proven: Audit['proven'], findings: Findings): void => {
  const [chinese, english] = changeWords[change.kind](change);
  if (change.index < proven.kept) {
    findings.add(chinese, `${english} A checkpoint proves what it was.`);
  } else if (change.index < proven.log) {
    const tile = tileId(0, Math.floor(change.index / tileWidth));
    findings.add(
      `保存的哈希 ${tile} 不对，事件本身无误：请运行 ${repair}。`,
      `Tile ${tile} was altered in the view store at hash ${change.index + 1}; its event is as it was signed: run ${repair}.`,
    );
  } else {
    findings.add(
      `${chinese}（或其保存的哈希被改动）`,
      `${english} Or the hash kept of it was: no checkpoint that fits was signed since.`,
    );
  }
};

const tellBroken = ({ broken }: Audit, findings: Findings): void => {
  if (broken === undefined) return;
  const { after, at, further } = broken;
  const [from, first] = [after?.number ?? 0, (after?.coveredTo ?? 0) + 1];
  const more = further === 0 ? '' : ` So do the ${further} checkpoints after it, which cover the same events.`;
  findings.add(
    `检查点 ${from} 与 ${at.number} 之间（位置 ${first} 至 ${at.coveredTo}）的日志不是签名时的日志。`,
    `Checkpoint ${at.number} (${at.size} events) does not fit the log, checkpoint ${from} (${after?.size ?? 0} events) does: between them, at positions ${first} to ${at.coveredTo}, events were altered, dropped or reordered after signing.${more}`,
  );
};

const tellEarlier = (earlier: SignedCheckpoint, log: AuditedLog, audit: Audit, findings: Findings): void => {
  if (!log.keys.verify(earlier)) {
    findings.add(
      '所给的检查点不是用本平台的密钥签名的。',
      'The checkpoint given was not signed with a key of this platform.',
    );
  } else if (audit.events < earlier.size) {
    findings.add(
      `日志只有 ${audit.events} 条，所给的检查点有 ${earlier.size} 条：末尾被截去。`,
      `The log has ${audit.events} events, the checkpoint given has ${earlier.size}: the end of the log was cut off.`,
    );
  } else if (audit.earlierRoot !== earlier.root) {
    findings.add(
      `前 ${earlier.size} 条不是所给检查点签名时的日志。`,
      `The first ${earlier.size} events are not those that the checkpoint given was signed of: the log was changed since.`,
    );
  }
};

/** Compares the tiles above the leaves, as far as leaves are kept. */
const checkUpper = async (viewStore: ViewStore, { upper, kept }: Audit, findings: Findings): Promise<void> => {
  for (const { id, row } of upper.values()) {
    const [stored] = (await viewStore.get(logTiles.name, [id])) as readonly Tile[];
    const before = row.tile * tileWidth;
    const count = Math.min(tileWidth, Math.floor(kept.size / tileWidth ** row.level) - before);
    if (count <= 0) continue;
    const expected = hashesOf(row).subarray(0, count * hashLength);
    const found = stored === undefined ? Buffer.alloc(0) : hashesOf(stored).subarray(0, expected.length);
    if (found.equals(expected)) continue;
    findings.add(
      `保存的哈希 ${id} 与事件不符：请运行 ${repair}。`,
      `Tile ${id} in the view store is not what the events say: run ${repair}.`,
    );
  }
};

const tellDifferences = async (log: AuditedLog, audit: Audit, findings: Findings): Promise<void> => {
  if (audit.differs === undefined) return;
  const told = new Set<string>();
  for (const change of await nameChanges(log, audit.kept, audit.differs)) {
    // Of a tile at fault once is enough.
    const tile = change.index >= audit.proven.kept && change.index < audit.proven.log;
    const key = tile
      ? `tile ${Math.floor(change.index / tileWidth)}`
      : `${change.kind} ${change.index} ${change.place}`;
    if (!told.has(key)) tellChange(change, audit.proven, findings);
    told.add(key);
  }
};

/** Names what the walk found: which events, else between which checkpoints, else which tiles. */
export const tellAudit = async (log: AuditedLog, audit: Audit, findings: Findings): Promise<void> => {
  tellBroken(audit, findings);
  await tellDifferences(log, audit, findings);
  if (log.viewStore !== undefined && audit.differs === undefined) await checkUpper(log.viewStore, audit, findings);
  if (log.earlier !== undefined) tellEarlier(log.earlier, log, audit, findings);
};
