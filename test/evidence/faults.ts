import { EvidenceFault } from "@ftns/evidence";

/** The code with which `work` is refused, or undefined. Any other error is thrown on. */
export async function faultOf(work: () => unknown): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof EvidenceFault) return error.code;
    throw error;
  }
}
