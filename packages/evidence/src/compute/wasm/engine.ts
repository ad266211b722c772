// What is used of the machine's WebAssembly, which has types in browsers' libraries only.

export interface Engine {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, () => void>>) => { readonly exports: unknown };
}

export const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
