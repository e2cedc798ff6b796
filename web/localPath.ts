const localPath = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;

/** A path of this site to go on to, `/` where it is none: nobody is led to another site. */
export const localOnly = (to: unknown): string => (typeof to === 'string' && localPath.test(to) ? to : '/');
