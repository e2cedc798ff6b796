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
  /** The birth as an institution annotated it (M2): who was born alive. Added when it is shown, never when it is issued. */
  births?: {
    institution: { code: string; name: string };
    annotatedOn: Day;
    children: readonly { bornOn: Day; sex: 'female' | 'male' }[];
  };
  /** The signed verification code. */
  code: string;
  /** What the QR code opens. */
  verifyUrl: string;
  /** Demo: carries “样证”. */
  specimen: boolean;
};
