import { describe, it } from 'vitest';
import type { StockCommand } from '#domain/stock/commands.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { StockEvent } from '#domain/stock/events.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import { type ShipmentCommand, shipmentDecider } from '#domain/stock/shipment.ts';
import { given } from '../../support/given.ts';
import { firstSerial } from '../../support/stockPlaces.ts';

const serials = (from: number, to = from): Ranges => [{ from: firstSerial + from, to: firstSerial + to }];
const printed: StockEvent = { type: 'PrintRunEntered', data: { from: firstSerial + 1, to: firstSerial + 100 } };
const stock = (...events: readonly StockEvent[]) => given(stockDecider, [printed, ...events]);
const sending = { type: 'Dispatch', stock: '52-1', office: '52', to: '5201', relation: 'child' } as const;
const dispatch = { ...sending, ranges: serials(1, 10), handedOverBy: 'first' } satisfies StockCommand;
const order = { name: '5201-1/1', to: '5201', source: '52', count: 10 };
const requested: StockEvent = { type: 'StockRequested', data: { request: 1, count: 20 } };

describe('a stock', () => {
  it.each([
    ['child', 'dispatch'],
    ['parent', 'return'],
    ['successor', 'merger'],
  ] as const)('sends to a %s as a %s, numbered', (relation, purpose) => {
    stock()
      .when({ ...dispatch, relation })
      .thenHappened({
        type: 'StockDispatched',
        data: { shipment: '52-1-1', to: '5201', purpose, ranges: serials(1, 10), handedOverBy: 'first' },
      });
  });

  it('sends elsewhere only by an order that names both ends, no more than ordered, and once', () => {
    const elsewhere = { ...dispatch, relation: 'other' } as const;
    stock().when(elsewhere).thenRefused({ type: 'wrongDestination' });
    stock()
      .when({ ...elsewhere, order: { ...order, source: '53' } })
      .thenRefused({ type: 'wrongDestination' });
    stock()
      .when({ ...elsewhere, order: { ...order, to: '5203' } })
      .thenRefused({ type: 'wrongDestination' });
    stock()
      .when({ ...elsewhere, order: { ...order, count: 9 } })
      .thenRefused({ type: 'beyondOrder', count: 9 });
    const sent = stock().when({ ...elsewhere, order });
    const answered = given(stockDecider, sent.history());
    answered.when({ ...elsewhere, order, ranges: serials(11) }).thenRefused({ type: 'answered', shipment: '52-1-1' });
    const back = { shipment: '52-1-1', arrival: 1, ranges: serials(1, 10), damaged: [] };
    const again = given(stockDecider, answered.when({ type: 'TakeIn', arrival: back }).history());
    again.when({ type: 'TakeIn', arrival: back }).thenNothing();
    again.when({ ...elsewhere, order }).history();
  });

  it('gives away, issues and voids only what it holds, and names what it does not', () => {
    const gone = stock()
      .when({ type: 'IssueSerial', serial: firstSerial + 5, registrationId: 'r' })
      .history();
    const lacking = { type: 'notHeld', ranges: serials(5) } as const;
    given(stockDecider, gone).when(dispatch).thenRefused(lacking);
    given(stockDecider, gone)
      .when({ type: 'VoidSerials', ranges: serials(4, 6), reason: 'spoilt' })
      .thenRefused(lacking);
    given(stockDecider, gone)
      .when({ type: 'IssueSerial', serial: firstSerial + 5, registrationId: 'other' })
      .thenRefused(lacking);
    stock()
      .when({ ...dispatch, to: '52' })
      .thenRefused({ type: 'wrongDestination' });
    stock()
      .when({ ...dispatch, ranges: [] })
      .thenRefused({ type: 'badRange' });
    stock().when({ type: 'IssueSerial', serial: 7, registrationId: 'r' }).thenRefused({ type: 'badRange' });
  });

  it('has no serial printed twice', () => {
    stock()
      .when({ type: 'EnterPrintRun', run: { from: firstSerial + 100, to: firstSerial + 200 } })
      .thenRefused({ type: 'overlaps', ranges: serials(100) });
    stock()
      .when({ type: 'EnterPrintRun', run: { from: firstSerial + 200, to: firstSerial + 101 } })
      .thenRefused({ type: 'badRange' });
  });

  it('is counted by range and by number, which must agree', () => {
    const counting = {
      type: 'TakeStock',
      office: '52',
      ranges: serials(1, 100),
      places: [],
      confirmed: false,
      by: 'first',
    } as const;
    stock()
      .when({ ...counting, count: 99 })
      .thenRefused({ type: 'miscounted', named: 100 });
    stock()
      .when({ ...counting, count: 100 })
      .thenHappened({
        type: 'StockTaken',
        data: { take: 1, count: 100, missing: [], found: [], surplus: [], takenBy: 'first' },
      });
    const issued = stock()
      .when({ type: 'IssueSerial', serial: firstSerial + 5, registrationId: 'r' })
      .history();
    const surplus = [{ from: firstSerial + 5, to: firstSerial + 5, where: 'issued', of: '52' }] as const;
    given(stockDecider, issued)
      .when({ ...counting, count: 100 })
      .thenRefused({ type: 'differs', missing: [], surplus });
  });

  it('is what a count found once another person confirms it: what was issued meanwhile is not missing', () => {
    const counting = { type: 'TakeStock', office: '52', places: [], confirmed: true, by: 'first' } as const;
    const taken = stock().when({ ...counting, ranges: serials(3, 100), count: 98 });
    const later = given(stockDecider, [
      ...taken.history(),
      { type: 'SerialIssued', data: { serial: firstSerial + 1, registrationId: 'r' } },
    ]);
    later.when({ type: 'ConfirmTake', take: 1, by: 'first' }).thenRefused({ type: 'samePerson' });
    later.when({ type: 'ConfirmTake', take: 2, by: 'second' }).thenRefused({ type: 'noTake' });
    const confirmed = later.when({ type: 'ConfirmTake', take: 1, by: 'second' });
    confirmed.thenHappened({
      type: 'StockCounted',
      data: { count: 98, missing: serials(2), found: [], surplus: [], take: 1, confirmedBy: 'second' },
    });
    given(stockDecider, confirmed.history())
      .when({ type: 'ConfirmTake', take: 1, by: 'second' })
      .thenRefused({ type: 'noTake' });
  });

  describe('what is missing, or void', () => {
    const today = '2026-11-24';
    const missing: StockEvent = {
      type: 'StockCounted',
      data: { count: 99, missing: serials(5), found: [], surplus: [] },
    };
    const voided: StockEvent = { type: 'SerialsVoided', data: { ranges: serials(6), reason: 'spoilt' } };
    const told = { type: 'ProposeDisposal', reason: ' 搬迁时遗失 ', by: 'first', today } as const;
    const writeOff = { ...told, of: { kind: 'writeOff', holder: 'keeper' }, ranges: serials(5) } as const;
    const destruction = { ...told, of: { kind: 'destruction', destroyedOn: today }, ranges: serials(6) } as const;
    const personal = { reason: '搬迁时遗失' };

    it('is proposed with the reason and who had it last, or the day of its destruction', () => {
      const before = stock(missing, voided);
      before.when({ ...writeOff, ranges: serials(6) }).thenRefused({ type: 'notMissing', ranges: serials(6) });
      before.when({ ...destruction, ranges: serials(5, 6) }).thenRefused({ type: 'notVoid', ranges: serials(5) });
      before.when({ ...writeOff, of: { kind: 'writeOff', holder: '' } }).thenRefused({ type: 'noHolder' });
      before.when({ ...writeOff, reason: ' ' }).thenRefused({ type: 'unreasoned' });
      before
        .when({ ...destruction, of: { kind: 'destruction', destroyedOn: '2026-11-25' } })
        .thenRefused({ type: 'badDay' });
      const data = { disposal: 1, proposedBy: 'first', personal };
      before.when(writeOff).thenHappened({
        type: 'DisposalProposed',
        data: { ...data, ranges: serials(5), kind: 'writeOff', holder: 'keeper' },
      });
      given(stockDecider, before.when(destruction).history())
        .when(writeOff)
        .thenRefused({ type: 'proposed', disposal: 1 });
    });

    it('ends by a second person, who agrees or does not', () => {
      const proposed = given(stockDecider, stock(missing, voided).when(writeOff).history());
      proposed.when({ type: 'ApproveDisposal', disposal: 1, by: 'first' }).thenRefused({ type: 'samePerson' });
      proposed.when({ type: 'ApproveDisposal', disposal: 2, by: 'second' }).thenRefused({ type: 'noProposal' });
      proposed.when({ type: 'ApproveDisposal', disposal: 1, by: 'second' }).thenHappened({
        type: 'SerialsWrittenOff',
        data: { disposal: 1, ranges: serials(5), holder: 'keeper', approvedBy: 'second' },
      });
      const dismiss = { type: 'DismissDisposal', disposal: 1, by: 'second' } as const;
      proposed.when({ ...dismiss, reason: '' }).thenRefused({ type: 'unreasoned' });
      const dismissed = given(stockDecider, proposed.when({ ...dismiss, reason: '再找一遍' }).history());
      const again = given(stockDecider, dismissed.when(destruction).history());
      again.when({ type: 'ApproveDisposal', disposal: 2, by: 'second' }).thenHappened({
        type: 'SpoiltSerialsDestroyed',
        data: { disposal: 2, ranges: serials(6), destroyedOn: today, witnessedBy: 'second' },
      });
    });

    it('goes up to be destroyed, and never down or as something good', () => {
      const spoilt = { ...dispatch, ranges: serials(6), relation: 'parent', spoilt: true } as const;
      stock(voided)
        .when({ ...spoilt, relation: 'child' })
        .thenRefused({ type: 'wrongDestination' });
      stock(voided)
        .when({ ...spoilt, ranges: serials(7) })
        .thenRefused({ type: 'notVoid', ranges: serials(7) });
      stock(voided)
        .when(spoilt)
        .thenHappened({
          type: 'StockDispatched',
          data: {
            shipment: '52-1-1',
            to: '5201',
            purpose: 'return',
            ranges: serials(6),
            handedOverBy: 'first',
            spoilt: true,
          },
        });
    });
  });

  it('has one request waiting at a time, decided once', () => {
    stock().when({ type: 'RequestStock', count: 0 }).thenRefused({ type: 'badCount' });
    stock(requested).when({ type: 'RequestStock', count: 5 }).thenRefused({ type: 'requested', request: 1 });
    stock(requested).when({ type: 'RefuseRequest', request: 1, reason: ' ' }).thenRefused({ type: 'unreasoned' });
    const refused = stock(requested).when({ type: 'RefuseRequest', request: 1, reason: '请先盘点' });
    refused.thenHappened({ type: 'StockRequestRefused', data: { request: 1, personal: { reason: '请先盘点' } } });
    const later = given(stockDecider, refused.history());
    later.when({ type: 'ApproveRequest', request: 1, count: 5, source: '52' }).thenRefused({ type: 'noRequest' });
    later
      .when({ type: 'RequestStock', count: 5 })
      .thenHappened({ type: 'StockRequested', data: { request: 2, count: 5 } });
  });

  it('can be ordered to others and be warned of, which changes nothing twice', () => {
    stock(requested)
      .when({ type: 'OrderReallocation', count: 5, source: '5203' })
      .thenHappened({ type: 'ReallocationOrdered', data: { request: 2, count: 5, source: '5203' } });
    const warned = stock().when({ type: 'SetThreshold', threshold: 50 }).history();
    given(stockDecider, warned).when({ type: 'SetThreshold', threshold: 50 }).thenNothing();
    stock().when({ type: 'SetThreshold', threshold: -1 }).thenRefused({ type: 'badCount' });
  });
});

