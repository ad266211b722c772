/** What comes so soon after the first signal is still that one (ms): npm, our starter and tsx each pass on what was told to all. */
const SAME_MS = 1_000;
const NAMES = ["SIGINT", "SIGTERM"] as const;

/** Waits for a signal to end, and tells which. Another one, a second later or more, ends the process at once. */
export function untilSignal(): Promise<(typeof NAMES)[number]> {
  return new Promise((resolve) => {
    const heard = (name: (typeof NAMES)[number]) => {
      resolve(name);
      setTimeout(() => NAMES.forEach((each) => process.off(each, heard)), SAME_MS).unref();
    };
    for (const name of NAMES) process.on(name, heard);
  });
}
