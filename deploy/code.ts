// Whether the code at an address is what a compilation made.

/** The part of an artifact that this needs. */
export interface CompiledCode {
  deployedBytecode: string;
  immutableReferences?: Record<string, readonly { start: number; length: number }[]>;
}

/** Values that the constructor wrote into the code are not compared: places and lengths of them are known. */
export function sameCode(code: string, { deployedBytecode, immutableReferences = {} }: CompiledCode): boolean {
  const blank = (text: string) =>
    Object.values(immutableReferences)
      .flat()
      .reduce((left, { start, length }) => {
        const [from, to] = [2 + 2 * start, 2 + 2 * (start + length)];
        return left.slice(0, from) + "0".repeat(2 * length) + left.slice(to);
      }, text);
  return blank(code) === blank(deployedBytecode);
}
