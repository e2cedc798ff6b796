import { maskIdNumber, maskMobile, maskName } from '#domain/people/mask.ts';
import {
  type Child,
  childFields,
  type Field,
  type RegistrationData,
  type Section,
  sections,
} from '#domain/registration/fields.ts';
import type { OpenedEvent } from './eventCodec.ts';

/** What stands for text that its reader may not see. */
export const hidden = '***';

const townshipDigits = 9;

const maskedAnswer = (field: Field | undefined, answer: unknown): unknown => {
  const text = String(answer ?? '');
  if (text === '') return answer;
  if (field === undefined || field.sensitive === 'address') return hidden;
  if (field.control === 'division') return text.slice(0, townshipDigits);
  if (field.sensitive === 'idNumber') return maskIdNumber(text);
  return field.sensitive === 'mobile' ? maskMobile(text) : answer;
};

const maskedSection = (section: Section | undefined, answers: object): object =>
  Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, maskedAnswer(section?.[name], answer)]));

/** A child by its surname and the month of its birth. */
const maskedChild = (child: Child): object => ({
  ...maskedSection(childFields, child),
  name: maskName(child.name),
  bornOn: child.bornOn.slice(0, 'YYYY-MM'.length),
});

/**
 * Declared data as staff see it who do not work on it: ID numbers and mobiles in part, places down to the township, no
 * addresses, children without their names and days of birth; the couple's names stay. What the form asks no more is hidden.
 */
export const maskedData = ({ children, ...answers }: RegistrationData): RegistrationData => {
  const known: Readonly<Record<string, Section>> = sections;
  const masked = Object.entries(answers).map(([name, section]) => [name, maskedSection(known[name], section)]);
  return {
    ...Object.fromEntries(masked),
    children: children.map(maskedChild),
  } as RegistrationData;
};

/** Declared data masked; of all else that identifies people, such as evidence or what was told, only that it is there. */
const maskedPersonal = (personal: object): object =>
  Object.fromEntries(
    Object.entries(personal).map(([name, part]) => [
      name,
      name === 'data' ? maskedData(part as RegistrationData) : hidden,
    ]),
  );

/** An event as it leaves the application: without its look-up keys, and masked for whom everything is. */
export const shownEvent = (event: OpenedEvent, masked: boolean): OpenedEvent => {
  const { lookup: _, personal, ...data } = event.data as { lookup?: unknown; personal?: object };
  if (personal === undefined) return { ...event, data };
  return { ...event, data: { ...data, personal: masked ? maskedPersonal(personal) : personal } };
};
