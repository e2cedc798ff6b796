import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import closeWithGrace from 'close-with-grace';
import pino from 'pino';
import { readConfig } from '#infrastructure/config.ts';
import { buildManagementSite } from '#web/managementSite.ts';
import { buildPublicSite } from '#web/publicSite.ts';
import { openDemo } from './demo/demo.ts';
import { openPlatform } from './platform.ts';

const log = pino({ level: process.env['LOG_LEVEL'] ?? 'warn', base: null });
