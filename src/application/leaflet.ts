import type { Day } from '#domain/calendar/day.ts';

/**
 * What a woman takes home whose pregnancy is not registered yet (M1, §3.3.1): where to go and how, and nothing about her.
 * `address` and `phone` are absent where the office's record has none.
 */
export type Leaflet = {
  institution: string;
  on: Day;
  office: { name: string; address?: string; phone?: string };
  /** Where registering online begins; the QR code opens it. */
  publicUrl: string;
};
