import type { Staff } from '#application/actor.ts';
import type { CorrectionOutcome, GivenCorrection } from '#application/correctionCommands.ts';
import type { StaffAct } from '#application/performAct.ts';
import type { Services } from '#application/services.ts';
import type { Submission } from '#application/submitRegistration.ts';
import { lookUpCouple } from '#application/verification.ts';
import { addDays, dayInShanghai } from '#domain/calendar/day.ts';
import type { DeclineReason, RejectReason } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { demoId, type Random, randomOf } from './random.ts';
import { registrarsOf } from './staff.ts';
import type { Act, Story } from './stories.ts';

/** Where a story stands: which of the couple's registrations is told of, its revision and whose it is. */
export type Told = { attempt: number; revision: number; office: string; staff: Staff | undefined };

/** One act of one story, at the time of `services`. */
type Telling = { services: Services; story: Story; told: Told; random: Random };

const rejections: readonly [readonly [RejectReason, string], ...(readonly [RejectReason, string])[]] = [
  ['untrueMarriage', '结婚登记日期与结婚证所载不一致，请核对后重新填报。'],
  ['wrongAddress', '现居住地的村（居）填写有误，请与房产证或租住地址核对后重新填报。'],
  ['wrongChildren', '现有子女的出生日期与出生医学证明不一致，请核对后重新填报。'],
];

const redirections = [
  '女方现居住地不在本辖区，请接收地核对后办理。',
  '户籍地与居住地不一致，按就近便民原则转办。',
] as const;
const seenDocuments = '已核对双方身份证、户口簿和结婚证原件，与申报内容一致，系统记录待更正。';

const decliningOf = (story: Story): { reason: DeclineReason; text: string } =>
  story.scenario === 'absent'
    ? {
        reason: 'notVerifiable',
        text: '人口信息系统中未查到双方的婚育记录，请携带结婚证和户口簿到街道（乡镇）窗口核对。',
      }
    : { reason: 'differsFromRecord', text: '申报内容与人口信息系统记录不一致，请到街道（乡镇）窗口核对后重新申报。' };

/** The id of a story's first, second, … registration: the same at every start. */
export const registrationIdOf = (story: Story, attempt: number): string => demoId(`${story.key}|${attempt}`);

const commandIdOf = (story: Story, attempt: number, act: Act): string => demoId(`${story.key}|${attempt}|${act}`);

const amended = (data: RegistrationData, random: Random): RegistrationData => ({
  ...data,
  declaration: { ...data.declaration, mobile: `1380001${String(random.below(10_000)).padStart(4, '0')}` },
});

const submit = async ({ services, story }: Telling, attempt: number): Promise<Submission> => {
  const act = { commandId: commandIdOf(story, attempt, 'submit') };
  const predecessor = attempt === 0 ? undefined : registrationIdOf(story, attempt - 1);
  return services.applicant.submit(registrationIdOf(story, attempt), story.data, act, predecessor);
};

const verify = async ({ services, story, told }: Telling, staff: Staff) => {
  const { verified } = services.verifications;
  const found = await lookUpCouple(services.deps, staff, registrationIdOf(story, told.attempt), story.data);
  const conforms = found.answer.outcome === 'found' && found.comparisons.every((line) => line.agrees);
  return verified(found, conforms ? '' : seenDocuments);
};

/** Her name as her identity card has it, where a character had been mistaken for another. */
const misspelt = (data: RegistrationData): GivenCorrection => {
  const name = `${data.wife.name.slice(0, -1)}婷`;
  return {
    data: { ...data, wife: { ...data.wife, name } },
    reason: '女方姓名末字填报时选错同音字，与居民身份证不一致。',
    documents: [{ kind: 'idCard', number: data.wife.idNumber, shows: `姓名为${name}` }],
  };
};

const revocation = {
  reasons: ['forgedDocuments'],
  text: '经查，您提交的结婚证系伪造，生育登记依法撤销。结婚登记办妥后可以重新提交。',
  evidence: '民政部门来函：婚姻登记档案中没有双方的登记记录。',
  statement: '当事人表示结婚证由他人代办，对拟撤销的事实没有异议。',
} as const;

