import type { FastifyReply } from 'fastify';
import type { FoundScan } from '#application/scans.ts';
import { scanLimits } from '#domain/registration/scans.ts';
import type { UploadLimit } from './upload.ts';

const extensions = { 'image/jpeg': 'jpg', 'image/png': 'png', 'application/pdf': 'pdf' } as const;

/** How many scans and how large ones, as sentences name it. */
export const scanWords = {
  size: scanLimits.bytes / 1024 / 1024,
  count: scanLimits.count,
  together: scanLimits.together / 1024 / 1024,
};

/** How large a scan may be that is uploaded. */
export const scanUpload: UploadLimit = { bytes: scanLimits.bytes, refusal: 'scans.refused.tooLarge', words: scanWords };

/**
 * Sends a scan to be saved, never to be shown in the browser: whatever its bytes are, nothing in it can act on the site. Its
 * name is that of its document and its id; what whoever sent it called it may name people.
 */
export const sendScan = (reply: FastifyReply, { line, bytes }: FoundScan): FastifyReply =>
  reply
    .type(line.mediaType)
    .header('Content-Disposition', `attachment; filename="${line.document}-${line.scan}.${extensions[line.mediaType]}"`)
    .header('X-Content-Type-Options', 'nosniff')
    .header('Content-Security-Policy', "default-src 'none'; sandbox")
    .header('Cache-Control', 'no-store')
    .send(Buffer.from(bytes));
