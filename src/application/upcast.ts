import { toCurrent } from '#domain/eventVersions.ts';
import type { Upcast } from './runProjections.ts';

/** A stored event under its current name and version, its personal part still sealed. */
export const upcast: Upcast = (event) => ({ ...event, ...toCurrent(event.type, event.data) });
