import fc from 'fast-check';
import { mostChildren, type RegistrationData } from '#domain/registration/fields.ts';
import { villages } from './anyDeclaration.ts';
import { chineseName, dayBetween, marriageCertificateNumber, validIdNumber } from './people.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 60 });
const anyDay = dayBetween('0001-01-01', '9999-12-31');
const anyCode = (digits: readonly number[]) =>
  fc
    .tuple(fc.nat(999_999_999), fc.constantFrom(...digits))
    .map(([number, length]) => String(number).padStart(9, '52').padEnd(12, '0').slice(0, length));

const spouse = fc.record({ name: fc.oneof(chineseName, anyText), idNumber: fc.oneof(validIdNumber(), anyText) });
const address = fc.record({
  division: fc.oneof(fc.constantFrom(...villages), anyCode([4, 6, 9, 12])),
  locality: anyText,
  street: anyText,
  community: anyText,
  building: anyText,
  door: anyText,
});
const child = fc.record({
  name: fc.oneof(chineseName, anyText),
  sex: fc.constantFrom('female', 'male'),
  bornOn: anyDay,
  parentage: fc.constantFrom('both', 'wife', 'husband'),
  living: fc.constantFrom('living', 'deceased'),
});

/** Whatever a half-filled form may hold: any sections missing, any text in what is there. */
export const draft: fc.Arbitrary<Partial<RegistrationData>> = fc.record(
  {
    application: fc.record({ parity: fc.integer({ min: 1, max: 9 }) }),
    wife: spouse,
    wifeHousehold: address,
    wifeResidence: address,
    husband: spouse,
    husbandHousehold: address,
    husbandResidence: address,
    marriage: fc.record({
      certificateNumber: fc.oneof(marriageCertificateNumber, anyText),
      registeredOn: anyDay,
      authority: anyText,
    }),
    children: fc.array(child, { maxLength: mostChildren }),
    declaration: fc.record({ place: anyCode([9]), mobile: anyText }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<RegistrationData>>;
