import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PrintingOutcome, PrintOutcome } from '#application/ordinaryPrinting.ts';
import type { Services } from '#application/services.ts';
import { mostOff, type PrintingCommand } from '#domain/printing/decide.ts';
import { cookieName, cookieOptions, signedCookie } from '../../cookies.ts';
import { Problem } from '../../problems.ts';
import { idOf, staffOf } from './access.ts';
import { actIn } from './organisationModel.ts';
import { showForm } from './parkedForms.ts';

type Typed = Readonly<Record<string, unknown>>;

const chosen = 'printer';
const chosenForSeconds = 400 * 24 * 60 * 60;

const textIn = (typed: Typed | undefined, name: string): string =>
  typeof typed?.[name] === 'string' ? String(typed[name]).normalize('NFKC').trim().slice(0, 60) : '';
/** A number of millimetres as typed; what is none is further off than can be set, and so refused. */
const millimetres = (typed: Typed, name: string): number => {
  const text = textIn(typed, name).replace('−', '-');
  return /^[-+]?\d{1,2}(\.\d+)?$/.test(text) ? Number(text) : mostOff + 1;
};
const numberIn = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined;

const printersOf = async (services: Services, request: FastifyRequest) => {
  const found = await services.printing.printers(staffOf(request));
  if (found.outcome === 'forbidden') throw new Problem('forbidden');
  return found.printers;
};

const listed = async (services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const printers = await printersOf(services, request);
  const { parked } = request;
  const fault = parked?.at.faults?.[0];
  const error = fault && request.text(`printers.errors.${fault.code}`, { most: mostOff });
  const at = textIn(parked?.body, 'printer');
  return reply.page(
    'management/printers',
    {
      title: request.text('printers.title'),
      commandId: services.deps.ids(),
      errors: error === undefined ? [] : [{ field: fault?.field, message: error }],
      most: mostOff,
      name: at === '' ? textIn(parked?.body, 'name') : '',
      nameError: fault?.field === 'name' ? error : undefined,
      printers: printers.map((printer) => {
        const typed = at === String(printer.printer) ? parked?.body : undefined;
        return {
          ...printer,
          dx: typed === undefined ? printer.dx : textIn(typed, 'dx'),
          dy: typed === undefined ? printer.dy : textIn(typed, 'dy'),
          error: typed === undefined ? undefined : error,
          commandId: services.deps.ids(),
        };
      }),
    },
    parked?.at.status,
  );
};

const change = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  commandOf: (typed: Typed, printer: number) => PrintingCommand,
): Promise<FastifyReply> => {
  const { act, ...typed } = actIn(request);
  const { basedOn: _, ...unbased } = act;
  const printer = numberIn((request.params as Typed)['printer']) ?? 0;
  const done: PrintingOutcome = await services.printing.changePrinters(unbased, commandOf(typed, printer));
  if (done.outcome === 'forbidden') throw new Problem('forbidden');
  if (done.outcome === 'done') return reply.redirect('/printers', 303);
  const code = done.outcome === 'stale' ? 'unknownPrinter' : done.rejection.type;
  const field = printer === 0 ? 'name' : `dx-${printer}`;
  return showForm(services, request, reply, { status: 400, faults: [{ field, code }] });
};

const sendPdf = (reply: FastifyReply, made: PrintOutcome, name: string): FastifyReply => {
  switch (made.outcome) {
    case 'forbidden':
      throw new Problem('forbidden');
    case 'absent':
      throw new Problem('absent');
    case 'unavailable':
      throw new Problem('unavailable');
    case 'rendered':
      return reply
        .type('application/pdf')
        .header('Content-Disposition', `inline; filename="${name}"`)
        .send(Buffer.from(made.bytes));
  }
};

/** The choice holds for the office in which it was made: another numbers its own printers. */
const remembered = (request: FastifyRequest): number | undefined => {
  const [office, printer] = (signedCookie(request, cookieName(request, chosen)) ?? '').split('/');
  return office === staffOf(request).office ? numberIn(printer) : undefined;
};

/** The printer that a request names, or the one that this browser printed on last. */
const printerOf = (request: FastifyRequest): number | undefined =>
  numberIn((request.query as Typed)['printer']) ?? remembered(request);

const printPage = async (services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const printers = await printersOf(services, request);
  const printer = printerOf(request);
  const known = printers.some((one) => one.printer === printer);
  if (known) {
    const options = { ...cookieOptions, signed: true, maxAge: chosenForSeconds };
    reply.setCookie(cookieName(request, chosen), `${staffOf(request).office}/${printer}`, options);
  }
  return reply.page('management/ordinaryPrint', {
    title: request.text('printers.print.title'),
    id: idOf(request),
    printer: known ? printer : undefined,
    gone: printer !== undefined && !known,
    printers: printers.map((one) => ({ ...one, selected: one.printer === printer })),
  });
};

/** Printers of the own office, and what is printed on them of an ordinary certificate (C3, §3.1.3). */
export const printerRoutes = (app: FastifyInstance, services: Services): void => {
  const at = { config: { formAt: '/printers' } };
  app.get('/printers', (request, reply) => listed(services, request, reply));
  app.post('/printers', at, (request, reply) =>
    change(services, request, reply, (typed) => ({ type: 'AddPrinter', name: textIn(typed, 'name') })),
  );
  app.post('/printers/:printer', at, (request, reply) =>
    change(services, request, reply, (typed, printer) => ({
      type: 'AdjustPrinter',
      printer,
      dx: millimetres(typed, 'dx'),
      dy: millimetres(typed, 'dy'),
    })),
  );
  app.post('/printers/:printer/remove', at, (request, reply) =>
    change(services, request, reply, (_, printer) => ({ type: 'RemovePrinter', printer })),
  );
  app.get('/printers/calibration.pdf', async (request, reply) => {
    const made = await services.printing.calibration(staffOf(request), { printer: printerOf(request) });
    return sendPdf(reply, made, 'calibration.pdf');
  });
  app.get('/ordinary/:id/print', (request, reply) => printPage(services, request, reply));
  app.get('/ordinary/:id/overprint.pdf', async (request, reply) => {
    const made = await services.printing.overprint(staffOf(request), idOf(request), { printer: printerOf(request) });
    return sendPdf(reply, made, 'overprint.pdf');
  });
  app.get('/ordinary/:id/slip.pdf', async (request, reply) => {
    const made = await services.printing.slip(staffOf(request), idOf(request));
    return sendPdf(reply, made, 'slip.pdf');
  });
};
