/** What an organisation is (O1): a division's own administration, a village committee, or a medical institution. */
export const organisationKinds = ['administration', 'committee', 'institution'] as const;
export type OrganisationKind = (typeof organisationKinds)[number];

/** Where it stands; 仁怀市 and 威宁县 stand at prefecture level, an institution where its supervisor does (O1). */
export const organisationLevels = ['province', 'prefecture', 'county', 'township', 'village'] as const;
export type OrganisationLevel = (typeof organisationLevels)[number];

/** Who answers there: people, so this part of the record is sealed. */
export type Contacts = { head: string; contact: string; mobile?: string };

/** The organisation came into being. `division` is the place it works for, `parent` whom it reports to ('' at the top). */
export type OrganisationEstablished = {
  type: 'OrganisationEstablished';
  data: {
    code: string;
    kind: OrganisationKind;
    level: OrganisationLevel;
    division: string;
    parent: string;
    name: string;
  };
};

/** Its record is complete, or was brought up to date (O2, §1.2.2). */
export type OrganisationRecordCompleted = {
  type: 'OrganisationRecordCompleted';
  data: { phone: string; address: string; personal: Contacts };
};

export type OrganisationRenamed = { type: 'OrganisationRenamed'; data: { name: string; formerName: string } };
export type OrganisationMoved = { type: 'OrganisationMoved'; data: { parent: string; fromParent: string } };

/** Another goes on with its tasks, places and people; it hangs under that one from then on. */
export type OrganisationMerged = { type: 'OrganisationMerged'; data: { into: string } };

export type OrganisationEvent =
  | OrganisationEstablished
  | OrganisationRecordCompleted
  | OrganisationRenamed
  | OrganisationMoved
  | OrganisationMerged;
