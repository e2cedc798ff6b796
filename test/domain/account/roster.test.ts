import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { judge, type RosterEntry, type RosterFault, readLine, readLines } from '#domain/account/roster.ts';
import type { RosterColumn, RosterLine } from '#domain/account/rosterSheet.ts';
import { anyWritten, lineOf, offices, placesFor, type Written, written } from '../../support/rosters.ts';

const places = placesFor('52');

const faultsOf = (line: RosterLine): readonly RosterFault[] => {
  const read = readLine(line, places);
  return 'faults' in read ? read.faults : [];
};

const withCell = (column: RosterColumn, kind: 'number' | 'formula' | 'text', text: string): RosterLine => {
  const line = lineOf(written);
  return { ...line, cells: { ...line.cells, [column]: { kind, text } } };
};

describe('a row', () => {
  test('is a person who can be registered', () => {
    expect(readLine(lineOf(written), places)).toEqual({
      row: 4,
      office: '520111004',
      role: 'operator',
      details: {
        name: '杨秀英',
        idNumber: '520111199003072825',
        mobile: '13800001234',
        workUnit: '贵筑街道办事处',
        qq: '12345678',
      },
    });
  });

  property.prop([anyWritten])('of any valid person of any office has nothing wrong with it', (person) => {
    expect(faultsOf(lineOf(person))).toEqual([]);
  });

  test.each<[string, Partial<Written>, RosterFault]>([
    ['no name', { name: '' }, { column: 'name', fault: 'missing' }],
    ['a garbled name', { name: '杨？？英' }, { column: 'name', fault: 'garbled' }],
    ['no ID number', { idNumber: '' }, { column: 'idNumber', fault: 'missing' }],
    ['a short ID number', { idNumber: '52011119900307282' }, { column: 'idNumber', fault: 'length' }],
    ['an ID number of no province', { idNumber: '990111199003072825' }, { column: 'idNumber', fault: 'division' }],
    ['an ID number of no day', { idNumber: '520111199013072825' }, { column: 'idNumber', fault: 'birthDate' }],
    ['a wrong check character', { idNumber: '520111199003072826' }, { column: 'idNumber', fault: 'checkCharacter' }],
    [
      'an ID number as a spreadsheet shows it',
      { idNumber: '5.20111E+17' },
      { column: 'idNumber', fault: 'digitsLost' },
    ],
    [
      'an ID number that ends in noughts',
      { idNumber: '520111199003072000' },
      { column: 'idNumber', fault: 'digitsLost' },
    ],
    ['a mobile of ten digits', { mobile: '1380000123' }, { column: 'mobile', fault: 'garbled' }],
    ['a mobile as a spreadsheet shows it', { mobile: '1.38E+10' }, { column: 'mobile', fault: 'digitsLost' }],
    ['no role', { role: '' }, { column: 'role', fault: 'missing' }],
    ['a role that is none', { role: '3' }, { column: 'role', fault: 'unknownRole' }],
    ['role 12', { role: '12' }, { column: 'role', fault: 'unknownRole' }],
    ['an unknown township', { township: '无此镇' }, { column: 'township', fault: 'unknownPlace' }],
    ['a township of another county', { county: '南明区' }, { column: 'township', fault: 'notThere' }],
    ['a long note', { note: '长'.repeat(201) }, { column: 'note', fault: 'long' }],
  ])('with %s is faulty in that column alone', (_, differing, fault) => {
    expect(faultsOf(lineOf({ ...written, ...differing }))).toEqual([fault]);
  });

  test('tells everything at once', () => {
    const faults = faultsOf(lineOf({ ...written, name: '', idNumber: '1', role: '9', township: '无此镇' }));
    expect(faults.map(({ column }) => column)).toEqual(['township', 'role', 'name', 'idNumber']);
  });

  test.each([
    ['a number of 18 digits', 'idNumber', '5.2011119900307283E+17'],
    ['a number that kept its digits by chance', 'idNumber', '520111199003072825'],
    ['a mobile that was counted with', 'mobile', '13800001234.5'],
  ] as const)('whose %s is %s as %s lost digits', (_, column, text) => {
    expect(faultsOf(withCell(column, 'number', text))).toEqual([{ column, fault: 'digitsLost' }]);
  });

  test('may have its mobile, role and QQ as numbers, and what only keeps them as text before and behind', () => {
    expect(faultsOf(withCell('mobile', 'number', '13800001234'))).toEqual([]);
    expect(faultsOf(withCell('role', 'number', '2'))).toEqual([]);
    for (const text of [
      "'520111199003072825",
      '="520111199003072825"',
      '520111199003072825\t',
      ' 520111 19900307 2825',
    ]) {
      expect(readLine(withCell('idNumber', 'text', text), places)).toMatchObject({
        details: { idNumber: '520111199003072825' },
      });
    }
  });

  test('with a formula is faulty whatever the formula shows, and none of it is read', () => {
    expect(faultsOf(withCell('name', 'formula', '杨秀英'))).toEqual([{ column: 'name', fault: 'formula' }]);
  });

  test('keeps what spreadsheets would take for a formula as the text that it is', () => {
    const line = lineOf({ ...written, note: '=HYPERLINK("http://evil","x")', workUnit: "'+卫生院" });
    expect(readLine(line, places)).toMatchObject({
      details: { note: '=HYPERLINK("http://evil","x")', workUnit: '+卫生院' },
    });
  });

  test('whose work unit is a committee or institution right below the place is of that one', () => {
    const [committee] = offices.children('520111004');
    const line = lineOf({ ...written, workUnit: committee?.name ?? '' });
    expect(readLine(line, places)).toMatchObject({ office: committee?.code, details: { workUnit: committee?.name } });
  });

  test('without any place is of the top office, for whom that is their own', () => {
    const nowhere = lineOf({ ...written, prefecture: '', county: '', township: '' });
    expect(readLine(nowhere, places)).toMatchObject({ office: '52' });
    expect(readLine(nowhere, placesFor('520111'))).toEqual({
      row: 4,
      faults: [{ column: 'prefecture', fault: 'missing' }],
    });
  });
});

