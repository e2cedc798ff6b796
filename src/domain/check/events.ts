/** What an institution asked by: the number on a certificate, its scanned code, or the woman's ID number. */
export type CheckedBy = 'number' | 'code' | 'idNumber';

/**
 * What a check found (M1): `born` is registered and its birth annotated, so it is for no other; `void` is a certificate that no
 * longer holds; `unknown` is one that the platform never issued.
 */
export const checkOutcomes = [
  'registered',
  'born',
  'underReview',
  'rejected',
  'declined',
  'withdrawn',
  'revoked',
  'erased',
  'void',
  'unregistered',
  'unknown',
  'forged',
] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/** An institution checked whether a woman's pregnancy is registered (M1, §3.3.1); `woman`: keyed hash of her ID number. */
export type RegistrationChecked = {
  type: 'RegistrationChecked';
  data: {
    institution: string;
    by: CheckedBy;
    outcome: CheckOutcome;
    registrationId?: string;
    certificate?: string;
    lookup?: { womanIdNumber: string };
  };
};

/** She was told to register: by a leaflet of the office she may go to, or in words (M1, §3.3.1). */
export const tellings = ['leaflet', 'spoken'] as const;
export type WomanTold = {
  type: 'WomanTold';
  data: {
    institution: string;
    how: (typeof tellings)[number];
    office?: string;
    lookup?: { womanIdNumber: string };
  };
};

export type CheckEvent = RegistrationChecked | WomanTold;
