import type { CertificateContent } from '#domain/certificate/certificateContent.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { couple, operator, type Running } from './application.ts';

const recordOf = (data: RegistrationData) => ({
  wife: { ...data.wife, householdDivision: data.wifeHousehold.division },
  husband: { ...data.husband, householdDivision: data.husbandHousehold.division },
  marriage: { certificateNumber: data.marriage.certificateNumber, registeredOn: data.marriage.registeredOn },
  children: data.children,
});

/** Accepts and registers what a couple submitted, and waits for its certificate. */
export const register = async (app: Running, id: string, data: RegistrationData): Promise<CertificateContent> => {
  const { services } = app;
  const staff = operator(data.declaration.place);
  const act = (basedOn: number) => ({ staff, commandId: services.deps.ids(), basedOn });
  const accepted = await services.staff.accept(id, act((await services.applicant.view(id))?.row.revision ?? 0));
  if (accepted.outcome !== 'done') throw new Error(JSON.stringify(accepted));
  app.population.answer = { outcome: 'found', record: recordOf(data) };
  const asked = await services.verifications.lookUp(staff, id);
  if (asked.outcome !== 'lookedUp') throw new Error(asked.outcome);
  await services.staff.register(id, act(accepted.revision), services.verifications.verified(asked.lookUp, ''));
  for (let tries = 0; tries < 500; tries += 1) {
    const content = await services.certificates.content(id, couple);
    if (content !== undefined) return content;
    await services.deps.wait(10);
  }
  throw new Error('The certificate never came.');
};

/** A couple that submitted and was registered: its query code and its certificate. */
export const registeredCouple = async (app: Running, data: RegistrationData) => {
  const { services } = app;
  const id = services.deps.ids();
  const submitted = await services.applicant.submit(id, data, { commandId: services.deps.ids() });
  if (submitted.outcome !== 'done') throw new Error(JSON.stringify(submitted));
  return { id, code: services.applicant.queryCode(id), content: await register(app, id, data) };
};
