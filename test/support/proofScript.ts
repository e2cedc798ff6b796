import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Inclusion = { leaf: Uint8Array; index: number; size: number; path: readonly Uint8Array[]; root: Uint8Array };
type Consistency = {
  first: number;
  size: number;
  path: readonly Uint8Array[];
  firstRoot: Uint8Array;
  root: Uint8Array;
};
type Script = {
  included: (proof: Inclusion) => Promise<boolean>;
  consistent: (proof: Consistency) => Promise<boolean>;
};

const script = new URL('../../web/assets/verify-proof.mjs', import.meta.url);

/** What the script of the public site says of proofs: it shares no code with what makes them. */
export const { included, consistent } = (await import(script.href)) as Script;

/** Runs the script as its users do: alone, in a folder of its own, told nothing but its arguments. */
export const runProofScript = (directory: string, ...words: string[]): Promise<{ exit: number; text: string }> =>
  new Promise((resolve) => {
    const options = { cwd: directory, env: {} };
    const child = execFile(process.execPath, [fileURLToPath(script), ...words], options, (_, stdout, stderr) =>
      resolve({ exit: child.exitCode ?? -1, text: stdout + stderr }),
    );
  });