describe('a shipment', () => {
  const sent = { from: '52', to: '5201', ranges: serials(1, 10), handedOverBy: 'first' };
  const seen = { ranges: serials(1, 10), damaged: [], count: 10, places: [], confirmed: false };
  const receive = { type: 'ReceiveShipment', sending: sent, at: '5201', by: 'second', ...seen } as const;
  const back: ShipmentCommand = { type: 'TakeBackShipment', sending: sent, at: '52', by: 'first' };
  const received = given(shipmentDecider, []).when({ ...receive, ranges: serials(1, 9), count: 9, confirmed: true });
  const shipment = given(shipmentDecider, []);

  it('is received by another person than handed it over, at its destination, by count and ends', () => {
    shipment.when({ ...receive, by: 'first' }).thenRefused({ type: 'samePerson' });
    shipment.when({ ...receive, at: '5203' }).thenRefused({ type: 'wrongOffice' });
    shipment.when({ ...receive, count: 9 }).thenRefused({ type: 'miscounted', named: 10 });
    shipment.when({ ...receive, damaged: serials(11) }).thenRefused({ type: 'badRange' });
    shipment.when({ ...receive, sending: undefined }).thenRefused({ type: 'absent' });
    shipment.when({ ...receive, ranges: serials(1, 9), count: 9 }).thenRefused({
      type: 'differs',
      missing: serials(10),
      surplus: [],
    });
    received.thenHappened({
      type: 'ShipmentReceived',
      data: {
        at: '5201',
        ranges: serials(1, 9),
        damaged: [],
        missing: serials(10),
        surplus: [],
        receivedBy: 'second',
      },
    });
  });

  it('ends on its way once: received, or taken back by who sent it', () => {
    given(shipmentDecider, received.history()).when(back).thenRefused({ type: 'settled', how: 'received' });
    const taken = shipment.when(back);
    taken.thenHappened({ type: 'ShipmentTakenBack', data: { at: '52', ranges: serials(1, 10), takenBackBy: 'first' } });
    given(shipmentDecider, taken.history()).when(receive).thenRefused({ type: 'settled', how: 'takenBack' });
    shipment.when({ ...back, at: '5201' }).thenRefused({ type: 'wrongOffice' });
  });

  it('has what was missing found at either end, once', () => {
    const found = { type: 'ReportFound', sending: sent, at: '52', ranges: serials(10), by: 'first' } as const;
    const later = given(shipmentDecider, received.history());
    later.when({ ...found, ranges: serials(9, 10) }).thenRefused({ type: 'notMissing', ranges: serials(9) });
    later.when({ ...found, at: '5203' }).thenRefused({ type: 'wrongOffice' });
    const turnedUp = later.when(found);
    turnedUp.thenHappened({
      type: 'MissingSerialsFound',
      data: { arrival: 2, at: '52', ranges: serials(10), foundBy: 'first' },
    });
    given(shipmentDecider, turnedUp.history())
      .when(found)
      .thenRefused({ type: 'notMissing', ranges: serials(10) });
  });

  it('leaves what was lost to its sender, who answers for it once', () => {
    const later = given(shipmentDecider, received.history());
    const takeOver = { type: 'TakeOverLoss', sending: sent, at: '52', ranges: serials(10), by: 'first' } as const;
    later.when({ ...takeOver, at: '5201' }).thenRefused({ type: 'wrongOffice' });
    const taken = later.when(takeOver);
    taken.thenHappened({
      type: 'LossTakenOver',
      data: { arrival: 2, at: '52', ranges: serials(10), takenOverBy: 'first' },
    });
    given(shipmentDecider, taken.history())
      .when(takeOver)
      .thenRefused({ type: 'notMissing', ranges: serials(10) });
  });

  it('of void ones brings void ones, however it ends', () => {
    const spoilt = { ...sent, spoilt: true } as const;
    shipment.when({ ...receive, sending: spoilt }).thenHappened({
      type: 'ShipmentReceived',
      data: {
        at: '5201',
        ranges: [],
        damaged: serials(1, 10),
        missing: [],
        surplus: [],
        receivedBy: 'second',
      },
    });
    shipment.when({ ...back, sending: spoilt }).thenHappened({
      type: 'ShipmentTakenBack',
      data: { at: '52', ranges: serials(1, 10), takenBackBy: 'first', spoilt: true },
    });
  });
});
