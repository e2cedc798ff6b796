import type { Page } from 'puppeteer';
import type { RegistrationData } from '#domain/registration/fields.ts';

/** Presses what a person would and waits for the page it leads to. */
export const press = async (page: Page, selector: string): Promise<void> => {
  await Promise.all([page.waitForNavigation(), page.click(selector)]);
};

/** Fills in fields by their names, as pasted. */
export const fill = async (page: Page, answers: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, value] of Object.entries(answers)) {
    await page.$eval(`[name="${name}"]`, (box, given) => Object.assign(box, { value: given }), value);
  }
};

/** Goes on to the next step of the form. */
export const goOn = (page: Page): Promise<void> => press(page, '#continue');

/** Finds 筑安社区, by typing the first letters of its name, with scripts and without. */
export const places = {
  village: '520111004005',
  typed: async (page: Page) => {
    await page.type('[role="combobox"]', 'zasq');
    await page.waitForFunction("document.querySelector('[role=option]')?.textContent.startsWith('筑安社区')");
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('input[value="520111004005"]');
  },
  sent: async (page: Page) => {
    await page.type('#f-division', 'zasq');
    await press(page, '[data-division-find]');
    await page.click('input[value="520111004005"]');
  },
};

/** From the list of steps through the whole form to the answers, for a couple who live in one place. */
export const fillAll = async (
  page: Page,
  data: RegistrationData,
  place: (page: Page) => Promise<void> = places.typed,
): Promise<void> => {
  await page.click('#f-parity');
  await goOn(page);
  await fill(page, data.wife);
  await goOn(page);
  await place(page);
  const { street, door } = data.wifeHousehold;
  await fill(page, { street, door });
  await goOn(page);
  await press(page, '.takeover');
  await fill(page, data.husband);
  await goOn(page);
  await press(page, '.takeover');
  await press(page, '.takeover');
  const { certificateNumber, authority } = data.marriage;
  await fill(page, {
    certificateNumber,
    authority,
    'registeredOn-year': '2021',
    'registeredOn-month': '5',
    'registeredOn-day': '20',
  });
  await goOn(page);
  await goOn(page);
  await page.click('#f-place');
  await fill(page, { mobile: data.declaration.mobile });
  await goOn(page);
};
