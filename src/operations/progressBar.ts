const width = 30;

/** Draws over one line of a terminal; elsewhere a line is written where the percentage has changed. */
export const progressBar = (label: string) => {
  const startedAt = performance.now();
  let shown = '';
  return (done: number, total: number): void => {
    const share = total === 0 ? 1 : done / total;
    const percent = `${Math.floor(share * 100)} %`;
    if (percent === shown) return;
    shown = percent;
    const filled = '█'.repeat(Math.floor(share * width)).padEnd(width, '░');
    const rate = Math.round(done / Math.max((performance.now() - startedAt) / 1000, 0.001));
    const end = process.stderr.isTTY && done < total ? '\r' : '\n';
    process.stderr.write(`${label.padEnd(14)} ${filled} ${percent.padStart(5)}  ${done}/${total}  ${rate}/s${end}`);
  };
};
