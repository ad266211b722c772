import { expect } from "chai";
import { type Job, planTests, type Times } from "../../scripts/testing/plan.ts";
import { runQueue } from "../../scripts/testing/queue.ts";

const files = (folder: string, count: number) => Array.from({ length: count }, (_, index) => `test/${folder}/${index}.test.ts`);
const timesOf = (names: readonly string[], wall: number, cpu = wall): Times =>
  Object.fromEntries(names.map((name) => [name, { wall, cpu }]));
const namesOf = (jobs: readonly Job[]) => jobs.map(({ name }) => name);

describe("the plan of a test run", () => {
  const long = files("long", 6);
  const middle = files("middle", 2);
  const times = { ...timesOf(long, 30, 5), ...timesOf(middle, 20), ...timesOf([...files("a", 3), ...files("b", 2)], 1) };
  const all = [...long, ...middle, ...files("a", 3), ...files("b", 2)];
  const jobs = planTests(all, times);

  it("has every file once", () => {
    expect(jobs.flatMap((job) => job.files).toSorted()).to.deep.equal(all.toSorted());
  });
  it("splits what is long, joins what is short, and starts with what takes longest", () => {
    expect(namesOf(jobs)).to.deep.equal(["long 1", "long 2", "long 3", "middle", "a, b"]);
    const seconds = jobs.map((job) => job.seconds);
    expect(seconds).to.deep.equal(seconds.toSorted((a, b) => b - a));
    expect(jobs[0]!.files).to.have.length(2);
  });
  it("knows which jobs mostly wait", () => {
    const weightOf = (name: string) => jobs.find((job) => job.name === name)!.weight;
    expect(weightOf("long 1")).to.be.lessThan(0.4);
    expect(weightOf("middle")).to.equal(1);
  });
  it("lets a file that looks back on its folder run when all others have", () => {
    const last = planTests([...long, "test/long/zz-summary.test.ts"], times).find(({ name }) => name === "long, last")!;
    expect(last.files).to.deep.equal(["test/long/zz-summary.test.ts"]);
    expect(last.after.toSorted()).to.deep.equal(["long 1", "long 2", "long 3"]);
  });
  it("does not depend on files that it knows: a new one is taken in", () => {
    expect(planTests(["test/new/new.test.ts", "test/top.test.ts"], {}).flatMap((job) => job.files)).to.have.length(2);
  });
});

describe("the queue of a test run", () => {
  const job = (name: string, weight: number, after: string[] = []): Job => ({
    name,
    kind: "mocha",
    files: [],
    seconds: 1,
    weight,
    after,
  });

  /** What ran side by side at the start of each job. */
  async function watch(jobs: Job[], room = { cores: 2, jobs: 9 }): Promise<string[]> {
    const running: string[] = [];
    const seen: string[] = [];
    await runQueue(jobs, room, async ({ name }) => {
      running.push(name);
      seen.push(running.join("+"));
      await new Promise((done) => setImmediate(done));
      running.splice(running.indexOf(name), 1);
    });
    return seen;
  }

  it("fills the cores, and puts jobs that wait beside jobs that compute", async () => {
    expect(await watch([job("a", 1), job("b", 0.9), job("c", 1), job("d", 0.35)])).to.deep.equal(["a", "a+b", "a+b+d", "b+d+c"]);
  });
  it("runs no more at once than memory holds", async () => {
    const seen = await watch([job("a", 0.1), job("b", 0.1), job("c", 0.1)], { cores: 2, jobs: 2 });
    expect(Math.max(...seen.map((names) => names.split("+").length))).to.equal(2);
  });
  it("runs a job that is too heavy by itself", async () => {
    expect(await watch([job("a", 5), job("b", 5)])).to.deep.equal(["a", "b"]);
  });
  it("waits for what must come before", async () => {
    const seen = await watch([job("z", 0.1, ["a", "b"]), job("a", 0.1), job("b", 0.1)]);
    expect(seen).to.deep.equal(["a", "a+b", "z"]);
  });
  it("does not wait for ever when jobs wait for one another", async () => {
    let words = "";
    await watch([job("a", 1, ["b"]), job("b", 1, ["a"])]).catch((error: Error) => (words = error.message));
    expect(words).to.include("wait for one another: a, b");
  });
});
