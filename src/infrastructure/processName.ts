import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return (fault as { code?: string }).code !== 'ESRCH';
  }
};

/** A name for this process among all instances, and whether the bearer of such a name is known to be no more. */
export const processName = () => {
  const [host, pid, own] = [hostname(), process.pid, randomUUID()];
  return {
    holder: `${host}/${pid}/${own}`,
    /** Only of processes on this machine: of others nobody can tell. */
    gone: (holder: string): boolean => {
      const [otherHost, otherPid, other] = holder.split('/');
      if (otherHost !== host || other === own) return false;
      return Number(otherPid) === pid || !lives(Number(otherPid));
    },
  };
};
