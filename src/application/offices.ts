export type OfficeLevel = 'province' | 'prefecture' | 'county' | 'township';

/** An organisation of the tree (O1). `division` is the place it works for, `parent` whom it reports to ('' at the top). */
export type Office = {
  code: string;
  name: string;
  level: OfficeLevel;
  division: string;
  parent: string;
  address?: string;
  phone?: string;
};

/** The tree of organisations (O1). */
export type Offices = {
  find: (code: string) => Office | undefined;
  /** Who handles a township's (or village's) registrations: its own office, else the nearest desk above it (R5). */
  forPlace: (townshipCode: string) => Office;
  /** Whether an office reviews and registers (R5): a township's, or a county's own desk. */
  registers: (code: string) => boolean;
  /** Those that report to an office. */
  children: (code: string) => readonly Office[];
  /** Whether an office is `ancestor` or reports to it, directly or through others; false for unknown ones. */
  isWithin: (code: string, ancestor: string) => boolean;
};
