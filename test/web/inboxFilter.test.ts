import { describe, expect, it } from 'vitest';
import { policies } from '#domain/calendar/policy.ts';
import { type Asked, addressOf, askedOf, filterOf, pageNumber, parities } from '#web/routes/management/inboxFilter.ts';

const read = (address: string): Asked => askedOf(Object.fromEntries(new URL(address, 'http://x').searchParams));
const onward = (asked: Asked, cursor: string) => read(addressOf('/', { ...asked, trail: [...asked.trail, cursor] }));
const back = (asked: Asked) => read(addressOf('/', { ...asked, trail: asked.trail.slice(0, -1) }));

describe('the address of a workbench page', () => {
  it('leads through any number of pages and knows which one it is', () => {
    let asked = askedOf({ tab: 'received' });
    for (let page = 1; page <= 130; page += 1) {
      expect(pageNumber(asked)).toBe(page);
      asked = onward(asked, `c${page}`);
      expect(filterOf(asked, 'me').after).toBe(`c${page}`);
    }
    expect(addressOf('/', asked).length).toBeLessThan(1000);
  });

  it('leads back as far as it remembers, then to the first page', () => {
    let asked = askedOf({});
    for (let page = 1; page <= 70; page += 1) asked = onward(asked, `c${page}`);
    expect(back(asked)).toMatchObject({ tab: 'submitted' });
    expect(pageNumber(back(asked))).toBe(70);
    for (let page = 70; page > 11; page -= 1) asked = back(asked);
    expect(filterOf(asked, 'me').after).toBe('c11');
    asked = back(asked);
    expect([pageNumber(asked), asked.trail]).toEqual([1, []]);
  });

  it('offers every parity that a policy ever knew, and no other', () => {
    const most = Math.max(...policies.map(({ maxParity }) => maxParity));
    expect(parities).toHaveLength(most);
    expect(askedOf({ parity: String(most) }).parity).toBe(most);
    for (const parity of ['0', String(most + 1), '1.0', 'x']) expect(askedOf({ parity }).parity).toBeUndefined();
  });
});