const otherThan = ({ services, told }: Telling, staff: Staff): Staff =>
  registrarsOf(told.office, services.deps.offices).find(({ account }) => account !== staff.account) ?? staff;

/** Who supervises at the level above. */
const supervisorOf = ({ services, told }: Telling, staff: Staff): Staff => {
  const { offices } = services.deps;
  const above = offices.find(told.office)?.parent ?? '';
  return registrarsOf(above, offices).find(({ authorisations }) => authorisations.includes('supervise')) ?? staff;
};

const byStaff = async (
  telling: Telling,
  act: Exclude<Act, 'submit' | 'resubmit' | 'amend' | 'withdraw'>,
  staff: Staff,
): Promise<CorrectionOutcome> => {
  const { services, story, told, random } = telling;
  const id = registrationIdOf(story, told.attempt);
  const based: StaffAct = { staff, commandId: commandIdOf(story, told.attempt, act), basedOn: told.revision };
  switch (act) {
    case 'receive':
      return services.staff.receiveTask(id, based);
    case 'redirect':
      return services.staff.redirect(id, based, story.redirectTo ?? told.office, random.pick(redirections));
    case 'accept':
      return services.staff.accept(id, based);
    case 'reject': {
      const [reason, text] = random.pick(rejections);
      return services.staff.reject(id, based, [reason], text);
    }
    case 'register':
      return services.staff.register(id, based, await verify(telling, staff));
    case 'propose':
      return services.staff.proposeCorrection(id, based, misspelt(story.data));
    case 'approve':
      return services.staff.approveCorrection(id, { ...based, staff: otherThan(telling, staff) }, 1);
    case 'revoke':
      return services.staff.revoke(
        id,
        { ...based, staff: supervisorOf(telling, staff) },
        { ...revocation, heardOn: addDays(dayInShanghai(services.deps.clock()), -1) },
      );
    case 'decline': {
      const { reason, text } = decliningOf(story);
      return services.staff.decline(id, based, await verify(telling, staff), [reason], text);
    }
  }
};

const perform = async (
  telling: Telling,
  act: Act,
  staff: Staff | undefined,
): Promise<Submission | CorrectionOutcome> => {
  const { services, story, told, random } = telling;
  const id = registrationIdOf(story, told.attempt);
  const based = { commandId: commandIdOf(story, told.attempt, act) };
  switch (act) {
    case 'submit':
      return submit(telling, 0);
    case 'resubmit':
      return submit(telling, told.attempt + 1);
    case 'amend':
      return services.applicant.amend(id, amended(story.data, random), based);
    case 'withdraw':
      return services.applicant.withdraw(id, based);
    case 'receive':
    case 'redirect':
    case 'accept':
    case 'reject':
    case 'register':
    case 'decline':
    case 'propose':
    case 'approve':
    case 'revoke':
      return staff === undefined ? { outcome: 'absent' } : byStaff(telling, act, staff);
  }
};

/**
 * Lets one act happen through the services of its day. Undefined: it could not, and neither can what follows (such as
 * where a due day falls into a year whose holidays are not published).
 */
export const tell = async (services: Services, story: Story, told: Told, act: Act): Promise<Told | undefined> => {
  const random = randomOf(`${story.key}|${told.attempt}|${act}`);
  const registrars = registrarsOf(told.office, services.deps.offices);
  const staff = told.staff?.office === told.office ? told.staff : registrars[random.below(registrars.length)];
  const outcome = await perform({ services, story, told, random }, act, staff);
  const attempt = act === 'resubmit' ? told.attempt + 1 : told.attempt;
  // A seed that goes on finds the couple's second registration where it sends the first once more: that one is made already.
  if (outcome.outcome === 'duplicate') return act === 'submit' ? { ...told, staff } : undefined;
  if (outcome.outcome !== 'done' || !('office' in outcome.state)) return undefined;
  return { attempt, revision: outcome.revision, office: outcome.state.office, staff };
};
