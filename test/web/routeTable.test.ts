import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askingInPublic, formsOf, visitors } from '../support/publicWalk.ts';
import { type Answers, nameOf, tableOf, walk, walkedRoutes, writeTable } from '../support/routeTable.ts';
import { addressOf, asking, openProvince, roles, tokenless } from '../support/routeWalk.ts';
import { visitorOf } from '../support/visitor.ts';

let province: Awaited<ReturnType<typeof openProvince>>;
beforeAll(async () => {
  province = await openProvince();
});
afterAll(async () => {
  await province.sites.close();
  await province.app.stop();
});

/** Holds answers against their table; `ROUTES=write` writes what is answered now. */
const compare = (table: string, columns: readonly string[], answers: Answers): void => {
  if (process.env['ROUTES'] === 'write') writeTable(table, columns, answers);
  expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(tableOf(table)));
};

describe('the management site', () => {
  it('answers every role at every route as the table says, and has no route that the table lacks', async () => {
    const { managementSite } = province.sites;
    const columns = Object.keys(roles);
    const routes = await walkedRoutes(managementSite);
    compare(
      'managementRoutes',
      columns,
      await walk(province.app.services, routes, columns, asking(managementSite, province.id)),
    );
  }, 120_000);

  it('is no part of the public listener: none of its own routes is there', async () => {
    const { publicSite, managementSite } = province.sites;
    const shared = new Set((await walkedRoutes(publicSite)).map(nameOf));
    const own = (await walkedRoutes(managementSite)).filter((route) => !shared.has(nameOf(route)));
    expect(own.length).toBeGreaterThan(100);
    for (const route of own) {
      const url = addressOf(route, province.id);
      const answer = await publicSite.inject({ method: route.method as 'GET', url });
      expect({ route: nameOf(route), status: answer.statusCode }).toEqual({ route: nameOf(route), status: 404 });
    }
  });

  it('takes no form without the token of a page of its own', async () => {
    const { managementSite } = province.sites;
    const forms = await formsOf(managementSite);
    expect(forms.length).toBeGreaterThan(30);
    const send = await tokenless(managementSite);
    for (const route of forms) {
      const status = await send(addressOf(route, province.id));
      expect({ route: nameOf(route), status }).toEqual({ route: nameOf(route), status: 403 });
    }
  });
});

describe('the public site', () => {
  it('answers strangers and couples at every route as the table says, and has no route that the table lacks', async () => {
    const { app, sites, id } = province;
    const routes = await walkedRoutes(sites.publicSite);
    compare(
      'publicRoutes',
      visitors,
      await walk(app.services, routes, visitors, askingInPublic(sites.publicSite, app, id)),
    );
  }, 120_000);

  it('takes no form without the token of a page of its own', async () => {
    const { publicSite } = province.sites;
    const forms = await formsOf(publicSite);
    expect(forms.length).toBeGreaterThan(12);
    for (const route of forms) {
      const answer = await visitorOf(publicSite).send(addressOf(route, province.id), { _csrf: '' });
      expect({ route: nameOf(route), status: answer.statusCode }).toEqual({ route: nameOf(route), status: 403 });
    }
  });
});
