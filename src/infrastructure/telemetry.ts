import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { FastifyInstance, FastifyRequest } from 'fastify';

// A collector that hangs must not hold up a stop, which has ten seconds.
const timeoutMillis = 2_000;

/** What a span says: words of closed sets and counts; never what a person typed, nor an id, key, code or address. */
export type Facts = { readonly [name: string]: string | number };

/** Times what the platform does; each span lies within the one that was begun around it. */
export type Tracing = {
  /** Runs the work as a span; `outcomeOf` adds what is known only at its end. Work that answers at once leaves no span. */
  within: <T>(name: string, facts: Facts, work: () => T, outcomeOf?: (result: Awaited<T>) => Facts) => T;
  /** Makes a span of each request, named after its method and route. */
  site: (app: FastifyInstance) => void;
  /** Sends what is left; what nobody takes is lost. */
  close: () => Promise<void>;
};

/** Where spans go, and how many: `ratio` of 1 keeps all. */
export type TracingOptions = { endpoint: string; serviceName: string; ratio: number };

/** Sends spans by OTLP over HTTP to `<endpoint>/v1/traces`, in the background; a collector that is away costs spans only. */
export const openTracing = ({ endpoint, serviceName, ratio }: TracingOptions): Tracing => {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, timeoutMillis });
  const sampler: Sampler = new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler,
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('birth-registration');
  return {
    within: (name, facts, work, outcomeOf) => within(tracer.startSpan(name, { attributes: facts }), work, outcomeOf),
    site: (app) => traceRequests(app, tracer),
    close: () => provider.shutdown().catch(() => undefined),
  };
};

const within = <T>(span: Span, work: () => T, outcomeOf: (result: Awaited<T>) => Facts = () => ({})): T => {
  const result = context.with(trace.setSpan(context.active(), span), work);
  if (!(result instanceof Promise)) return result;
  const end = (result as Promise<Awaited<T>>).then(
    (value) => {
      span.setAttributes(outcomeOf(value));
      span.end();
      return value;
    },
    (fault: unknown) => {
      failed(span, fault);
      span.end();
      throw fault;
    },
  );
  return end as T;
};

// Of a fault only its kind: messages may quote what was typed.
const failed = (span: Span, fault: unknown): void => {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', fault instanceof Error ? fault.name : typeof fault);
};

const traceRequests = (app: FastifyInstance, tracer: Tracer): void => {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook('onRequest', (request, _reply, done) => {
    // A trace of our own: who asks does not decide what is kept.
    const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER, root: true });
    spans.set(request, span);
    context.with(trace.setSpan(context.active(), span), done);
  });
  const end = (request: FastifyRequest, status: number): void => {
    const span = spans.get(request);
    const route = request.routeOptions.url ?? 'unknown';
    span?.updateName(`${request.method} ${route}`);
    span?.setAttributes({
      'http.request.method': request.method,
      'http.route': route,
      'http.response.status_code': status,
    });
    if (status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  };
  app.addHook('onResponse', async (request, reply) => end(request, reply.statusCode));
  app.addHook('onRequestAbort', async (request) => end(request, 499));
};
