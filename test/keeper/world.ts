// Keepers on the in-memory chain of a fixture, for suites that need a whole economy and return to its start for each test.
import { Wallet, parseEther } from "ethers";
import { type Keeper, type KeeperConfigInput, type KeeperOptions, createKeeper, parseConfig } from "@ftns/keeper";
import type { Connection } from "../helpers/time.ts";
import { type Bridge, bridgeTo } from "./bridge.ts";
import { KEEPER_KEY, SECRET_ENV, TWIN_KEY, chainOf } from "./chain.ts";

interface Opening extends KeeperOptions {
  /** Whose keeper it is. */
  account?: "KEEPER_KEY" | "TWIN_KEY";
}

/** Registers the hooks of a suite whose keepers run `configOf` of the world that `make` gives. */
export function keepersOn<World>(
  connection: Connection,
  make: () => Promise<World>,
  configOf: (world: World) => Pick<KeeperConfigInput, "contracts" | "jobs"> & Partial<KeeperConfigInput>,
) {
  const keepers: Keeper[] = [];
  const suite = { world: undefined as World, bridge: undefined as unknown as Bridge, open, run };
  const fixture = async () => {
    const world = await make();
    for (const key of [KEEPER_KEY, TWIN_KEY]) {
      await connection.networkHelpers.setBalance(new Wallet(key).address, parseEther("100"));
    }
    return world;
  };
  before(async () => {
    suite.bridge = await bridgeTo(connection);
  });
  beforeEach(async () => {
    suite.world = await connection.networkHelpers.loadFixture(fixture);
    suite.bridge.asked.length = 0;
  });
  afterEach(async () => {
    suite.bridge.fail();
    suite.bridge.delay();
    await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  });
  after(() => suite.bridge.close());

  async function open({ account = "KEEPER_KEY", ...options }: Opening = {}, change: Partial<KeeperConfigInput> = {}) {
    const config = parseConfig({
      mode: "local",
      chain: chainOf(suite.bridge.url),
      transactions: { stuckAfterSec: 10, giveUpAfterSec: 20 },
      account: { env: account },
      ...configOf(suite.world),
      ...change,
    });
    const keeper = await createKeeper(config, { env: SECRET_ENV, ...options });
    keepers.push(keeper);
    return keeper;
  }
  /** What a keeper that has just started does. */
  async function run(change?: Partial<KeeperConfigInput>) {
    return (await open({}, change)).runOnce();
  }
  return suite;
}

/** Reports of a keeper, a line each. */
export const said = (reports: readonly { outcome: string; reason: string }[]) =>
  reports.map(({ outcome, reason }) => `${outcome}: ${reason}`).join("\n");
