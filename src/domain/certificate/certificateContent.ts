import type { Day } from '../calendar/day.ts';

type Person = { name: string; idNumber: string; household: string; residence: string };

/** What stands on a certificate of either kind (C1, C2, §3.1.3); places are full texts. */
export type CertificateContent = {
  number: string;
  kind: 'electronic' | 'ordinary';
  parity: number;
  wife: Person;
  husband: Person;
  marriage: { registeredOn: Day; certificateNumber: string };
  children: number;
  office: { code: string; name: string };
  issuedOn: Day;
  /** The signed verification code. */
  code: string;
  /** What the QR code opens. */
  verifyUrl: string;
  /** Demo: carries “样证”. */
  specimen: boolean;
};