const anyCell = fc.record({
  kind: fc.constantFrom('text' as const, 'number' as const, 'formula' as const),
  text: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('1', '5.2E+17', '贵阳市', '520111199003072825')),
});
const columns = [
  'prefecture',
  'county',
  'township',
  'name',
  'role',
  'workUnit',
  'idNumber',
  'mobile',
  'qq',
  'note',
] as const;
const anyLine: fc.Arbitrary<RosterLine> = fc.record({
  row: fc.nat(),
  cells: fc.record(Object.fromEntries(columns.map((column) => [column, anyCell])), { requiredKeys: [] }),
});

property.prop([anyLine])('any cells at all are a person or faults, never both and never neither', (line) => {
  const read = readLine(line, places);
  expect('faults' in read ? read.faults.length > 0 : 'details' in read).toBe(true);
});

property.prop([fc.array(anyWritten, { minLength: 1, maxLength: 6 }), fc.nat(5)])(
  'rows that name the same person are all faulty, each with the numbers of the others',
  (people, which) => {
    const twice = people[which % people.length] ?? written;
    const { entries, faulty } = readLines(
      [...people, twice].map((person, index) => lineOf(person, index + 4)),
      places,
    );
    expect(entries.length + faulty.length).toBe(people.length + 1);
    const last = people.length + 4;
    expect(faulty.at(-1)?.row).toBe(last);
    for (const { row, faults } of faulty) {
      for (const fault of faults) {
        if (fault.fault !== 'repeated') throw new Error(fault.fault);
        expect(fault.rows).not.toContain(row);
        const others = faulty.filter((other) => fault.rows.includes(other.row)).map(({ faults: [first] }) => first);
        expect(others.every((other) => other?.fault === 'repeated' && other.rows.includes(row))).toBe(true);
      }
    }
  },
);

describe('an entry', () => {
  const entry: RosterEntry = {
    row: 4,
    office: '520111004',
    role: 'operator',
    details: { name: '杨秀英', idNumber: '520111199003072825', mobile: '' },
  };
  const there = { office: '520111004', role: 'operator', name: '杨秀英' } as const;
  const may = { mayRegister: () => true, registrarOf: () => '520111004' };
  const mayNot = { ...may, mayRegister: () => false };
  test.each([
    ['is new where nobody has the ID number', undefined, may, 'new'],
    ['is nothing new where the person stands there already', there, may, 'present'],
    ['is nothing new whoever registers such people', there, mayNot, 'present'],
    ['under another name is told', { ...there, name: '杨秀' }, may, { column: 'name', fault: 'otherName' }],
    [
      'of a person with another account is told where that is',
      { ...there, office: '520103' },
      may,
      { column: 'idNumber', fault: 'elsewhere', office: '520103', role: 'operator' },
    ],
    [
      'of a person with another role is told',
      { ...there, role: 'admin' as const },
      may,
      { column: 'idNumber', fault: 'elsewhere', office: '520111004', role: 'admin' },
    ],
    ['is for its own admin to register', undefined, mayNot, { column: 'role', fault: 'notYours', by: '520111004' }],
    [
      'says nothing of other offices to who may not register it',
      { ...there, office: '520103' },
      mayNot,
      { column: 'role', fault: 'notYours', by: '520111004' },
    ],
  ] as const)('%s', (_, known, rights, outcome) => {
    expect(judge(entry, known, rights)).toEqual(outcome);
  });
});
