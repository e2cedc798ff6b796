import { describe, expect, it } from 'vitest';
import { changedFields } from '#domain/registration/changedFields.ts';
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
  const model = declaredModel({ reader: { locale, divisions }, data, flags, today: '2026-11-24', amended: undefined });

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

  it('marks what the couple changed since they submitted, with what stood there, and children taken out or put in', () => {
    const [child] = data.children;
    if (child === undefined) throw new Error('They have no child.');
    const before = {
      ...data,
      declaration: { ...data.declaration, mobile: '13900000001' },
      wifeHousehold: { ...data.wifeHousehold, door: '9号' },
      children: [
        { ...child, name: '前名' },
        { ...child, name: '多余' },
      ],
    };
    const changed = changedFields(before, data);
    const marked = declaredModel({
      reader: { locale, divisions },
      data,
      flags,
      today: '2026-11-24',
      amended: { changed, before },
    });
    expect(model.changes).toBeUndefined();
    expect(marked.changes).toBe(changed.length);
    const cells = [...marked.people.flatMap(({ cells: pair }) => pair), ...marked.before, ...marked.after];
    expect(cells.flatMap(({ was }) => was ?? [])).toEqual([expect.stringContaining('9号'), '139 0000 0001']);
    expect(marked.children.map(({ gone }) => gone)).toEqual([false, true]);
    const names = marked.children.map(({ cells: answers }) => answers[0]?.was);
    expect(names).toEqual(['前名', '多余']);
    const putIn = declaredModel({
      reader: { locale, divisions },
      data,
      flags,
      today: '2026-11-24',
      amended: { changed: changedFields({ ...data, children: [] }, data), before: { ...data, children: [] } },
    });
    const unanswered = answerText(locale, divisions, 'children.0.name', '');
    expect(putIn.children.map(({ cells: [name] }) => [name?.value, name?.was])).toEqual([[child.name, unanswered]]);
  });
});
