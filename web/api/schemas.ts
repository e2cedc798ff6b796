import { z } from 'zod';
import { accountStandings } from '#application/accountLists.ts';
import { mostDocuments } from '#application/evidence.ts';
import { inboxStatuses } from '#application/staffQueries.ts';
import { authorisations, roles } from '#domain/account/authorisations.ts';
import { voidReasons } from '#domain/certificate/decide.ts';
import { organisationKinds, organisationLevels } from '#domain/organisation/events.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { declineReasons, rejectReasons } from '#domain/registration/events.ts';
import { registrationSchema } from '#domain/registration/fields.ts';

const day = z.string().meta({ format: 'date', description: 'Asia/Shanghai' });
const moment = z.string().meta({ format: 'date-time' });

/** RFC 9457; `errors` names what is wrong with which field. */
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    errors: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

/** What a couple declares, by section (R2). */
export const declarationSchema = registrationSchema.meta({ id: 'Declaration' });

export const officeSchema = z
  .object({ code: z.string(), name: z.string(), phone: z.string().optional() })
  .meta({ id: 'Office' });

/** An organisation as the tree has it (O1); phone and address are those of its record, once complete (O2). */
export const standingOrganisationSchema = z
  .object({
    code: z.string(),
    kind: z.enum(organisationKinds),
    level: z.enum(organisationLevels),
    name: z.string(),
    parent: z.string(),
    status: z.enum(['active', 'merged']),
    successor: z.string().optional(),
    complete: z.boolean(),
    phone: z.string().optional(),
    address: z.string().optional(),
  })
  .meta({ id: 'StandingOrganisation' });

/** One organisation; `contacts` only for admins in or above it, `below` those right below with how many are incomplete. */
export const organisationSchema = standingOrganisationSchema
  .extend({
    names: z.array(z.object({ name: z.string(), from: moment })),
    contacts: z.object({ head: z.string(), contact: z.string(), mobile: z.string().optional() }).optional(),
    completedAt: moment.optional(),
    below: z.array(standingOrganisationSchema.extend({ total: z.number(), incomplete: z.number() })),
  })
  .meta({ id: 'Organisation' });

export const receiptSchema = z
  .object({
    queryCode: z.string(),
    submittedOn: day,
    reviewDueOn: day,
    outcomeDueOn: day,
    office: officeSchema.optional(),
  })
  .meta({ id: 'Receipt' });

/** How a registration stands, without anything about people. */
const standingSchema = z
  .object({
    status: z.enum(inboxStatuses),
    parity: z.number(),
    office: officeSchema.optional(),
    submittedAt: moment,
    reviewDueOn: day,
    outcomeDueOn: day,
    registerDueOn: day.optional(),
    reviewedAt: moment.optional(),
    endedAt: moment.optional(),
    reasons: z.array(z.string()).optional(),
    certificate: z.string().optional(),
  })
  .meta({ id: 'Standing' });

export const heldSchema = standingSchema
  .extend({
    text: z.string().optional(),
    passedOn: z.array(z.object({ at: z.string(), office: z.string().optional(), reason: z.string().optional() })),
    data: z.unknown(),
    may: z.object({ amend: z.boolean(), withdraw: z.boolean(), resubmit: z.boolean() }),
  })
  .meta({ id: 'HeldRegistration' });

export const verificationSchema = z
  .object({
    outcome: z.enum(['valid', 'void', 'erased', 'unknown', 'forged']),
    number: z.string().optional(),
    kind: z.string().optional(),
    parity: z.number().optional(),
    office: z.string().optional(),
    issuedOn: day.optional(),
    erasedOn: day.optional(),
    reason: z.enum(voidReasons).optional().meta({ description: 'of one that is void' }),
    voidedOn: day.optional(),
    wife: z.string().optional(),
    husband: z.string().optional(),
    born: z
      .object({ liveBorn: z.number(), month: z.string(), institution: z.string() })
      .optional()
      .meta({ description: 'the birth that an institution annotated; month as YYYY-MM' }),
  })
  .meta({ id: 'CertificateVerification' });

export const divisionSchema = z
  .object({ code: z.string(), name: z.string(), level: z.string(), path: z.string() })
  .meta({ id: 'Division' });

export const staffSchema = z
  .object({
    account: z.string(),
    name: z.string(),
    role: z.enum(['admin', 'operator']),
    office: z.string(),
    authorisations: z.array(z.enum(authorisations)),
    verified: z.boolean(),
  })
  .meta({ id: 'Staff' });

