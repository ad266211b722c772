export * from "./order.ts";
export * from "./tree.ts";
