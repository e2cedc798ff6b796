import type { FastifyRequest } from 'fastify';
import { dayText } from '../../times.ts';

/** When a stock runs out by its own use. */
export const forecastText = (
  request: FastifyRequest,
  { perWeek, runsOutOn }: { perWeek: number; runsOutOn: string | undefined },
): string => {
  if (perWeek === 0) return request.text('stock.forecast.unused');
  const fill = { perWeek: Math.round(perWeek * 10) / 10, day: runsOutOn && dayText(request.locale, runsOutOn) };
  return request.text(runsOutOn === undefined ? 'stock.forecast.years' : 'stock.forecast.runsOut', fill);
};