export const rejectBody = z.object({ reasons: z.array(z.enum(rejectReasons)).min(1), text: z.string().max(1000) });

/** The look-up that a decision rests on, named by its `askedAt`, and what staff saw beside or instead of a record. */
const seenEvidence = z.object({
  askedAt: moment,
  documents: z
    .array(
      z.object({ kind: z.enum(documentKinds), number: z.string().trim().max(60), shows: z.string().trim().max(500) }),
    )
    .max(mostDocuments)
    .default([]),
  evidence: z.string().max(2000).default(''),
});
export const registerBody = seenEvidence;
export const declineBody = seenEvidence.extend({
  reasons: z.array(z.enum(declineReasons)).min(1),
  text: z.string().max(1000),
});
export const redirectBody = z.object({ office: z.string().max(12), reason: z.string().max(500) });

/** Problem answers for the documentation: these statuses, all of one shape. */
export const problems = (...statuses: readonly number[]) =>
  Object.fromEntries(statuses.map((status) => [status, problemSchema]));

const dueSchema = z.object({
  state: z.enum(['overdue', 'today', 'soon', 'later']),
  workingDays: z.number().optional(),
});

export const inboxSchema = z
  .object({
    lines: z.array(
      z.object({
        id: z.string(),
        status: z.enum(inboxStatuses),
        wife: z.string(),
        husband: z.string(),
        parity: z.number(),
        place: z.string(),
        submittedAt: moment,
        dueOn: day,
        due: dueSchema.optional(),
        handler: z.string().optional(),
        flags: z.number(),
      }),
    ),
    next: z.string().optional(),
    counters: z.record(z.string(), z.number()),
    overdue: z.number(),
  })
  .meta({ id: 'InboxPage' });

export const foundSchema = standingSchema
  .extend({ id: z.string(), wife: z.string(), husband: z.string() })
  .meta({ id: 'FoundRegistration' });

/** A registration as staff see it, `masked` for who does not work on it; `related` are others of the same people. */
export const seenSchema = standingSchema
  .extend({
    id: z.string(),
    data: z.unknown(),
    masked: z.boolean(),
    flags: z.array(z.object({ rule: z.string(), field: z.string() })),
    handler: z.string().optional(),
    text: z.string().optional(),
    due: dueSchema.optional(),
    related: z.array(z.object({ id: z.string(), status: z.string(), parity: z.number(), office: z.string() })),
    may: z.object({ review: z.boolean(), register: z.boolean() }),
  })
  .meta({ id: 'Registration' });

export const historySchema = z
  .object({
    masked: z.boolean(),
    events: z.array(
      z.object({
        type: z.string(),
        at: moment,
        revision: z.number(),
        actor: z.unknown(),
        data: z.unknown(),
        erased: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'History' });

export const lookUpSchema = z
  .object({
    source: z.enum(['pis', 'exchange']),
    askedAt: moment,
    answer: z.enum(['found', 'absent', 'unreachable']),
    reason: z.string().optional(),
    comparisons: z.array(
      z.object({ field: z.string(), declared: z.string(), recorded: z.string().optional(), agrees: z.boolean() }),
    ),
  })
  .meta({ id: 'LookUp' });

const grantSchema = z.object({ authorisation: z.enum(authorisations), until: day.exactOptional() });

export const accountLineSchema = z
  .object({
    account: z.string(),
    name: z.string(),
    role: z.enum(roles),
    office: z.string(),
    standing: z.enum(accountStandings),
    ending: z.boolean(),
    grants: z.array(grantSchema),
  })
  .meta({ id: 'AccountLine' });

/** An account as whoever asks may see it; ID number and mobile in part for who does not manage it. */
export const accountSchema = z
  .object({
    account: z.string(),
    role: z.enum(roles),
    office: z.string(),
    standing: z.enum(accountStandings),
    identity: z.object({ lastOutcome: z.string().optional(), matches: z.boolean(), confirmed: z.boolean() }),
    checkedAt: moment.optional(),
    registeredAt: moment,
    password: z.enum(['none', 'issued', 'own']),
    grants: z.array(grantSchema),
    inForce: z.array(z.enum(authorisations)),
    possible: z.array(z.enum(authorisations)),
    grantable: z.array(z.enum(authorisations)),
    details: z.object({
      name: z.string(),
      idNumber: z.string(),
      mobile: z.string(),
      workUnit: z.string().optional(),
      qq: z.string().optional(),
      note: z.string().optional(),
    }),
  })
  .meta({ id: 'Account' });
