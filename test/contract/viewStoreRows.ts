import { randomUUID } from 'node:crypto';
import type { Page, Row, StoredRow, ViewDeclaration } from '#application/ports.ts';

/** A view that no other test knows. */
export const newView = (indexes: ViewDeclaration['indexes'] = {}): ViewDeclaration => ({
  name: `contract${randomUUID().replaceAll('-', '').slice(0, 12)}`,
  indexes,
});

/** A row as folded up to a position; without members other than the id where none are given. */
export const rowAt = (id: string, position: number, members: object = {}): StoredRow => ({
  id,
  position,
  row: { id, ...members },
});

/** A row deleted at a position. */
export const goneAt = (id: string, position: number): StoredRow => ({ id, position, row: undefined });

/** All rows of a query, page by page. */
export const allPages = async (find: (after?: string) => Promise<Page>): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let page = await find(); ; page = await find(page.next)) {
    rows.push(...page.rows);
    if (page.next === undefined) return rows;
  }
};
