import { withCheckCharacter } from '#domain/people/idNumber.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';

const address = (division: string) => ({
  division,
  locality: '',
  street: '霞晖路88号',
  community: '清溪小区',
  building: '3栋2单元',
  door: '501室',
});

/** The n-th couple of a village, first child, all rules kept. */
export const declarationOf = (village: string, n = 0): RegistrationData => ({
  application: { parity: 1 },
  wife: {
    name: '王芳',
    idNumber: withCheckCharacter(`52011119951224${String(900 + ((n * 2) % 90)).padStart(3, '0')}`),
  },
  wifeHousehold: address(village),
  wifeResidence: address(village),
  husband: {
    name: '张伟',
    idNumber: withCheckCharacter(
      `520103199${Math.floor(n / 45) % 5}0315${String(901 + ((n * 2) % 90)).padStart(3, '0')}`,
    ),
  },
  husbandHousehold: address(village),
  husbandResidence: address(village),
  marriage: { certificateNumber: 'J520103-2021-001234', registeredOn: '2021-05-20', authority: '贵阳市云岩区民政局' },
  children: [],
  declaration: { place: village.slice(0, 9), mobile: '13800000000' },
});
