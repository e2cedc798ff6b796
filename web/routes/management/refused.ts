/** What is wrong with which field of a form; `code` names its text. */
export type Fault = { field: string; code: string; fill?: Readonly<Record<string, unknown>> };

/** Why an act did nothing: faults of fields, or that someone else changed it meanwhile. */
export type Refused = { status: number; faults?: readonly Fault[]; stale?: boolean };
