import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coupleKey, declare } from '#application/declare.ts';
import type { Deps } from '#application/deps.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { findings } from '#domain/registration/rules.ts';
import { declaration } from '../support/anyDeclaration.ts';
import { forSecondChild, type Spelling, spellings, spelt, swapped } from '../support/couples.ts';
import { openSubmitter, type Submitter } from '../support/submitter.ts';

const directory = mkdtempSync(join(tmpdir(), 'declaring-'));
let submitter: Submitter;
let deps: Deps;

beforeAll(async () => {
  submitter = await openSubmitter(directory);
  deps = submitter.services.deps;
});
afterAll(async () => {
  await submitter.close();
  rmSync(directory, { recursive: true });
});

const spelling = fc.constantFrom(...(Object.keys(spellings) as Spelling[]));

/** Everything but the two themselves, typed otherwise. */
const loosely = (data: RegistrationData): RegistrationData => ({
  ...data,
  marriage: { ...data.marriage, certificateNumber: data.marriage.certificateNumber.toLowerCase().replaceAll('-', '—') },
  children: data.children.map((child) => ({ ...child, name: `　${child.name} ` })),
  declaration: { ...data.declaration, mobile: `+86 ${data.declaration.mobile.replace(/^(...)(....)/, '$1-$2 ')}` },
});

describe('a declaration', () => {
  test.prop([declaration, spelling])('is kept in one spelling, however it is typed', (data, how) => {
    const { data: kept, lookup, office, context } = declare(deps, 'one', loosely(spelt(data, how)));
    expect(kept).toEqual(data);
    expect(lookup).toEqual(declare(deps, 'one', data).lookup);
    expect(office).toBe(data.declaration.place);
    expect(findings('block', kept, context)).toEqual([]);
  });

  test.prop([declaration])('is looked up by keys in which nothing can be read', ({ ...data }) => {
    const { lookup } = declare(deps, 'one', data);
    expect(new Set(Object.values(lookup)).size).toBe(data.wife.name === data.husband.name ? 5 : 6);
    for (const key of Object.values(lookup)) expect(key).toMatch(/^[\w-]{24}$/);
  });

  test.prop([declaration, declaration])('has the key of its couple and parity, in either order', (data, other) => {
    const key = coupleKey(deps.sealing, data);
    expect(coupleKey(deps.sealing, swapped(data))).toBe(key);
    const second = data.application.parity === 1 ? forSecondChild(data) : { ...data, application: { parity: 1 } };
    expect(coupleKey(deps.sealing, second)).not.toBe(key);
    fc.pre(other.wife.idNumber !== data.wife.idNumber);
    expect(coupleKey(deps.sealing, { ...data, wife: other.wife })).not.toBe(key);
  });

  it('keeps what it cannot read as it was typed, for the rules to tell', () => {
    const [data] = fc.sample(declaration, { numRuns: 1, seed: 1 });
    if (data === undefined) throw new Error('nothing was drawn');
    const odd = { ...data, marriage: { ...data.marriage, certificateNumber: '不 知道' } };
    expect(declare(deps, 'one', odd).data.marriage.certificateNumber).toBe('不 知道');
  });
});
