import type { RegistrationData } from './fields.ts';

const flat = (value: unknown, path: string): readonly [string, string][] =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([key, inner]) => flat(inner, path === '' ? key : `${path}.${key}`))
    : [[path, String(value)]];

/** Names of the fields whose answers differ, such as `wife.name` or `children.0.bornOn`. */
export const changedFields = (before: RegistrationData, after: RegistrationData): readonly string[] => {
  const old = new Map(flat(before, ''));
  const now = new Map(flat(after, ''));
  return [...new Set([...old.keys(), ...now.keys()])].filter((name) => old.get(name) !== now.get(name));
};
