/** How far a run has come: a bar on a terminal, a line now and then elsewhere. */
import cliProgress from "cli-progress";

const LINE_EVERY_MS = 10_000;

export interface Progress {
  show(done: number, kept: number): void;
  end(): void;
}

export function progressOn(stream: NodeJS.WriteStream, total: number): Progress {
  const started = performance.now();
  if (stream.isTTY) {
    const format = "{bar} {value} of {total} units, {eta} s left";
    const bar = new cliProgress.SingleBar({ format, stream }, cliProgress.Presets.shades_classic);
    bar.start(total, 0);
    return { show: (done) => bar.update(done), end: () => bar.stop() };
  }
  let told = 0;
  return {
    show(done, kept) {
      const now = performance.now();
      if (now - told < LINE_EVERY_MS && done < total) return;
      told = now;
      const before = kept > 0 ? `, ${kept} of them before` : "";
      stream.write(`${done} of ${total} units${before}, ${((now - started) / 1000).toFixed(0)} s\n`);
    },
    end() {},
  };
}
