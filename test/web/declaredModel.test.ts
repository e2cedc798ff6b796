import { describe, expect, it } from 'vitest';
import { childFields, type Section, sections } from '#domain/registration/fields.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { answerText } from '#web/fieldTexts.ts';
import { locales } from '#web/locale.ts';
import { declaredModel } from '#web/routes/management/declaredModel.ts';
import { coupleOf, forSecondChild } from '../support/couples.ts';

const divisions = loadDivisions();
const data = forSecondChild(coupleOf(7, '520111004005'));

describe.each(locales)('what reviewers see in %s', (locale) => {
  const flags = [{ rule: 'youngWife', field: 'wifeHousehold.street' }];
  const model = declaredModel({ reader: { locale, divisions }, data, flags, today: '2026-11-24' });

  it('is every answered field of every section, and of every child', () => {
    const shown = JSON.stringify(model);
    const told = (path: string, fields: Section, answers: object) =>
      Object.keys(fields).flatMap((name) => {
        const answer = (answers as Record<string, unknown>)[name] ?? '';
        return answer === '' ? [] : [answerText(locale, divisions, `${path}.${name}`, answer)];
      });
    const answers = [
      ...Object.entries(sections).flatMap(([name, fields]) =>
        told(name, fields, (data as unknown as Record<string, object>)[name] ?? {}),
      ),
      ...data.children.flatMap((child, n) => told(`children.${n}`, childFields, child)),
    ];
    expect(answers.length).toBeGreaterThan(30);
    expect(answers.filter((answer) => !shown.includes(answer))).toEqual([]);
  });

  it('is labelled in words, with the flags of an address beside it', () => {
    const labels = [...model.people, ...model.before, ...model.after].map(({ label }) => label);
    expect(labels.filter((label) => /^[a-z]+\.|\{\w+\}/.test(label))).toEqual([]);
    expect(new Set(labels).size).toBe(labels.length);
    const flagged = model.people.flatMap(({ cells }) => cells).filter((cell) => cell.flags.length > 0);
    expect(flagged).toHaveLength(1);
  });
});
