import { PLAYS } from "./plays/index.ts";
import { freshChain } from "./chainWorld.ts";
describe("first", () => {
  for (const play of PLAYS) {
    it(play.name, async () => {
      const start = performance.now(), cpu=process.cpuUsage();
      const o = await play.run(await freshChain());
      const c = process.cpuUsage(cpu);
      const f = (x?: bigint) => (x === undefined ? "-" : (Number(x) / 1e18).toFixed(3));
      console.log(`fee ${f(o.fee)} work ${f(o.work)} brings ${f(o.brings)} leaving ${f(o.leaving)} holds ${f(o.holds)} gas ${o.gas} ${o.note ?? ""} wall ${((performance.now() - start)/1e3).toFixed(1)} cpu ${((c.user+c.system)/1e6).toFixed(1)}`);
    });
  }
});
