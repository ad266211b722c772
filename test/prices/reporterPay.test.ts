// What reporters are paid, for which hours, and out of what.
import { expect } from "chai";
import { network } from "hardhat";
import { clockOf, HOUR } from "../helpers/time.ts";
import { deployFeed, FeedScene, reportsOf, sane } from "./feedFixture.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const clock = clockOf(connection);
const scene = new FeedScene(connection);
const { submit, report, later } = scene;

const PAY = 10n ** 17n;

/** The feed, and a pool of nothing but `payKeeper`. */
async function deploy() {
  const setup = await deployFeed(connection);
  const manager = await setup.feed.authority();
  const pool = await ethers.deployContract("PayingPool");
  const pay = await ethers.deployContract("ReporterPay", [manager, setup.feed, pool]);
  return { ...setup, pool, pay };
}

describe("ReporterPay", () => {
  let pool: Awaited<ReturnType<typeof deploy>>["pool"];
  let pay: Awaited<ReturnType<typeof deploy>>["pay"];
  let people: string[];
  beforeEach(async () => {
    const deployed = await networkHelpers.loadFixture(deploy);
    await scene.start(deploy);
    ({ pool, pay } = deployed);
    people = scene.setup.reporters.map(({ address }) => address);
  });

  const earned = async (who: number) => {
    const { reportHours, amount } = await pay.earned(people[who]!);
    return [reportHours, amount];
  };
  const hourIsOver = () => clock.to(scene.now + HOUR);

  it("P200: pays a report once an hour, after the hour, to whoever reported in it", async () => {
    await report(sane(4));
    later(1_800n);
    await report(sane(4));
    expect(await earned(0)).to.deep.equal([0n, 0n]);
    await hourIsOver();
    expect(await earned(0)).to.deep.equal([1n, PAY]);
    expect(await earned(4)).to.deep.equal([0n, 0n]);
    await expect(pay.connect(scene.setup.stranger).pay(people[0]!)).to.emit(pay, "ReporterPaid").withArgs(people[0], 1, PAY, 0);
    expect(await pool.paid(people[0]!)).to.equal(PAY);
    await expect(pay.pay(people[0]!)).to.be.revertedWithCustomError(pay, "NothingEarned").withArgs(people[0]);
    await expect(pay.pay(people[4]!)).to.be.revertedWithCustomError(pay, "NothingEarned").withArgs(people[4]);
  });

  it("P200: pays for a thin round and the fuller one in its place alike, once", async () => {
    const observedAt = scene.now;
    const all = await reportsOf(scene.setup, observedAt, sane(7));
    await submit(all.slice(0, 4));
    later(60n);
    await submit(all.slice(1));
    await hourIsOver();
    for (const who of [0, 1, 6]) expect(await earned(who)).to.deep.equal([1n, PAY]);
  });

  it("adds up the hours since the last time, over the borders of words", async () => {
    for (let i = 0; i < 20; i++) {
      await report(i % 3 === 0 ? sane(4) : sane(5));
      later(HOUR);
    }
    await clock.to(scene.now);
    expect(await earned(0)).to.deep.equal([20n, 20n * PAY]);
    expect(await earned(4)).to.deep.equal([13n, 13n * PAY]);
    await pay.pay(people[0]!);
    later();
    await report(sane(4));
    await hourIsOver();
    expect(await earned(0)).to.deep.equal([1n, PAY]);
  });

  it("remembers 665 hours", async () => {
    await report(sane(4));
    await clock.to(scene.now + 665n * HOUR);
    expect(await earned(0)).to.deep.equal([1n, PAY]);
    await clock.to(scene.now + 666n * HOUR);
    expect(await earned(0)).to.deep.equal([0n, 0n]);
  });

  it("owes what the pool cannot pay, and nothing twice", async () => {
    await report(sane(4));
    await hourIsOver();
    await pool.limit(PAY / 4n);
    await expect(pay.pay(people[0]!))
      .to.emit(pay, "ReporterPaid")
      .withArgs(people[0], 1, PAY / 4n, (3n * PAY) / 4n);
    expect(await earned(0)).to.deep.equal([0n, (3n * PAY) / 4n]);
    await pool.limit(PAY);
    await pay.pay(people[0]!);
    expect(await pool.paid(people[0]!)).to.equal(PAY);
    expect(await earned(0)).to.deep.equal([0n, 0n]);
  });

  it("pays who left for its hours, and who has its seat now for the later ones only", async () => {
    const { feed, stranger } = scene.setup;
    await report(sane(4));
    later(2n * HOUR);
    await clock.to(scene.now);
    await feed.removeReporter(people[0]!);
    await feed.addReporter(stranger);
    expect((await feed.seatOf(stranger)).number).to.equal((await feed.seatOf(people[0]!)).number);
    expect(await earned(0)).to.deep.equal([1n, PAY]);
    expect((await pay.earned(stranger)).reportHours).to.equal(0n);
    await pay.pay(people[0]!);
    await clock.pass(10n * HOUR);
    expect(await earned(0)).to.deep.equal([0n, 0n]);
  });

  it("P278: pays who left and came back for both times, once (seen: the first was forgotten)", async () => {
    const { feed, stranger } = scene.setup;
    await report(sane(4));
    later(2n * HOUR);
    await clock.to(scene.now);
    await feed.removeReporter(people[0]!);
    await feed.removeReporter(people[1]!);
    await pay.pay(people[1]!);
    // Others sit on their seats meanwhile, and report.
    await feed.addReporter(stranger);
    for (const who of [1, 0]) await feed.addReporter(people[who]!);
    expect((await feed.seatOf(people[0]!)).number).to.not.equal((await feed.formerSeatOf(people[0]!)).number);
    expect([await earned(0), await earned(1)]).to.deep.equal([
      [1n, PAY],
      [0n, 0n],
    ]);
    later(2n * HOUR);
    await report(sane(5));
    await hourIsOver();
    expect([await earned(0), await earned(1)]).to.deep.equal([
      [2n, 2n * PAY],
      [1n, PAY],
    ]);
    await pay.pay(people[0]!);
    expect(await pool.paid(people[0]!)).to.equal(2n * PAY);
    expect(await earned(0)).to.deep.equal([0n, 0n]);
  });

  it("P278: of three times the last two are paid for", async () => {
    const { feed } = scene.setup;
    for (let time = 0; time < 3; time++) {
      await report(sane(4));
      later(2n * HOUR);
      await clock.to(scene.now);
      if (time === 2) break;
      await feed.removeReporter(people[0]!);
      await feed.addReporter(people[0]!);
      later(2n * HOUR);
    }
    expect(await earned(0)).to.deep.equal([2n, 2n * PAY]);
    expect((await feed.formerSeatOf(scene.setup.stranger)).untilHour).to.equal(0n);
  });

  it("owes nothing to whoever never was a reporter", async () => {
    expect([...(await pay.earned(scene.setup.stranger))]).to.deep.equal([0n, 0n]);
  });

  it("lets governance set the pay, up to one FTNS", async () => {
    const { stranger } = scene.setup;
    await expect(pay.connect(stranger).setPayPerReport(0)).to.be.revertedWithCustomError(pay, "AccessManagedUnauthorized");
    await expect(pay.setPayPerReport(10n ** 18n + 1n))
      .to.be.revertedWithCustomError(pay, "PayOutOfBounds")
      .withArgs(10n ** 18n + 1n, 10n ** 18n);
    await expect(pay.setPayPerReport(10n ** 18n))
      .to.emit(pay, "PayPerReportSet")
      .withArgs(10n ** 18n);
    await report(sane(4));
    await hourIsOver();
    expect(await earned(0)).to.deep.equal([1n, 10n ** 18n]);
  });

  it("refuses contracts without code", async () => {
    const { feed, stranger } = scene.setup;
    const manager = await feed.authority();
    for (const args of [
      [manager, stranger.address, await pool.getAddress()],
      [manager, await feed.getAddress(), stranger.address],
    ])
      await expect(ethers.deployContract("ReporterPay", args)).to.be.revertedWithCustomError(pay, "NotAContract");
  });
});
