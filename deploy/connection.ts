import type { network } from "hardhat";

/** A network that Hardhat is connected to. */
export type Connection = Awaited<ReturnType<typeof network.create>>;
